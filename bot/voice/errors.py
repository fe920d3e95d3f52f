"""The errors of ``bot.voice``, one tree under ``BotError``.

    VoiceError
    ├── CannotJoin        the channel could not be joined, moved to or kept
    ├── CannotPlay        a sound could not be played, or not to its end
    ├── NoCommonMode      the voice server offers no transport encryption we know
    └── MalformedMessage  the voice gateway sent something outside its protocol

Packets never raise: what is wrong with one is a count (``reception``), because at
50 a second per speaker a bad one is a figure, not an event.
"""

from enum import Enum

from bot.errors import BotError


class VoiceError(BotError):
    """The voice connection cannot go on; ``str`` of it is for a person."""


class Barrier(Enum):
    """What kept the bot out of a channel."""

    UNANSWERED = "unanswered"
    """Discord did not let it in in time: often a permission, or the user limit."""

    UDP = "udp"
    """The voice server does not answer by UDP."""

    ENCRYPTION = "encryption"
    """It asks for an encryption, or a version of DAVE, that we do not have."""

    OTHER = "other"


class CannotJoin(VoiceError):  # noqa: N818 (reads as what happened)
    """The channel could not be joined, moved to or kept."""

    def __init__(self, text: str, why: Barrier = Barrier.OTHER) -> None:
        super().__init__(text)
        self.why = why


class Unable(Enum):
    """Why the bot cannot be heard."""

    NOT_CONNECTED = "not_connected"
    """There is no voice connection, or it did not come back in time."""

    SUPPRESSED = "suppressed"
    """In the audience of a stage, or without the permission to speak."""

    MUTED = "muted"
    """Muted by a moderator of the guild."""

    ALONE = "alone"
    """No encryption group: nobody else is in the channel, or it is not formed yet."""


class CannotPlay(VoiceError):  # noqa: N818 (reads as what happened)
    """A sound could not be played, or not to its end."""

    def __init__(self, why: Unable, text: str) -> None:
        super().__init__(text)
        self.why = why


class NoCommonMode(VoiceError):  # noqa: N818 (likewise)
    """The voice server offers no transport encryption that we know."""


class MalformedMessage(VoiceError):  # noqa: N818 (likewise)
    """The voice gateway sent something that its protocol does not allow."""
