"""Who can be heard, who cannot, and why: the values that the room reads.

Rules:

1. A reason is a name from a closed set, so that texts and tests can rely on it.
2. A member is *unheard* when packets that should be speech do not become speech.
   Silence, a missing consent and a muted microphone are none of that.
3. Values only: this module holds no socket, no thread and no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.voice.listener import LinkState
from media.heard import Unheard
from media.hearing import HearingSnapshot


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The voice connection changed its state."""

    state: LinkState

    at: float
    """Seconds of the Space."""

    reason: str
    """Why, as a key: ``joined``, ``close_4015``, ``moved``, ``kicked``, …"""


@dataclass(frozen=True, slots=True)
class SpeakerHealth:
    """What arrived from one member and what became of it, since the Space opened."""

    user_id: int

    packets: int
    """Packets of this member that came to an end, well or badly: not those that wait
    for a key, nor duplicates."""

    opened: int
    """Packets whose Opus frame reached the hearing chain, silence frames included."""

    withheld: int
    """Packets whose content was dropped, encrypted as it came, because the member had
    not consented; that they came is told."""

    undecryptable: Mapping[str, int]
    """Packets lost to encryption, by reason (``dave.Failure`` values)."""

    last_packet_at: float | None
    """Seconds of the Space."""


@dataclass(frozen=True, slots=True)
class VoiceSnapshot:
    """One look at the receiver: what is counted since it began only grows."""

    taken_at: float
    """Seconds of the Space."""

    state: LinkState

    channel_id: int | None

    mode: str | None
    """Transport encryption in use, as Discord names it."""

    dave_version: int
    """0 = transport encryption only (stages)."""

    datagrams: int
    """Everything that came in by UDP."""

    ignored: Mapping[str, int]
    """Datagrams that are no voice of a member, by kind (RTCP, video, …)."""

    anonymous: int
    """Packets dropped because nobody said in time whose they are."""

    connects: int
    """Completed handshakes: 1 after a join, more after moves and reconnects."""

    recoveries: int
    """Times the receiver asked to be re-added to the encryption group (op 31)."""

    speakers: tuple[SpeakerHealth, ...]

    unheard: tuple[Unheard, ...] = ()
    """Who is unheard at this moment, and why; ``user_id`` 0: nobody has said who."""

    dropped: Mapping[str, int] = field(default_factory=dict)
    """Messages of the voice gateway that could not be acted on, by kind."""

    uninvited: tuple[int, ...] = ()
    """Members of the encryption group who are not in the channel by either gateway's
    word, for ten seconds and more: what is said there may have more listeners than
    the room shows."""

    unanswered: int = 0
    """Keepalives sent since anything came in by UDP."""

    dead: int = 0
    """Times that nothing came in by UDP any more though it should have, and another
    session was begun."""

    failures: int = 0
    """Batches that ended in an error of our own; one a minute is logged, with its
    traceback."""

    overrun: int = 0
    """Datagrams that the kernel dropped because nobody read them in time (Linux)."""

    hearing: HearingSnapshot | None = None
    """Per speaker: lost, late, concealed (``media.hearing``)."""
