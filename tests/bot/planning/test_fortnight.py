"""A fortnight on the stand-in with the real discord.py, and twenty deaths in it."""

import asyncio
import random
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from bot.rehearsal.standin.world.state import Dispatch
from tests.bot.planning.fortnight import Fortnight, nursery

pytestmark = pytest.mark.long

FIRST = date(2027, 3, 20)
"""A Saturday; summer time begins on the Sunday a week later."""

SEED = 7
DEATHS = 20
NONCE = 24
"""Characters of the nonces that say what a message is; others are drawn by lot."""


@pytest.fixture(scope="module")
def bots():
    """Give a process that forks bots."""
    with nursery() as process:
        yield process


def lived(bots, folder, lives=()):
    """Live through a fortnight in a folder of its own."""
    folder.mkdir()
    return asyncio.run(Fortnight(bots, folder, FIRST, lives).live())


@pytest.fixture(scope="module")
def calm(bots, tmp_path_factory):
    """Give a fortnight in which the power fails once and nobody is killed."""
    return lived(bots, tmp_path_factory.mktemp("fortnight") / "calm")


def posted(fortnight):
    """Return how often each message was made, by nonce, and each native event."""
    made = Counter(
        call.sent["nonce"]
        for call in fortnight.standin.sightings.calls
        if call.method == "POST"
        and call.status == 200
        and isinstance(call.sent, dict)
        and len(str(call.sent.get("nonce"))) == NONCE
    )
    made.update(
        one.data["description"].rpartition("\n")[2]
        for one in fortnight.standin.sightings.all
        if isinstance(one, Dispatch) and one.name == "GUILD_SCHEDULED_EVENT_CREATE"
    )
    return made


def told(fortnight):
    """Return what the tool was told, each key once: it knows those it has had."""
    return sorted(said[:-1] for said in fortnight.tool.told)


def test_twenty_deaths_lose_nothing_and_double_nothing(bots, calm, tmp_path):
    """What a guild sees in the end is what it sees without them."""
    chance = random.Random(SEED)
    instants = sorted(chance.sample(range(1, calm.instants), DEATHS))
    lives = [later - sooner for sooner, later in pairwise([0, *instants])]

    killed = lived(bots, tmp_path / "killed", lives)

    assert killed.deaths == DEATHS, lives
    assert killed.seen() == calm.seen(), lives
    assert posted(killed) == posted(calm), lives
    assert set(posted(killed).values()) == {1}, lives
    assert told(killed) == told(calm), lives


def test_the_guild_sees_each_thing_at_its_time(calm):
    """By the wall in Madrid, before and after the change to summer time."""
    seen = calm.seen()

    def when(where, words):
        return [at for at, place, text, *_ in seen if place == where and words in text]

    fair = ["03-25 18:00", "03-29 19:00"]
    fair += ["03-31 20:00", "04-01 19:00", "04-01 19:50", "04-01 20:01"]
    assert when("#news", "") == when("#announcements", "") == fair
    marks = [marks for _, where, _, marks, _ in seen if where == "#news"]
    assert all("crossposted" in mark for mark in marks)
    assert [at for at, mark in zip(fair, marks, strict=True) if "pings" in mark] == [
        "03-31 20:00"  # the live post, edited since, shows no ping any more
    ]
    assert when("#general", "Gardens starts") == [
        "03-23 19:00",  # before it was moved
        "03-24 20:00",
        "03-24 20:50",
    ]
    nights = [f"03-28 {at}" for at in ("01:00", "01:50", "03:00", "03:15")]
    assert [at for at in when("#general", "Night talk") if "03-28" in at] == nights
    assert when("@emma", "is called off. Reason: “Its event") == ["03-30 01:50"]
    assert when("@bruno", "invites you") == ["03-22 10:00"]
    assert when("@bruno", "has moved") == ["03-30 09:00"]
    assert when("@bruno", "You speak in") == ["04-01 19:30"]
    assert when("@david", "@Carmen cannot speak") == ["03-22 11:31"]
    steps = [step for event, step, *_ in told(calm) if event == "space.announced"]
    assert sorted(steps) == ["t-10", "t-10080", "t-1440", "t-4320", "t-60"]
    assert len(calm.tool.refused) == 1  # and it was called again
    events = {at: what for at, where, _, what, _ in seen if where == "event"}
    assert events["03-24 21:00"].startswith("cancelled")  # nobody came
    # In the hour that spring skips, half past two is half past one plus an hour.
    assert events["03-28 01:30"] == "moved to 03-28 03:00, until 03-28 04:00"
    assert events["03-29 02:30"] == "off"  # by command
    assert events["03-30 02:30"] == "off"  # by hand
    assert events["04-01 20:00"] == "completed, until 04-01 21:00"
    assert events["04-03 02:30"].startswith("scheduled")
    assert events["04-03 18:00"].startswith("scheduled")
    began = [
        (one.data["name"], one.data["status"])
        for one in calm.standin.sightings.all
        if isinstance(one, Dispatch) and one.name == "GUILD_SCHEDULED_EVENT_UPDATE"
    ]
    assert ("Saturdays", 2) in began  # and then planned again
