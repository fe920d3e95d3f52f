"""The questions that every rule asks of the state."""

import pytest

from moderation.events import CohostAdded, HostClaimed, MemberLeft, MemberMuted
from moderation.refused import Refused
from moderation.roles import Role, Standing
from tests.moderation.scene import ANN, BOB, CHO, HOST, MOD, Scene


def test_each_member_has_one_role():
    """The acting host counts as host beside the host."""
    scene = Scene()
    scene.do(CohostAdded(HOST, ANN))
    scene.seat(BOB)
    roles = [scene.state.role_of(user) for user in (HOST, ANN, BOB, CHO)]
    assert roles == [Role.HOST, Role.COHOST, Role.SPEAKER, Role.LISTENER]

    scene.do(MemberLeft(HOST))
    scene.do(HostClaimed(ANN))

    assert scene.state.role_of(ANN) is Role.HOST
    assert scene.state.role_of(HOST) is Role.HOST


def test_moderating_the_guild_is_no_role_in_the_space():
    """It is known besides."""
    assert Scene().state.standing_of(MOD) == Standing(Role.LISTENER, moderator=True)


def test_guests_are_present_people_without_a_mute():
    """Whoever may be given the floor passes."""
    scene = Scene()
    scene.do(MemberMuted(HOST, BOB))
    scene.state.require_guest(ANN)

    for user_id, key in ((BOB, "member.muted"), (77, "member.not_in_room")):
        with pytest.raises(Refused) as refused:
            scene.state.require_guest(user_id)
        assert refused.value.key == key
