"""Coming, going, and who hosts."""

import pytest

from moderation.effects import Announce, AskConsent, Disconnect, Reconcile, TellHosts
from moderation.events import (
    CohostAdded,
    CohostRemoved,
    EndReason,
    HandedOver,
    HostClaimed,
    HostGraceEnded,
    MemberBanned,
    MemberJoined,
    MemberLeft,
    MemberRemoved,
    ModeratorSeen,
    RecordingStarted,
    RoomLocked,
    SeatGraceEnded,
    SpaceClosed,
    SpaceEnded,
    TurnLengthSet,
)
from moderation.roles import Role
from moderation.view import Phase
from tests.moderation.scene import ANN, BOB, CHO, HOST, MOD, Scene, keys, only


@pytest.fixture
def scene():
    return Scene()


def test_everybody_comes_as_a_listener(scene):
    """Coming gives no right to speak; the edge is asked to see to that."""
    effects = scene.do(MemberJoined(50))

    assert effects[0] == Reconcile((50,))
    assert scene.space.role_of(50) is Role.LISTENER
    assert not scene.space.may_speak(50)


def test_a_newcomer_is_asked_for_consent_while_something_is_kept(scene):
    """Nobody is recorded without having been asked."""
    assert only(scene.do(MemberJoined(50)), AskConsent) == []
    scene.do(RecordingStarted(HOST))

    assert only(scene.do(MemberJoined(51)), AskConsent) == [AskConsent((51,))]


@pytest.mark.parametrize(
    ("sanction", "key"),
    [
        (MemberRemoved(HOST, ANN), "member.barred_remove"),
        (MemberBanned(HOST, ANN), "member.barred_ban"),
        (MemberBanned(HOST, ANN, until=900.0), "member.barred_ban_until"),
    ],
)
def test_whoever_was_put_out_does_not_come_back(scene, sanction, key):
    """Leaving and joining again changes nothing."""
    scene.do(sanction)
    scene.do(MemberLeft(ANN))

    effects = scene.do(MemberJoined(ANN))

    assert effects[0] == Disconnect(ANN)
    assert effects[1].key == key
    assert not scene.space.is_present(ANN)


def test_a_locked_room_takes_back_only_who_was_there(scene):
    """Moderators come in all the same."""
    scene.do(RoomLocked(HOST))
    scene.do(MemberLeft(ANN))

    assert only(scene.do(MemberJoined(50)), Disconnect) == [Disconnect(50)]
    assert only(scene.do(MemberJoined(ANN)), Disconnect) == []
    assert only(scene.do(MemberJoined(51, moderator=True)), Disconnect) == []


def test_a_speaker_who_comes_back_in_time_keeps_the_seat(scene):
    """A dropped connection is not stepping down."""
    scene.seat(ANN)
    scene.do(MemberLeft(ANN))
    scene.wait(59.0)
    scene.do(MemberJoined(ANN))

    assert scene.wait(60.0) == []
    assert scene.space.may_speak(ANN)


def test_after_the_grace_seat_and_hand_are_given_up(scene):
    """An empty seat does not block the floor."""
    scene.seat(ANN)
    scene.hands(BOB)
    scene.do(MemberLeft(ANN))
    scene.do(MemberLeft(BOB))

    assert set(scene.wait(60.0)) == {SeatGraceEnded(ANN), SeatGraceEnded(BOB)}
    assert scene.floor == {HOST}
    assert scene.queue == []


def test_a_cohost_has_most_rights_and_a_seat(scene):
    """Co-hosts cannot make co-hosts or end the room."""
    scene.do(CohostAdded(HOST, ANN))

    assert scene.space.role_of(ANN) is Role.COHOST
    assert scene.space.may_speak(ANN)
    assert scene.refuses(CohostAdded(ANN, BOB)) == "right.missing"
    assert scene.refuses(SpaceEnded(ANN)) == "right.missing"
    assert scene.refuses(CohostAdded(HOST, ANN)) == "host.already_staff"
    assert scene.refuses(CohostRemoved(HOST, BOB)) == "cohost.is_none"


def test_a_full_floor_has_no_seat_for_a_cohost():
    """Co-hosts count."""
    scene = Scene(cap=2)
    scene.seat(ANN)

    assert scene.refuses(CohostAdded(HOST, BOB)) == "floor.full"
    scene.do(CohostAdded(HOST, ANN))
    assert scene.refuses(HandedOver(HOST, BOB)) == "floor.full"


def test_a_former_cohost_is_a_speaker_with_a_clock(scene):
    """They keep the seat; one may give the role back oneself."""
    scene.do(CohostAdded(HOST, ANN))
    scene.do(TurnLengthSet(HOST, 60.0))
    assert scene.state.floor.seats[ANN].clock is None

    scene.do(CohostRemoved(ANN, ANN))

    assert scene.space.role_of(ANN) is Role.SPEAKER
    assert scene.state.floor.seats[ANN].clock is not None


def test_handing_over_makes_the_old_host_a_cohost(scene):
    """There is one host at any time."""
    scene.do(HandedOver(HOST, ANN))

    assert scene.space.role_of(ANN) is Role.HOST
    assert scene.space.role_of(HOST) is Role.COHOST
    assert scene.refuses(HandedOver(HOST, BOB)) == "right.missing"
    assert scene.refuses(HandedOver(ANN, ANN)) == "host.already_host"


