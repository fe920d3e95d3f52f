"""Permissions: the order in which Discord grants and takes away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.standin.permissions import (
    EVERYTHING,
    NOTHING,
    Overwrite,
    Permission,
    base,
    implied,
    in_channel,
)

EVERYONE, ROLE, OTHER, MEMBER = 1, 2, 3, 4
SPEAK = Permission.SPEAK
BITS = st.integers(0, int(EVERYTHING)).map(Permission)


def granted(*overwrites, start=NOTHING):
    return in_channel(
        start,
        overwrites,
        everyone_id=EVERYONE,
        role_ids=[ROLE, OTHER],
        member_id=MEMBER,
    )


def allow(who, bits=SPEAK):
    return Overwrite(who, who == MEMBER, bits, NOTHING)


def deny(who, bits=SPEAK):
    return Overwrite(who, who == MEMBER, NOTHING, bits)


@pytest.mark.parametrize(
    ("overwrites", "speaks"),
    [
        ([deny(EVERYONE)], False),
        ([deny(EVERYONE), allow(ROLE)], True),
        ([allow(EVERYONE), deny(ROLE)], False),
        ([deny(ROLE), allow(OTHER)], True),
        ([deny(ROLE), allow(OTHER), deny(MEMBER)], False),
        ([deny(EVERYONE), deny(ROLE), allow(MEMBER)], True),
        ([deny(99)], True),
    ],
)
def test_overwrites_apply_from_everyone_to_member(overwrites, speaks):
    """@everyone, then roles (any allow beats any deny), then the member."""
    assert (SPEAK in granted(*overwrites, start=SPEAK)) is speaks


@given(BITS, BITS)
def test_an_administrator_is_beyond_overwrites(held, taken):
    """Nothing that a channel denies takes anything from an administrator."""
    start = base(held | Permission.ADMINISTRATOR, [])

    assert (
        granted(deny(EVERYONE, taken), deny(MEMBER, taken), start=start) == EVERYTHING
    )


@given(BITS, st.booleans())
def test_a_channel_that_is_not_seen_gives_nothing(held, is_voice):
    """Without VIEW_CHANNEL everything else is gone."""
    assert implied(held & ~Permission.VIEW_CHANNEL, is_voice=is_voice) == NOTHING


def test_without_connect_a_voice_channel_gives_next_to_nothing():
    """Denying CONNECT implicitly denies the rest, MANAGE_CHANNELS included."""
    left = implied(EVERYTHING & ~Permission.CONNECT, is_voice=True)

    assert left == Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
