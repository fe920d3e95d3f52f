"""The errors of ``bot.voice``, one tree under ``BotError``.

    VoiceError
    ├── CannotJoin        the channel could not be joined, moved to or kept
    ├── NoCommonMode      the voice server offers no transport encryption we know
    └── MalformedMessage  the voice gateway sent something outside its protocol

Packets never raise: what is wrong with one is a count (``reception``), because at
50 a second per speaker a bad one is a figure, not an event.
"""

from bot.errors import BotError


class VoiceError(BotError):
    """The voice connection cannot go on; ``str`` of it is for a person."""


class CannotJoin(VoiceError):  # noqa: N818 (reads as what happened)
    """The channel could not be joined, moved to or kept."""


class NoCommonMode(VoiceError):  # noqa: N818 (likewise)
    """The voice server offers no transport encryption that we know."""


class MalformedMessage(VoiceError):  # noqa: N818 (likewise)
    """The voice gateway sent something that its protocol does not allow."""
