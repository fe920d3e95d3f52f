"""The rights table."""

import pytest

from moderation.roles import RIGHTS, Right, Role, Standing, has_right, may_act_on

HOST, COHOST = Standing(Role.HOST), Standing(Role.COHOST)
SPEAKER, LISTENER = Standing(Role.SPEAKER), Standing(Role.LISTENER)
MODERATOR = Standing(Role.LISTENER, moderator=True)


def test_every_role_has_its_rights():
    """A role without a row would have none by accident."""
    assert set(RIGHTS) == set(Role)


def test_the_host_may_do_everything():
    """And a co-host all but four things."""
    assert all(has_right(HOST, right) for right in Right)
    assert set(Right) - RIGHTS[Role.COHOST] == {
        Right.END_ROOM,
        Right.NAME_COHOSTS,
        Right.HAND_OVER,
        Right.BAN,
    }


@pytest.mark.parametrize("who", [SPEAKER, LISTENER])
@pytest.mark.parametrize("right", Right)
def test_speakers_and_listeners_run_nothing(who, right):
    """What everybody may do needs no right."""
    assert not has_right(who, right)


def test_a_moderator_keeps_order_but_does_not_run_the_talk():
    """They end and hush a room; they do not call speakers or set the topic."""
    assert has_right(MODERATOR, Right.END_ROOM)
    assert not has_right(MODERATOR, Right.CALL)
    assert not has_right(MODERATOR, Right.SET_TOPIC)
    assert not has_right(MODERATOR, Right.RECORD)


@pytest.mark.parametrize(
    ("who", "whom", "may"),
    [
        (HOST, COHOST, True),
        (HOST, MODERATOR, True),
        (COHOST, SPEAKER, True),
        (COHOST, COHOST, False),
        (COHOST, HOST, False),
        (COHOST, MODERATOR, False),
        (SPEAKER, LISTENER, False),
        (MODERATOR, HOST, True),
        (MODERATOR, MODERATOR, True),
    ],
)
def test_nobody_acts_on_those_above_them(who, whom, may):
    """A moderator stands above the Space."""
    assert may_act_on(who, whom) is may
