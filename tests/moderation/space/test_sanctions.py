"""Keeping order in a Space."""

import pytest

from moderation.effects import (
    Disconnect,
    OpenCase,
    Reconcile,
    ReverseCase,
    Tell,
    TellHosts,
    UpdatePanel,
)
from moderation.events import (
    BanLifted,
    CaseUndone,
    CohostAdded,
    HandRaised,
    Invited,
    MemberBanned,
    MemberJoined,
    MemberLeft,
    MemberMuted,
    MemberNoted,
    MemberRemoved,
    MemberUnbanned,
    MemberUnmuted,
    MemberWarned,
    ReportFiled,
    SanctionLapsed,
    SanctionsRecalled,
)
from moderation.roles import Role
from moderation.sanction import Action, Sanction
from tests.moderation.scene import ANN, BOB, CHO, HOST, MOD, Scene, keys, only


@pytest.fixture
def scene():
    return Scene()


def test_a_warning_is_private_and_a_case(scene):
    """Who, whom, why."""
    effects = scene.do(MemberWarned(HOST, ANN, "shouting"))

    assert only(effects, Tell)[0].user_id == ANN
    assert only(effects, OpenCase) == [OpenCase(1, Action.WARN, ANN, HOST, "shouting")]


def test_a_muted_speaker_loses_floor_hand_and_invitation(scene):
    """And may not ask again until it is over."""
    scene.seat(ANN)
    scene.hands(BOB)
    scene.do(Invited(HOST, CHO))

    for user_id in (ANN, BOB, CHO):
        scene.do(MemberMuted(HOST, user_id, until=scene.now + 300.0))

    assert scene.floor == {HOST}
    assert scene.queue == []
    assert not scene.space.is_invited(CHO)
    assert scene.refuses(HandRaised(ANN)) == "member.muted_until"
    assert scene.refuses(Invited(HOST, ANN)) == "member.muted_until"
    assert scene.space.view(scene.now).muted_ids == (ANN, BOB, CHO)


def test_a_timed_mute_ends_by_itself_and_survives_coming_back(scene):
    """Leaving and joining does not shorten it."""
    scene.do(MemberMuted(HOST, ANN, until=scene.now + 300.0))
    scene.do(MemberLeft(ANN))
    scene.do(MemberJoined(ANN))
    assert scene.refuses(HandRaised(ANN)) == "member.muted_until"

    assert scene.wait(300.0) == [SanctionLapsed(ANN)]

    scene.hands(ANN)
    assert scene.queue == [ANN]


def test_a_muted_cohost_keeps_the_seat_unheard(scene):
    """The role is the host's to take."""
    scene.do(CohostAdded(HOST, ANN))

    scene.do(MemberMuted(HOST, ANN))

    assert scene.space.role_of(ANN) is Role.COHOST
    assert not scene.space.may_speak(ANN)


def test_a_mute_into_the_past_is_refused(scene):
    """A wrong time is named."""
    assert scene.refuses(MemberMuted(HOST, ANN, until=1.0)) == "case.past"
    assert scene.refuses(MemberBanned(HOST, ANN, until=1.0)) == "case.past"


def test_a_removed_member_is_put_out(scene):
    """With seat and role."""
    scene.do(CohostAdded(HOST, ANN))

    effects = scene.do(MemberRemoved(HOST, ANN, "insults"))

    assert Disconnect(ANN) in effects
    assert scene.floor == {HOST}
    assert scene.state.hosting.cohosts == []


def test_somebody_who_already_left_can_be_banned(scene):
    """There is nobody to disconnect, but they will not come back."""
    scene.do(MemberLeft(ANN))

    effects = scene.do(MemberBanned(HOST, ANN))

    assert only(effects, Disconnect) == []
    assert Disconnect(ANN) in scene.do(MemberJoined(ANN))


def test_the_host_is_not_put_out_of_their_room(scene):
    """A moderator hands the room over or ends it first."""
    assert scene.refuses(MemberRemoved(MOD, HOST)) == "host.hand_over_first"
    assert scene.refuses(MemberBanned(MOD, HOST)) == "host.hand_over_first"


def test_who_may_do_what(scene):
    """Co-hosts do not ban, nobody acts on those above them."""
    scene.do(CohostAdded(HOST, ANN))

    assert scene.refuses(MemberBanned(ANN, BOB)) == "right.missing"
    assert scene.refuses(MemberMuted(ANN, HOST)) == "right.not_on"
    assert scene.refuses(MemberMuted(ANN, MOD)) == "right.not_on"
    assert scene.refuses(MemberWarned(BOB, CHO)) == "right.missing"


