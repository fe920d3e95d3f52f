"""The guilds and channels of one client, as calendars need to know them."""

from bot.client import Client
from bot.page.feeds import FeedsNotReadyError


class DiscordPlaces:
    """What the client's cache shows."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def guild_name(self, guild_id: int) -> str | None:
        """Return its name; None for a guild that the bot is not in.

        Raises FeedsNotReadyError while the guilds are not known yet.
        """
        guild = self._client.get_guild(guild_id)
        if not self._client.is_ready() or (guild is not None and guild.unavailable):
            raise FeedsNotReadyError
        return None if guild is None else guild.name

    def is_public(self, guild_id: int, channel_id: int) -> bool:
        """Say whether everybody in the guild sees the channel."""
        guild = self._client.get_guild(guild_id)
        channel = None if guild is None else guild.get_channel(channel_id)
        if guild is None or channel is None:
            return False  # gone: nobody sees it
        return channel.permissions_for(guild.default_role).view_channel
