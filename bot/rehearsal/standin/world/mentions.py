"""Whom a message mentions, given what its author allows.

Discord, "Allowed Mentions Object": without one everything mentioned counts; with
one only what ``parse``, ``users`` and ``roles`` let through does.
"""

import re
from dataclasses import dataclass

from bot.rehearsal.standin.refusals import Fault

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(everyone|here)")


@dataclass(frozen=True, slots=True)
class Mentions:
    """Who is mentioned."""

    users: list[int]
    roles: list[int]
    everyone: bool


TYPES = ("users", "roles", "everyone")
MOST_NAMED = 100


def faults(allowed: dict[str, object] | None) -> list[Fault]:
    """Return what is wrong with an author's ``allowed_mentions``."""
    if allowed is None:
        return []
    wrong: list[Fault] = []
    parse = _list(allowed, "parse")
    for index, one in enumerate(parse):
        if one not in TYPES:
            words = f"Value must be one of {TYPES}."
            path = ("allowed_mentions", "parse", index)
            wrong.append(Fault(path, "BASE_TYPE_CHOICES", words))
    for key in ("users", "roles"):
        named = _list(allowed, key)
        if named and key in parse:
            words = f'parse:["{key}"] and {key}: [ids...] are mutually exclusive.'
            code = "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"
            wrong.append(Fault(("allowed_mentions",), code, words))
        if len(named) > MOST_NAMED:
            words = f"Must be {MOST_NAMED} or fewer in length."
            wrong.append(
                Fault(("allowed_mentions", key), "BASE_TYPE_MAX_LENGTH", words)
            )
    return wrong


def find(content: str, allowed: dict[str, object] | None) -> Mentions:
    """Return the mentions in a text that the author allows to work."""
    users, roles = _unique(USER, content), _unique(ROLE, content)
    everyone = EVERYONE.search(content) is not None
    if allowed is None:
        return Mentions(users, roles, everyone)
    parse = _list(allowed, "parse")
    if "users" not in parse:
        users = [one for one in users if str(one) in _list(allowed, "users")]
    if "roles" not in parse:
        roles = [one for one in roles if str(one) in _list(allowed, "roles")]
    return Mentions(users, roles, everyone and "everyone" in parse)


def _unique(pattern: re.Pattern[str], content: str) -> list[int]:
    return list(dict.fromkeys(int(one) for one in pattern.findall(content)))


def _list(allowed: dict[str, object], key: str) -> list[str]:
    value = allowed.get(key)
    return [str(one) for one in value] if isinstance(value, list) else []
