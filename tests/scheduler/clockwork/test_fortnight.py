"""A fortnight over each change of summer time, with a kill at twenty instants."""

import asyncio
import functools
import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from moderation.store.database import Store
from tests.scheduler.clockwork.fortnight import MADRID, Fortnight, World
from tests.scheduler.clockwork.people import (
    ANA,
    BEN,
    CARLA,
    ENGLISH,
    EVA,
    FAIR,
    SETTINGS,
    SPANISH,
    TOOL,
    People,
)

HOST = 13
"""Who hosts the fair."""


def live(people, kills=()):
    """Live through one fortnight and return its world and every send's end."""
    world = World(people.at(0, 0), frozenset(kills))

    async def run():
        async with Store(":memory:") as store:
            await Fortnight(world, people.acts(), SETTINGS).run(store)
            return await store.read(
                lambda db: [
                    state
                    for table in ("sends", "errands")
                    for (state,) in db.execute(f"SELECT state FROM {table}")  # noqa: S608 - our own names
                ]
            )

    return world, asyncio.run(run())


calm_one = functools.cache(lambda first: live(People(first)))
"""The fortnight without kills; it is looked at twice."""

EACH_CHANGE = pytest.mark.parametrize(
    ("first", "sunday", "night"),
    [
        (date(2027, 3, 20), "03-28", "03:00"),
        (date(2027, 10, 23), "10-31", "02:30"),
    ],
)


@EACH_CHANGE
def test_everything_comes_once_whatever_kills_the_bot(first, sunday, night):
    """Moved, cancelled, opened, skipped and repeated hours: the same with kills."""
    calm, ends = calm_one(first)
    chance = random.Random(first.toordinal())
    kills = chance.sample(range(1, calm.instants), 20)

    killed, ends_too = live(People(first), kills)

    assert killed.killed >= 18  # a kill ends the work that later instants were in
    assert Counter(killed.heard) == Counter(calm.heard)
    assert set(killed.arrived.values()) == set(calm.arrived.values()) == {1}
    assert killed.shows == calm.shows
    assert Counter(ends_too) == Counter(ends)
    assert "claimed" not in ends
    told = {(what, wall) for what, wall, _, _ in calm.heard}
    assert ("start", f"{sunday} {night}") in told
    moved = first + timedelta(days=4)
    assert ("members", f"{moved:%m-%d} 20:50") in told
    assert ("members", f"{moved - timedelta(days=1):%m-%d} 19:50") not in told
    off = first + timedelta(days=9)
    assert not {
        wall
        for what, wall in told
        if wall.startswith(f"{off:%m-%d} 0") and what != "announce"
    }
    opened = first + timedelta(days=7)
    assert ("missed", f"{opened:%m-%d} 18:15") not in told


@EACH_CHANGE
def test_the_fair_is_announced_moved_and_its_guests_are_asked(first, sunday, night):
    """What the calm fortnight holds about one plan, by its time on the wall."""
    people = People(first)
    world, _ = calm_one(first)

    def told(what, target):
        """Return step and minutes before the (new) start of the fair."""
        return [
            (step, wall)
            for kind, wall, whom, step in world.heard
            if (kind, whom) == (what, (FAIR, target))
        ]

    def wall(*when):
        return f"{datetime.fromtimestamp(people.at(*when), MADRID):%m-%d %H:%M}"

    def before(minutes, hour=20):
        at = people.at(12, hour) - 60 * minutes
        return f"{datetime.fromtimestamp(at, MADRID):%m-%d %H:%M}"

    whole = [
        ("t-10080", before(10080, 19)),
        ("t-4320", before(4320, 19)),
        ("t-1440", before(1440)),
        ("t-60", wall(12, 19)),
        ("t-10", wall(12, 19, 50)),
        ("live", wall(12, 20, 1)),
    ]
    assert told("announce", SPANISH) == told("announce", ENGLISH) == whole
    edits = [("changed", wall(10, 9))] * 2 + [("ended", wall(12, 21, 10))]
    assert told("edit", SPANISH) == told("edit", ENGLISH) == edits
    assert sorted(told("hook", TOOL)) == sorted(
        [*whole, ("changed", wall(10, 9)), ("ended", wall(12, 21, 10))]
    )
    assert told("guest", ANA) == [
        ("invite", wall(2, 10)),
        ("remind", wall(10, 9)),
        ("ready", wall(12, 19, 30)),
    ]
    assert told("guest", BEN) == [("invite", wall(2, 10))]
    assert told("guest", CARLA)[0] == ("invite", wall(3, 20))
    assert [step for step, _ in told("guest", EVA)] == ["invite", *["remind"] * 4]
    assert told("host", HOST) == [
        ("declined", wall(2, 11, 30)),
        ("silent", wall(12, 18)),
    ]
