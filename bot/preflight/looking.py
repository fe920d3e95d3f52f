"""One look at everything that a planned Space needs: Discord, the record, the machine.

What cannot be found out is taken for good: the card names troubles, not doubts.
"""

import asyncio
from collections.abc import Iterable

import aiohttp
import discord
from sqlite_utils import Database

from bot import disk
from bot.config import Config
from bot.house import House
from bot.rooms import permissions
from bot.rooms.rooms import Rooms
from media.whisper.models import ModelError, locate_all
from moderation.store import rules, voice_checks
from scheduler.clockwork import errand_records
from scheduler.guests.guest import GONE, Guest, confirmed
from scheduler.plans import Plan
from scheduler.preflight.readiness import Facts, Machine, Person, Posting, Room

Checks = dict[int, voice_checks.VoiceCheckRow]

POSTING = ("view_channel", "send_messages", "read_message_history")
"""What an announcement needs."""

UNKNOWN = (discord.HTTPException, aiohttp.ClientError, OSError)
"""Discord does not say."""


class Looking:
    """Looks for the facts about a plan."""

    def __init__(self, house: House, rooms: Rooms) -> None:
        self._house = house
        self._rooms = rooms

    async def facts(self, plan: Plan) -> Facts:
        """Return everything as it is now."""

        def read(db: Database) -> tuple[list[Guest], set[int], bool, Checks]:
            guests = errand_records.guests(db, plan.id)
            campaign = errand_records.campaign(db, plan.id)
            targets = {one.channel_id for one in campaign.targets} if campaign else ()
            kept = rules.in_force(db, plan.guild_id, plan.format)
            people = [plan.host_id, *(one.user_id for one in guests)]
            checks = voice_checks.of_members(db, plan.guild_id, people)
            return guests, set(targets), kept is not None, checks

        guests, targets, has_rules, checks = await self._house.store.read(read)
        coming = [one for one in guests if one.state not in GONE]
        sure = {one.user_id for one in confirmed(plan, coming)}
        ids = [plan.host_id, *(one.user_id for one in coming)]
        present = await self._present(plan.guild_id, ids)
        here = self._here(plan.channel_id)
        host, *others = (
            _person(
                user_id,
                checks,
                confirmed=user_id in sure or user_id == plan.host_id,
                in_guild=user_id in present,
                here=user_id in here,
            )
            for user_id in ids
        )
        return Facts(
            host=host,
            guests=tuple(others),
            room=self._room(plan),
            postings=tuple(self._postings(plan, targets)),
            rules=has_rules,
            machine=await asyncio.to_thread(
                machine,
                self._house.config,
                smaller_fails=self._house.transcriber.status().smaller_fails,
            ),
        )

    async def _present(self, guild_id: int, user_ids: Iterable[int]) -> set[int]:
        """Return who is in the guild."""
        guild = self._house.client.get_guild(guild_id)
        if guild is None:
            return set(user_ids)  # the room's line says that the bot is not

        async def there(user_id: int) -> bool:
            if guild.get_member(user_id) is not None:
                return True
            try:
                await guild.fetch_member(user_id)
            except discord.NotFound:
                return False
            except UNKNOWN:
                return True
            return True

        ids = list(user_ids)
        found = await asyncio.gather(*(there(user_id) for user_id in ids))
        return {
            user_id for user_id, is_there in zip(ids, found, strict=True) if is_there
        }

    def _here(self, channel_id: int) -> set[int]:
        channel = self._house.client.get_channel(channel_id)
        if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            return set(channel.voice_states)
        return set()

    def _room(self, plan: Plan) -> Room:
        channel = self._house.client.get_channel(plan.channel_id)
        if not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            return Room(there=False)
        stage = isinstance(channel, discord.StageChannel)
        here = self._rooms.in_channel(channel.id)
        others = [
            room.channel_id
            for room in self._rooms.in_guild(plan.guild_id)
            if room.channel_id != channel.id
        ]
        return Room(
            lacks=permissions.missing(channel),
            community=not stage or "COMMUNITY" in channel.guild.features,
            taken_by=None if here is None else here.row.topic,
            voice_in=others[0] if others else None,
        )

    def _postings(self, plan: Plan, targets: set[int]) -> Iterable[Posting]:
        own = {plan.post_channel_id} if plan.post_channel_id is not None else set()
        for channel_id in sorted(own | targets):
            channel = self._house.client.get_channel(channel_id)
            if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
                yield Posting(channel_id=channel_id, there=False)
                continue
            has = channel.permissions_for(channel.guild.me)
            needed = POSTING
            if isinstance(channel, discord.Thread):
                needed = ("view_channel", "send_messages_in_threads", POSTING[2])
            lacks = tuple(name for name in needed if not getattr(has, name))
            yield Posting(channel_id=channel_id, lacks=lacks)


def machine(config: Config, *, smaller_fails: bool) -> Machine:
    """Look at disk and speech model; reads files.

    ``smaller_fails``: the smaller model is there and failed in an earlier Space.
    """
    model = "ready" if config.speech.model else "off"
    if config.speech.model:
        try:
            locate_all(config.speech)
        except ModelError:
            model = "absent"
        else:
            model = "no_smaller" if smaller_fails else model
    return Machine(
        free_mb=disk.free_mb(config.store.folder),
        needed_mb=config.store.free_mb,
        model=model,
    )


def _person(
    user_id: int, checks: Checks, *, confirmed: bool, in_guild: bool, here: bool
) -> Person:
    last = checks.get(user_id)
    return Person(
        user_id=user_id,
        confirmed=confirmed,
        in_guild=in_guild,
        here=here,
        checked_at=None if last is None else last.at,
        score=0 if last is None else last.score,
        faults=()
        if last is None
        else tuple(one.partition(":")[0] for one in last.faults.split()),
    )
