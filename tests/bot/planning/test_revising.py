"""Changes of whole series in the record: what was agreed to, or nothing."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.planning import deeds
from bot.planning.deeds import Asker
from bot.planning.revising import ChangedMeanwhileError, Waiting, carry_out, look, told
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from scheduler.clockwork import records, series
from scheduler.occurrences import LAST
from scheduler.plans import PlanRefused
from scheduler.revision import Wanted
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

MADRID = ZoneInfo("Europe/Madrid")
SETTINGS = SchedulerSettings()
HOST, OTHER = Asker(3, 1), Asker(4, 1)
MODERATOR = Asker(5, 1, moderates=True)


def at(month, day, hour):
    return datetime(2027, month, day, hour, tzinfo=MADRID).timestamp()


NOW = at(3, 15, 12)
PLAN = tea(at(3, 18, 20), zone="Europe/Madrid")


def agreed(db, plan_id, wanted, asker=HOST):
    found = look(db, plan_id, asker, wanted, SETTINGS, NOW)
    return Waiting(plan_id, asker, wanted, found.told(), NOW)


def agreed_and_done(db, plan_id, wanted, asker, now):
    """Change a series as somebody does who agrees to what they are shown."""
    found = look(db, plan_id, asker, wanted, SETTINGS, now)
    waiting = Waiting(plan_id, asker, wanted, found.told(), now)
    return carry_out(db, waiting, SETTINGS, now)


def shown(db):
    return [
        f"{datetime.fromtimestamp(plan.starts_at, MADRID):%m-%d %H:%M}"
        for plan in records.upcoming(db, 1)
    ]


def test_looking_changes_nothing(db):
    """What would happen is told from the record as it is."""
    first, _ = deeds.schedule_series(db, PLAN, "weekly", SETTINGS, NOW)
    before = list(db.query("SELECT * FROM plans"))

    agreed(db, first.id, Wanted(starts_at=at(3, 19, 21)))

    assert list(db.query("SELECT * FROM plans")) == before


def test_what_was_agreed_to_is_kept_and_the_series_goes_on_like_it(db):
    """The plans that are there, and those that come near later."""
    first, _ = deeds.schedule_series(db, PLAN, "weekly", SETTINGS, NOW)

    changed = carry_out(
        db, agreed(db, first.id, Wanted(starts_at=at(3, 19, 21))), SETTINGS, NOW
    )

    assert len(changed) == 2
    assert shown(db) == ["03-19 21:00", "03-26 21:00"]
    series.unfold(db, SETTINGS, at(4, 1, 12))
    assert shown(db)[2:] == ["04-02 21:00", "04-09 21:00"]


def test_days_may_pass_from_one_to_another(db):
    """Daily, today's goes to tomorrow: no two ever have one day in the record."""
    daily = replace(PLAN, starts_at=at(3, 15, 20))
    first, *rest = deeds.schedule_series(db, daily, "daily", SETTINGS, NOW)

    carry_out(db, agreed(db, first.id, Wanted(starts_at=at(3, 16, 20))), SETTINGS, NOW)

    kept = records.get(db, first.id)
    assert (kept.occurrence, kept.starts_at) == ("2027-03-16", at(3, 16, 20))
    assert len(shown(db)) == len(rest)


def test_a_day_that_comes_back_is_planned_anew(db):
    """Every other week and back: the second Thursday is there again."""
    first, _ = deeds.schedule_series(db, PLAN, "weekly", SETTINGS, NOW)
    carry_out(db, agreed(db, first.id, Wanted(repeat="fortnightly")), SETTINGS, NOW)
    assert shown(db) == ["03-18 20:00"]

    carry_out(db, agreed(db, first.id, Wanted(repeat="weekly")), SETTINGS, NOW)

    assert shown(db) == ["03-18 20:00", "03-25 20:00"]


def test_what_changed_in_between_is_shown_again(db):
    """One was moved by hand while the question stood: nothing is done unseen."""
    first, second = deeds.schedule_series(db, PLAN, "weekly", SETTINGS, NOW)
    waiting = agreed(db, first.id, Wanted(starts_at=at(3, 18, 21)))
    deeds.edit(db, second.id, HOST, {"starts_at": at(3, 26, 9)}, SETTINGS, NOW)

    with pytest.raises(ChangedMeanwhileError) as meanwhile:
        carry_out(db, waiting, SETTINGS, NOW)

    assert shown(db) == ["03-18 20:00", "03-26 09:00"]
    assert "stays there" in told(Wording(load()), "en", meanwhile.value.now)


@pytest.mark.parametrize(("asker", "may"), [(OTHER, False), (MODERATOR, True)])
def test_only_the_host_and_moderators_may(db, asker, may):
    """As with a single one."""
    first, _ = deeds.schedule_series(db, PLAN, "weekly", SETTINGS, NOW)
    wanted = Wanted(topic="Coffee")

    if may:
        assert len(look(db, first.id, asker, wanted, SETTINGS, NOW).steps) == 2
        return
    with pytest.raises(PlanRefused) as refused:
        look(db, first.id, asker, wanted, SETTINGS, NOW)
    assert refused.value.key == "plan.not_yours"


def test_one_plan_is_no_series(db):
    """And that is what the answer says."""
    plan = deeds.schedule(db, PLAN, SETTINGS, NOW)

    with pytest.raises(PlanRefused) as refused:
        look(db, plan.id, HOST, Wanted(topic="Coffee"), SETTINGS, NOW)

    assert refused.value.key == "series.none"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_long_change_fits_into_one_message(db, language):
    """Fourteen that move, in either language."""
    daily = replace(PLAN, starts_at=at(3, 15, 20), topic="T" * 100)
    first, *_ = deeds.schedule_series(db, daily, "daily", SETTINGS, NOW)
    wanted = Wanted(starts_at=at(3, 15, 21), repeat="weekdays")

    text = told(
        Wording(load()), language, look(db, first.id, HOST, wanted, SETTINGS, NOW)
    )

    assert len(text) < 2000
    assert text.count("<t:") >= 14


def test_a_series_ends_on_its_last_day_and_can_be_told_another(db):
    """Shorter, longer, and without an end again; nothing comes after it."""
    last = date(2027, 3, 26)
    first, *_ = deeds.schedule_series(db, PLAN, "weekly", SETTINGS, NOW, until=last)
    series.unfold(db, SETTINGS, at(4, 5, 12))
    assert shown(db) == ["03-18 20:00", "03-25 20:00"]

    for until, left in [
        (date(2027, 3, 24), ["03-18 20:00"]),
        (date(2027, 3, 25), ["03-18 20:00", "03-25 20:00"]),
        (LAST, ["03-18 20:00", "03-25 20:00"]),
    ]:
        carry_out(db, agreed(db, first.id, Wanted(until=until)), SETTINGS, NOW)
        assert shown(db) == left

    series.unfold(db, SETTINGS, at(3, 22, 12))
    assert shown(db)[2:] == ["04-01 20:00"]


def test_another_end_is_told_though_nothing_near_changes(db):
    """Whoever agrees reads until when it goes on."""
    first, *_ = deeds.schedule_series(db, PLAN, "weekly", SETTINGS, NOW)

    found = look(db, first.id, HOST, Wanted(until=date(2027, 6, 1)), SETTINGS, NOW)

    assert "ends on 2027\\-06\\-01" in told(Wording(load()), "en", found)
    same = look(db, first.id, HOST, Wanted(topic="Tea"), SETTINGS, NOW)
    assert found.told() != same.told()
