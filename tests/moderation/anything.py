"""Events at random, for the state machines: any class, few people, likely numbers."""

import dataclasses
from functools import cache
from types import UnionType
from typing import get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from moderation.events import (
    KINDS,
    Answer,
    HandRaised,
    InvitationAnswered,
    MemberJoined,
    NextCalled,
    SpaceClosed,
    SpaceEnded,
    SpaceOpened,
    SpeechEnded,
)
from moderation.ladder import LadderSettings, Rung
from moderation.requests import QueueMode, RequestKind
from moderation.settings import Gate, RoomKind, SpaceSettings

HOST = 1
USERS = tuple(range(1, 8))
STAFF = (HOST, HOST, HOST, 2, 7, 3)
"""Who acts: mostly the host, a likely co-host, a likely moderator, somebody else."""

LIKELY = {
    "by": STAFF,
    "user_id": USERS,
    "other_id": USERS,
    "seen_id": USERS,
    "about_id": USERS,
    "host_id": USERS,
    "cap": (1, 2, 3, 4, 5, 6, 13, 14),
    "number": (0, 1, 1, 2, 3),
    "language": ("", "es", "xx"),
    "into": (1, 2, 3),
    "position": (0, 1, 2, 3, 9),
    "away_s": (0.0, 30.0),
    "left_s": (30.0, 10.0),
    "side": ("for", "against", "else"),
    "until": (None, 50.0, 500.0),
    "url": ("https://example.org", "nonsense"),
    "version": ("", "2"),
    "rules_version": ("", "2"),
}
TEXTS = ("", "bees", "x" * 4000, "@everyone \u202eاب\n")
NUMBERS = {float: (0.0, 1.5, 5.0, 60.0), int: (0, 1, 2, 9), str: TEXTS}
ENDINGS = (SpaceEnded, SpaceClosed)
LASTING = tuple(
    kind for kind in KINDS.values() if kind is not SpaceOpened and kind not in ENDINGS
)
"""Every class of event but the opening and the ends."""

hints = cache(get_type_hints)


def any_value(rng, name, hint):
    """Return a likely value of one field."""
    if name in LIKELY:
        return rng.choice(LIKELY[name])
    if get_origin(hint) is UnionType:
        inner = next(arg for arg in get_args(hint) if arg is not type(None))
        return None if rng.random() < 0.5 else any_value(rng, name, inner)
    if get_origin(hint) is tuple:
        item = get_args(hint)[0]
        return tuple(any_value(rng, "", item) for _ in range(rng.randint(0, 2)))
    if hint in NUMBERS:
        return rng.choice(NUMBERS[hint])
    if hint is bool:
        return rng.random() < 0.5
    if dataclasses.is_dataclass(hint):
        return any_of(rng, hint)
    return rng.choice(list(hint))


def any_of(rng, kind):
    """Return a likely value of one class."""
    fields = dataclasses.fields(kind)
    return kind(**{f.name: any_value(rng, f.name, hints(kind)[f.name]) for f in fields})


def any_event(rng, space):
    """Return what might happen next in ``space``: anything, but people mostly talk."""
    chance, user_id = rng.random(), rng.choice(USERS)
    if chance < 0.5:
        return any_of(rng, rng.choice(LASTING))
    if chance < 0.6:
        return MemberJoined(user_id, moderator=user_id == USERS[-1])
    if chance < 0.7:
        return HandRaised(user_id, rng.choice(list(RequestKind)), rng.choice(TEXTS))
    if chance < 0.8:
        return NextCalled(HOST)
    if chance < 0.9:
        invited = list(space.state.floor.invitations) or [user_id]
        return InvitationAnswered(rng.choice(invited), rng.choice(list(Answer)))
    return SpeechEnded(user_id, rng.choice([0.4, 2.0, 5.0]))


SETTINGS = st.builds(
    SpaceSettings,
    cap=st.integers(2, 5),
    queue_mode=st.sampled_from(QueueMode),
    sides=st.just(("for", "against")),
    turn_s=st.sampled_from([None, 20.0, 60.0]),
    auto_end=st.booleans(),
    auto_call=st.booleans(),
    invitation_s=st.just(15.0),
    seat_grace_s=st.just(20.0),
    host_grace_s=st.just(20.0),
    orphan_s=st.just(200.0),
    slow_queue_s=st.sampled_from([0.0, 5.0]),
    seed=st.integers(0, 3),
    ladder=st.builds(LadderSettings, rungs=st.just(tuple(Rung)), gap_s=st.just(1.0)),
    gate=st.builds(Gate, rules_version=st.sampled_from(["", "", "2"])),
)


def openings():
    """Return the strategy for the first event of a journal."""
    return st.builds(
        SpaceOpened,
        space_id=st.just(1),
        guild_id=st.just(2),
        channel_id=st.just(3),
        kind=st.sampled_from(RoomKind),
        host_id=st.just(HOST),
        topic=st.just("bees"),
        settings=SETTINGS,
    )
