"""Series: each occurrence becomes one plan, once, and is changed alone."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from moderation.store.database import Store
from scheduler.clockwork import errand_records, records, series
from scheduler.clockwork.clockwork import Clockwork
from scheduler.extras import Extras, Speaker
from scheduler.guests.guest import Slot, withdraw
from scheduler.occurrences import Frequency, Recurrence, Series
from scheduler.plans import cancel
from scheduler.repeated import PlannedSeries
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2027, 3, 20, 12, tzinfo=MADRID).timestamp()
SETTINGS = SchedulerSettings()
MODEL = tea(0.0, zone="Europe/Madrid")
THURSDAYS = PlannedSeries(
    model=MODEL,
    series=Series(
        Recurrence(Frequency.WEEKLY, time(20), "Europe/Madrid", date(2027, 3, 18))
    ),
)


def shown(plans):
    return [
        f"{datetime.fromtimestamp(plan.starts_at, MADRID):%m-%d %H:%M}"
        for plan in plans
    ]


def test_two_weeks_become_plans_over_summer_time(db):
    """Eight in the evening, before and after clocks change; each once."""
    kept = series.keep(db, THURSDAYS)

    made = series.unfold(db, SETTINGS, NOW)

    assert shown(made) == ["03-25 20:00", "04-01 20:00"]
    assert made[1].starts_at - made[0].starts_at == 7 * 86400 - 3600
    assert {plan.series_id for plan in made} == {kept.id}
    assert series.unfold(db, SETTINGS, NOW + 3600) == []
    later = series.unfold(db, SETTINGS, NOW + 7 * 86400)
    assert shown(later) == ["04-08 20:00"]


def test_what_was_done_to_one_is_not_undone(db):
    """A cancelled or moved occurrence does not come back at its old time."""
    series.keep(db, THURSDAYS)
    first, second = series.unfold(db, SETTINGS, NOW)
    records.keep(db, cancel(first, "ill"))
    records.keep(db, replace(second, starts_at=second.starts_at + 86400))

    assert series.unfold(db, SETTINGS, NOW + 60) == []


def test_exceptions_beyond_the_horizon_are_kept(db):
    """One moved and one left out before they are near enough to be plans."""
    to = datetime(2027, 3, 26, 19, tzinfo=MADRID)
    changed = replace(
        THURSDAYS,
        series=THURSDAYS.series.move(date(2027, 3, 25), to).cancel(date(2027, 4, 1)),
    )
    kept = series.keep(db, changed)

    assert series.get(db, kept.id).series.moved[date(2027, 3, 25)] == to.astimezone(UTC)
    assert shown(series.unfold(db, SETTINGS, NOW)) == ["03-26 19:00"]


def test_taken_channel_leaves_one_out_until_it_is_free(db):
    """Nobody is there to ask, so nothing is planned over somebody's Space."""
    at = datetime(2027, 3, 25, 19, 30, tzinfo=MADRID).timestamp()
    other = records.keep(db, replace(MODEL, host_id=9, starts_at=at))
    series.keep(db, THURSDAYS)

    assert shown(series.unfold(db, SETTINGS, NOW)) == ["04-01 20:00"]
    records.keep(db, cancel(other, ""))
    assert shown(series.unfold(db, SETTINGS, NOW)) == ["03-25 20:00"]


def test_series_that_is_over_becomes_nothing(db):
    """Ended by its host."""
    series.keep(db, replace(series.keep(db, THURSDAYS), over=True))

    assert series.unfold(db, SETTINGS, NOW) == []


def test_clockwork_unfolds_as_time_goes_by():
    """A bot that runs for three weeks plans each Thursday, and one that restarts."""

    async def main():
        async with Store(":memory:") as store:
            now = [NOW]
            kept = await store.write(lambda db: series.keep(db, THURSDAYS))
            for _ in range(3):
                clockwork = Clockwork(store, [], lambda: now[0], SETTINGS)
                await clockwork.load()
                for _ in range(7):
                    now[0] += timedelta(days=1).total_seconds()
                    await clockwork.tick()
            return await store.read(lambda db: series.plans_of(db, kept.id))

    assert shown(asyncio.run(main())) == [
        "03-25 20:00",
        "04-01 20:00",
        "04-08 20:00",
        "04-15 20:00",
        "04-22 20:00",
    ]


def invited(db, plans):
    return {
        plan.id: [one.user_id for one in errand_records.guests(db, plan.id)]
        for plan in plans
    }


def test_guests_come_to_the_next_one_and_to_each_in_its_turn(db):
    """The following Space gets them when the one before it is over, and once."""
    extras = Extras((Speaker(7, Slot(), "en"), Speaker(MODEL.host_id, Slot(), "en")))
    series.keep(db, replace(THURSDAYS, extras=extras))
    first, second = series.unfold(db, SETTINGS, NOW)
    assert invited(db, [first, second]) == {first.id: [7], second.id: []}

    assert series.unfold(db, SETTINGS, NOW + 60) == []
    records.keep(db, cancel(first, "ill"))
    assert series.unfold(db, SETTINGS, NOW + 120) == [second]

    assert invited(db, [first, second]) == {first.id: [7], second.id: [7]}
    (kept,) = series.of_guild(db, 1)
    assert (kept.extras, kept.given) == (extras, second.occurrence)
    assert series.unfold(db, SETTINGS, NOW + 180) == []


def test_who_was_taken_off_is_not_invited_again(db):
    """What is done to the guests of one Space is done there alone."""
    extras = Extras((Speaker(7, Slot(), "en"),))
    series.keep(db, replace(THURSDAYS, extras=extras))
    first, _ = series.unfold(db, SETTINGS, NOW)
    (guest,) = errand_records.guests(db, first.id)
    errand_records.keep_guest(db, withdraw(first, guest))

    assert series.unfold(db, SETTINGS, NOW + 3600) == []


def test_a_row_from_before_there_were_extras_has_none(db):
    """It is read as it was."""
    kept = series.keep(db, THURSDAYS)
    (row,) = db.query("SELECT body FROM series")
    body = json.loads(row["body"])
    del body["extras"], body["given"]
    db.execute("UPDATE series SET body = ?", [json.dumps(body)])

    assert series.get(db, kept.id) == kept
