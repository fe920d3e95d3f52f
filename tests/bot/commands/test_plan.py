"""What is offered while somebody types which plan they mean."""

import asyncio
from types import SimpleNamespace

from bot.commands.plan import CHOICES, LONGEST, suggestions
from scheduler.plans import TOPIC_LENGTH, Plan

LONG = "x" * TOPIC_LENGTH
NIGHT = 86400.0


def plan(number, topic):
    return Plan(
        id=number,
        guild_id=1,
        channel_id=2,
        host_id=3,
        topic=topic,
        starts_at=1.8e9 + number * NIGHT,
        minutes=60,
    )


class Planner:
    """Forty nights with topics as long as they may be, and then a fair."""

    async def upcoming(self, guild_id, limit=25):
        return [*(plan(n, f"{LONG[:-2]}{n:02}") for n in range(40)), plan(40, "Fair")][
            :limit
        ]


def offered(typed, user_id=3):
    """Return what a member is offered who sees no room; 3 hosts all of them."""
    here = SimpleNamespace(guild_id=1, guild=None, user=SimpleNamespace(id=user_id))
    return asyncio.run(suggestions(Planner())(here, typed))


def test_no_more_is_offered_than_discord_shows():
    """25 choices with names of 100 characters (Discord, "Autocomplete")."""
    found = offered("")

    assert [one.value for one in found] == list(range(CHOICES))
    assert max(len(one.name) for one in found) == LONGEST == 100
    assert CHOICES == 25


def test_what_is_typed_is_found_behind_all_of_them():
    """By a part of the topic, in small letters or capitals; with its day and hour."""
    (fair,) = offered("fAI")

    assert fair.value == 40
    assert fair.name == "24.02. 08:00 Fair"
    assert offered("no such plan") == []


def test_who_neither_hosts_nor_sees_the_room_is_offered_nothing():
    """What is planned there is none of their business."""
    assert offered("fair", user_id=4) == []
