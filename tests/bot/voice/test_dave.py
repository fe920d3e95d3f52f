"""Frames and keys: what opens, what does not, and when to ask for help."""

import davey
import pytest

from bot.voice.dave import (
    RECOVER_AFTER,
    RECOVER_EVERY_S,
    RECOVERIES,
    RECOVERIES_BESIDE_OTHERS,
    DaveStatus,
    Failure,
    Recovery,
    members,
    open_frame,
    open_usual,
    reason,
    sealed,
    whose,
)
from media.heard import SILENCE
from tests.benchmarks.crowd import CHANNEL, ME, group
from tests.bot.voice.room import frames

PLAIN = frames(1)[0]
ANA, BEA, STRANGER = 1, 2, 99


@pytest.fixture
def crowd():
    """Return our session and the members' in one group of three."""
    session, others = group(2)
    return DaveStatus(session, 1, 1), others


def test_a_sealed_frame_of_a_member(crowd):
    """Its Opus comes out bit-identical."""
    status, others = crowd

    assert open_frame(status, ANA, others[ANA].encrypt(PLAIN)) == PLAIN


def test_silence_of_a_stranger(crowd):
    """Silence is never encrypted, so nobody's key is asked for."""
    status, _ = crowd

    assert open_frame(status, STRANGER, SILENCE) == SILENCE


def test_frames_that_do_not_open(crowd):
    """Each reason has a name, and none yields bytes."""
    status, others = crowd
    frame = others[ANA].encrypt(PLAIN)
    open_frame(status, ANA, frame)

    assert open_frame(status, ANA, frame) is Failure.WRONG_KEY
    assert open_frame(status, BEA, others[ANA].encrypt(PLAIN)) is Failure.WRONG_KEY
    assert open_frame(status, STRANGER, frame) is Failure.NO_KEY
    assert open_frame(status, ANA, PLAIN) is Failure.UNENCRYPTED


def test_a_channel_without_dave():
    """Plain frames pass; one that looks sealed never does."""
    status = DaveStatus()

    assert open_frame(status, ANA, PLAIN) == PLAIN
    assert open_frame(status, ANA, PLAIN + b"\x0c\xfa\xfa") is Failure.NO_GROUP


def test_a_channel_whose_group_is_not_formed():
    """Nothing passes before there is a key, plain frames least of all."""
    status = DaveStatus(None, 1, 1)

    assert open_frame(status, ANA, PLAIN) is Failure.NO_GROUP


def test_a_frame_still_sealed_after_the_channel_left_dave(crowd):
    """What is in flight is opened with the old group's key."""
    status, others = crowd
    frame = others[ANA].encrypt(PLAIN)

    assert open_frame(DaveStatus(status.session, 0, 2), ANA, frame) == PLAIN


def test_a_frame_of_the_epoch_that_we_had_to_leave(crowd):
    """Until we are back in the group, and a while after, the former session opens."""
    status, others = crowd
    fresh = davey.DaveSession(1, ME, CHANNEL)
    anew = DaveStatus(fresh, 1, 2, former=status.session)
    first, second = others[ANA].encrypt(PLAIN), others[BEA].encrypt(PLAIN)

    assert open_frame(DaveStatus(fresh, 1, 2), ANA, first) is Failure.NO_GROUP
    assert open_frame(anew, ANA, first) == PLAIN
    assert whose(anew, second, members(anew)) == (BEA, PLAIN)
    assert open_frame(anew, ANA, PLAIN) is Failure.NO_GROUP


@pytest.mark.parametrize("plain", frames(50))
def test_plain_opus_does_not_look_sealed(plain):
    """The trailer is told from sound."""
    assert not sealed(plain)


@pytest.mark.parametrize("size", [0, 11, 24, 255])
def test_a_trailer_of_a_size_that_cannot_be(size):
    """Sound may end in the marker; the byte before it is then none of a trailer."""
    assert not sealed(bytes(20) + bytes((size,)) + b"\xfa\xfa")
    assert sealed(bytes(20) + b"\x0c\xfa\xfa")


def test_an_error_that_davey_did_not_name():
    """An unknown text is a refusal, never a pass."""
    assert reason(ValueError("something new")) is Failure.REFUSED


def test_whose_frame_it_is(crowd):
    """Only the sender's key opens a frame; the others leave no trace."""
    status, others = crowd
    first, second = others[BEA].encrypt(PLAIN), others[BEA].encrypt(PLAIN)

    assert sorted(members(status)) == [ANA, BEA, ME]
    assert whose(status, first, [ANA, STRANGER, BEA]) == (BEA, PLAIN)
    assert open_frame(status, BEA, second) == PLAIN
    assert whose(status, PLAIN, [ANA, BEA]) is None


