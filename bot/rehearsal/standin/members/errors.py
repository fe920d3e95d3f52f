"""What a member cannot do."""

from bot.errors import BotError


class MemberError(BotError):
    """A person could not do this in Discord's client."""
