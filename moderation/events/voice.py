"""Facts about voices: what Discord shows of a member, and who was heard how long."""

from dataclasses import dataclass

from moderation.events.event import Event


@dataclass(frozen=True, slots=True)
class VoiceStateSeen(Event):
    """Discord shows a present member's voice state like this now.

    The edge sends it when it differs from the last one sent for the member.
    """

    user_id: int
    self_muted: bool = False
    self_deafened: bool = False

    server_muted: bool = False
    """Muted by a moderator or by the bot, in every voice channel."""

    suppressed: bool = False
    """In the audience of a stage, or without the permission to speak."""

    hand_up: bool = False
    """Discord's request to speak is set: a raised hand while suppressed, an
    invitation not yet accepted while not suppressed (Discord, Voice State)."""


@dataclass(frozen=True, slots=True)
class SpeechStarted(Event):
    """A member began to speak."""

    user_id: int


@dataclass(frozen=True, slots=True)
class SpeechEnded(Event):
    """A member stopped speaking."""

    user_id: int

    seconds: float
    """Speech since ``SpeechStarted``; none of it is from while muted or suppressed."""
