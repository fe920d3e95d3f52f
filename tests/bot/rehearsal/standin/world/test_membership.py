"""Nicknames, roles, timeouts and kicks: here the hierarchy matters."""

import pytest

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.wire import iso
from bot.rehearsal.standin.world import membership, ranks
from tests.bot.rehearsal.standin.worlds import NOW, VERSATILE, Place, form, refused

ALL = VERSATILE | Permission.MANAGE_NICKNAMES | Permission.KICK_MEMBERS
MINUTE = iso(NOW + 60)


@pytest.fixture
def place():
    return Place(bot_permissions=ALL)


def patch(place, user_id, actor=None, **body):
    return membership.patch(place.world, actor or place.bot, user_id, form(**body))


@pytest.mark.parametrize(
    "body", [{"nick": "Boss"}, {"communication_disabled_until": MINUTE}]
)
def test_nobody_does_this_to_the_owner(place, body):
    """50013, whatever the permissions."""
    with refused(50013):
        patch(place, place.owner, **body)


def test_a_timeout_disconnects_and_silences(place):
    """The member is out of voice and cannot write."""
    place.join(place.ann, place.voice)

    patch(place, place.ann, communication_disabled_until=MINUTE)

    assert place.ann not in place.world.voice
    granted = place.world.granted(place.ann, place.world.channel(place.text))
    assert Permission.SEND_MESSAGES not in granted


def test_a_timeout_lasts_28_days_at_most(place):
    """50035 beyond."""
    with refused(50035):
        late = iso(NOW + 29 * 86_400)
        patch(place, place.ann, communication_disabled_until=late)


def test_an_administrator_cannot_be_timed_out(place):
    """403, though below the bot."""
    role = ranks.create(place.world, place.owner, form(name="Admin"))
    role.permissions = Permission.ADMINISTRATOR
    place.guild.members[place.ann].roles.append(role.id)

    with refused(50013):
        patch(place, place.ann, communication_disabled_until=MINUTE)


def test_only_roles_below_ones_own_can_be_given(place):
    """The bot gives Moderator; it cannot give its own role."""
    own, moderator = (
        next(one for one in place.guild.roles.values() if one.name == name)
        for name in ("Tertulia", "Moderator")
    )

    patch(place, place.ann, roles=[str(moderator.id)])

    assert place.guild.members[place.ann].roles == [moderator.id]
    with refused(50013):
        patch(place, place.ann, roles=[str(own.id)])


def test_a_body_with_mute_for_somebody_outside_voice_is_40032(place):
    """As "Modify Guild Member" says."""
    with refused(40032):
        patch(place, place.ann, mute=True)


def test_who_is_kicked_leaves_voice_and_guild(place):
    """In this order."""
    place.join(place.ann, place.voice)

    membership.remove(place.world, place.bot, place.ann, Permission.KICK_MEMBERS)

    assert place.ann not in place.guild.members
    assert place.told("GUILD_MEMBER_REMOVE")[0]["user"]["id"] == str(place.ann)


def test_a_stranger_is_unknown(place):
    """10007."""
    with refused(10007):
        patch(place, 5, nick="x")
