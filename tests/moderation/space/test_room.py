"""Opening, pausing, hushing, locking, ending."""

import pytest

from moderation.effects import (
    Announce,
    DropInvitation,
    EndRoom,
    PauseRecording,
    Reconcile,
    ShowTopic,
    StartRecording,
    StopRecording,
    StopTranscript,
)
from moderation.events import (
    BotReturned,
    CapSet,
    EndReason,
    Invited,
    MemberLeft,
    RecordingStarted,
    ReminderFired,
    RoomHushed,
    RoomLocked,
    RoomUnhushed,
    RoomUnlocked,
    SpaceClosed,
    SpaceEnded,
    SpaceOpened,
    SpacePaused,
    SpaceResumed,
    TranscriptStarted,
)
from moderation.refused import Refused
from moderation.settings import RoomKind, SpaceSettings
from moderation.space import Space
from moderation.view import Phase
from tests.moderation.scene import ANN, BOB, HOST, MOD, Scene, only


@pytest.fixture
def scene():
    return Scene()


def opening(topic="bees", **choices):
    return SpaceOpened(1, 2, 3, RoomKind.STAGE, HOST, topic, SpaceSettings(**choices))


def test_a_space_opens_with_its_host_on_the_floor():
    """Discord is reconciled first, then the topic is shown."""
    space = Space()

    effects = space.handle(opening(), 5.0)

    assert effects[0] == Reconcile()
    assert ShowTopic("bees") in effects
    assert space.may_speak(HOST)
    assert space.view(5.0).opened_at == 5.0


@pytest.mark.parametrize(
    ("event", "key"),
    [
        (opening(cap=1), "floor.bad_cap"),
        (opening(cap=14), "floor.bad_cap"),
        (opening(topic="  "), "text.empty"),
    ],
)
def test_what_cannot_be_opened(event, key):
    """A refused opening leaves nothing open."""
    space = Space()

    with pytest.raises(Refused) as refused:
        space.handle(event, 0.0)

    assert refused.value.key == key
    assert not space.is_live


def test_hushed_only_staff_may_speak(scene):
    """Seats are kept for afterwards."""
    scene.seat(ANN)

    scene.do(RoomHushed(HOST))
    assert not scene.space.may_speak(ANN)
    assert scene.space.may_speak(HOST)
    assert scene.refuses(RoomHushed(HOST)) == "room.already_hushed"

    scene.do(RoomUnhushed(MOD))
    assert scene.space.may_speak(ANN)
    assert scene.refuses(RoomUnhushed(HOST)) == "room.not_hushed"


def test_a_hush_takes_nobodys_time():
    """Turn and invitation go on where they stood, also through an intermission."""
    scene = Scene(turn_s=60.0, auto_end=True, invitation_s=60.0)
    scene.seat(ANN)
    scene.do(Invited(HOST, BOB))
    scene.do(RoomHushed(HOST), after=10.0)
    assert scene.space.view(scene.now).stage[1].ends_at is None
    scene.do(SpacePaused(HOST), after=100.0)
    scene.do(RoomUnhushed(HOST), after=100.0)
    assert scene.wait(500.0) == []

    scene.do(SpaceResumed(HOST))

    assert scene.floor == {HOST, ANN}
    assert scene.space.is_invited(BOB)
    assert scene.space.view(scene.now).stage[1].ends_at == scene.now + 50.0
    scene.wait(51.0)
    assert scene.floor == {HOST}
    assert not scene.space.is_invited(BOB)


def test_a_seat_that_is_taken_in_an_intermission_has_its_whole_turn_and_no_more():
    """Its clock begins when the room goes on."""
    scene = Scene(turn_s=60.0)
    scene.do(SpacePaused(HOST))
    scene.now += 600.0
    scene.seat(ANN)

    scene.do(SpaceResumed(HOST), after=30.0)

    assert scene.state.floor.seats[ANN].clock.ends_at == scene.now + 60.0


def test_paused_only_staff_may_speak_and_nothing_is_written(scene):
    """An intermission is not recorded."""
    scene.seat(ANN)
    scene.do(RecordingStarted(HOST))

    assert PauseRecording() in scene.do(SpacePaused(HOST))
    assert not scene.space.may_speak(ANN)
    assert scene.refuses(SpacePaused(HOST)) == "space.already_paused"
    assert StartRecording() in scene.do(SpaceResumed(HOST))
    assert scene.space.may_speak(ANN)
    assert scene.refuses(SpaceResumed(HOST)) == "space.not_paused"


