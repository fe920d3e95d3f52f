"""What captions ask of their room, and what they post there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import discord

from bot.rooms.venue import Venue
from bot.talk.ears import Ears
from bot.talk.talk import Talk
from bot.texts.wording import Params
from media.whisper.status import TranscriberStatus
from moderation import effects as fx


@dataclass(frozen=True, slots=True)
class Words:
    """A post of plain text."""

    text: str

    def fingerprint(self) -> object:
        """Return a value that is equal when the post looks the same."""
        return self.text

    def message(self) -> dict[str, Any]:
        """Return it as discord.py sends and edits it; it pings nobody."""
        return {
            "content": self.text,
            "allowed_mentions": discord.AllowedMentions.none(),
        }


class Captioned(Protocol):
    """What captions ask of their room."""

    ears: Ears
    talk: Talk
    venue: Venue

    @property
    def space_id(self) -> int:
        """The Space's id."""

    @property
    def names(self) -> Mapping[int, str]:
        """What members are called."""

    def say(self, key: str, params: Params | None = None) -> str:
        """Word a text for the room."""

    def recogniser(self) -> TranscriberStatus | None:
        """Return how recognition is doing; None where nothing is transcribed."""

    def perform(self, effects: Sequence[fx.Effect]) -> None:
        """Carry out effects."""
