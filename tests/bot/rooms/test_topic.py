"""A voice channel's topic is its status line, wherever Discord lets the bot set it."""

import asyncio

import pytest

from bot.rehearsal.standin.permissions import EVERYONE, SPACES_BOT, Permission
from bot.rehearsal.standin.seed import Seed
from moderation.settings import RoomKind
from tests.bot.guild import HOST, PEOPLE, Stage, bot_on, place, until

FROM_AFAR = Permission.MANAGE_CHANNELS
STATUS = Permission.SET_VOICE_CHANNEL_STATUS


def run(folder, play, *, bot=SPACES_BOT, everyone=EVERYONE):
    """Run ``play`` in a voice channel of a guild with these permissions."""
    seed = Seed(members=PEOPLE, bot_permissions=bot, everyone=everyone)

    async def main():
        async with place(seed) as standin, bot_on(standin, folder) as running:
            return await play(Stage(standin, running, RoomKind.VOICE))

    return asyncio.run(main())


def statuses(stage):
    """Return what the bot asked for, and how it was answered."""
    return [
        (call.sent["status"], call.status)
        for call in stage.standin.sightings.calls
        if call.path.endswith("/voice-status")
    ]


@pytest.mark.parametrize("bot", [SPACES_BOT, SPACES_BOT & ~FROM_AFAR])
def test_the_topic_is_the_channels_status_while_the_space_lasts(tmp_path, bot):
    """Without MANAGE_CHANNELS Discord takes it only from inside of the channel."""

    async def play(stage):
        channel = stage.standin.world.guild.channels[stage.channel_id]
        await stage.enter(HOST)
        room = await stage.opened("Huertos urbanos")
        await until(lambda: channel.status == "Huertos urbanos")
        await stage.command(HOST, "topic set", text="Compost")
        await until(lambda: channel.status == "Compost")
        await stage.command(HOST, "space end")
        await room.ended()
        assert channel.status is None
        return {answer for _, answer in statuses(stage)}

    assert run(tmp_path, play, bot=bot) == {204}


def test_what_may_not_be_set_is_not_asked_for(tmp_path):
    """Where members may not set a status either, nothing is tried in vain."""

    async def play(stage):
        await stage.enter(HOST)
        room = await stage.opened()
        await until(lambda: stage.standin.world.voice.get(stage.standin.world.bot.id))
        await stage.command(HOST, "space end")
        await room.ended()
        return statuses(stage)

    assert run(tmp_path, play, everyone=EVERYONE & ~STATUS) == []
