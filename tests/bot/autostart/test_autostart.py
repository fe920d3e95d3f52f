"""A host who is there, comes late, or never; and a process that dies meanwhile."""

from dataclasses import replace

import pytest

from bot.refusals import Impossible
from scheduler.plans import PlanState
from tests.bot.autostart.story import (
    BEN,
    COHOSTS,
    EVA,
    HOST,
    PLAN,
    cancel,
    come,
    free,
    move,
    simulate,
)

TAKEN = Impossible("channel_taken", channel=2)
REST = [(minute, None) for minute in (8, 15, 16)]

STORIES = {
    "there at the start": (PLAN, [(0, None), *REST], {"here": {HOST}}),
    "comes late": (PLAN, [(0, None), (7, come(HOST)), *REST], {}),
    "never comes": (PLAN, [(0, None), (7, come(EVA)), *REST], {}),
    "hands over": (
        replace(PLAN, absent="hand_over", **COHOSTS),
        [(0, None), (7, come(BEN)), *REST],
        {},
    ),
    "a co-host is there": (
        replace(PLAN, absent="cohost", **COHOSTS),
        [(0, None), *REST],
        {"here": {BEN}},
    ),
    "cancelled meanwhile": (PLAN, [(0, None), (7, cancel), *REST], {}),
    "moved meanwhile": (
        PLAN,
        [(0, None), (7, move), *REST, (40, None), (41, come(HOST)), (42, None)],
        {},
    ),
    "off the whole time": (PLAN, [(20, None), (21, None)], {}),
    "moved and not yet held": (PLAN, [(0, None), (7, move), *REST], {}),
    "another Space is live": (
        PLAN,
        [(0, None), (1, None), (2, None), (7, free), *REST],
        {"here": {HOST}, "refusal": TAKEN},
    ),
}
ENDS = {
    "there at the start": (PlanState.OPENED, [HOST], []),
    "comes late": (PlanState.OPENED, [HOST], ["is open in"]),
    "never comes": (PlanState.CANCELLED, [], ["Nobody who could open it"]),
    "hands over": (PlanState.OPENED, [BEN], ["<@8> hosts it in place of <@3>"]),
    "a co-host is there": (PlanState.OPENED, [BEN], []),
    "cancelled meanwhile": (PlanState.CANCELLED, [], ["ill"]),
    "moved meanwhile": (PlanState.OPENED, [HOST], ["was moved to", "is open in"]),
    "off the whole time": (PlanState.CANCELLED, [], ["I was not running"]),
    "moved and not yet held": (PlanState.SCHEDULED, [], ["was moved to"]),
    "another Space is live": (PlanState.OPENED, [HOST], ["is open in"]),
}


def live(name, kill_at=0):
    plan, story, outside = STORIES[name]
    outside = {k: set(v) if isinstance(v, set) else v for k, v in outside.items()}
    return simulate(plan, story, kill_at, **outside)


@pytest.mark.parametrize("name", STORIES)
def test_every_story_ends_as_it_should_whatever_kills_the_bot(name):
    """One Space at the most, one post for a start, and it says how things stand."""
    state, hosts, said = ENDS[name]
    calm = live(name)

    for kill_at in range(calm.world.instants + 1):
        found = calm if not kill_at else live(name, kill_at)
        assert (found.state, found.hosts) == (state, hosts), kill_at
        assert (found.unsettled, found.world.others) == (0, [])
        for text, words in zip(found.last, said, strict=True):
            assert words in text, kill_at
            assert "⏳" not in text, kill_at
