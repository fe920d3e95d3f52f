"""Hands and the queue, as members and hosts use them."""

import pytest

from moderation.effects import Reconcile, Tell, TellHosts
from moderation.events import (
    HandDeferred,
    HandLowered,
    HandMoved,
    HandRaised,
    HandsCleared,
    HandWithdrawn,
    Invited,
    MemberJoined,
    MemberMuted,
    QueueClosed,
    QueueModeSet,
    QueueOpened,
    QueueSlowed,
    RulesAccepted,
    SideTaken,
    SpeechEnded,
)
from moderation.requests import NOTE_LIMIT, QueueMode, RequestKind
from moderation.settings import Gate
from tests.moderation.scene import ANN, BOB, CHO, HOST, MOD, Scene, keys, only


@pytest.fixture
def scene():
    return Scene()


def test_a_raised_hand_is_answered_with_its_place(scene):
    """Whoever asks learns where they stand; the hosts learn who asks."""
    scene.hands(ANN)

    effects = scene.do(HandRaised(BOB, note="about  wax\n"), after=1.0)

    told = only(effects, Tell)[0]
    assert (told.user_id, told.key, told.params["n"]) == (BOB, "hand.place", 2)
    assert keys(effects) == ["hand.raised"]
    assert scene.queue == [ANN, BOB]


def test_the_hosts_are_told_when_somebody_begins_to_wait(scene):
    """The panel has the others; a point of order cannot wait."""
    first = only(scene.do(HandRaised(ANN, note="wax")), TellHosts)
    second = only(scene.do(HandRaised(BOB)), TellHosts)
    order = only(scene.do(HandRaised(CHO, RequestKind.POINT_OF_ORDER)), TellHosts)

    assert [(one.key, one.params["note"]) for one in first] == [
        ("hand.raised_note", "wax")
    ]
    assert second == []
    assert [(one.key, one.urgent) for one in order] == [("hand.raised", True)]


def test_the_same_hand_again_is_only_answered_with_its_place(scene):
    """A double click is no change of which anybody else has to hear."""
    scene.do(HandRaised(ANN, RequestKind.REPLY, "wax"))

    effects = scene.do(HandRaised(ANN, RequestKind.REPLY, " wax "), after=1.0)

    assert [(one.user_id, one.key) for one in effects] == [(ANN, "hand.place")]


def test_who_has_to_wait_is_told_how_long(scene):
    """Where the floor is full, the place comes with an estimate."""
    scene = Scene(cap=2, turn_s=60.0)
    scene.seat(BOB)

    [told] = only(scene.do(HandRaised(ANN)), Tell)

    assert (told.key, told.params) == ("hand.position", {"n": 1, "wait_s": 60.0})


def test_raising_a_hand_again_keeps_the_place(scene):
    """A new note changes only the note."""
    scene.hands(ANN, BOB)

    effects = scene.do(HandRaised(ANN, note="more"), after=1.0)

    assert keys(effects) == ["hand.changed"]
    assert scene.queue == [ANN, BOB]
    assert scene.state.queue.get(ANN).note == "more"


def test_a_long_note_is_cut(scene):
    """A note of 4,000 characters does not flood the panel, and its author knows."""
    effects = scene.do(HandRaised(ANN, note="x" * 4000))

    assert len(scene.state.queue.get(ANN).note) == NOTE_LIMIT
    assert [one.key for one in only(effects, Tell)] == ["hand.place", "hand.note_cut"]


def test_who_may_not_raise_a_hand(scene):
    """Every refusal has its own reason."""
    scene.do(MemberJoined(77, bot=True))
    scene.do(MemberMuted(HOST, BOB, until=500.0))
    scene.do(Invited(HOST, CHO))

    assert scene.refuses(HandRaised(55)) == "member.not_in_room"
    assert scene.refuses(HandRaised(77)) == "member.is_bot"
    assert scene.refuses(HandRaised(BOB)) == "member.muted_until"
    assert scene.refuses(HandRaised(CHO)) == "hand.answer_invitation"
    assert scene.refuses(HandRaised(HOST)) == "hand.staff"


def test_points_of_order_are_limited():
    """A point of order goes ahead of everybody, so one member has only so many."""
    scene = Scene(points_of_order=1)
    scene.hands(ANN)
    scene.do(HandRaised(BOB, RequestKind.POINT_OF_ORDER))
    assert scene.queue == [BOB, ANN]
    scene.do(HandWithdrawn(BOB))

    again = HandRaised(BOB, RequestKind.POINT_OF_ORDER)

    assert scene.refuses(again) == "hand.points_used"


def test_a_closed_queue_keeps_who_is_in_it(scene):
    """Closing refuses new hands only."""
    scene.hands(ANN)
    scene.do(QueueClosed(HOST))

    assert scene.refuses(HandRaised(BOB)) == "queue.closed"
    assert scene.queue == [ANN]
    assert scene.refuses(QueueClosed(HOST)) == "queue.already_closed"

    scene.do(QueueOpened(HOST))
    scene.hands(BOB)

    assert scene.queue == [ANN, BOB]