def test_letting_off_is_a_case_too(scene):
    """What does not stand cannot be lifted."""
    scene.do(MemberMuted(HOST, ANN))
    scene.do(MemberBanned(HOST, BOB))

    scene.do(MemberUnmuted(HOST, ANN))
    scene.do(MemberUnbanned(HOST, BOB))

    assert [case.action for case in scene.state.cases.cases][2:] == [
        Action.UNMUTE,
        Action.UNBAN,
    ]
    assert scene.refuses(MemberUnmuted(HOST, ANN)) == "case.no_mute"
    assert scene.refuses(MemberUnbanned(HOST, BOB)) == "case.no_ban"
    assert only(scene.do(MemberJoined(BOB)), Disconnect) == []


def test_undoing_a_case_lifts_what_it_did(scene):
    """The case stays, marked."""
    scene.do(MemberMuted(HOST, ANN))

    effects = scene.do(CaseUndone(HOST, 1))

    assert ReverseCase(1, HOST) in effects
    scene.hands(ANN)
    assert scene.queue == [ANN]
    assert scene.refuses(CaseUndone(HOST, 1)) == "case.already_undone"


def test_nobody_undoes_what_was_done_to_themself(scene):
    """A co-host whom the host muted stays muted."""
    scene.do(CohostAdded(HOST, ANN))
    scene.do(MemberMuted(HOST, ANN))

    assert scene.refuses(CaseUndone(ANN, 1)) == "right.not_on"
    assert not scene.space.may_speak(ANN)


def test_undoing_needs_the_right_to_do_it(scene):
    """Co-hosts ban nobody, so that they lift no ban; their own cases are theirs."""
    scene.do(CohostAdded(HOST, ANN))
    scene.do(CohostAdded(HOST, CHO))
    scene.do(MemberBanned(HOST, BOB))
    scene.do(MemberWarned(HOST, CHO))

    assert scene.refuses(CaseUndone(ANN, 1)) == "right.missing"
    assert scene.refuses(CaseUndone(ANN, 2)) == "right.not_on"
    scene.do(MemberWarned(MOD, ANN))
    scene.do(CaseUndone(MOD, 3))


def test_notes_are_for_staff(scene):
    """The member is not told."""
    effects = scene.do(MemberNoted(HOST, ANN, "new here"))

    assert {told.user_id for told in only(effects, Tell)} == {HOST}
    assert scene.refuses(MemberNoted(HOST, ANN, "  ")) == "text.empty"


def test_what_stands_from_earlier_spaces_stands_here(scene):
    """Whoever is barred and inside is put out."""
    effects = scene.do(
        SanctionsRecalled(
            (
                Sanction(ANN, Action.BAN),
                Sanction(BOB, Action.MUTE, scene.now + 60.0),
                Sanction(CHO, Action.WARN),
                Sanction(77, Action.BAN),
            )
        )
    )

    assert only(effects, Disconnect) == [Disconnect(ANN)]
    assert scene.refuses(HandRaised(BOB)) == "member.muted_until"
    scene.hands(CHO)


def test_a_report_reaches_the_hosts_at_once(scene):
    """Anybody may report anybody but themself; who is reported reads nothing of it."""
    effects = scene.do(ReportFiled(ANN, BOB, "noise"))

    assert only(effects, TellHosts)[0].urgent
    assert only(effects, TellHosts)[0].hidden_from == BOB
    assert only(effects, OpenCase)[0].action is Action.REPORT
    assert scene.refuses(ReportFiled(ANN, ANN)) == "report.self"


def test_a_ban_lifted_elsewhere_is_lifted_here(scene):
    """A ban is the guild's; letting somebody off who was not banned is nothing."""
    scene.do(MemberBanned(HOST, ANN))

    assert keys(scene.do(BanLifted(ANN))) == ["case.ban_over"]
    assert scene.do(BanLifted(ANN)) == []
    assert scene.do(MemberJoined(ANN)) == [Reconcile((ANN,)), UpdatePanel()]


def test_a_late_timer_lifts_nothing(scene):
    """Only what is over is over."""
    scene.do(MemberMuted(HOST, ANN, until=scene.now + 300.0))

    assert scene.do(SanctionLapsed(ANN)) == []
