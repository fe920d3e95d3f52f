"""What goes into the hearing chain and what comes out of it.

In: one ``VoicePacket`` per received Opus packet, or many as one ``media.burst.Burst``.
Out: facts in the past tense. Loss (``GapHeard``), silence (nothing, or
``VoiceStopped``) and failure (``TrackStopped``, ``Unheard``) are different types and
never stand for each other.

Times are seconds of the Space (0.0 is the Space's recording zero) on the 20 ms grid.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

FRAME_S = 0.02
"""Seconds of one frame: the tick of the room and the grid that tracks line up on."""

FRAMES_PER_S = 50
"""Slots of the grid in one second; ``slot / FRAMES_PER_S`` is exact to the digit."""

SILENCE = b"\xf8\xff\xfe"
"""The Opus packet that Discord clients send, unencrypted, when speech ends."""


class VoicePacket(NamedTuple):
    """One received packet, after transport, padding, extension and DAVE.

    A named tuple, not a dataclass: one is made 50 times a second per speaker, and a
    tuple costs a third.
    """

    user_id: int
    """Who spoke, as attributed by the SSRC map."""
    ssrc: int
    """RTP synchronisation source; a new one is a new stream of the same person."""
    sequence: int
    """RTP sequence number, 16 bits, wraps."""
    timestamp: int
    """RTP timestamp, 32 bits, 48,000 per second, wraps."""
    opus: bytes
    """The decrypted Opus payload, never ciphertext; ``SILENCE`` is a silence frame.

    Empty: there is sound, and without consent it was not decrypted."""
    level_dbov: int | None
    """Audio level of RFC 6464: 0 (loudest) to -127 (digital silence); None: unsaid."""
    arrived_at: float
    """Seconds of the Space at which the datagram was received."""


class SpurtClosed(Enum):
    """Why a talk spurt ended."""

    PAUSE = "pause"
    """The speaker paused longer than the hangover."""
    SPLIT = "split"
    """It grew to what recognition takes at once; the next one follows on."""
    CUT = "cut"
    """Muted, suppressed, left, consent changed, or the Space closed."""


@dataclass(frozen=True, slots=True)
class TalkSpurt:
    """One speaker's speech between two silences (ITU-T P.59)."""

    user_id: int
    start: float
    """Seconds of the Space: the first talk interval's start."""
    end: float
    """Seconds of the Space: the last talk interval's end."""
    talk: tuple[tuple[float, float], ...]
    """Talk intervals (start, end), ordered and disjoint: the figures of talk time.

    Pauses of up to 0.2 s are inside an interval, longer ones between two."""
    pcm: bytes
    """Sound for recognition: int16 little-endian, 16 kHz, mono; empty without consent.

    It begins a little before ``start`` and ends a little after ``end``."""
    pcm_start: float
    """Seconds of the Space of the first sample of ``pcm``."""
    lost_frames: int
    """Frames inside the spurt that never arrived; concealed or silent in ``pcm``."""
    closed: SpurtClosed

    @property
    def talk_s(self) -> float:
        """Return the seconds of talk: the sum of the intervals."""
        return sum(end - start for start, end in self.talk)


@dataclass(frozen=True, slots=True)
class VoiceStarted:
    """Packets of somebody began to arrive, whatever their consent."""

    user_id: int
    at: float
    """Seconds of the Space."""


@dataclass(frozen=True, slots=True)
class VoiceStopped:
    """No packet, or only silence frames, for a while."""

    user_id: int
    at: float
    """Seconds of the Space: the end of the last frame with sound."""


@dataclass(frozen=True, slots=True)
class SpurtStarted:
    """Somebody began to talk: the onset was reached."""

    user_id: int
    at: float
    """Seconds of the Space: where the talk began, the onset before now."""


@dataclass(frozen=True, slots=True)
class SpurtGrew:
    """Somebody goes on talking: the spurt so far, for a line not certain yet."""

    user_id: int
    start: float
    """Seconds of the Space: the spurt's beginning."""
    end: float
    """Seconds of the Space: the last talk so far."""
    pcm: bytes
    """Sound as in ``TalkSpurt``; never empty."""
    pcm_start: float
    """Seconds of the Space of the first sample of ``pcm``."""


@dataclass(frozen=True, slots=True)
class SpurtEnded:
    """Somebody's talk spurt is complete."""

    spurt: TalkSpurt


@dataclass(frozen=True, slots=True)
class GapHeard:
    """Frames were sent and did not arrive in time."""

    user_id: int
    start: float
    """Seconds of the Space."""
    end: float
    """Seconds of the Space; ``end - start`` may exceed the frames (a pause within)."""
    frames: int
    """How many 20 ms frames are missing, by sequence number.

    0: there was no connection, and nobody knows."""


class TrackTrouble(Enum):
    """Why a track cannot be written."""

    DISK = "disk"
    """The disk takes nothing from anybody: full, over a quota, or read-only."""
    FOLDER = "folder"
    """The folder of the tracks is gone, or cannot be made."""
    BROKEN = "broken"
    """The disk is gone, or reports errors on one file after another."""
    FAILING = "failing"
    """The disk reports errors on this file; it may be about to fail altogether."""
    GONE = "gone"
    """The file was deleted, and with it what it held."""
    FOREIGN = "foreign"
    """In the track's place is a file that is not this member's track."""
    SLOW = "slow"
    """The disk did not open the file within a minute."""
    REFUSED = "refused"
    """The system refused for another reason, which the message names."""

    @property
    def is_everybodys(self) -> bool:
        """Say whether no other track can be written either."""
        return self in (TrackTrouble.DISK, TrackTrouble.BROKEN, TrackTrouble.FOLDER)


@dataclass(frozen=True, slots=True)
class TrackStopped:
    """A track could not be written: nothing of this person is recorded from now on.

    Until recording, or their consent, is turned on anew.
    """

    user_id: int
    trouble: TrackTrouble
    reason: str
    """What the system said, such as ``No space left on device``."""


class UnheardReason(Enum):
    """Why somebody who speaks is not heard."""

    UNKNOWN_SSRC = "unknown_ssrc"
    """Nobody said, and nothing proved, whose stream it is."""
    TRANSPORT = "transport"
    """The transport key does not fit."""
    DAVE = "dave"
    """The end-to-end key is missing or does not fit."""
    DAVE_GAVE_UP = "dave_gave_up"
    """Likewise, and joining the encryption group anew did not help."""
    CORRUPT = "corrupt"
    """The decrypted packet is not Opus."""
    NO_PACKETS = "no_packets"
    """Discord says that they speak, and nothing arrives."""
    LINK_DOWN = "link_down"
    """The bot itself has no voice connection (``user_id`` 0)."""
    DEAFENED = "deafened"
    """A moderator has deafened the bot: Discord sends it nothing (``user_id`` 0)."""
    FAILURE = "failure"
    """An error of our own ends every batch (``user_id`` 0)."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """Somebody speaks and the bot cannot hear them."""

    user_id: int
    reason: UnheardReason
    since: float
    """Seconds of the Space."""


Heard = (
    VoiceStarted
    | VoiceStopped
    | SpurtStarted
    | SpurtGrew
    | SpurtEnded
    | GapHeard
    | TrackStopped
    | Unheard
)
"""Everything that the hearing chain tells."""
