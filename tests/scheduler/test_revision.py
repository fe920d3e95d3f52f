"""Changing a whole series: what becomes of each occurrence."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.occurrences import REPEATS, Frequency, Recurrence, Series
from scheduler.plans import Plan, PlanRefused, PlanState, cancel, move
from scheduler.reminders import Wish, sends
from scheduler.repeated import PlannedSeries, unfolded
from scheduler.revision import Fate, Wanted, revise
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

MADRID = ZoneInfo("Europe/Madrid")
SETTINGS = SchedulerSettings()


def at(month, day, hour=20, minute=0):
    return datetime(2027, month, day, hour, minute, tzinfo=MADRID).timestamp()


NOW = at(3, 15, 12)  # a Monday; clocks change on the 28th
MODEL = tea(0.0, zone="Europe/Madrid")
THURSDAYS = PlannedSeries(
    id=9,
    model=MODEL,
    series=Series(
        Recurrence(Frequency.WEEKLY, time(20), "Europe/Madrid", date(2027, 3, 4))
    ),
)
OVER = replace(
    MODEL,
    id=1,
    series_id=9,
    occurrence="2027-03-11",
    starts_at=at(3, 11),
    state=PlanState.ENDED,
)
FIRST = replace(MODEL, id=2, series_id=9, occurrence="2027-03-18", starts_at=at(3, 18))
SECOND = replace(MODEL, id=3, series_id=9, occurrence="2027-03-25", starts_at=at(3, 25))
PLANS = [OVER, FIRST, SECOND]


def revised(chosen=FIRST, planned=THURSDAYS, plans=PLANS, others=(), now=NOW, **want):
    live = [plan for plan in plans if plan.state is PlanState.SCHEDULED]
    return revise(
        planned, plans, chosen, Wanted(**want), [*live, *others], SETTINGS, now
    )


def fates(found):
    return [
        (
            step.fate.value,
            f"{datetime.fromtimestamp(step.after.starts_at, MADRID):%m-%d %H:%M}",
        )
        for step in found.steps
    ]


def new(found):
    return [
        f"{datetime.fromtimestamp(plan.starts_at, MADRID):%m-%d %H:%M}"
        for plan in found.made
    ]


def test_another_hour_moves_all_that_come():
    """What is over stays; the hour on the wall is kept over summer time."""
    found = revised(starts_at=at(3, 18, 21, 30))

    assert fates(found) == [("moved", "03-18 21:30"), ("moved", "03-25 21:30")]
    until = datetime(2027, 4, 10, tzinfo=MADRID)
    later = found.planned.series.between(until - timedelta(days=13), until)
    assert {f"{one.starts_at:%H:%M}" for one in later} == {"21:30"}
    assert found.planned.sequence == 1


def test_those_before_the_chosen_one_stay():
    """Who chooses the second changes the second."""
    found = revised(SECOND, starts_at=at(3, 25, 21))

    assert [step.before.id for step in found.steps] == [SECOND.id]
    assert found.made == ()


def test_another_weekday_carries_them_over_in_order():
    """Each keeps its id, and with it its reminders and guests."""
    found = revised(starts_at=at(3, 19))

    assert fates(found) == [("moved", "03-19 20:00"), ("moved", "03-26 20:00")]
    assert [step.after.occurrence for step in found.steps] == [
        "2027-03-19",
        "2027-03-26",
    ]


def test_a_day_that_is_gone_is_called_off_and_by_itself():
    """Every other week: the second one has no day that is near; its own may return."""
    found = revised(repeat="fortnightly")

    assert fates(found)[0] == ("same", "03-18 20:00")
    gone = found.steps[1].after
    assert (gone.state, gone.series_id) == (PlanState.CANCELLED, None)


def test_more_days_are_planned_besides():
    """Monday to Friday: what is near is new, Thursdays stay."""
    found = revised(repeat="weekdays")

    assert fates(found) == [("same", "03-18 20:00"), ("same", "03-25 20:00")]
    days = ["03-19", "03-22", "03-23", "03-24", "03-26"]
    assert new(found) == [f"{day} 20:00" for day in days]


WISHES = [Wish(7, 600.0)]
MOVED_BY_HAND = replace(move(SECOND, at(3, 26, 18)), id=3)
WITH_MOVED = replace(
    THURSDAYS,
    series=THURSDAYS.series.move(
        date(2027, 3, 25), datetime(2027, 3, 26, 18, tzinfo=MADRID)
    ),
)


def test_what_was_moved_by_hand_stays_where_it_was_put():
    """Its day is still one of the series."""
    found = revised(
        planned=WITH_MOVED,
        plans=[OVER, FIRST, MOVED_BY_HAND],
        starts_at=at(3, 18, 21),
    )

    assert fates(found) == [("moved", "03-18 21:00"), ("stayed", "03-26 18:00")]
    assert date(2027, 3, 25) in found.planned.series.moved


def test_what_was_moved_by_hand_goes_with_the_others_where_days_change():
    """Its day is gone, and so is the exception."""
    found = revised(
        planned=WITH_MOVED, plans=[OVER, FIRST, MOVED_BY_HAND], starts_at=at(3, 19)
    )

    assert fates(found) == [("moved", "03-19 20:00"), ("taken_back", "03-26 20:00")]
    assert found.planned.series.moved == {}


def test_the_chosen_one_goes_where_it_is_asked_to():
    """Although it had been moved by hand before."""
    found = revised(
        MOVED_BY_HAND,
        planned=WITH_MOVED,
        plans=[OVER, FIRST, MOVED_BY_HAND],
        starts_at=at(3, 25, 19),
    )

    assert fates(found) == [("taken_back", "03-25 19:00")]


def test_what_was_called_off_by_hand_stays_so():
    """Nobody is told that it is on again."""
    gone = cancel(SECOND, "ill")
    planned = replace(THURSDAYS, series=THURSDAYS.series.cancel(date(2027, 3, 25)))

    found = revised(planned=planned, plans=[OVER, FIRST, gone], starts_at=at(3, 18, 21))

    assert fates(found) == [("moved", "03-18 21:00")]
    assert (new(found), found.planned.series.cancelled) == ([], {date(2027, 3, 25)})


def test_words_of_its_own_stay():
    """A topic that one was given by hand outlives that of the series."""
    own = replace(SECOND, topic="A guest")

    found = revised(plans=[OVER, FIRST, own], topic="Coffee", minutes=90)

    topics = [(step.after.topic, step.after.minutes) for step in found.steps]
    assert topics == [("Coffee", 90), ("A guest", 90)]
    assert found.planned.model.topic == "Coffee"


def test_a_series_opens_by_itself_from_now_on():
    """What is over stays as it was; what comes after has it from the series."""
    auto = {"auto_start": True, "absent": "hand_over", "cohost_ids": (8,)}

    found = revised(**auto)

    for plan in (*(step.after for step in found.steps), found.planned.model):
        assert {name: getattr(plan, name) for name in auto} == auto
    assert fates(found) == [("changed", "03-18 20:00"), ("changed", "03-25 20:00")]


def test_words_alone_move_nothing():
    """Same start, same key: no reminder goes out twice."""
    found = revised(
        planned=WITH_MOVED, plans=[OVER, FIRST, MOVED_BY_HAND], topic="Coffee"
    )

    for step in found.steps:
        before, after = (
            {send.key for send in sends(plan, WISHES, SETTINGS)}
            for plan in (step.before, step.after)
        )
        assert len(before) == 3
        assert before == after
    assert found.planned.series == WITH_MOVED.series


BUSY = Plan(
    id=50,
    guild_id=1,
    channel_id=2,
    host_id=8,
    topic="Choir",
    starts_at=at(3, 25, 22),
    minutes=60,
)


def test_one_that_cannot_be_stops_all():
    """The conflict is named, and nothing is changed."""
    with pytest.raises(PlanRefused) as refused:
        revised(starts_at=at(3, 18, 21, 30), others=[BUSY])

    assert refused.value.key == "plan.conflict.channel"
    assert refused.value.params["topic"] == "Choir"


def test_whose_day_the_chosen_one_takes_is_called_off_alone():
    """Daily, today's goes to tomorrow: tomorrow has one, and no other moves."""
    rule = replace(THURSDAYS.series.rule, frequency=Frequency.DAILY)
    daily = replace(THURSDAYS, series=Series(rule))
    made = unfolded(daily, (), (), SETTINGS, NOW)
    plans = [replace(plan, id=10 + n) for n, plan in enumerate(made)]

    found = revised(plans[0], daily, plans, starts_at=at(3, 16, 20))

    assert len(plans) == 14
    assert fates(found)[:2] == [("moved", "03-16 20:00"), ("called_off", "03-16 20:00")]
    assert {fate for fate, _ in fates(found)[2:]} == {"same"}


