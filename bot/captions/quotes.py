"""Redacted words, taken out of the thread that captions were written into.

Rule 1: a caption that quotes a redacted line is edited to what is left of the line;
nobody else's message is touched, and an edit pings nobody.
Rule 2: the words are in no record any more when this is asked for. What Discord refuses
cannot be done later: whoever redacts is told, to do it by hand.
"""

import asyncio
import datetime
import logging
import re
from collections.abc import Callable, Collection, Sequence
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
                known[THREAD].message_id,
                lambda texts: [without(text, gone) for text in texts],
                *around,
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
                known[THREAD].message_id, lambda texts: forgotten(texts, gone)
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
        edited: Callable[[Sequence[str]], Sequence[str]],
        after: datetime.datetime | None = None,
        before: datetime.datetime | None = None,
    ) -> None:
        thread = await self._client.fetch_channel(thread_id)
        me = self._client.user
        if not isinstance(thread, discord.Thread) or me is None:
            return
        found = thread.history(limit=None, after=after, before=before)
        mine = [message async for message in found if message.author.id == me.id]
        texts = [message.content for message in mine]
        # Hours of captions against all that somebody ever said: not on the event loop.
        done = await asyncio.to_thread(edited, texts)
        for message, left in zip(mine, done, strict=True):
            if left == message.content:
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
    said, names = _said(gone), {harmless(gone.name, NAME)}
    left = harmless(gone.left, WORDS)
    lines = ((line, _name(line, said, names)) for line in message.split("\n"))
    return "\n".join(
        line if name is None else f"{name}: {left}" for line, name in lines
    )


def forgotten(messages: Sequence[str], gone: Gone) -> list[str]:
    """Return messages of captions without a member's lines, "" for none left.

    Under every name that a line of theirs stands under that is surely theirs.
    """
    said, names = _said(gone), {harmless(gone.name, NAME)}
    pages = [message.split("\n") for message in messages]
    sure = (_name(line, said, ()) for page in pages for line in page)
    names |= {name for name in sure if name is not None}
    return [
        "\n".join(line for line in page if _name(line, said, names) is None)
        for page in pages
    ]


def _said(gone: Gone) -> set[str]:
    """Return the words of the lines as captions have them."""
    return {part for one in gone.wordings for part in _shown(one)}


def _name(line: str, said: Collection[str], names: Collection[str]) -> str | None:
    """Return under which name a caption is one of the lines; None where it is not."""
    for between in re.finditer(": ", line):
        name, text = line[: between.start()], line[between.end() :]
        if text in said and (name in names or len(words(text)) >= SURE_WORDS):
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
