"""Repeated events: exceptions, and how one goes on to its next occurrence."""

import pytest

from bot.rehearsal.standin.upkeep import FORGOTTEN_AFTER_S, Upkeep
from bot.rehearsal.standin.wire import created_at, iso, moment
from bot.rehearsal.standin.world import events, exceptions
from tests.bot.rehearsal.standin.worlds import NOW, Place, form, refused

DAY = 86400.0
START = NOW + DAY


@pytest.fixture
def place():
    return Place()


def repeated(place, **rule):
    body = {
        "name": "Tea",
        "privacy_level": 2,
        "entity_type": 2,
        "channel_id": str(place.voice),
        "scheduled_start_time": iso(START),
        "scheduled_end_time": iso(START + 3600),
        "recurrence_rule": {"start": iso(START), "frequency": 3, "interval": 1} | rule,
    }
    return events.create(place.world, place.bot, form(**body))


def except_(place, event, at, **fields):
    body = form(original_scheduled_start_time=iso(at), **fields)
    return exceptions.create(place.world, place.bot, int(event["id"]), body)


def turn(place, event, status):
    return events.edit(place.world, place.bot, int(event["id"]), form(status=status))


def test_an_exception_carries_the_time_it_replaces_in_its_id(place):
    """The only place where that is told."""
    made = except_(place, repeated(place), START + 2 * DAY, is_canceled=True)

    assert created_at(int(made["event_exception_id"])) == START + 2 * DAY
    assert (made["scheduled_start_time"], made["is_canceled"]) == (None, True)


def test_only_an_occurrence_can_have_one(place):
    """Between two there is nothing, and an event that comes once has none."""
    with refused(50035):
        except_(place, repeated(place), START + 3600, is_canceled=True)


def test_an_occurrence_has_one_exception(place):
    """It is changed, not added to."""
    event = repeated(place)
    except_(place, event, START, is_canceled=True)

    with refused(50035):
        except_(place, event, START, scheduled_start_time=iso(START + 60))


def test_an_end_before_the_start_is_refused_and_changes_nothing(place):
    """At the making and at the changing."""
    event = repeated(place)
    with refused(50035):
        except_(place, event, START, scheduled_end_time=iso(START - 60))
    made = except_(place, event, START, scheduled_start_time=iso(START + 60))
    which = int(made["event_exception_id"])

    with refused(50035):
        body = form(scheduled_end_time=iso(START))
        exceptions.edit(place.world, place.bot, int(event["id"]), which, body)

    assert made["scheduled_end_time"] is None


def test_what_ends_is_planned_again(place):
    """For its next occurrence that is not cancelled; Discord never says completed."""
    event = repeated(place)
    except_(place, event, START + DAY, is_canceled=True)
    turn(place, event, 2)
    place.clock.advance(DAY + 60)

    after = turn(place, event, 3)

    assert after["status"] == 1
    assert moment(after["scheduled_start_time"]) == START + 2 * DAY
    assert moment(after["scheduled_end_time"]) == START + 2 * DAY + 3600


def test_what_nobody_starts_goes_on_to_the_next(place):
    """An event that comes once would be cancelled."""
    event = repeated(place)

    Upkeep(place.world).look(START + FORGOTTEN_AFTER_S)

    assert event["status"] == 1
    assert moment(event["scheduled_start_time"]) == START + DAY


def test_another_rule_has_no_exceptions_yet(place):
    """Discord says that they are gone."""
    event = repeated(place)
    except_(place, event, START, is_canceled=True)
    rule = {"start": iso(START), "frequency": 2, "by_weekday": [5]}

    events.edit(place.world, place.bot, int(event["id"]), form(recurrence_rule=rule))

    assert event["guild_scheduled_event_exceptions"] == []
