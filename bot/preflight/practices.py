"""The practice rooms of every guild, one at a time in each, as people ask for them."""

import logging
from functools import partial

from sqlite_utils import Database

from bot.client import Press
from bot.clock import Clock
from bot.house import House
from bot.preflight import panel
from bot.preflight.post import POST, TROUBLE
from bot.preflight.practice import Practice
from bot.preflight.presses import FindPlan
from bot.presses import Answers
from bot.promotion.rights import require_host
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, defer, language
from bot.rooms.rooms import Rooms
from bot.rooms.venue import Venue, venue_of
from bot.texts.language import language_of
from bot.voice.errors import VoiceError
from moderation.settings import RoomKind
from moderation.store import posts, spaces
from moderation.store.posts import PostRow
from moderation.store.spaces import SpaceRow
from scheduler.clockwork import records
from scheduler.plans import Plan, PlanState
from scheduler.preflight import practice as rules
from scheduler.preflight.practice import End

log = logging.getLogger(__name__)

NEEDED = ("view_channel", "send_messages", "connect")
"""Permissions of the bot that any practice needs; a stage needs one more."""


class Practices:
    """Opens practice rooms, and ends those that must."""

    def __init__(self, rooms: Rooms, find: FindPlan, wall: Clock) -> None:
        self._house: House = rooms.house
        self._rooms = rooms
        self._find = find
        self._wall = wall
        self._running: dict[int, Practice] = {}
        rooms.before(self.give_way)

    async def open(self, interaction: AnyInteraction, plan: Plan) -> None:
        """Open a practice for a plan, and say so."""
        require_host(interaction, plan)
        rules.require_time(plan, self._house.config.preflight, self._wall.now())
        await defer(interaction)
        venue = self.venue(plan)
        practice = Practice(self._house, self._wall, plan, venue, self._over)
        self._running[plan.guild_id] = practice
        try:
            await practice.start()
        except VoiceError as error:
            log.warning("practice of plan %s: %s", plan.id, error)
            raise Impossible("practice_no_voice") from None
        text = self._house.wording.say(
            language(interaction),
            "practice.opened",
            {"space_channel": venue.channel.id},
        )
        await answer(interaction, text)

    def answers(self) -> Answers:
        """Return what the buttons of the panel do."""
        return dict.fromkeys((panel.ME, panel.STOP, panel.AGAIN), self._press)

    async def changed(self, plan_id: int) -> None:
        """Let a practice see that its plan has changed."""
        for practice in self._running.values():
            if practice.plan.id == plan_id:
                practice.look()

    async def give_way(self, guild_id: int) -> None:
        """End the guild's practice and hang up: a Space opens."""
        practice = self._running.get(guild_id)
        if practice is not None:
            await practice.end(End.SPACE)

    async def close(self) -> None:
        """End every practice: the bot stops."""
        for practice in list(self._running.values()):
            await practice.end(End.RESTART)

    async def recover(self) -> None:
        """End what a kill left behind: the row, and what its panel still offers."""

        def read(db: Database) -> list[tuple[SpaceRow, PostRow | None, Plan | None]]:
            return [
                (
                    row,
                    posts.of_space(db, row.id).get(POST),
                    records.get(db, row.plan_id or 0),
                )
                for row in spaces.practices(db)
            ]

        for row, post, plan in await self._house.store.read(read):
            if post is not None:
                await self._say_over(row, post, plan)
            end = partial(spaces.end, space_id=row.id, at=self._wall.now())
            await self._house.store.write(end)

    async def _say_over(self, row: SpaceRow, post: PostRow, plan: Plan | None) -> None:
        words, reader = self._house.wording, language_of(row.language, "en")
        view = None
        if plan is not None and plan.state is PlanState.SCHEDULED:
            view = panel.again(words, reader, plan.id)
        text = panel.over(
            words, reader, row.topic, End.RESTART, offered=view is not None
        )
        channel = self._house.client.get_partial_messageable(post.channel_id)
        message = channel.get_partial_message(post.message_id)
        try:
            await message.edit(content=text, view=view)
        except TROUBLE as error:
            log.info("practice %s: its panel stays: %s", row.id, type(error).__name__)

    async def _press(self, interaction: AnyInteraction, press: Press) -> None:
        plan = await self._find(press.space_id, interaction.guild_id)
        if press.verb == panel.AGAIN:
            await self.open(interaction, plan)
            return
        practice = self._running.get(plan.guild_id)
        if practice is None or practice.plan.id != plan.id:
            raise Impossible("old_button")
        if press.verb == panel.STOP:
            require_host(interaction, plan)
            await defer(interaction)
            await practice.end(End.BY_HAND)
            await self._answer(interaction, "practice.ended")
            return
        await self._agree(interaction, practice)

    async def _agree(self, interaction: AnyInteraction, practice: Practice) -> None:
        user_id = interaction.user.id
        if user_id not in await practice.people():
            raise Impossible("practice_not_for_you", topic=practice.plan.topic)
        if user_id not in practice.venue.states():
            channel_id = practice.venue.channel.id
            raise Impossible("practice_where", space_channel=channel_id)
        agreed = await practice.agree(user_id)
        key = "practice.agreed" if agreed else "practice.withdrawn"
        await self._answer(interaction, key)

    async def _answer(self, interaction: AnyInteraction, key: str) -> None:
        text = self._house.wording.say(language(interaction), key)
        await answer(interaction, text)

    def _over(self, practice: Practice) -> None:
        if self._running.get(practice.plan.guild_id) is practice:
            del self._running[practice.plan.guild_id]

    def venue(self, plan: Plan) -> Venue:
        """Return where the plan is to be held, free for a practice.

        Raises Impossible with what stands in the way.
        """
        channel = self._house.client.get_channel(plan.channel_id)
        if channel is None:
            raise Impossible("practice_no_channel")
        venue = venue_of(channel)
        guild = venue.channel.guild
        for room in self._rooms.in_guild(guild.id):
            raise Impossible("check_in_use", space_channel=room.channel_id)
        opening = self._rooms.opening_in(guild.id)
        if opening is not None:
            raise Impossible("check_in_use", space_channel=opening)
        if guild.id in self._running or guild.voice_client is not None:
            raise Impossible("check_running")
        stage = venue.kind is RoomKind.STAGE
        needed = (*NEEDED, "mute_members") if stage else NEEDED
        may = venue.channel.permissions_for(guild.me)
        lacks = [name for name in needed if not getattr(may, name)]
        if lacks:
            keys = " ".join(f"permission.{name}" for name in lacks)
            raise Impossible("bot_lacks", permission_keys=keys)
        return venue
