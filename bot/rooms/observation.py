"""What can be seen of a live room at one moment, for the terminal view and the page.

Frozen copies of what the room knows; looking changes nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.rooms.trouble import Trouble
from media.whisper.status import TranscriberStatus
from moderation.view import SpaceView

_MENTION = re.compile(r"<@!?(\d+)>")


@dataclass(frozen=True, slots=True)
class TalkShare:
    """How much one member has talked."""

    user_id: int
    seconds: float

    share: float
    """Of all talk in the Space, 0 to 1."""


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One utterance."""

    user_id: int

    at: float
    """Seconds of the Space."""

    text: str

    certain: bool = True
    """Whether it stays: what is still being said is replaced by its whole line."""


@dataclass(frozen=True, slots=True)
class NudgeSeen:
    """One nudge that was sent."""

    rule: str
    """Which rule found a reason, e.g. ``drift``."""

    text: str
    """As it was worded."""

    at: float
    """Seconds of the Space."""


@dataclass(frozen=True, slots=True)
class RoomView:
    """A live Space with what is heard in it."""

    space: SpaceView

    now: float
    """Unix seconds of this look."""

    names: Mapping[int, str]
    """Members' display names, by id."""

    shares: tuple[TalkShare, ...]
    """Who talked most first."""

    lines: tuple[SaidLine, ...]
    """The newest utterances, oldest first."""

    nudges: tuple[NudgeSeen, ...]
    """The newest nudges, oldest first."""

    drift_state: str
    """``on_topic`` or ``drifting``."""

    drift_score: float | None
    """1 is on topic, 0 is not; None before there was enough talk."""

    unheard: tuple[int, ...]
    """Members who speak and whom the bot cannot hear."""

    hearing: bool
    """Whether the bot is connected to the room's sound."""

    transcriber: TranscriberStatus | None
    """None where the Space has no transcript."""

    trouble: Trouble = field(default_factory=Trouble)
    """What keeps the room from being as the Space says."""

    missed_s: float = 0.0
    """Seconds of talk that could not be recognised."""

    captions_thread: int | None = None
    """The thread that keeps the captions, where there is one."""

    def name(self, user_id: int) -> str:
        """Return what a member is called; their id where nobody said it yet."""
        return self.names.get(user_id, str(user_id))

    def spelled(self, text: str) -> str:
        """Put names in the place of mentions, where no Discord shows them."""
        return _MENTION.sub(lambda found: self.name(int(found[1])), text)
