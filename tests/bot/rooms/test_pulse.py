"""Since when nobody listened, as the next process finds it."""

import asyncio
import json
import logging
import time
from types import SimpleNamespace

from bot.clock import ManualClock
from bot.rooms.pulse import Pulse
from media.whisper.status import Mode, TranscriberStatus
from moderation.store import journal, spaces
from moderation.store.file import StoreError, connect
from tests.bot.guild import ANA, HOST, Stage, bot_on, place, until

QUIET_S, AWAY_S = 600.0, 30.0


def test_a_quiet_room_is_not_an_absent_bot(tmp_path):
    """Only the seconds without a bot are given back to turns, not the silent ones."""
    clock = ManualClock(time.time())

    async def main():
        async with place() as standin:
            async with bot_on(standin, tmp_path, clock=clock) as bot:
                stage = Stage(standin, bot)
                await stage.enter(HOST, ANA)
                room = await stage.opened()
                await until(stage.panels)
                clock.advance(QUIET_S)
                await Pulse(bot.rooms).beat()
            clock.advance(AWAY_S)
            async with bot_on(standin, tmp_path, clock=clock) as bot:
                await until(bot.rooms.live)

                def rows(db):
                    return journal.read(db, room.space_id)

                async with asyncio.timeout(30):
                    while True:
                        for row in await bot.store.read(rows):
                            if row.name == "BotReturned":
                                return json.loads(row.body)["away_s"]

    assert asyncio.run(main()) == AWAY_S


class Rooms:
    """One live room and one that has ended."""

    def __init__(self, store):
        self.house = SimpleNamespace(
            store=store, clock=ManualClock(500.0), transcriber=self
        )

    def status(self, space_id):
        """Say that the words of every room are late."""
        return TranscriberStatus(Mode.FINAL_ONLY, lag_s=90.0)

    def live(self):
        """Return both."""
        return [
            SimpleNamespace(space_id=1, space=SimpleNamespace(is_live=True)),
            SimpleNamespace(space_id=2, space=SimpleNamespace(is_live=False)),
        ]


class BrokenStore:
    """A disk that is full."""

    async def write(self, _):
        """Refuse."""
        raise StoreError("the disk is full")


def test_a_pulse_that_cannot_be_written_is_told_and_tried_again(caplog):
    """The rooms go on; the log has it."""
    with caplog.at_level(logging.ERROR):
        asyncio.run(Pulse(Rooms(BrokenStore())).beat())

    assert "the disk is full" in caplog.text


class Sink:
    """Takes writes."""

    def __init__(self, db):
        self.db = db

    async def write(self, fn):
        """Run at once."""
        return fn(self.db)


def test_only_live_spaces_are_noted():
    """What has ended was not left by a crash."""
    db = connect(None)
    for channel_id in (5, 6):
        new = spaces.NewSpace(
            guild_id=1,
            channel_id=channel_id,
            host_id=2,
            kind="stage",
            topic="t",
            opened_at=1.0,
        )
        spaces.create(db, new)

    asyncio.run(Pulse(Rooms(Sink(db))).beat())
    beats = [spaces.last_beat(db, space_id) for space_id in (1, 2, 3)]
    lags = [spaces.last_lag(db, space_id) for space_id in (1, 2, 3)]
    db.close()

    assert beats == [500.0, None, None]
    assert lags == [90.0, 0.0, 0.0]
