"""Facts about captions, and about the language that somebody speaks."""

from dataclasses import dataclass

from moderation.events.event import ByStaff


@dataclass(frozen=True, slots=True)
class CaptionsStarted(ByStaff):
    """Captions were turned on."""

    channel_id: int | None = None
    """Text channel whose thread keeps their history; None where the bot chooses."""


@dataclass(frozen=True, slots=True)
class CaptionsStopped(ByStaff):
    """Captions were turned off."""


@dataclass(frozen=True, slots=True)
class SpokenLanguageSet(ByStaff):
    """Somebody is recognised in a language of their own from now on."""

    user_id: int

    language: str
    """ISO 639-1; "" for the Space's again."""
