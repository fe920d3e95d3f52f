"""An event on a stage and its stage instance: one opens and closes the other."""

import pytest

from bot.rehearsal.standin.wire import iso
from bot.rehearsal.standin.world import events, rooms, stages, statuses
from bot.rehearsal.standin.world.statuses import ACTIVE, COMPLETED, SCHEDULED
from tests.bot.rehearsal.standin.worlds import NOW, form, plan, refused

DAY_S = 86_400


def move(place, event, status):
    return events.edit(place.world, place.bot, int(event["id"]), form(status=status))


def open_stage(place, **more):
    body = {"channel_id": str(place.stage), "topic": "Coffee", **more}
    return stages.open_stage(place.world, place.bot, form(**body))


def test_starting_an_event_opens_its_stage(place):
    """Its name is the topic, and the two know each other."""
    event = plan(place)

    move(place, event, ACTIVE)

    instance = place.world.stages[place.stage]
    assert instance["topic"] == "Tea"
    assert instance["guild_scheduled_event_id"] == event["id"]
    assert event["entity_id"] == instance["id"]
    assert place.told("STAGE_INSTANCE_CREATE") == [instance]


def test_it_takes_the_place_of_the_stage_that_is_open(place):
    """The old instance and its topic are gone."""
    before = open_stage(place)

    move(place, plan(place), ACTIVE)

    assert place.world.stages[place.stage]["topic"] == "Tea"
    assert place.told("STAGE_INSTANCE_DELETE") == [before]


def test_an_open_event_leaves_no_room_for_another_stage(place):
    """150006, as for any stage that is open."""
    move(place, plan(place), ACTIVE)

    with refused(150006):
        open_stage(place)


def test_ending_an_event_closes_whatever_stage_is_open_there(place):
    """Even an instance that was opened for something else since."""
    event = plan(place)
    move(place, event, ACTIVE)
    instances = place.world.stages
    instances[place.stage] |= {"guild_scheduled_event_id": None}

    move(place, event, COMPLETED)

    assert instances == {}


@pytest.mark.parametrize("close", ["stage", "channel"])
def test_closing_the_stage_ends_the_event(place, close):
    """By hand, or with its channel."""
    event = plan(place)
    move(place, event, ACTIVE)

    if close == "stage":
        stages.close(place.world, place.bot, place.stage)
    else:
        channel = place.guild.channels[place.stage]
        rooms.delete(place.world, place.bot, channel)

    assert event["status"] == COMPLETED
    assert place.told("GUILD_SCHEDULED_EVENT_UPDATE")[-1]["entity_id"] is None


def test_an_event_in_a_voice_channel_has_no_stage(place):
    """Only its status moves."""
    event = plan(place, entity_type=2, channel_id=str(place.voice))

    move(place, event, ACTIVE)

    assert place.world.stages == {}


def test_opening_a_stage_for_an_event_starts_it(place):
    """The topic is the stage's own."""
    event = plan(place)

    instance = open_stage(place, guild_scheduled_event_id=event["id"])

    assert event["status"] == ACTIVE
    assert event["entity_id"] == instance["id"]
    assert instance["topic"] == "Coffee"


def test_a_stage_is_opened_for_no_other_kind_of_event(place):
    """50091; and 10070 for an event that is not there."""
    event = plan(place, entity_type=2, channel_id=str(place.voice))

    with refused(50091):
        open_stage(place, guild_scheduled_event_id=event["id"])
    with refused(10070):
        open_stage(place, guild_scheduled_event_id="1")


def test_deleting_an_event_closes_its_stage_and_no_other(place):
    """The stage of somebody else stays open."""
    event, other = plan(place), plan(place)
    move(place, event, ACTIVE)

    events.delete(place.world, place.bot, int(other["id"]))
    still = dict(place.world.stages)
    events.delete(place.world, place.bot, int(event["id"]))

    assert still
    assert place.world.stages == {}


def test_a_repeated_event_ends_with_its_stage_and_is_planned_again(place):
    """At its next occurrence."""
    daily = {"start": iso(NOW + 60), "frequency": 3, "interval": 1}
    event = plan(place, recurrence_rule=daily)
    move(place, event, ACTIVE)
    place.clock.advance(120)

    stages.close(place.world, place.bot, place.stage)

    assert event["status"] == SCHEDULED
    assert event["scheduled_start_time"] == iso(NOW + 60 + DAY_S)


def test_passing_over_needs_a_rule(place):
    """An event that comes once has no next time."""
    event = plan(place)

    assert not statuses.pass_over(place.world, int(event["id"]))
