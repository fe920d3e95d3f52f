"""What the parts of a room may ask of the room that they belong to."""

from typing import Protocol

from bot.captions.captions import Captions
from bot.house import House
from bot.rooms.courier import Courier
from bot.rooms.enforcer import Enforcer
from bot.rooms.rules import RulesDesk
from bot.rooms.venue import Venue
from bot.talk.ears import Ears
from bot.texts.language import Language
from bot.texts.wording import Params
from moderation import effects as fx
from moderation.events import EndReason, Event
from moderation.space import Space
from moderation.store.spaces import SpaceRow


class Parts(Protocol):
    """A room, as its actions see it."""

    house: House
    row: SpaceRow
    venue: Venue
    courier: Courier
    ears: Ears
    captions: Captions
    enforcer: Enforcer
    rules: RulesDesk
    language: Language
    """Of what the whole room reads."""

    @property
    def space(self) -> Space:
        """The rules' state of the Space."""

    @property
    def space_id(self) -> int:
        """The Space's id."""

    @property
    def guild_id(self) -> int:
        """The guild's id."""

    def say(
        self, key: str, params: Params | None = None, reader: Language | None = None
    ) -> str:
        """Word a text for a reader, or for the room."""

    def staff(self) -> tuple[int, ...]:
        """Return the host and co-hosts."""

    def touch(self) -> None:
        """Say that the panel may have changed."""

    def notice(self, event: Event, shown_to: int | None = None) -> None:
        """Put a fact into the inbox; ``shown_to`` is told nothing of it."""

    def nudged(self, nudge: fx.Nudge) -> None:
        """Remember a nudge for whoever watches."""

    def end(self, reason: EndReason) -> None:
        """Begin to close the room."""
