"""What is done to plans: by whom, and to which occurrence of a series."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.planning import deeds
from bot.planning.deeds import Asker
from scheduler.clockwork import records, series
from scheduler.plans import PlanRefused, PlanState
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

MADRID = ZoneInfo("Europe/Madrid")
SETTINGS = SchedulerSettings()
HOST, OTHER = Asker(3, 1), Asker(4, 1)
MODERATOR = Asker(5, 1, moderates=True)
DAY = 86400.0


def at(month, day, hour):
    return datetime(2027, month, day, hour, tzinfo=MADRID).timestamp()


NOW = at(3, 20, 12)
PLAN = tea(at(3, 25, 20), zone="Europe/Madrid")


def weekly(db):
    return deeds.schedule_series(db, PLAN, "weekly", SETTINGS, NOW)


def coming(db):
    return [plan.starts_at for plan in records.upcoming(db, 1)]


def test_one_of_a_series_is_moved_alone(db):
    """The other one stays, and the old time does not come back."""
    first, second = weekly(db)

    moved = deeds.edit(db, first.id, HOST, {"starts_at": at(3, 26, 19)}, SETTINGS, NOW)

    assert (moved.sequence, moved.occurrence) == (1, "2027-03-25")
    assert coming(db) == [at(3, 26, 19), second.starts_at]
    assert series.unfold(db, SETTINGS, NOW + 60) == []
    kept = series.get(db, first.series_id)
    assert [d.isoformat() for d in kept.series.moved] == ["2027-03-25"]


def test_one_of_a_series_is_called_off_alone(db):
    """With its reason; the series goes on."""
    first, second = weekly(db)

    (gone,) = deeds.call_off(db, first.id, HOST, "ill", whole=False)

    assert (gone.state, gone.reason) == (PlanState.CANCELLED, "ill")
    assert coming(db) == [second.starts_at]
    later = series.unfold(db, SETTINGS, NOW + 7 * DAY)
    assert [plan.starts_at for plan in later] == [at(4, 8, 20)]


def test_whole_series_is_called_off(db):
    """Everything still to come, and nothing new."""
    first, _ = weekly(db)

    assert len(deeds.call_off(db, first.id, HOST, "", whole=True)) == 2
    assert coming(db) == []
    assert series.unfold(db, SETTINGS, NOW + 7 * DAY) == []


def test_series_over_summer_time_stays_at_eight(db):
    """Clocks change on the 28th of March."""
    weekly(db)

    assert coming(db) == [at(3, 25, 20), at(4, 1, 20)]


@pytest.mark.parametrize(("asker", "allowed"), [(OTHER, False), (MODERATOR, True)])
def test_only_host_and_moderators_change_a_plan(db, asker, allowed):
    """Anybody else is told whose it is."""
    plan = deeds.schedule(db, PLAN, SETTINGS, NOW)

    if allowed:
        assert deeds.edit(db, plan.id, asker, {"topic": "Coffee"}, SETTINGS, NOW)
        assert deeds.call_off(db, plan.id, asker, "", whole=False)
        return
    for refused in (
        lambda: deeds.edit(db, plan.id, asker, {"topic": "Coffee"}, SETTINGS, NOW),
        lambda: deeds.call_off(db, plan.id, asker, "", whole=False),
    ):
        with pytest.raises(PlanRefused) as caught:
            refused()
        assert caught.value.key == "plan.not_yours"


@pytest.mark.parametrize(
    ("who", "key"),
    [
        (Asker(7, 1, hidden=frozenset({PLAN.channel_id})), "plan.unknown"),
        (Asker(7, 1, hidden=frozenset({99})), "plan.not_yours"),
        (Asker(8, 1, hidden=frozenset({PLAN.channel_id})), "plan.not_yours"),
    ],
)
def test_a_refusal_tells_nothing_of_a_hidden_room(db, who, key):
    """Neither topic nor host; a co-host knows of it anyway."""
    plan = deeds.schedule(db, replace(PLAN, cohost_ids=(8,)), SETTINGS, NOW)

    with pytest.raises(PlanRefused) as caught:
        deeds.edit(db, plan.id, who, {"topic": "Coffee"}, SETTINGS, NOW)

    assert caught.value.key == key
    assert records.get(db, plan.id) == plan


def test_plan_of_another_guild_is_not_there(db):
    """A number that was guessed finds nothing."""
    plan = deeds.schedule(db, PLAN, SETTINGS, NOW)

    with pytest.raises(PlanRefused) as caught:
        deeds.call_off(db, plan.id, Asker(3, 9, moderates=True), "", whole=False)
    assert caught.value.key == "plan.unknown"


def test_moving_onto_another_plan_is_refused(db):
    """The one that stands in the way is named; nothing changes."""
    first, second = weekly(db)

    with pytest.raises(PlanRefused) as caught:
        deeds.edit(db, first.id, HOST, {"starts_at": second.starts_at}, SETTINGS, NOW)
    assert caught.value.key == "plan.conflict.channel"
    assert records.get(db, first.id) == first


@pytest.mark.parametrize(
    ("guild_id", "channel_id", "left"),
    [(1, 2, 0), (1, None, 0), (1, 9, 2), (8, None, 2)],
)
def test_what_is_planned_where_nobody_can_go_is_called_off(
    db, guild_id, channel_id, left
):
    """A deleted channel, or a guild that removed the bot; others are not touched."""
    weekly(db)

    deeds.lost(db, guild_id, channel_id)

    assert len(coming(db)) == left
    assert len(series.running(db)) == (1 if left else 0)
