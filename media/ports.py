"""The ports of the hearing chain: what it needs from the world, in its own words.

``opus``, ``vad`` and ``track`` hold the real ones; tests bring fakes. All are called
on the one thread that calls ``Hearing``, and by nobody else, but for ``Ended.settle``,
which whoever takes a track by ``Hearing.release`` calls on another, and for what
``TrackFolder.complete`` does.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from media.errors import MediaError
from media.heard import TrackTrouble


class OpusError(MediaError):
    """libopus is missing, or refused a packet."""


class TrackError(MediaError):
    """A track cannot be written, read or repaired; the message says why."""

    def __init__(
        self, message: str, trouble: TrackTrouble = TrackTrouble.REFUSED
    ) -> None:
        super().__init__(message)
        self.trouble = trouble


class Decoder(Protocol):
    """Opus to 16 kHz mono, one per speaker; it keeps the state of one stream."""

    def decode(self, packets: Sequence[bytes]) -> bytes:
        """Decode packets that follow each other: int16 little-endian, 16 kHz, mono.

        Ends before the first one that is not Opus; the state is then as before it.
        """

    def recover(self, following: bytes) -> bytes:
        """Rebuild the 20 ms lost just before ``following`` from its FEC, if any."""

    def conceal(self) -> bytes:
        """Invent 20 ms that join what came before (PLC)."""

    def reset(self) -> None:
        """Forget the stream: the next packet belongs to another one."""


class Vad(Protocol):
    """Speech or not, for 20 ms frames in order; one per speaker."""

    def detect(self, frames: Sequence[bytes | memoryview]) -> list[bool]:
        """Say for each 640 bytes of int16 16 kHz mono whether they hold speech."""


class Ended(Protocol):
    """A track that has ended, or does so once it is open."""

    def settle(self) -> None:
        """Wait until the disk has what ended. Raise TrackError if it refused."""


class Track(Ended, Protocol):
    """One speaker's recording: slots of 20 ms, written once, in order."""

    @property
    def next_slot(self) -> int:
        """Return the first slot that can be written; what is before it stands."""

    def write(self, slot: int, packets: Sequence[bytes]) -> None:
        """Append packets that follow each other; what lies before ``slot`` is silence.

        Raise TrackError when the system refuses; the track is then stopped.
        """

    def lose(self, slot: int, until: int, frames: int) -> None:
        """Note that ``frames`` sent between two slots never came. Raise TrackError."""

    def flush(self) -> None:
        """Hand what is buffered to the system: the voice stopped. Raise TrackError."""

    def end(self, slot: int) -> None:
        """Fill with silence up to ``slot``, flush, and let go. Raise TrackError.

        Does not wait for the disk: that is what ``settle`` is for.
        """


class TrackFolder(Protocol):
    """Where the tracks of one Space are."""

    def track(self, user_id: int) -> Track:
        """Open a member's track, new or continued; may block. Raise TrackError."""

    def ready(self, user_id: int) -> Track | None:
        """Do the same without waiting: None until it is open; ask again then."""

    def complete(self, user_id: int, finish: Callable[[Track], None]) -> Ended:
        """Have ``finish`` end the track that is being opened, once it is open.

        On whatever thread opens it: nobody waits for that but ``settle``, which raises
        what ``finish`` did. ``ready`` opens no other one before.
        """

    def abandon(self, user_id: int) -> None:
        """Ask no more: close what is being opened once it is open."""
