"""Turns with a clock."""

import pytest

from moderation.effects import PlayTone, Tell, TellHosts, Tone
from moderation.events import (
    AutoCallSet,
    AutoEndSet,
    SpacePaused,
    SpaceResumed,
    SpeechEnded,
    TurnExtended,
    TurnLengthSet,
    TurnRanOut,
    TurnWarned,
)
from tests.moderation.scene import ANN, BOB, CHO, HOST, Scene, only


@pytest.fixture
def scene():
    scene = Scene(turn_s=60.0)
    scene.seat(ANN)
    return scene


def test_a_speaker_is_warned_at_30_and_10_seconds(scene):
    """Then the time is up, and the host decides."""
    assert scene.space.deadline() == scene.now + 30.0

    assert scene.wait(30.0) == [TurnWarned(ANN, 30.0)]
    assert scene.wait(20.0) == [TurnWarned(ANN, 10.0)]
    assert scene.wait(9.9) == []
    assert scene.wait(0.1) == [TurnRanOut(ANN)]
    assert scene.space.deadline() is None
    assert scene.space.may_speak(ANN)
    assert scene.space.view(scene.now).stage[1].over_time


def test_time_up_is_said_to_speaker_and_hosts(scene):
    """With a soft tone; nobody is cut off unless the host chose it."""
    effects = scene.do(TurnRanOut(ANN), after=60.0)

    assert only(effects, Tell)[0].key == "turn.over"
    assert only(effects, TellHosts)[0].params == {"user_id": ANN}
    assert PlayTone(Tone.TIME) in effects


def test_a_turn_ends_by_itself_where_the_host_chose_it(scene):
    """Auto-end takes the floor back."""
    scene.do(AutoEndSet(HOST, on=True))
    scene.do(SpeechEnded(ANN, 50.0))

    scene.wait(60.0)

    assert scene.floor == {HOST}
    assert scene.why == "turn.ended"
    assert scene.queue == []


def test_a_turn_in_which_nothing_was_heard_keeps_the_hand():
    """A broken microphone costs the turn, not the place."""
    scene = Scene(turn_s=60.0, auto_end=True)
    scene.hands(ANN)
    scene.seat(ANN)

    scene.wait(60.0)

    assert scene.why == "turn.ended_unheard"
    assert scene.queue == [ANN]


def test_more_time_moves_the_warnings(scene):
    """The host gives a minute; the warnings come again."""
    scene.wait(30.0)

    scene.do(TurnExtended(HOST, ANN))

    assert scene.space.deadline() == scene.now + 60.0
    assert scene.wait(60.0) == [TurnWarned(ANN, 30.0)]


def test_more_time_after_the_end_counts_from_now(scene):
    """An overrun turn gets a whole minute."""
    scene.wait(90.0)

    scene.do(TurnExtended(HOST, ANN))

    assert scene.state.floor.seats[ANN].clock.ends_at == scene.now + 60.0


def test_a_speaker_may_take_one_minute(scene):
    """Their own extensions are few and short."""
    assert scene.refuses(TurnExtended(ANN, ANN, 600.0)) == "turn.no_more"
    scene.do(TurnExtended(ANN, ANN))

    assert scene.refuses(TurnExtended(ANN, ANN)) == "turn.no_more"
    assert scene.refuses(TurnExtended(BOB, ANN)) == "right.missing"


def test_the_warning_comes_with_what_a_speaker_can_do(scene):
    """One minute more while they may have it, and the way down; hosts can do both."""
    scene.wait(30.0)
    [warned] = only(scene.do(TurnWarned(ANN, 10.0)), Tell)
    scene.do(TurnExtended(ANN, ANN))
    [again] = only(scene.do(TurnWarned(ANN, 30.0)), Tell)
    [hosts] = only(scene.do(TurnRanOut(ANN)), TellHosts)

    assert warned.offers == ("plus", "step_down")
    assert again.offers == ("step_down",)
    assert (hosts.offers, hosts.target) == (("extend", "end_turn"), ANN)


def test_where_only_the_host_gives_time_a_speaker_is_told_so():
    """Not that they may do it nought times."""
    scene = Scene(turn_s=60.0, own_extensions=0)
    scene.seat(ANN)

    assert scene.refuses(TurnExtended(ANN, ANN)) == "turn.not_yours"


def test_what_has_no_clock_cannot_be_extended(scene):
    """Nor can the turn of somebody without one."""
    assert scene.refuses(TurnExtended(HOST, CHO)) == "floor.not_on"
    assert scene.refuses(TurnExtended(HOST, HOST)) == "turn.no_clock"
    assert scene.refuses(TurnExtended(HOST, ANN, -5.0)) == "turn.bad_length"


def test_the_clock_stands_still_while_paused(scene):
    """An intermission costs nobody their time."""
    scene.wait(20.0)
    scene.do(SpacePaused(HOST))

    assert scene.wait(300.0) == []
    scene.do(SpaceResumed(HOST))

    assert scene.space.deadline() == scene.now + 10.0


def test_a_new_length_counts_from_now(scene):
    """Running turns get it too; None takes the clocks away."""
    scene.wait(20.0)
    scene.do(TurnLengthSet(HOST, 90.0))
    assert scene.state.floor.seats[ANN].clock.ends_at == scene.now + 90.0

    scene.do(TurnLengthSet(HOST, None))

    assert scene.space.deadline() is None
    assert scene.refuses(TurnLengthSet(HOST, 0.0)) == "turn.bad_length"
    assert scene.refuses(TurnLengthSet(HOST, 9999.0)) == "turn.bad_length"


def test_the_queue_may_move_on_by_itself(scene):
    """Turned on in the middle, it calls who waits at once."""
    scene.hands(BOB)

    scene.do(AutoCallSet(HOST, on=True))

    assert scene.space.is_invited(BOB)


def test_timers_of_people_who_are_gone_do_nothing(scene):
    """A late timer is not an error."""
    assert scene.do(TurnWarned(BOB, 30.0)) == []
    assert scene.do(TurnRanOut(BOB)) == []
