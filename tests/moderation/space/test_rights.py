"""Who may do what, event by event."""

import random

import pytest

from moderation import events
from moderation.events import CohostAdded, CohostRemoved, ModeratorSeen, TurnExtended
from moderation.refused import Refused
from moderation.space.rights import NEEDS, require_right
from tests.moderation.anything import any_of
from tests.moderation.scene import ANN, BOB, CHO, HOST, MOD, Scene

COHOST = BOB


@pytest.fixture
def state():
    scene = Scene()
    scene.do(CohostAdded(HOST, COHOST))
    return scene.state


def allowed(state, kind, by):
    """Say whether ``by`` may do ``kind`` to a listener."""
    event = any_of(random.Random(0), kind)
    values = {"by": by, "user_id": CHO, "other_id": ANN}
    fields = kind.__dataclass_fields__
    named = {name: value for name, value in values.items() if name in fields}
    rest = {f: getattr(event, f) for f in fields if f not in named}
    try:
        require_right(state, kind(**named, **rest))
    except Refused:
        return False
    return True


HOST_ONLY = {
    events.SpaceEnded,
    events.CohostAdded,
    events.CohostRemoved,
    events.HandedOver,
    events.MemberBanned,
    events.MemberUnbanned,
}
MODERATORS = {
    events.SpacePaused,
    events.SpaceResumed,
    events.SpaceEnded,
    events.RoomLocked,
    events.RoomUnlocked,
    events.RoomHushed,
    events.RoomUnhushed,
    events.HandedOver,
    events.Demoted,
    events.MemberWarned,
    events.MemberMuted,
    events.MemberUnmuted,
    events.MemberRemoved,
    events.MemberBanned,
    events.MemberUnbanned,
    events.MemberNoted,
    events.CaseUndone,
}


@pytest.mark.parametrize("kind", NEEDS)
def test_each_act_is_for_those_who_have_the_right(state, kind):
    """The host may do everything; listeners and speakers nothing of it."""
    assert allowed(state, kind, HOST)
    assert allowed(state, kind, COHOST) is (kind not in HOST_ONLY)
    assert allowed(state, kind, MOD) is (kind in MODERATORS)
    assert not allowed(state, kind, ANN)


def test_one_may_give_up_ones_own_role_and_take_ones_own_minute(state):
    """What is done to oneself needs no right."""
    require_right(state, CohostRemoved(COHOST, COHOST))
    require_right(state, TurnExtended(ANN, ANN))


def test_a_moderator_is_acted_on_by_host_and_moderators_only():
    """A co-host does not send a guild moderator away."""
    scene = Scene()
    scene.do(CohostAdded(HOST, COHOST))
    scene.do(ModeratorSeen(CHO, moderator=True))

    assert not allowed(scene.state, events.MemberRemoved, COHOST)
    assert allowed(scene.state, events.MemberRemoved, HOST)
    assert allowed(scene.state, events.MemberRemoved, MOD)