def fail(recovery, user_id, times=RECOVER_AFTER):
    for _ in range(times):
        recovery.failed(user_id)


def test_a_few_frames_fail():
    """The first packets after a join or a transition often do; nothing is asked."""
    recovery = Recovery()
    fail(recovery, ANA, RECOVER_AFTER - 1)
    recovery.opened(ANA, 1.0)
    fail(recovery, ANA, RECOVER_AFTER - 1)

    assert not recovery.due(1.0)


def test_failures_go_on():
    """Recoveries come at growing intervals and end in giving up."""
    recovery, now, asked = Recovery(), 0.0, []
    for _ in range(400):
        now += 1.0
        fail(recovery, ANA)
        if recovery.due(now):
            asked.append(now)

    assert len(asked) == RECOVERIES
    assert asked[1] - asked[0] == RECOVER_EVERY_S
    assert asked[2] - asked[1] == 2 * RECOVER_EVERY_S
    assert recovery.given_up == {ANA}


def test_one_member_fails_while_others_are_heard():
    """Two tries: each silences everybody for a moment."""
    recovery, now = Recovery(), 0.0
    for _ in range(100):
        now += 1.0
        fail(recovery, ANA)
        recovery.opened(BEA, now)
        recovery.due(now)

    assert recovery.total == RECOVERIES_BESIDE_OTHERS
    assert recovery.given_up == {ANA}


def test_a_given_up_member_is_heard_after_all():
    """One opened frame acquits, and a later trouble is worth new tries."""
    recovery, now = Recovery(), 0.0
    for _ in range(400):
        now += 1.0
        fail(recovery, ANA)
        recovery.due(now)
    recovery.opened(ANA, now)
    fail(recovery, ANA)

    assert recovery.given_up == set()
    assert recovery.due(now + 1000.0)


def test_a_failing_member_leaves():
    """Nothing is asked for somebody who is gone."""
    recovery = Recovery()
    fail(recovery, ANA)
    recovery.forget(ANA)

    assert not recovery.due(1.0)


def given_up(others=()):
    """Return a recovery that has given up ANA, and the time."""
    recovery, now = Recovery(), 0.0
    while not recovery.given_up:
        now += 1.0
        fail(recovery, ANA)
        for user_id in others:
            recovery.opened(user_id, now)
        recovery.due(now)
    return recovery, now + 1000.0


def test_a_member_who_was_given_up_leaves():
    """A later trouble is worth as many tries as the first."""
    recovery, now = given_up()
    recovery.forget(ANA)
    fail(recovery, BEA)

    assert recovery.due(now)
    assert recovery.given_up == set()


def test_another_trouble_beside_a_member_who_was_given_up():
    """It is tried, too, and the one that was given up is not tried for again."""
    recovery, now = given_up(others=[STRANGER])
    recovery.opened(STRANGER, now)
    fail(recovery, ANA)
    before = recovery.due(now)
    fail(recovery, BEA)

    assert (before, recovery.due(now)) == (False, True)
    assert recovery.given_up == {ANA}


def test_a_few_frames_of_somebody_fail_while_another_is_in_trouble():
    """A trouble is over when whoever was in it is heard, whatever became of those."""
    recovery, now = Recovery(), 0.0
    fail(recovery, STRANGER, 4)
    for _ in range(3):
        now += 1000.0
        fail(recovery, ANA)
        recovery.opened(BEA, now)
        assert recovery.due(now)
        recovery.opened(ANA, now)

    assert recovery.given_up == set()


def test_many_frames_at_once(crowd):
    """In order, up to the first that does not open or needs no key."""
    status, others = crowd
    sound = frames(6)
    sealed_ = [others[ANA].encrypt(frame) for frame in sound]

    assert open_usual(status, ANA, sealed_[:2]) == sound[:2]
    assert open_usual(status, ANA, [sealed_[2], SILENCE, sealed_[3]]) == sound[2:3]
    assert open_usual(status, ANA, [sealed_[3], sealed_[0], sealed_[4]]) == sound[3:4]
    assert open_frame(status, ANA, sealed_[4]) == sound[4]
    assert open_usual(status, STRANGER, sealed_[5:]) == []


def test_many_frames_at_once_without_a_group(crowd):
    """Plain ones pass on a stage, sealed ones nowhere."""
    _, others = crowd
    frame = others[ANA].encrypt(PLAIN)

    assert open_usual(DaveStatus(), ANA, [PLAIN, frame, PLAIN]) == [PLAIN]
    assert open_usual(DaveStatus(None, 1, 1), ANA, [frame]) == []
    fresh = davey.DaveSession(1, ME, CHANNEL)
    assert open_usual(DaveStatus(fresh, 1, 1), ANA, [frame]) == []
