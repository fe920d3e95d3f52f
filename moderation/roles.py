"""Roles in a Space, and the rights table: who may do what, and to whom.

Rule 1: a role belongs to one Space; it is no guild role. A member has one role, and
may be a moderator of the guild besides.
Rule 2: what is not in ``RIGHTS`` is not allowed.
Rule 3: nobody acts on somebody who stands above them; only a guild moderator may
act on the host, and nobody acts on a guild moderator but another one.

The words are those of Twitter Spaces: host, co-host, speaker, listener.
"""

from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a member is in one Space, highest first."""

    HOST = "host"
    COHOST = "cohost"
    SPEAKER = "speaker"
    LISTENER = "listener"


class Right(Enum):
    """What somebody may do because of who they are."""

    END_ROOM = "end_room"
    PAUSE_ROOM = "pause_room"
    NAME_COHOSTS = "name_cohosts"
    HAND_OVER = "hand_over"
    CALL = "call"
    DEMOTE = "demote"
    RUN_QUEUE = "run_queue"
    RUN_CLOCK = "run_clock"
    HUSH = "hush"
    LOCK = "lock"
    SET_TOPIC = "set_topic"
    RECORD = "record"
    RUN_QUESTIONS = "run_questions"
    WARN = "warn"
    MUTE = "mute"
    REMOVE = "remove"
    BAN = "ban"
    NOTE = "note"
    UNDO_CASE = "undo_case"
    ANSWER_NUDGE = "answer_nudge"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is when they act or are acted on."""

    role: Role
    """Role in the Space; the acting host counts as host."""

    moderator: bool = False
    """Moderates the guild."""


_MODERATOR = frozenset(
    {
        Right.END_ROOM,
        Right.PAUSE_ROOM,
        Right.HAND_OVER,
        Right.DEMOTE,
        Right.HUSH,
        Right.LOCK,
        Right.WARN,
        Right.MUTE,
        Right.REMOVE,
        Right.BAN,
        Right.NOTE,
        Right.UNDO_CASE,
    }
)

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.HOST: frozenset(Right),
    Role.COHOST: frozenset(Right)
    - {Right.END_ROOM, Right.NAME_COHOSTS, Right.HAND_OVER, Right.BAN},
    Role.SPEAKER: frozenset(),
    Role.LISTENER: frozenset(),
}
"""Rights of each role; a guild moderator has those of ``MODERATOR_RIGHTS`` besides."""

MODERATOR_RIGHTS = _MODERATOR
"""What a guild moderator may do in any Space: keep order, but not run the talk."""

_RANK = {Role.HOST: 3, Role.COHOST: 2, Role.SPEAKER: 1, Role.LISTENER: 1}


def has_right(who: Standing, right: Right) -> bool:
    """Say whether ``who`` has ``right``, whomever it is used on."""
    return right in RIGHTS[who.role] or (who.moderator and right in MODERATOR_RIGHTS)


def may_act_on(who: Standing, whom: Standing) -> bool:
    """Say whether ``who`` may use a right on ``whom``."""
    if who.moderator:
        return True
    if whom.moderator and who.role is not Role.HOST:
        return False
    return _RANK[who.role] > _RANK[whom.role]
