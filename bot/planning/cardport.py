"""Where cards are: posted, found again, edited in place."""

from typing import Any, Final, Protocol

import aiohttp
import discord

from bot.client import Client
from bot.errors import BotError
from bot.planning import lookback
from bot.planning.card import Shown

ARCHIVED: Final = "plan.unseen.archived"
"""What is said of a card in a thread that is archived (Discord's code 50083)."""


class UnseenError(BotError):
    """A card is not shown as it should be; ``key`` is the text that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class CardGoneError(UnseenError):
    """Card or channel is gone, and no card is posted in its place."""


class CardRefusedError(UnseenError):
    """Discord does not take it as things are; asking again at once helps nobody."""


class CardPort(Protocol):
    """Where cards are; every method raises UnseenError."""

    async def post(self, channel_id: int, shown: Shown, nonce: str) -> int:
        """Post a card and return its message's id."""

    async def find(self, channel_id: int, nonce: str, since: float) -> int | None:
        """Return the id of a card that got there after ``since`` (Unix seconds)."""

    async def edit(self, channel_id: int, message_id: int, shown: Shown) -> None:
        """Let a card show something else."""


class DiscordCards:
    """Cards in the channels that one client sees."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def post(self, channel_id: int, shown: Shown, nonce: str) -> int:
        """Post a card and return its message's id."""
        extra: dict[str, Any] = {} if shown.view is None else {"view": shown.view}
        place = await self._place(channel_id)
        message = await _told(place.send(shown.text, nonce=nonce, **extra))
        return int(message.id)

    async def find(self, channel_id: int, nonce: str, since: float) -> int | None:
        """Return the id of a card that got there after ``since`` (Unix seconds)."""
        place = await self._place(channel_id)
        message = await _told(lookback.find(place, nonce, since))
        return None if message is None else int(message.id)

    async def edit(self, channel_id: int, message_id: int, shown: Shown) -> None:
        """Let a card show something else; nobody is pinged.

        A thread that is archived is opened for it: whoever follows it is to know.
        """
        place = await self._place(channel_id)
        try:
            await _told(_edited(place, message_id, shown))
        except CardRefusedError as error:
            if error.key != ARCHIVED or not isinstance(place, discord.Thread):
                raise
            opened = await _told(_opened(place))
            await _told(_edited(opened, message_id, shown))

    async def _place(self, channel_id: int) -> Any:
        found = self._client.get_channel(channel_id)
        if found is None:  # a thread that is archived is in no cache
            found = await _told(self._client.fetch_channel(channel_id))
        if not isinstance(found, discord.abc.Messageable):
            raise CardGoneError("plan.unseen.no_channel")
        return found


async def _edited(place: Any, message_id: int, shown: Shown) -> None:
    await place.get_partial_message(message_id).edit(
        content=shown.text,
        view=shown.view,
        allowed_mentions=discord.AllowedMentions.none(),
    )


async def _opened(thread: discord.Thread) -> discord.Thread:
    """Take a thread out of the archive; one that is locked stays there."""
    try:
        return await thread.edit(archived=False)
    except discord.Forbidden as error:
        raise CardRefusedError(ARCHIVED) from error


async def _told(call: Any) -> Any:
    try:
        return await call
    except discord.NotFound as error:
        gone = "deleted" if error.code == 10008 else "no_channel"
        raise CardGoneError(f"plan.unseen.{gone}") from error
    except discord.Forbidden as error:
        raise CardRefusedError("plan.unseen.may_not") from error
    except discord.HTTPException as error:
        if error.code == 50083:
            raise CardRefusedError(ARCHIVED) from error
        if error.status < 500:
            raise CardRefusedError("plan.unseen.refused") from error
        raise UnseenError("plan.unseen.failed") from error
    except (aiohttp.ClientError, OSError) as error:
        raise UnseenError("plan.unseen.failed") from error
