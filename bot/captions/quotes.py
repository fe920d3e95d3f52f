"""Words that are gone, taken out of the threads that captions were written into.

Rule 1: a caption that quotes a redacted line is edited to what is left of the line;
nobody else's message is touched, and an edit pings nobody.
Rule 2: which messages have to be edited is noted before the words go from the record,
and in the write by which they go (``caption_lines``). So a process that dies in between
goes on with it at its next start; what Discord refuses is tried again, and whoever
redacts is told of it.
Rule 3: lines of before that was noted are known by their words alone, as long as there
are any: what Discord refuses of those cannot be done later.
"""

import asyncio
import datetime
import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Final, Protocol

import discord
from sqlite_utils import Database

from bot.captions.known import Known, read, stands
from bot.captions.quoted import Gone, corrected, forgotten, holders, without
from bot.faults import FAULTS, named, passes
from moderation.store import caption_lines
from moderation.store.caption_lines import CaptionMessage
from moderation.store.database import Store, StoreError

log = logging.getLogger(__name__)

BEFORE_S, AFTER_S = 300.0, 3600.0
"""Seconds around the moment of the words in which their caption was written: Discord's
clock is another one, and captions wait where the network is gone."""

LOOK_S: Final = 600.0
"""Seconds between two looks whether something is left to do."""

IS_ARCHIVED = 50083
"""Discord's code: the thread has to be opened again first."""


class Quotes(Protocol):
    """Where redacted words may be quoted outside of the record."""

    async def note(self, gone: Gone) -> None:
        """Note where a line is quoted: call it before its words go."""

    async def take_out(self, gone: Gone) -> bool:
        """Take a line out; False where it may still be quoted."""


