"""Finding what was said in any Space of the server, and taking a Space's texts along.

Rule: what is found or taken is what stands in the record at that moment, so nothing
that was redacted, erased or forgotten is in it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from sqlite_utils import Database

from bot.afterwards import exports
from bot.page.answers import VIEWER, Answers
from bot.page.lines import UNKNOWN
from moderation.store import guilds, spaces
from moderation.store.database import Store
from moderation.store.search import Hit, search
from moderation.store.spaces import SpaceRow

MOST = 100
"""Lines that are shown of what was found."""

LONGEST = 200
"""Characters of a question that are looked at."""

FILES: Final[Mapping[str, str]] = {
    "transcript.vtt": "text/vtt",
    "transcript.json": "application/json",
    "talktime.json": "application/json",
    "talktime.rttm": "text/plain",
}
"""What can be taken along, and its type."""


@dataclass(frozen=True, slots=True)
class Found:
    """A line that was found."""

    hit: Hit
    space: SpaceRow
    name: str


class Finding:
    """The routes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._answers = Answers()

    def routes(self) -> list[web.RouteDef]:
        """Return what is to be served."""
        names = "|".join(name.replace(".", r"\.") for name in FILES)
        return [
            web.get("/search", self._search),
            web.get(
                rf"/spaces/{{space:\d{{1,18}}}}/files/{{name:{names}}}", self._file
            ),
        ]

    async def _search(self, request: web.Request) -> web.Response:
        viewer = request[VIEWER]
        if viewer.space_id:
            raise web.HTTPNotFound  # their link is for one Space
        asked = request.query.get("q", "")[:LONGEST].strip()
        found = await self._store.read(lambda db: find(db, viewer.guild_id, asked))
        return self._answers.page(
            "found.html", viewer.language, asked=asked, found=found, most=MOST
        )

    async def _file(self, request: web.Request) -> web.Response:
        viewer, name = request[VIEWER], request.match_info["name"]
        space_id = int(request.match_info["space"])
        kept = await self._store.read(lambda db: _read(db, viewer.guild_id, space_id))
        if kept is None or not viewer.may_see(space_id):
            raise web.HTTPNotFound
        texts = await asyncio.to_thread(exports.texts, kept, space_id)
        file = f"space-{space_id}-{name}"
        return web.Response(
            text=texts[name],
            content_type=FILES[name],
            headers={"Content-Disposition": f'attachment; filename="{file}"'},
        )


def find(db: Database, guild_id: int, asked: str) -> Sequence[Found]:
    """Return the newest lines of the guild's Spaces that hold every word."""
    hits = search(db, guild_id, asked, limit=MOST)
    known = guilds.members(db, guild_id, {hit.user_id for hit in hits})
    held = {row.id: row for row in _held(db, {hit.space_id for hit in hits})}
    return [
        Found(
            hit,
            held[hit.space_id],
            known[hit.user_id].name if hit.user_id in known else UNKNOWN,
        )
        for hit in hits
    ]


def _held(db: Database, space_ids: set[int]) -> list[SpaceRow]:
    rows = (spaces.get(db, space_id) for space_id in space_ids)
    return [row for row in rows if row is not None]


def _read(db: Database, guild_id: int, space_id: int) -> exports.Kept | None:
    space = spaces.get(db, space_id)
    if space is None or space.guild_id != guild_id:
        return None
    return exports.read(db, space_id)
