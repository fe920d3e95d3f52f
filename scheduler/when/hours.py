"""The hour in a text: ``19:30``, ``8pm``, ``a las 8 y media de la tarde``, ``noon``.

An hour from 1 to 11 without more has two meanings. Talk is held in the evening: up to
nine it is taken as afternoon, ten and eleven as morning, and the other is offered.
"""

import re
from dataclasses import dataclass
from datetime import time
from typing import Final

from scheduler.when.vocabulary import NUMBERS, either
from scheduler.when.zones import NotATimeError

EVENING_UP_TO: Final = 9
"""The latest bare hour that is taken as afternoon or evening."""

_AM: Final = r"a\.?m\.?|de la manana|de la madrugada|por la manana|in the morning"
_PM: Final = (
    r"p\.?m\.?|de la tarde|por la tarde|de la noche|por la noche|esta noche"
    r"|in the afternoon|in the evening|at night|tonight|del mediodia"
)
_HOUR: Final = rf"(?P<hour>\d{{1,2}}|{either(NUMBERS)})"
_PART: Final = r"(?P<part>y media|y cuarto|menos cuarto|y (?P<over>\d{1,2}))"
_HALF: Final = rf"(?P<half>{_AM}|{_PM})"

_NAMED: Final = {
    "noon": time(12),
    "mediodia": time(12),
    "midday": time(12),
    "midnight": time(0),
    "medianoche": time(0),
}

_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\d/-])(?P<hour>\d{{1,2}})[:.h](?P<minute>\d{{2}})(?!\d)"
        rf"(?:\s*h(?:oras|rs)?\b)?(?:\s*{_HALF})?",
        rf"(?:\ba las?|\bat)\s+{_HOUR}\b(?:\s+{_PART})?(?:\s*h\b)?(?:\s*{_HALF})?",
        rf"(?<![\d/:-])(?P<hour>\d{{1,2}})\s*{_HALF}",
        r"(?<![\d/:-])(?P<hour>\d{1,2})\s?(?:h|hrs?|horas|o'?clock)\b",
        r"(?<![\d/:-])(?P<hour>\d{1,2})(?![\d/:-]|\s+(?:de|of)\b|st|nd|rd|th)\s*$",
    )
)
_NAMED_PATTERN: Final = re.compile(rf"\b(?:a(?:l| la)? |at )?({either(_NAMED)})\b")
_EVENING: Final = re.compile(rf"\b(?:{_PM})(?!\w)")
_MORNING: Final = re.compile(rf"\b(?:{_AM})(?!\w)")


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour that was found."""

    times: tuple[time, ...]
    """What it may mean, the likelier first."""

    rest: str
    """The text without it."""


def find(text: str) -> Hour | None:
    """Find the hour in a folded text; None without one. Raises NotATimeError."""
    named = _NAMED_PATTERN.search(text)
    if named:
        return Hour((_NAMED[named.group(1)],), _without(text, named))
    for pattern in _PATTERNS:
        match = pattern.search(text)
        if match:
            rest = _without(text, match)
            half = match.groupdict().get("half") or _elsewhere(rest)
            rest = _MORNING.sub(" ", _EVENING.sub(" ", rest))
            return Hour(_times(match, half), rest)
    return None


def _elsewhere(rest: str) -> str | None:
    """Return the half of the day where it stands apart: *tonight at 9*."""
    found = _EVENING.search(rest) or _MORNING.search(rest)
    return found.group() if found else None


def _times(match: re.Match[str], half: str | None) -> tuple[time, ...]:
    groups = match.groupdict()
    written = groups["hour"]
    hour = NUMBERS[written] if written in NUMBERS else int(written)
    minute = int(groups.get("minute") or groups.get("over") or 0)
    match groups.get("part"):
        case "y media":
            minute = 30
        case "y cuarto":
            minute = 15
        case "menos cuarto":
            hour, minute = hour - 1, 45
    if not (0 <= hour <= 24 and minute < 60):
        raise NotATimeError("when.no_such_hour", text=match.group().strip())
    if half is not None and hour <= 12:
        evening = _EVENING.fullmatch(half) is not None
        return (time(hour % 12 + 12 * evening, minute),)
    return _bare(hour % 24, minute, padded=written.startswith("0"))


def _bare(hour: int, minute: int, *, padded: bool) -> tuple[time, ...]:
    """Return what an hour without *am* or *pm* may mean, the likelier first."""
    if padded or hour == 0 or hour >= 12:
        return (time(hour, minute),)
    both = time(hour, minute), time(hour + 12, minute)
    return both[::-1] if hour <= EVENING_UP_TO else both


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
