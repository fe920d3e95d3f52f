"""A fortnight over each change of summer time, with a kill at twenty instants."""

import asyncio
import random
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from moderation.store.database import Store
from scheduler.clockwork import records, series
from scheduler.clockwork.reminding import Reminding, Turning
from scheduler.clockwork.series import PlannedSeries
from scheduler.occurrences import Frequency, Recurrence, Series
from scheduler.plans import Plan, PlanState, cancel, move
from scheduler.reminders import Place, Wish
from scheduler.settings import SchedulerSettings
from tests.scheduler.clockwork.fortnight import MADRID, Fortnight, World

ANA, BEN = 7, 8
SETTINGS = SchedulerSettings()
PLAN = Plan(
    guild_id=1,
    channel_id=2,
    host_id=3,
    topic="Tea",
    starts_at=0.0,
    minutes=60,
    zone="Europe/Madrid",
    post_channel_id=5,
)


def acts(first):
    """Return what people do in the fortnight that begins on the Saturday ``first``."""

    def at(day, hour, minute=0):
        local = datetime.combine(first + timedelta(days=day), time(hour, minute))
        return local.replace(tzinfo=MADRID).timestamp()

    async def plan(store):
        def write(db):
            single = records.keep(db, replace(PLAN, starts_at=at(3, 20)))
            night = Recurrence(
                Frequency.DAILY, time(2, 30), "Europe/Madrid", first + timedelta(7)
            )
            weekly = Recurrence(Frequency.WEEKLY, time(18), "Europe/Madrid", first)
            for rule, channel in ((night, 11), (weekly, 12)):
                model = replace(PLAN, channel_id=channel, host_id=channel)
                kept = series.keep(db, PlannedSeries(model=model, series=Series(rule)))
                series.unfold_one(db, kept, SETTINGS, at(0, 0))
            made = records.live(db)
            for one in made:
                records.wish(db, one.id, Wish(ANA, 600))
                records.wish(db, one.id, Wish(BEN, 3600, Place.DM))
            assert single.id == 1
            return [one.id for one in made]

        return await store.write(write)

    async def move_single(store):
        def write(db):
            moved = move(records.get(db, 1), at(4, 21))
            return [records.keep(db, moved).id]

        return await store.write(write)

    async def cancel_one(store):
        def write(db):
            (one,) = [p for p in records.live(db) if p.starts_at == at(9, 2, 30)]
            return [records.keep(db, cancel(one, "ill")).id]

        return await store.write(write)

    async def open_weekly(store):
        def write(db):
            (one,) = [p for p in records.live(db) if p.starts_at == at(7, 18)]
            return [records.keep(db, replace(one, state=PlanState.OPENED)).id]

        return await store.write(write)

    begin = at(0, 0)
    return begin, {
        1: plan,
        round((at(3, 19, 30) - begin) / 60) + 1: move_single,
        round((at(8, 12) - begin) / 60): cancel_one,
        round((at(7, 18) - begin) / 60) + 5: open_weekly,
    }


def live(first, kills=()):
    """Live through one fortnight and return its world and every send's end."""
    begin, people = acts(first)
    world = World(begin, frozenset(kills))

    def sources(store, outside):
        return [
            Reminding(outside, SETTINGS),
            Turning(store, outside, SETTINGS),
        ]

    async def run():
        async with Store(":memory:") as store:
            await Fortnight(world, sources, people, SETTINGS).run(store)
            return await store.read(
                lambda db: [state for (state,) in db.execute("SELECT state FROM sends")]
            )

    return world, asyncio.run(run())


@pytest.mark.parametrize(
    ("first", "sunday", "night"),
    [
        (date(2027, 3, 20), "03-28", "03:00"),
        (date(2027, 10, 23), "10-31", "02:30"),
    ],
)
def test_everything_comes_once_whatever_kills_the_bot(first, sunday, night):
    """Moved, cancelled, opened, skipped and repeated hours: the same with kills."""
    calm, ends = live(first)
    chance = random.Random(first.toordinal())
    kills = chance.sample(range(1, calm.instants), 20)

    killed, ends_too = live(first, kills)

    assert killed.killed >= 18  # a kill ends the work that later instants were in
    assert Counter(killed.heard) == Counter(calm.heard)
    assert set(killed.messages.values()) == set(calm.messages.values()) == {1}
    assert Counter(ends_too) == Counter(ends)
    assert "claimed" not in ends
    told = {(kind, wall) for kind, wall, _, _ in calm.heard}
    assert ("start", f"{sunday} {night}") in told
    moved = first + timedelta(days=4)
    assert ("members", f"{moved:%m-%d} 20:50") in told
    assert ("members", f"{moved - timedelta(days=1):%m-%d} 19:50") not in told
    off = first + timedelta(days=9)
    assert not {wall for _, wall in told if wall.startswith(f"{off:%m-%d} 0")}
    opened = first + timedelta(days=7)
    assert ("missed", f"{opened:%m-%d} 18:15") not in told