def test_an_invitation_does_not_expire_during_an_intermission(scene):
    """Its time stands still too."""
    scene.do(Invited(HOST, ANN))
    scene.do(SpacePaused(HOST))
    assert scene.wait(500.0) == []

    scene.do(SpaceResumed(HOST))

    assert scene.space.is_invited(ANN)
    assert scene.space.deadline() == scene.now + 60.0


def test_locking_and_unlocking(scene):
    """Each once."""
    scene.do(RoomLocked(HOST))
    assert scene.refuses(RoomLocked(HOST)) == "room.already_locked"
    scene.do(RoomUnlocked(HOST))
    assert scene.refuses(RoomUnlocked(HOST)) == "room.not_locked"


def test_the_cap_is_never_below_who_is_there(scene):
    """Nobody is thrown off by a number."""
    scene.seat(ANN)
    scene.do(Invited(HOST, BOB))

    assert scene.refuses(CapSet(HOST, 2)) == "floor.cap_taken"
    assert scene.refuses(CapSet(HOST, 14)) == "floor.bad_cap"
    scene.do(CapSet(HOST, 3))
    assert scene.state.floor.free == 0


def test_the_end_stops_everything_and_lifts_what_the_bot_did(scene):
    """Recording and transcript stop before the room is closed."""
    scene.seat(ANN)
    scene.do(Invited(HOST, BOB))
    scene.do(RecordingStarted(HOST))
    scene.do(TranscriptStarted(HOST))

    effects = scene.do(SpaceEnded(HOST))

    for effect in (DropInvitation(BOB), StopRecording(), StopTranscript()):
        assert effect in effects
    assert effects.index(Reconcile()) < effects.index(EndRoom(EndReason.BY_STAFF))
    assert scene.floor == set()
    assert scene.space.deadline() is None


def test_a_hard_end_comes_by_itself():
    """Where the host set one."""
    scene = Scene(hard_end_s=3600.0)

    assert scene.wait(3600.0) == [SpaceClosed(EndReason.TIME_UP)]
    assert scene.space.view(scene.now).phase is Phase.ENDED


def test_clocks_stood_still_while_the_bot_was_away():
    """A crash costs nobody their turn, their seat or their invitation."""
    scene = Scene(turn_s=60.0)
    scene.seat(ANN)
    scene.do(Invited(HOST, BOB))
    scene.do(MemberLeft(HOST))
    scene.do(MemberLeft(ANN))
    before = scene.space.deadline()

    scene.do(BotReturned(40.0), after=40.0)

    assert scene.space.deadline() == before + 40.0
    assert scene.why == "bot.returned"


def test_an_absence_during_an_intermission_is_not_counted_twice():
    """The clock goes on with what was left when it was paused."""
    scene = Scene(turn_s=60.0)
    scene.seat(ANN)
    scene.wait(20.0)
    scene.do(SpacePaused(HOST))
    scene.do(BotReturned(40.0), after=40.0)

    scene.do(SpaceResumed(HOST), after=5.0)

    assert scene.state.floor.seats[ANN].clock.ends_at == scene.now + 40.0


def test_who_left_while_the_bot_was_away_has_the_usual_grace(scene):
    """Not more than if it had been there."""
    scene.seat(ANN)
    scene.now += 100.0
    scene.do(MemberLeft(ANN))
    scene.do(BotReturned(100.0))

    assert scene.space.deadline() == scene.now + 60.0


def test_a_room_without_host_has_its_time_again_after_an_absence(scene):
    """The bot's absence does not end a room."""
    scene.do(MemberLeft(HOST))
    scene.wait(120.0)
    before = scene.space.deadline()

    scene.do(BotReturned(1000.0), after=1000.0)

    assert scene.space.deadline() == before + 1000.0


def test_a_reminder_is_said_to_the_room(scene):
    """In the organiser's words, given to a text."""
    effects = scene.do(ReminderFired("reminder.custom", "raffle"))

    assert only(effects, Announce)[0].params == {"text": "raffle"}
