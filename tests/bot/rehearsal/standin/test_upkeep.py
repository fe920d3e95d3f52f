"""What happens by itself as time passes."""

from bot.rehearsal.standin.upkeep import EMPTY_FOR_S, FORGOTTEN_AFTER_S, Upkeep
from bot.rehearsal.standin.wire import iso
from bot.rehearsal.standin.world import events, messages, stages, threads, voice
from bot.rehearsal.standin.world.drafts import Draft
from tests.bot.rehearsal.standin.worlds import NOW, form, plan

HOUR_S = 3600


def test_a_stage_without_a_speaker_closes_after_a_while(place):
    """Some minutes after the last speaker left, not before."""
    upkeep = Upkeep(place.world)
    body = {"channel_id": str(place.stage), "topic": "Tea"}
    stages.open_stage(place.world, place.bot, form(**body))

    upkeep.look(NOW)
    upkeep.look(NOW + EMPTY_FOR_S - 1)
    still = dict(place.world.stages)
    upkeep.look(NOW + EMPTY_FOR_S)

    assert still
    assert place.world.stages == {}
    assert len(place.told("STAGE_INSTANCE_DELETE")) == 1


def test_a_speaker_keeps_the_stage_open(place):
    """The minutes count from the last time that somebody was on the stage."""
    upkeep = Upkeep(place.world)
    body = {"channel_id": str(place.stage), "topic": "Tea"}
    stages.open_stage(place.world, place.bot, form(**body))
    place.join(place.bot, place.stage)
    upkeep.look(NOW)
    voice.set_suppress(place.world, place.bot, place.bot, suppress=False)

    upkeep.look(NOW + EMPTY_FOR_S)

    assert place.world.stages


def test_a_stage_that_closes_by_itself_ends_its_event(place):
    """An audience alone does not keep it going."""
    upkeep = Upkeep(place.world)
    event = plan(place)
    events.edit(place.world, place.bot, int(event["id"]), form(status=2))
    place.join(place.ann, place.stage)
    upkeep.look(NOW)

    upkeep.look(NOW + EMPTY_FOR_S)

    assert event["status"] == events.COMPLETED


def test_a_thread_that_nobody_writes_in_is_archived(place):
    """From its last message, or from when it was opened again by hand."""
    upkeep, channel = Upkeep(place.world), place.guild.channels[place.text]
    body = form(name="Captions", auto_archive_duration=60, type=11)
    thread = threads.create(place.world, place.bot, channel, body, None)
    looks = []

    def look(seconds):
        place.clock.advance(seconds)
        upkeep.look(place.clock.now())
        looks.append(thread.archived)

    look(HOUR_S - 1)
    author = place.world.bot.to_json()
    messages.post(place.world, author, thread, Draft({"content": "Tea"}))
    look(HOUR_S - 1)
    look(1)
    threads.edit(place.world, place.bot, thread, form(archived=False))
    look(HOUR_S - 1)
    look(1)

    assert looks == [False, False, True, False, True]
    assert [
        one["thread_metadata"]["archived"] for one in place.told("THREAD_UPDATE")
    ] == [
        True,
        False,
        True,
    ]


def test_an_event_outside_starts_and_ends_at_its_times(place):
    """EXTERNAL events need nobody."""
    upkeep = Upkeep(place.world)
    event = plan(
        place,
        entity_type=3,
        channel_id=None,
        entity_metadata={"location": "Retiro"},
        scheduled_end_time=iso(NOW + 120),
    )

    upkeep.look(NOW + 60)
    started = event["status"]
    upkeep.look(NOW + 120)

    assert (started, event["status"]) == (events.ACTIVE, events.COMPLETED)


def test_an_event_that_nobody_starts_is_cancelled(place):
    """Hours after its time."""
    event = plan(place)

    Upkeep(place.world).look(NOW + 60 + FORGOTTEN_AFTER_S)

    assert event["status"] == events.CANCELLED


def test_an_event_ends_some_minutes_after_its_room_emptied(place):
    """Not while somebody is there."""
    upkeep = Upkeep(place.world)
    event = plan(place)
    events.edit(place.world, place.bot, int(event["id"]), form(status=2))
    place.join(place.bot, place.stage)
    voice.set_suppress(place.world, place.bot, place.bot, suppress=False)
    upkeep.look(NOW + EMPTY_FOR_S)
    voice.leave(place.world, place.bot)
    upkeep.look(NOW + 2 * EMPTY_FOR_S)
    before = event["status"]

    upkeep.look(NOW + 3 * EMPTY_FOR_S)

    assert (before, event["status"]) == (events.ACTIVE, events.COMPLETED)