def test_a_cohost_acts_for_a_host_who_drops(scene):
    """After the grace; the host who comes back hosts again."""
    scene.do(CohostAdded(HOST, ANN))

    told = only(scene.do(MemberLeft(HOST)), TellHosts)
    assert (told[0].key, told[0].urgent) == ("host.left", True)
    assert scene.wait(119.0) == []
    assert scene.wait(1.0) == [HostGraceEnded()]
    assert scene.space.role_of(ANN) is Role.HOST
    assert scene.space.view(scene.now).host_id == ANN

    effects = scene.do(MemberJoined(HOST))

    assert keys(effects) == ["host.returned"]
    assert scene.space.role_of(ANN) is Role.COHOST
    assert scene.space.view(scene.now).host_id == HOST


def test_a_host_who_is_back_in_time_was_never_away(scene):
    """Nobody acts, nobody is alarmed twice."""
    scene.do(MemberLeft(HOST))
    scene.wait(60.0)

    assert keys(scene.do(MemberJoined(HOST))) == []
    assert scene.wait(1000.0) == []


def test_a_room_that_nobody_can_host_ends(scene):
    """It is announced with the time that is left."""
    scene.do(MemberLeft(HOST))
    scene.wait(120.0)
    assert scene.why == "host.nobody"

    assert scene.wait(300.0)[-1] == SpaceClosed(EndReason.NO_HOST)
    assert scene.space.view(scene.now).phase is Phase.ENDED


def test_the_acting_host_who_leaves_too_is_replaced(scene):
    """The next co-host acts, else the room has nobody."""
    scene.do(CohostAdded(HOST, ANN))
    scene.do(CohostAdded(HOST, BOB))
    scene.do(MemberLeft(HOST))
    scene.wait(120.0)

    effects = scene.do(MemberLeft(ANN))
    assert keys(effects) == ["host.acting"]
    assert scene.state.hosting.acting_id == BOB

    effects = scene.do(MemberLeft(BOB))
    assert [a.key for a in only(effects, Announce)] == ["room.no_host"]

    scene.do(MemberJoined(ANN))
    assert scene.state.hosting.acting_id == ANN


def test_a_speaker_claims_a_room_without_host(scene):
    """Not before the grace is over, and not a listener."""
    scene.seat(ANN)
    assert scene.refuses(HostClaimed(ANN)) == "host.is_here"
    scene.do(MemberLeft(HOST))

    assert scene.refuses(HostClaimed(ANN)) == "host.wait"
    scene.wait(120.0)
    assert scene.refuses(HostClaimed(BOB)) == "host.cannot_claim"
    scene.do(HostClaimed(ANN))

    assert scene.space.role_of(ANN) is Role.HOST
    assert scene.refuses(HostClaimed(MOD)) == "host.is_here"


def test_a_moderator_claims_at_once_and_gets_a_seat(scene):
    """Order does not wait for the grace."""
    scene.do(MemberLeft(HOST))

    scene.do(HostClaimed(MOD))

    assert scene.space.may_speak(MOD)
    assert scene.space.role_of(MOD) is Role.HOST


def test_late_timers_and_unknown_people_do_nothing(scene):
    """Facts about people who are not there are no errors."""
    assert scene.do(MemberLeft(77)) == []
    assert scene.do(SeatGraceEnded(ANN)) == []
    assert scene.do(HostGraceEnded()) == []


def test_a_moderator_need_not_be_present(scene):
    """Who moderates is known from Discord, not from being here."""
    scene.do(ModeratorSeen(60, moderator=True))
    scene.do(MemberRemoved(60, CHO))

    assert scene.space.is_moderator(60)


def test_an_acting_host_who_gives_the_role_back_is_replaced(scene):
    """The room is never without a chair while somebody can sit on it."""
    scene.do(CohostAdded(HOST, ANN))
    scene.do(CohostAdded(HOST, BOB))
    scene.do(MemberLeft(HOST))
    scene.wait(120.0)

    scene.do(CohostRemoved(ANN, ANN))

    assert scene.state.hosting.acting_id == BOB


def test_coming_back_within_the_grace_stops_the_timer(scene):
    """A timer that was already on its way does nothing."""
    scene.seat(ANN)
    scene.do(MemberLeft(ANN))
    scene.do(MemberJoined(ANN))

    assert scene.do(SeatGraceEnded(ANN)) == []
    assert scene.do(SeatGraceEnded(77)) == []


@pytest.mark.parametrize("back", [MemberJoined(HOST), HandedOver(MOD, BOB)])
def test_a_speaker_who_acted_for_the_host_has_a_turn_like_others(back):
    """While they act they have no clock; afterwards it begins."""
    scene = Scene(turn_s=60.0, host_grace_s=10.0)
    scene.seat(ANN)
    scene.do(MemberLeft(HOST))
    scene.wait(11.0)
    scene.do(HostClaimed(ANN))
    assert scene.state.floor.seats[ANN].clock is None

    scene.do(back, after=5.0)

    assert scene.space.role_of(ANN) is Role.SPEAKER
    assert scene.state.floor.seats[ANN].clock.ends_at == scene.now + 60.0