def test_a_slow_queue_makes_a_member_wait(scene):
    """Lowering and raising does not get around the wait."""
    scene.do(QueueSlowed(HOST, 60.0))
    scene.hands(ANN)
    scene.do(HandWithdrawn(ANN))

    assert scene.refuses(HandRaised(ANN)) == "queue.slow"
    scene.do(HandRaised(ANN), after=60.0)

    assert scene.queue == [ANN]


@pytest.mark.parametrize(
    ("gate", "member", "key"),
    [
        (Gate(account_age_s=50.0), {"account_created_at": 80.0}, "gate.account"),
        (Gate(membership_age_s=50.0), {"joined_guild_at": 80.0}, "gate.membership"),
        (Gate(rules_version="2"), {}, "gate.rules"),
    ],
)
def test_the_gate_says_what_is_missing(gate, member, key):
    """New accounts, new members and those who did not accept the rules wait."""
    scene = Scene(gate=gate)
    scene.do(MemberJoined(ANN, **member))

    assert scene.refuses(HandRaised(ANN)) == key

    scene.do(RulesAccepted(ANN, "2"))
    scene.do(HandRaised(ANN), after=60.0)
    assert scene.queue == [ANN]


def test_withdrawing_lowers_the_hand_in_discord_too(scene):
    """A hand raised on a stage is lowered there by reconciling."""
    scene.hands(ANN)

    effects = scene.do(HandWithdrawn(ANN))

    assert Reconcile((ANN,)) in effects
    assert scene.queue == []
    assert scene.refuses(HandWithdrawn(ANN)) == "hand.not_up"


def test_later_goes_behind_those_who_wait_and_before_those_who_come(scene):
    """Going to the end is not going to the end for ever."""
    scene.hands(ANN, BOB)
    scene.do(HandDeferred(ANN))
    scene.hands(CHO)

    assert scene.queue == [BOB, ANN, CHO]
    assert scene.refuses(HandDeferred(HOST)) == "hand.not_up"


def test_the_host_puts_a_hand_where_they_want(scene):
    """A manual place wins over the mode."""
    scene.hands(ANN, BOB, CHO)
    scene.do(HandMoved(HOST, CHO, 1))

    assert scene.queue == [CHO, ANN, BOB]
    assert scene.refuses(HandMoved(HOST, MOD, 1)) == "hand.not_up"
    assert scene.refuses(HandMoved(HOST, CHO, 0)) == "queue.bad_position"


def test_the_host_lowers_one_hand_or_all(scene):
    """Each whose hand was lowered is told, and so is the host."""
    scene.hands(ANN, BOB, CHO)
    scene.do(HandLowered(HOST, BOB))

    effects = scene.do(HandsCleared(HOST))

    assert {told.user_id for told in only(effects, Tell)} == {ANN, CHO, HOST}
    assert scene.queue == []
    assert scene.refuses(HandsCleared(HOST)) == "queue.empty"


def test_fair_order_puts_who_spoke_least_first(scene):
    """Changing the mode reorders those who wait."""
    scene.do(SpeechEnded(ANN, 30.0))
    scene.hands(ANN, BOB)

    scene.do(QueueModeSet(HOST, QueueMode.FAIR))

    assert scene.queue == [BOB, ANN]


def test_sides_need_sides():
    """A debate's order needs two sides; members choose one of them."""
    scene = Scene(sides=("for", "against"))
    scene.do(SideTaken(ANN, "for"))

    assert scene.state.people.get(ANN).side == "for"
    assert scene.refuses(SideTaken(ANN, "maybe")) == "side.unknown"
    assert Scene().refuses(QueueModeSet(HOST, QueueMode.SIDES)) == "queue.no_sides"


def test_a_slowness_is_not_negative(scene):
    """A wrong value is refused by name."""
    assert scene.refuses(QueueSlowed(HOST, -1.0)) == "value.negative"


def test_a_speakers_hand_goes_down_after_real_speech_but_not_after_a_cough(scene):
    """Three seconds of speech lower it; less does not."""
    scene.seat(ANN)
    scene.do(HandRaised(ANN, RequestKind.REPLY))
    scene.do(SpeechEnded(ANN, 0.4))
    assert scene.space.view(scene.now).stage[1].hand is RequestKind.REPLY

    effects = scene.do(SpeechEnded(ANN, 3.0))

    assert keys(effects) == ["hand.lowered_by_speech"]
    assert scene.space.view(scene.now).stage[1].hand is None


def test_a_speaker_lowers_their_own_hand(scene):
    """The seat stays."""
    scene.seat(ANN)
    scene.do(HandRaised(ANN))

    scene.do(HandWithdrawn(ANN))

    assert scene.state.floor.seats[ANN].hand is None
    assert ANN in scene.floor
    assert scene.refuses(QueueOpened(HOST)) == "queue.already_open"


def test_a_place_is_nobodys_without_a_hand(scene):
    """Asking costs nothing."""
    scene.hands(ANN)

    assert scene.space.place_of(ANN, scene.now) == (1, 0.0)
    assert scene.space.place_of(BOB, scene.now) is None


def test_a_place_behind_the_end_is_the_last(scene):
    """What is said names the place that there is."""
    scene.hands(ANN, BOB)

    scene.do(HandMoved(HOST, ANN, 500))

    assert scene.queue == [BOB, ANN]
    assert scene.state.last.params["n"] == 2
