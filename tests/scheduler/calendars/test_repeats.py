"""Series as calendar entries, unfolded again by somebody else's reading of the rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr

from scheduler.calendars.repeats import repeats
from scheduler.occurrences import Frequency, Recurrence, Series
from scheduler.plans import Plan, PlanState, cancel, move
from scheduler.repeated import PlannedSeries

MADRID = ZoneInfo("Europe/Madrid")
STAMP = 1_800_000_000.0
NOBODY = frozenset()


def series(first, at=20, frequency=Frequency.WEEKLY, hour=None, **rule):
    clock = hour or time(at)
    model = Plan(
        guild_id=1,
        channel_id=2,
        host_id=3,
        topic="Tea",
        starts_at=datetime.combine(first, clock, MADRID).timestamp(),
        minutes=60,
        zone="Europe/Madrid",
    )
    made = Recurrence(frequency, clock, "Europe/Madrid", first, **rule)
    return PlannedSeries(id=9, model=model, series=Series(made))


def planned(one, day, plan_id=1):
    at = datetime.combine(day, one.series.rule.at, MADRID).timestamp()
    return replace(
        one.model, id=plan_id, starts_at=at, series_id=9, occurrence=day.isoformat()
    )


def main_of(events):
    return next(one for one in events if "rrule" in one)


def unfolded(event, days=420):
    """Return the starts that a reader of the rule alone sees, in UTC."""
    start = event["dtstart"].dt
    # The library reads times without a zone, and the rule counts on the wall clock.
    naive = start.replace(tzinfo=None)
    parts = dict(p.split("=") for p in event["rrule"].to_ical().decode().split(";"))
    if "UNTIL" in parts:
        until = datetime.strptime(parts["UNTIL"], "%Y%m%dT%H%M%S%z")
        local = until.astimezone(start.tzinfo)
        parts["UNTIL"] = f"{local:%Y%m%dT%H%M%S}"
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    found = rrulestr(text, dtstart=naive).between(
        naive, naive + timedelta(days=days), inc=True
    )
    return [at.replace(tzinfo=start.tzinfo).astimezone(UTC) for at in found]


FIRST = date(2027, 3, 4)  # a Thursday, the first of March


@pytest.mark.parametrize(
    "one",
    [
        series(FIRST),
        series(FIRST, interval=2),
        series(FIRST, frequency=Frequency.DAILY),
        series(FIRST, weekdays=frozenset(range(5))),
        series(date(2027, 3, 6), weekdays=frozenset(range(5))),
        series(FIRST, frequency=Frequency.MONTHLY),
        series(date(2027, 4, 29), frequency=Frequency.MONTHLY),
        series(FIRST, until=date(2027, 6, 3)),
        # In autumn this hour comes twice: the first one counts.
        series(date(2027, 10, 30), at=2, frequency=Frequency.DAILY),
    ],
)
def test_a_reader_of_the_rule_sees_the_days_of_the_series(one):
    """For a year, over both changes of summer time, at the same hour on the wall."""
    start = datetime.combine(one.series.rule.first, time(0), MADRID)
    until = start + timedelta(days=400)
    ours = [
        each.starts_at.astimezone(UTC)
        for each in one.series.between(start, until)
        if each.starts_at.hour == one.series.rule.at.hour
    ]

    (event,) = [e for e in repeats(one, [], NOBODY, STAMP) if "rrule" in e]

    seen = [at for at in unfolded(event) if at < until.astimezone(UTC)]
    gaps = {each.dt.astimezone(UTC) for each in _exdates(event)}
    assert [at for at in seen if at not in gaps] == ours
    assert len(ours) > 5


def test_an_hour_that_spring_skips_is_an_entry_by_itself():
    """02:30 of 28 March: readers disagree what it is, so the rule leaves it out."""
    one = series(date(2027, 3, 7), hour=time(2, 30))
    day = date(2027, 3, 28)
    real = replace(
        planned(one, day),
        starts_at=datetime(2027, 3, 28, 3, 0, tzinfo=MADRID).timestamp(),
    )

    main, alone = repeats(one, [real], NOBODY, STAMP)

    assert "2027-03-28 02:30" in [f"{e.dt:%Y-%m-%d %H:%M}" for e in _exdates(main)]
    assert alone["dtstart"].dt == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)
    assert alone["uid"] != main["uid"]


def _exdates(event):
    found = event.get("exdate", [])
    found = found if isinstance(found, list) else [found]
    return [each for many in found for each in many.dts]


def test_what_happens_as_ruled_needs_no_word():
    """The rule already says it."""
    one = series(FIRST)

    assert len(repeats(one, [planned(one, FIRST)], NOBODY, STAMP)) == 1


def test_a_moved_occurrence_names_the_one_it_replaces():
    """Same UID, the time the rule gave it, its own time, a number that grew."""
    one = series(FIRST)
    before = planned(one, FIRST)
    after = move(before, before.starts_at + 86400)

    main, exception = repeats(one, [after], NOBODY, STAMP)

    assert exception["uid"] == main["uid"]
    assert exception["recurrence-id"].dt == main["dtstart"].dt
    assert exception["recurrence-id"].params["TZID"] == "Europe/Madrid"
    assert exception["dtstart"].dt.timestamp() == after.starts_at
    assert exception["sequence"] > main["sequence"]


def test_a_cancelled_occurrence_is_struck_out_and_no_other():
    """CANCELLED with its reason; the rule goes on."""
    one = series(FIRST)
    gone = cancel(planned(one, FIRST), "ill")

    main, exception = repeats(one, [gone], NOBODY, STAMP)

    assert (exception["status"], main["status"]) == ("CANCELLED", "CONFIRMED")
    assert "ill" in exception["description"]


def test_a_changed_series_outdoes_what_was_said_before():
    """Every number grows, also of occurrences that were changed earlier."""
    one = series(FIRST)
    moved = move(planned(one, FIRST), STAMP)
    changed = replace(one, sequence=1)

    before = repeats(one, [moved], NOBODY, STAMP)
    after = repeats(changed, [moved], NOBODY, STAMP)

    pairs = zip(before, after, strict=True)
    assert all(new["sequence"] > old["sequence"] for old, new in pairs)


def test_a_series_that_was_called_off_ends_with_what_was_planned():
    """Nobody's calendar shows it for ever."""
    one = replace(series(FIRST), over=True)
    plans = [
        replace(planned(one, FIRST), state=PlanState.ENDED),
        cancel(planned(one, FIRST + timedelta(weeks=1), plan_id=2), ""),
    ]

    main, exception = repeats(one, plans, NOBODY, STAMP)

    assert len(unfolded(main)) == 2
    assert exception["status"] == "CANCELLED"


def test_a_day_that_stayed_free_is_left_out():
    """Its host was busy: no plan came of it, and nobody should come."""
    one = series(FIRST)
    later = planned(one, FIRST + timedelta(weeks=1))

    (main,) = repeats(one, [later], NOBODY, STAMP)

    assert [each.dt.date() for each in _exdates(main)] == [FIRST]


def test_an_occurrence_in_a_hidden_channel_is_left_out():
    """The rule may not say that something is then."""
    one = series(FIRST)
    hidden = replace(planned(one, FIRST), channel_id=66, topic="Staff only")

    (main,) = repeats(one, [hidden], frozenset({66}), STAMP)

    assert [each.dt.date() for each in _exdates(main)] == [FIRST]


def test_what_an_earlier_rule_made_stands_by_itself():
    """The series now begins later and on Fridays: Thursdays before are not of it."""
    one = series(date(2027, 3, 12))
    old = planned(one, FIRST)

    main, alone = repeats(one, [old], NOBODY, STAMP)

    assert alone["uid"] != main["uid"]
    assert "exdate" not in main
