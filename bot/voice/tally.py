"""What arrived from one member and what became of it."""

from collections import Counter, deque
from collections.abc import Sequence

from bot.voice.dave import Failure
from bot.voice.health import SpeakerHealth

REMEMBERED = 128
"""Sequence numbers remembered to tell a duplicate from a failure: 2.5 s."""


class Tally:
    """Counters of one member since the link began; they only grow."""

    __slots__ = (
        "_recent",
        "last_at",
        "missed",
        "opened",
        "silent",
        "undecryptable",
        "withheld",
    )

    def __init__(self) -> None:
        self.opened = 0
        """Packets whose Opus went on, silence frames among them."""
        self.silent = 0
        """Silence frames: they come unencrypted, so they prove no key."""
        self.withheld = 0
        """Packets whose payload was dropped for want of consent."""
        self.missed = 0
        """Failed attempts to open a frame; some open later."""
        self.undecryptable: Counter[Failure] = Counter()
        """Frames that never opened."""
        self.last_at: float | None = None
        """Seconds of the Space of the last packet."""
        self._recent: deque[int] = deque(maxlen=REMEMBERED)

    @property
    def good(self) -> int:
        """Return how many packets show that the member's voice can be heard."""
        return self.opened - self.silent + self.withheld

    @property
    def packets(self) -> int:
        """Return how many packets came to an end, well or badly."""
        return self.opened + self.withheld + self.undecryptable.total()

    def open(self, sequences: Sequence[int], at: float) -> None:
        """Count frames that opened, the last one at ``at``."""
        self.opened += len(sequences)
        self.last_at = at
        self._recent.extend(sequences)

    def hush(self, sequence: int, at: float) -> None:
        """Count a silence frame, which goes on whatever the keys."""
        self.silent += 1
        self.open([sequence], at)

    def withhold(self, at: float) -> None:
        """Count a packet of a member without consent."""
        self.withheld += 1
        self.last_at = at

    def miss(self, at: float) -> None:
        """Count a frame that does not open yet."""
        self.missed += 1
        self.last_at = at

    def lose(self, failure: Failure) -> None:
        """Count a frame that will never open."""
        self.undecryptable[failure] += 1

    def has_opened(self, sequence: int) -> bool:
        """Say whether a packet with this number opened a moment ago."""
        return sequence in self._recent

    def health(self, user_id: int) -> SpeakerHealth:
        """Return the counters as a value."""
        return SpeakerHealth(
            user_id,
            self.packets,
            self.opened,
            self.withheld,
            {failure.value: n for failure, n in self.undecryptable.items()},
            self.last_at,
        )
