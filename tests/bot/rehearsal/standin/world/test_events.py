"""Scheduled events: what can be planned, by whom, and how status moves."""

import pytest

from bot.rehearsal.standin.permissions import EVERYONE, Permission
from bot.rehearsal.standin.wire import iso
from bot.rehearsal.standin.world import events
from tests.bot.rehearsal.standin.worlds import NOW, VERSATILE, Place, form, refused


def body(place, **more):
    return {
        "name": "Tea",
        "privacy_level": 2,
        "entity_type": 2,
        "channel_id": str(place.voice),
        "scheduled_start_time": iso(NOW + 60),
        **more,
    }


def plan(place, **more):
    return events.create(place.world, place.bot, form(**body(place, **more)))


def move(place, event, status):
    return events.edit(place.world, place.bot, int(event["id"]), form(status=status))


@pytest.mark.parametrize("statuses", [[2, 3], [4]])
def test_status_goes_forward(place, statuses):
    """Scheduled, active, completed; or scheduled, cancelled."""
    event = plan(place)

    for status in statuses:
        assert move(place, event, status)["status"] == status


@pytest.mark.parametrize(("first", "then"), [(2, 3), (None, 4)])
@pytest.mark.parametrize("body", [{"status": 2}, {"name": "Coffee"}])
def test_an_event_that_is_over_cannot_be_changed(place, first, then, body):
    """180000, whatever is asked for."""
    event = plan(place)
    for status in filter(None, (first, then)):
        move(place, event, status)

    with refused(180000):
        events.edit(place.world, place.bot, int(event["id"]), form(**body))


@pytest.mark.parametrize("statuses", [[3], [2, 4]])
def test_no_other_way_is_allowed(place, statuses):
    """50035 at ``status``."""
    event = plan(place)
    for status in statuses[:-1]:
        move(place, event, status)

    with refused(50035) as refusal:
        move(place, event, statuses[-1])

    assert "status" in refusal.value.errors


def test_a_hundred_events_are_enough(place):
    """30038 for the 101st that is not over; ended ones do not count."""
    made = [plan(place) for _ in range(100)]

    with refused(30038):
        plan(place)
    move(place, made[0], 4)
    assert plan(place)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"channel_id": None}, "channel_id"),
        ({"entity_type": 3, "channel_id": None}, "entity_metadata"),
        (
            {
                "entity_type": 3,
                "channel_id": None,
                "entity_metadata": {"location": "Retiro"},
            },
            "scheduled_end_time",
        ),
        (
            {
                "entity_type": 3,
                "entity_metadata": {"location": "Retiro"},
                "scheduled_end_time": iso(NOW + 120),
            },
            "channel_id",
        ),
        ({"scheduled_start_time": iso(NOW - 1)}, "scheduled_start_time"),
        ({"scheduled_end_time": iso(NOW)}, "scheduled_end_time"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"description": "x" * 1001}, "description"),
        ({"privacy_level": 1}, "privacy_level"),
    ],
)
def test_a_plan_must_be_sound(place, more, field):
    """50035 names the field at fault."""
    with refused(50035) as refusal:
        plan(place, **more)

    assert field in refusal.value.errors


def test_a_start_is_not_moved_into_the_past(place):
    """What was planned is held against the same clock as what is planned anew."""
    event = plan(place)

    with refused(50035) as refusal:
        past = form(scheduled_start_time=iso(NOW - 1))
        events.edit(place.world, place.bot, int(event["id"]), past)

    assert "scheduled_start_time" in refusal.value.errors


def test_the_room_must_be_of_the_right_kind(place):
    """A stage event is not held in a voice channel."""
    with refused(50024):
        plan(place, entity_type=1)


def test_manage_events_alone_does_not_create():
    """Since February 2026 CREATE_EVENTS is needed."""
    nobody = Permission.CREATE_EVENTS
    place = Place(bot_permissions=VERSATILE & ~nobody, everyone=EVERYONE & ~nobody)

    with refused(50013):
        plan(place)


def test_interest_is_counted_and_told_once(place):
    """A second click changes nothing."""
    event_id = int(plan(place)["id"])

    for _ in range(2):
        events.rsvp(place.world, place.ann, event_id, interested=True)

    assert place.world.events[event_id]["user_count"] == 1
    assert len(place.told("GUILD_SCHEDULED_EVENT_USER_ADD")) == 1


def test_an_event_that_is_gone_is_unknown(place):
    """10070 after deletion."""
    event_id = int(plan(place)["id"])
    events.delete(place.world, place.bot, event_id)

    with refused(10070):
        events.find(place.world, event_id)