def test_a_day_that_was_called_off_by_hand_is_not_taken():
    """Its name is on record; the text says which day."""
    gone = cancel(FIRST, "ill")

    with pytest.raises(PlanRefused) as refused:
        revised(SECOND, plans=[OVER, gone, SECOND], starts_at=at(3, 18, 21))

    assert refused.value.key == "series.day_taken"


@pytest.mark.parametrize(
    ("want", "key"),
    [
        ({"starts_at": at(3, 14)}, "plan.past"),
        ({"starts_at": at(5, 1)}, "plan.too_far"),
        ({"topic": "x" * 101}, "plan.long_topic"),
        ({"topic": " "}, "plan.no_topic"),
        ({"minutes": 0}, "plan.length"),
        ({"minutes": 100_000}, "plan.length"),
        ({"starts_at": at(3, 20), "repeat": "weekdays"}, "series.not_its_day"),
    ],
)
def test_what_cannot_be_is_refused(want, key):
    """With the text that says why."""
    with pytest.raises(PlanRefused) as refused:
        revised(**want)

    assert refused.value.key == key


@pytest.mark.parametrize("over", [True, False])
def test_what_is_over_cannot_be_changed(over):
    """A series that was called off, or an occurrence that has been."""
    with pytest.raises(PlanRefused) as refused:
        revised(FIRST if over else OVER, planned=replace(THURSDAYS, over=over))

    assert refused.value.key == "plan.state"