class ThreadQuotes:
    """The captions' threads."""

    def __init__(self, client: discord.Client, store: Store) -> None:
        self._client = client
        self._store = store
        self._one_at_a_time = asyncio.Lock()
        self._told: dict[int, str] = {}
        """What the log was told of Spaces whose captions are not as the record is."""

    async def run(self) -> None:
        """Take out what is left, now and from time to time, until cancelled."""
        while True:
            await self.finish()
            await asyncio.sleep(LOOK_S)

    async def finish(self) -> None:
        """Take out what an earlier process did not live to, or Discord refused."""
        for space_id in await self._store.read(caption_lines.stale):
            try:
                await self._correct(space_id)
            except (*FAULTS, StoreError) as error:
                self._refused(space_id, error)

    async def note(self, gone: Gone) -> None:
        """Note which messages quote a line, where that was not noted as they came."""
        known = await self._known(gone.space_id)
        if known.thread_id is None or known.has(gone.uid):
            return
        try:
            found = [
                (message.id, holders(message.content, gone))
                async for message in self._mine(known.thread_id, _around(gone))
                if message.id not in known.messages
            ]
            for message_id, whose in found:
                if (gone.user_id, gone.uid) in whose:
                    await self._keep(gone.space_id, known.thread_id, message_id, whose)
        except (*FAULTS, StoreError) as error:
            # Asked again when the words are taken out, and whoever does that hears.
            self._refused(gone.space_id, error)

    async def take_out(self, gone: Gone) -> bool:
        """Edit the captions of a line; False where Discord refuses."""
        try:
            complete = await self._correct(gone.space_id)
            async with self._one_at_a_time:
                known = await self._known(gone.space_id)
                if known.thread_id is not None and not known.has(gone.uid):
                    await self._take_out(known, known.thread_id, gone)
        except discord.NotFound:
            return True  # the thread is gone, and the words with it
        except (*FAULTS, StoreError) as error:
            self._refused(gone.space_id, error)
            return False
        return complete

    async def forget(self, gone: Gone) -> bool:
        """Take a member's lines out, names and all; False where Discord refuses.

        Raises one of FAULTS where it may go well later.
        """
        known, complete = await self._known(gone.space_id), True
        for thread_id in known.threads(gone):
            try:
                async with self._one_at_a_time:
                    await self._forget(gone, thread_id, known)
            except discord.NotFound:
                await self._lost(known.of_thread(thread_id))
            except FAULTS as error:
                if passes(error):
                    raise
                log.warning("space %s: captions: %s", gone.space_id, named(error))
                complete = False
        return complete

    async def _take_out(self, known: Known, thread_id: int, gone: Gone) -> None:
        """Edit messages of which nothing was noted."""
        mine = [one async for one in self._mine(thread_id, _around(gone))]
        for message in mine:
            if message.id not in known.messages:
                await _put(message, without(message.content, gone))

    async def _forget(self, gone: Gone, thread_id: int, known: Known) -> None:
        mine = [message async for message in self._mine(thread_id)]
        noted = [known.messages.get(message.id) for message in mine]
        owners = [() if one is None else one.lines for one in noted]
        texts = [message.content for message in mine]
        # Hours of captions against all that somebody ever said: not on the event loop.
        done = await asyncio.to_thread(forgotten, texts, gone, owners)
        for message, one, left in zip(mine, noted, done, strict=True):
            await _put(message, left)
            if one is not None:
                await self._note_gone(one, left, gone)
        there = {message.id for message in mine}
        await self._lost(
            one for one in known.of_thread(thread_id) if one.id not in there
        )

    async def _note_gone(self, one: CaptionMessage, left: str, gone: Gone) -> None:
        """Note what is left of a message: nothing, or the lines of others."""
        numbers = [
            line.number
            for line in one.lines
            if not left or line.user_id == gone.user_id
        ]
        if numbers:
            await self._store.write(lambda db: caption_lines.gone(db, one.id, numbers))

    async def _correct(self, space_id: int) -> bool:
        """Let stale messages of a Space be as the record is; say whether all are."""
        async with self._one_at_a_time:
            known = await self._known(space_id)
            now = await self._store.read(lambda db: stands(db, space_id))
            stale = [one for one in known.messages.values() if one.is_stale]
            done = [await self._corrected(space_id, one, now) for one in stale]
        if all(done):
            self._told.pop(space_id, None)
        return all(done)

    async def _corrected(
        self, space_id: int, one: CaptionMessage, stands: Mapping[str, tuple[str, str]]
    ) -> bool:
        try:
            thread = await self._client.fetch_channel(one.thread_id)
            assert isinstance(thread, discord.Thread)  # noqa: S101 - we made it
            message = await thread.fetch_message(one.id)
            text = corrected(message.content, one.lines, stands)
            if text is None:
                log.error("space %s: message %s is another", space_id, one.id)
                return False
            await _put(message, text)
        except discord.NotFound:
            await self._lost([one])  # and the words with it
            return True
        await self._store.write(lambda db: caption_lines.shown(db, one.id))
        return True

    async def _known(self, space_id: int) -> Known:
        return await self._store.read(lambda db: read(db, space_id))

    async def _keep(
        self,
        space_id: int,
        thread_id: int,
        message_id: int,
        whose: Sequence[tuple[int, str]],
    ) -> None:
        await self._store.write(
            lambda db: caption_lines.keep(db, space_id, thread_id, message_id, whose)
        )

    async def _lost(self, messages: Iterable[CaptionMessage]) -> None:
        """Note of messages that they are gone."""
        lines = [(one.id, [line.number for line in one.lines]) for one in messages]

        def write(db: Database) -> None:
            for message_id, numbers in lines:
                caption_lines.gone(db, message_id, numbers)

        await self._store.write(write)

    async def _mine(
        self,
        thread_id: int,
        around: tuple[datetime.datetime | None, datetime.datetime | None] = (
            None,
            None,
        ),
    ) -> AsyncIterator[discord.Message]:
        """Yield the bot's own messages in a thread. Raises FAULTS."""
        thread, me = await self._client.fetch_channel(thread_id), self._client.user
        if not isinstance(thread, discord.Thread) or me is None:
            return
        after, before = around
        async for message in thread.history(limit=None, after=after, before=before):
            if message.author.id == me.id:
                yield message

    def _refused(self, space_id: int, error: Exception) -> None:
        """Log once that captions of a Space still show what was redacted."""
        why = str(error) if isinstance(error, StoreError) else named(error)
        if self._told.get(space_id) != why:
            self._told[space_id] = why
            log.warning("space %s: captions: %s", space_id, why)


async def _put(message: discord.Message, text: str) -> None:
    """Let a message be ``text``; nothing: none. One of an archived thread, too."""
    if text == message.content:
        return
    try:
        await _change(message, text)
    except discord.HTTPException as error:
        if error.code != IS_ARCHIVED or not isinstance(message.channel, discord.Thread):
            raise
        await message.channel.edit(archived=False)
        await _change(message, text)


async def _change(message: discord.Message, text: str) -> None:
    if not text:
        await message.delete()
        return
    await message.edit(content=text, allowed_mentions=discord.AllowedMentions.none())


def _around(gone: Gone) -> tuple[datetime.datetime, datetime.datetime]:
    """Return between which moments a line's captions were written."""
    return _moment(gone.at - BEFORE_S), _moment(gone.at + AFTER_S)


def _moment(at: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at, datetime.UTC)
