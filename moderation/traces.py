"""Whose an event of the journal is, what of it a member may have, what stays of it.

An event names people and holds words. Rule 1: every field that holds a number or a text
is in one of the tables below, so that a new one asks to be decided (a test walks them).
Rule 2: a member's own words are theirs; words about somebody to keep order are the
moderators'; what the Space is about (topic, agenda, links) is the Space's.

Works on the JSON of rows, not on events: rows of older versions are people's, too.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

PEOPLE: Final = frozenset(
    {"user_id", "by", "about_id", "other_id", "host_id", "seen_id"}
)
"""Fields that hold a member's id, in whatever event and however deep."""

OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "HandRaised": ("note",),
    "MomentMarked": ("note",),
    "QuestionAsked": ("text",),
    "ReportFiled": ("reason",),
}
"""Words of the member that ``user_id`` names, by event."""

STAFF: Final[Mapping[str, tuple[str, ...]]] = {
    "MemberWarned": ("reason",),
    "MemberMuted": ("reason",),
    "MemberRemoved": ("reason",),
    "MemberBanned": ("reason",),
    "MemberNoted": ("text",),
    "Invited": ("note",),
}
"""Words of staff about the member that ``user_id`` names, by event."""

SPACE: Final[Mapping[str, tuple[str, ...]]] = {
    "SpaceOpened": ("topic",),
    "TopicSet": ("text",),
    "TopicParked": ("text",),
    "AgendaItemAdded": ("text",),
    "LinkPinned": ("url", "label"),
    "LinkUnpinned": ("url",),
    "ReminderFired": ("text",),
}
"""What a Space is about, by event."""

PLAIN: Final = frozenset(
    {
        "account_created_at",
        "answer",
        "away_s",
        "back_s",
        "cap",
        "cause",
        "channel_id",
        "guild_id",
        "into",
        "joined_guild_at",
        "key",
        "language",
        "left_s",
        "minutes",
        "nudge_id",
        "number",
        "position",
        "reason_key",
        "rule",
        "seconds",
        "settings",
        "share",
        "side",
        "space_id",
        "talk_s",
        "text_version",
        "until",
        "version",
    }
)
"""Fields that name nobody and hold nobody's words."""

TELLING: Final = ("account_created_at", "joined_guild_at")
"""Plain fields by whose value a member can be found all the same."""

OF_OTHERS: Final = frozenset({"MemberNoted", "ReportFiled"})
"""Events about somebody who does not get to read them: staff's notes, reports."""

REDACTED: Final = "█████"
"""What stands where a member's words stood."""

SOMEBODY: Final = "somebody else"
"""What stands in a member's copy where another one is named."""


def copy(name: str, body: str, user_id: int) -> dict[str, Any] | None:
    """Return the member's copy of an event, others unnamed; None: it is not theirs.

    What others were told about somebody, and notes and reports about this member, are
    not theirs; a sanction with its reason is, as they were told it.
    """
    event: dict[str, Any] = json.loads(body)
    subject, actor = event.get("user_id"), event.get("by")
    mine = user_id in (subject, actor, event.get("host_id"), event.get("other_id"))
    if not mine or (name in OF_OTHERS and user_id != _author(name, event)):
        return None
    if subject != user_id:
        for field in STAFF.get(name, ()):
            event.pop(field, None)
    return {
        field: SOMEBODY if field in PEOPLE and value not in (user_id, None) else value
        for field, value in event.items()
        if field not in ("settings", "sanctions")
    }


def _author(name: str, event: Mapping[str, Any]) -> Any:
    return event.get("user_id") if name in OWN else event.get("by")


def without(name: str, body: str, user_id: int, stand_in: int) -> str:
    """Return an event that names ``stand_in`` where it named the member.

    Their own words go out of it, and staff's about them. What the Space was about
    stays: it is not theirs alone, and others acted on it.
    """
    event: dict[str, Any] = json.loads(body)
    if event.get("user_id") == user_id:
        for field in (*OWN.get(name, ()), *STAFF.get(name, ())):
            if event.get(field):
                event[field] = REDACTED
        for field in TELLING:
            event.pop(field, None)
    return replaced(json.dumps(event, ensure_ascii=False), user_id, stand_in)


def replaced(body: str, user_id: int, stand_in: int) -> str:
    """Return JSON with ``stand_in`` wherever it holds the member's id."""
    value = _replaced(json.loads(body), user_id, stand_in)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _replaced(value: Any, user_id: int, stand_in: int) -> Any:
    if isinstance(value, dict):
        return {
            key.replace(str(user_id), str(stand_in)): _replaced(one, user_id, stand_in)
            for key, one in value.items()
        }
    if isinstance(value, list):
        return [_replaced(one, user_id, stand_in) for one in value]
    if isinstance(value, str):  # a mention, or JSON within JSON
        return value.replace(str(user_id), str(stand_in))
    return stand_in if type(value) is int and value == user_id else value
