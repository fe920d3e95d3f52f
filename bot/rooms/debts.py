"""The mutes that the bot owes an undoing, and when it pays.

A server mute belongs to the member, outlives the room and cannot be lifted while they
are out of voice (Discord answers 40032). So the debt is written down before the mute,
paid when the floor allows it, and otherwise at the member's next join to any voice
channel of the guild, also after a restart. A mute without a row is a moderator's own
and is never touched.
"""

import asyncio
import logging
from collections import defaultdict

import discord

from bot.faults import FAULTS, named
from bot.house import House
from moderation.pace import Pace
from moderation.store import mutes

log = logging.getLogger(__name__)

NOT_IN_VOICE = 40032
"""Discord: "Target user is not connected to voice"."""


class Debts:
    """The ledger of the process, in memory and on disk."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._owed: dict[tuple[int, int], int | None] = {}
        self._paying: set[tuple[int, int]] = set()
        self._paces: defaultdict[int, Pace] = defaultdict(Pace)

    async def load(self) -> None:
        """Read what earlier processes left owed."""
        rows = await self._house.store.read(mutes.owed)
        self._owed |= {(row.guild_id, row.user_id): row.space_id for row in rows}

    def of(self, guild_id: int) -> frozenset[int]:
        """Return the members of a guild whose mute is ours."""
        return frozenset(user for guild, user in self._owed if guild == guild_id)

    def pace(self, guild_id: int) -> Pace:
        """Return the pace of changes to a guild's members, which its Spaces share."""
        return self._paces[guild_id]

    @property
    def all(self) -> frozenset[tuple[int, int]]:
        """Guild and user of everything owed."""
        return frozenset(self._owed)

    async def owe(self, guild_id: int, user_id: int, space_id: int) -> None:
        """Write down that the member is about to be muted by us."""
        if (guild_id, user_id) in self._owed:
            return
        now = self._house.clock.now()
        await self._house.store.write(
            lambda db: mutes.owe(db, guild_id, user_id, space_id, now)
        )
        self._owed[guild_id, user_id] = space_id

    async def paid(self, guild_id: int, user_id: int) -> None:
        """Strike a debt out: the member is unmuted, or was never muted."""
        now = self._house.clock.now()
        await self._house.store.write(
            lambda db: mutes.release(db, guild_id, user_id, now)
        )
        self._owed.pop((guild_id, user_id), None)

    async def seen(self, member: discord.Member, *, muted: bool, in_room: bool) -> None:
        """Pay what is owed to a member who is in voice; a live room pays its own."""
        key = (member.guild.id, member.id)
        if key not in self._owed or in_room or key in self._paying:
            return
        self._paying.add(key)
        try:
            if muted:
                await member.edit(mute=False, reason="Tertulia: the Space is over")
            await self.paid(*key)
        except FAULTS as error:
            log.warning("unmute of %s still owed: %s", member.id, named(error))
        finally:
            self._paying.discard(key)

    async def settle(self, live_channels: frozenset[int]) -> None:
        """Pay everybody who is in voice and in no live room."""
        for guild_id, user_id in list(self._owed):
            guild = self._house.client.get_guild(guild_id)
            member = None if guild is None else guild.get_member(user_id)
            voice = None if member is None else member.voice
            if member is None or voice is None or voice.channel is None:
                continue
            in_room = voice.channel.id in live_channels
            await self.seen(member, muted=voice.mute, in_room=in_room)
            await asyncio.sleep(0)
