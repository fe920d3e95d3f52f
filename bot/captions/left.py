"""Live posts of captions that were left with lines in them, and are deleted.

A post says at the end that captions are over, and its lines are gone. Where Discord did
not answer then, or the process was killed, they would stand in the chat for ever, also
when somebody redacts or erases them.
"""

import asyncio
import logging
from dataclasses import dataclass
from typing import Final

import discord
from sqlite_utils import Database

from bot.captions.captions import LEFT, POST
from bot.faults import FAULTS, named
from moderation.store import posts
from moderation.store.database import Store, StoreError

log = logging.getLogger(__name__)

LOOK_S: Final = 600.0
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class _Left:
    """One such post."""

    space_id: int
    kind: str
    channel_id: int
    message_id: int


class LeftPosts:
    """Deletes them."""

    def __init__(self, client: discord.Client, store: Store) -> None:
        self._client = client
        self._store = store

    async def run(self) -> None:
        """Look at once, and again and again, until cancelled."""
        while True:
            try:
                await self.look()
            except StoreError as error:
                log.error("live posts of captions are deleted later: %s", error)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Delete what there is; what Discord refuses is tried again."""
        for one in await self._store.read(_left):
            channel = self._client.get_partial_messageable(one.channel_id)
            try:
                await channel.get_partial_message(one.message_id).delete()
            except discord.NotFound:
                pass  # gone, and the lines with it
            except FAULTS as error:
                log.info("space %s: a post stays: %s", one.space_id, named(error))
                continue
            await self._forget(one)

    async def _forget(self, one: _Left) -> None:
        await self._store.write(lambda db: posts.forget(db, one.space_id, one.kind))


def _left(db: Database) -> list[_Left]:
    rows = db.execute(
        "SELECT p.space_id, p.kind, p.channel_id, p.message_id FROM posts AS p"
        " JOIN spaces AS s ON s.id = p.space_id WHERE p.kind = ?"
        " OR (p.kind = ? AND s.ended_at IS NOT NULL) ORDER BY p.space_id",
        [LEFT, POST],
    )
    return [_Left(*row) for row in rows]
