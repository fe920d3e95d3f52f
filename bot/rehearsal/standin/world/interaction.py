"""One interaction: what a member did, and how far the application has answered it."""

from dataclasses import dataclass, field
from enum import IntEnum

from bot.rehearsal.standin.wire import Json

ANSWER_WITHIN_S = 3.0
"""The first answer must come within this."""
TOKEN_LASTS_S = 15 * 60.0
"""Follow-ups and edits must come within this."""


class Kind(IntEnum):
    """What a member did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Reply(IntEnum):
    """How an application answers first (interaction callback type)."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


REPLIES = {
    Kind.COMMAND: {Reply.MESSAGE, Reply.DEFERRED_MESSAGE, Reply.MODAL},
    Kind.COMPONENT: set(Reply) - {Reply.CHOICES},
    Kind.AUTOCOMPLETE: {Reply.CHOICES},
    Kind.MODAL: set(Reply) - {Reply.CHOICES, Reply.MODAL},
}


@dataclass(slots=True)
class Interaction:
    """A member's action on its way through the application."""

    id: int
    token: str
    kind: Kind
    user_id: int
    channel_id: int
    created_at: float
    """Unix seconds."""
    data: Json
    source_id: int | None = None
    """The message whose component was used, also for a modal opened from one."""
    cause: Json | None = None
    """The metadata of the interaction that opened this modal."""
    reply: Reply | None = None
    """The first answer, once given."""
    original_id: int | None = None
    """The message that ``@original`` means."""
    message_ids: set[int] = field(default_factory=set)
    """The messages that the token is good for: its answers, and what it updates."""
    loading: bool = False
    """A deferred message has not been filled yet."""
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        """Say whether the first answer has come."""
        return self.reply is not None
