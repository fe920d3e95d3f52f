"""What the gateway says, judged by the same description as the HTTP API.

Discord describes only the HTTP API; the objects in dispatches are the same ones.
"""

import asyncio
import datetime

import discord
import pytest

from bot.rehearsal.standin.gateway import greeting
from bot.rehearsal.standin.gateway.session import Session
from bot.rehearsal.standin.intents import Intent
from bot.rehearsal.standin.world.state import Dispatch
from tests.bot.rehearsal.standin.client import connected
from tests.bot.rehearsal.standin.openapi import judge
from tests.bot.waiting import until

SCHEMAS = {
    "MESSAGE_CREATE": "MessageResponse",
    "VOICE_STATE_UPDATE": "VoiceStateResponse",
    "STAGE_INSTANCE_CREATE": "StageInstanceResponse",
    "GUILD_SCHEDULED_EVENT_CREATE": "StageScheduledEventResponse",
    "GUILD_MEMBER_UPDATE": "GuildMemberResponse",
    "CHANNEL_CREATE": "GuildChannelResponse",
    "THREAD_CREATE": "ThreadResponse",
}
PARTS = {
    "roles": "GuildRoleResponse",
    "members": "GuildMemberResponse",
    "channels": "GuildChannelResponse",
    "voice_states": "VoiceStateResponse",
    "stage_instances": "StageInstanceResponse",
}


def test_the_guild_and_all_its_parts_are_complete(place):
    """Every key that is not optional is there, null where it may be."""
    place.join(place.ann, place.stage)
    session = Session(place.bot, Intent(sum(Intent)), "discord.com")

    guild = greeting.guild(place.world, session)

    described = judge()
    assert described.misfits("GuildResponse", guild) == []
    own = {"guild_id": guild["id"]}  # left out inside the guild
    for part, schema in PARTS.items():
        for one in guild[part]:
            assert described.misfits(schema, own | one) == []


@pytest.fixture(scope="module")
def dispatches():
    """Spend a short evening; return what the gateway said, by name."""

    async def evening(stand_in, bot):
        guild, elena = bot.guilds[0], stand_in.member("Elena")
        stage = bot.get_channel(stand_in.stage_channel_id)
        await elena.join(stage.id)
        await stage.create_instance(topic="Tea")
        await guild.create_scheduled_event(
            name="Tea",
            start_time=discord.utils.utcnow() + datetime.timedelta(hours=1),
            channel=stage,
            privacy_level=discord.PrivacyLevel.guild_only,
        )
        await guild.get_member(stand_in.member("Bruno").id).edit(nick="B")
        text = await guild.create_text_channel("notes")
        question = await elena.type(text.id, "Tea?")
        await until(lambda: bot.get_channel(text.id))
        message = await text.fetch_message(int(question["id"]))
        await (await message.create_thread(name="Tea")).send("Yes")
        sights = stand_in.sightings.all
        return {one.name: one.data for one in sights if isinstance(one, Dispatch)}

    async def main():
        async with connected() as (stand_in, bot):
            return await evening(stand_in, bot)

    return asyncio.run(main())


@pytest.mark.parametrize("name", list(SCHEMAS))
def test_dispatches_carry_whole_objects(dispatches, name):
    """As the HTTP API would give them."""
    assert judge().misfits(SCHEMAS[name], dispatches[name]) == []
