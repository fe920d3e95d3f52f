"""The way to a Space's files for who hosted it: a page of that one Space.

Rule: it is for the host who had the Space at its end, as long as they are a member of
its server; moderators have ``/space review``.
"""

import json
from typing import Final

import discord
from sqlite_utils import Database

from bot.client import Press
from bot.house import House
from bot.page.service import PageService
from bot.page.tickets import Viewer
from bot.presses import Answers
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, defer, language
from bot.texts.wording import Params
from moderation.events import HandedOver, HostClaimed
from moderation.store import journal, spaces, tracks
from moderation.store.spaces import SpaceRow

KEPT: Final = "kept"
"""The button's verb."""

HOSTS: Final = (HandedOver.__name__, HostClaimed.__name__)
"""Facts that make somebody else the host."""


class Downloads:
    """Answers the button."""

    def __init__(self, house: House, page: PageService) -> None:
        self._house = house
        self._page = page

    def answers(self) -> Answers:
        """Return what the button does."""
        return {KEPT: self._press}

    async def _press(self, interaction: AnyInteraction, press: Press) -> None:
        """Answer with a link, or with what stands in the way."""
        await defer(interaction)  # whether they are a member may take a while
        space, is_there = await self._look(press.space_id, interaction.user.id)
        member = await self._member(space, interaction.user.id)
        reader, words = language(interaction), self._house.wording
        params: Params = {"topic": space.topic, "number": space.id}
        if not is_there:
            await answer(interaction, words.say(reader, "retention.over", params))
            return
        if not self._page.is_on:
            await answer(interaction, words.say(reader, "retention.no_page", params))
            return
        viewer = Viewer(
            user_id=member.id,
            guild_id=space.guild_id,
            name=member.display_name,
            language=reader,
            space_id=space.id,
        )
        text = words.say(reader, "retention.link", params)
        await answer(interaction, f"{text}\n{self._page.link(viewer)}")

    async def _look(self, space_id: int, user_id: int) -> tuple[SpaceRow, bool]:
        """Return the Space and whether any sound of it is left. Raises Impossible."""

        def look(db: Database) -> tuple[SpaceRow | None, int, bool]:
            space = spaces.get(db, space_id)
            if space is None:
                return None, 0, False
            files = tracks.read(db, space_id)
            left = any((one.deleted_at or one.deleting_at) is None for one in files)
            return space, host_of(db, space), left

        space, host_id, is_there = await self._house.store.read(look)
        if space is None or host_id != user_id:
            raise Impossible("not_its_host")
        return space, is_there

    async def _member(self, space: SpaceRow, user_id: int) -> discord.Member:
        """Return the host as a member of the Space's server. Raises Impossible."""
        guild = self._house.client.get_guild(space.guild_id)
        if guild is not None:
            try:
                return await guild.fetch_member(user_id)
            except discord.NotFound:
                pass
        raise Impossible("not_its_host")


def host_of(db: Database, space: SpaceRow) -> int:
    """Return who hosted the Space at its end."""
    host_id = space.host_id
    for row in journal.read(db, space.id):
        if row.name in HOSTS:
            host_id = int(json.loads(row.body)["user_id"] or host_id)
    return host_id