def test_a_series_with_an_end_does_not_begin_after_it():
    """The last day is kept."""
    rule = replace(THURSDAYS.series.rule, until=date(2027, 3, 18))

    with pytest.raises(PlanRefused) as refused:
        revised(planned=replace(THURSDAYS, series=Series(rule)), starts_at=at(3, 20))

    assert refused.value.key == "series.after_its_end"


@given(
    old=st.sampled_from(sorted(REPEATS)),
    want=st.sampled_from([None, *sorted(REPEATS)]),
    hours=st.none() | st.integers(-48, 200),
    chosen=st.integers(0, 3),
)
def test_nobody_is_lost_and_no_day_has_two(old, want, hours, chosen):
    """Whatever is changed: each stays, moves or is called off; days are unique."""
    frequency, interval, weekdays = REPEATS[old]
    rule = replace(
        THURSDAYS.series.rule,
        frequency=frequency,
        interval=interval,
        weekdays=weekdays,
    )
    planned = replace(THURSDAYS, series=Series(rule))
    made = unfolded(planned, (), (), SETTINGS, NOW)
    plans = [replace(plan, id=10 + n) for n, plan in enumerate(made)]
    if not plans:
        return
    one = plans[min(chosen, len(plans) - 1)]
    starts_at = None if hours is None else one.starts_at + 3600 * hours
    try:
        found = revised(one, planned, plans, starts_at=starts_at, repeat=want)
    except PlanRefused:
        return

    before = [plan for plan in plans if plan.occurrence >= one.occurrence]
    assert [step.before for step in found.steps] == before
    left = [step.after for step in found.steps if step.fate is not Fate.CALLED_OFF]
    names = [plan.occurrence for plan in [*left, *found.made]]
    assert len(names) == len(set(names))
    for plan in [*left, *found.made]:
        assert plan.starts_at > NOW
    again = unfolded(found.planned, names, [], SETTINGS, NOW)
    earlier = {plan.occurrence for plan in plans} - {p.occurrence for p in before}
    assert [plan for plan in again if plan.occurrence not in earlier] == []
