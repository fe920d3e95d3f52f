"""Redacted words, taken out of the thread that captions were written into.

Rule 1: a caption that quotes a redacted line is edited to what is left of the line;
nobody else's message is touched, and an edit pings nobody.
Rule 2: the words are in no record any more when this is asked for. What Discord refuses
cannot be done later: whoever redacts is told, to do it by hand.
"""

import datetime
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import discord

from bot.captions.captions import THREAD
from bot.captions.lines import NAME, WORDS, parts
from bot.faults import FAULTS, named, passes
from bot.texts.escape import harmless
from moderation.drift.words import words
from moderation.store import posts
from moderation.store.database import Store

log = logging.getLogger(__name__)

BEFORE_S, AFTER_S = 300.0, 3600.0
"""Seconds around the moment of the words in which their caption was written: Discord's
clock is another one, and captions wait where the network is gone."""

SURE_WORDS = 4
"""Words from which a caption is the line's even under another name: members rename
themselves."""

IS_ARCHIVED = 50083
"""Discord's code: the thread has to be opened again first."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A line that was redacted."""

    space_id: int
    name: str
    """Whose it was; empty where nobody knows."""

    at: float
    """When it was said, Unix seconds."""

    wordings: tuple[str, ...]
    """Everything that it ever read."""

    left: str
    """What it reads now."""


class Quotes(Protocol):
    """Where redacted words may be quoted outside of the record."""

    async def take_out(self, gone: Gone) -> bool:
        """Take a line out; False where it may still be quoted."""


class ThreadQuotes:
    """The captions' thread."""

    def __init__(self, client: discord.Client, store: Store) -> None:
        self._client = client
        self._store = store

    async def take_out(self, gone: Gone) -> bool:
        """Edit the captions of a line; False where Discord refuses."""
        known = await self._store.read(lambda db: posts.of_space(db, gone.space_id))
        if THREAD not in known:
            return True
        around = (_moment(gone.at - BEFORE_S), _moment(gone.at + AFTER_S))
        try:
            await self._edit(
                known[THREAD].message_id, lambda text: without(text, gone), *around
            )
        except discord.NotFound:
            return True  # thread or message are gone, and the words with them
        except FAULTS as error:
            log.warning("space %s: captions: %s", gone.space_id, named(error))
            return False
        return True

    async def forget(self, gone: Gone) -> bool:
        """Take lines out of the thread, names and all; False where Discord refuses.

        Raises one of FAULTS where it may go well later.
        """
        known = await self._store.read(lambda db: posts.of_space(db, gone.space_id))
        if THREAD not in known:
            return True
        try:
            await self._edit(
                known[THREAD].message_id, lambda text: forgotten(text, gone)
            )
        except discord.NotFound:
            return True
        except FAULTS as error:
            if passes(error):
                raise
            log.warning("space %s: captions: %s", gone.space_id, named(error))
            return False
        return True

    async def _edit(
        self,
        thread_id: int,
        edited: Callable[[str], str],
        after: datetime.datetime | None = None,
        before: datetime.datetime | None = None,
    ) -> None:
        thread = await self._client.fetch_channel(thread_id)
        me = self._client.user
        if not isinstance(thread, discord.Thread) or me is None:
            return
        async for message in thread.history(limit=None, after=after, before=before):
            left = edited(message.content)
            if message.author.id != me.id or left == message.content:
                continue
            try:
                await _put(message, left)
            except discord.HTTPException as error:
                if error.code != IS_ARCHIVED:
                    raise
                await thread.edit(archived=False)
                await _put(message, left)


def without(message: str, gone: Gone) -> str:
    """Return a message of captions without those of a redacted line."""
    said = {": " + part for one in gone.wordings for part in _shown(one)}
    return "\n".join(_left(line, said, gone) for line in message.split("\n"))


def forgotten(message: str, gone: Gone) -> str:
    """Return a message of captions without a member's lines, "" for none left."""
    said = {": " + part for one in gone.wordings for part in _shown(one)}
    lines = message.split("\n")
    return "\n".join(one for one in lines if _name(one, said, gone) is None)


def _left(line: str, said: Iterable[str], gone: Gone) -> str:
    name = _name(line, said, gone)
    return line if name is None else f"{name}: {harmless(gone.left, WORDS)}"


def _name(line: str, said: Iterable[str], gone: Gone) -> str | None:
    """Return under which name a caption is one of the lines; None where it is not."""
    for one in said:
        name = line.removesuffix(one)
        if name == line:
            continue
        if name == harmless(gone.name, NAME) or len(words(one)) >= SURE_WORDS:
            return name
    return None


def _shown(wording: str) -> list[str]:
    return [harmless(part, WORDS) for part in parts(wording)]


async def _put(message: discord.Message, text: str) -> None:
    if not text:
        await message.delete()
        return
    await message.edit(content=text, allowed_mentions=discord.AllowedMentions.none())


def _moment(at: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at, datetime.UTC)
