"""A panel that an earlier process posted and did not write down, on the loopback."""

import asyncio
import sqlite3

from bot.config import Config
from bot.panel import trace
from bot.planning import lookback
from tests.bot.guild import HOST, Stage, bot_on, place, until


async def opened(stage):
    """Open a Space and wait until its panel is on record; return the room."""
    await stage.commands()
    await stage.enter(HOST)
    room = await stage.opened()
    await until(lambda: room.post.message_id and not room.post._unkept)
    return room


def test_a_process_dies_before_it_writes_its_panel_down(tmp_path):
    """The next one goes on with that panel instead of posting another beside it."""

    async def scene():
        async with place() as standin:
            async with bot_on(standin, tmp_path, Config()) as bot:
                stage = Stage(standin, bot)
                space_id = (await opened(stage)).space_id
                (first,) = stage.panels()
            db = sqlite3.connect(tmp_path / "tertulia.db")
            with db:
                assert db.execute("DELETE FROM posts").rowcount == 1
            db.close()
            async with bot_on(standin, tmp_path, Config()) as bot:
                await until(lambda: bot.rooms.by_id(space_id))
                room = bot.rooms.by_id(space_id)
                await until(lambda: room.post.message_id)
                return first["id"], room.post.message_id, stage.panels()

    first, found, panels = asyncio.run(scene())

    assert found == int(first)
    assert [one["id"] for one in panels] == [first]


def test_there_is_no_panel(tmp_path, monkeypatch):
    """Of another Space, or in a channel that nobody lets us look at, none is found."""

    async def refused(*_):
        raise TimeoutError

    async def scene():
        async with place() as standin, bot_on(standin, tmp_path, Config()) as bot:
            room = await opened(Stage(standin, bot))
            channel, at = room.venue.channel, bot.house.clock.now() - 60.0
            ids = (room.space_id, room.space_id + 1)
            found = [await trace.find(channel, space_id, at) for space_id in ids]
            monkeypatch.setattr(lookback, "find", refused)
            return room, [*found, await trace.find(channel, room.space_id, at)]

    room, found = asyncio.run(scene())

    assert found == [room.post.message_id, None, None]
