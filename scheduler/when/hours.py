"""The hour in a text: ``19:30``, ``8pm``, ``a las 8 y media de la tarde``, ``noon``.

An hour from 1 to 11 without more has two meanings. Talk is held in the evening: up to
nine it is taken as afternoon, ten and eleven as morning, and the other is offered.

Rules:

- An hour is how long after the beginning of its day it is: midnight *at the end* of a
  day is 24 hours, and one *at night* is 25.
- Twelve and the small hours *at night* are those after the day that is named; the ones
  before it are offered. *Midnight* by itself is the other way round, and *24:00* is the
  end of the day for everybody.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from scheduler.when.vocabulary import NUMBERS, either
from scheduler.when.zones import NotATimeError

EVENING_UP_TO: Final = 9
"""The latest bare hour that is taken as afternoon or evening."""

SMALL_UP_TO: Final = 5
"""The latest hour *at night* that comes after midnight."""

_AM: Final = r"a\.?m\.?|de la madrugada|madrugada"
_MORNING: Final = r"de la manana|por la manana|in the morning|this morning|morning"
_PM: Final = (
    r"p\.?m\.?|de la tarde|por la tarde|esta tarde|del mediodia|in the afternoon"
    r"|this afternoon|afternoon|in the evening|this evening|evening|tarde"
)
_NIGHT: Final = r"de la noche|por la noche|esta noche|at night|tonight|night|noche"
_HOUR: Final = rf"(?P<hour>\d{{1,2}}|{either(NUMBERS)})"
_PART: Final = r"(?P<part>y media|y cuarto|menos cuarto|y (?P<over>\d{1,2}))"
_PAST: Final = (
    rf"(?P<past>half|(?:a )?quarter|\d{{1,2}}|{either(NUMBERS)}) (?P<side>past|to)"
)
_HALF: Final = rf"(?P<half>{_AM}|{_MORNING}|{_PM}|{_NIGHT})(?!\w)"
_CLOCK: Final = r"(?:h|hs|hrs?|horas|uhr|o'?clock)"

_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\d/-])(?P<hour>\d{{1,2}})[:.h](?P<minute>\d{{2}})(?!\d)"
        rf"(?:\s*{_CLOCK}\b)?(?:\s*{_HALF})?",
        rf"(?:\bat\s+)?\b{_PAST} {_HOUR}\b(?:\s*{_HALF})?",
        rf"(?:\ba las?|\bat)\s+{_HOUR}\b(?:\s+{_PART})?(?:\s*{_CLOCK}\b)?"
        rf"(?:\s*{_HALF})?",
        rf"(?<![\d/:-])(?<!\w){_HOUR}\s*{_HALF}",
        rf"(?<![\d/:-])(?P<hour>\d{{1,2}})\s?{_CLOCK}(?!\w)",
        r"(?<![\d/:-])(?<!\bel )(?<!\bthe )(?<!\bdia )(?P<hour>\d{1,2})"
        r"(?![\d/:-]|\s+(?:de|of)\b|st|nd|rd|th)\s*$",
    )
)
_NOON: Final = re.compile(r"\b(?:a(?:l| la)? |at )?(?:12 )?(?:noon|midday|mediodia)\b")
_MIDNIGHT: Final = re.compile(
    r"\b(?:a(?:l| la)? |at )?(?:12 )?(?:midnight|medianoche)\b"
)
_TODAY: Final = re.compile(r"tonight|this |esta ")
_ELSEWHERE: Final = re.compile(rf"(?<!\w){_HALF}")


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour that was found."""

    times: tuple[timedelta, ...]
    """How long after the beginning of the day it may be, the likelier first."""

    rest: str
    """The text without it."""


def find(text: str) -> Hour | None:
    """Find the hour in a folded text; None without one. Raises NotATimeError."""
    midnight = _MIDNIGHT.search(text)
    if midnight:
        rest = _without(text, midnight)
        last = _kind(_elsewhere(rest)) == _NIGHT
        return Hour(_both(0, after=last), without_half(rest))
    for pattern in _PATTERNS:
        match = pattern.search(text)
        if match:
            half = match.groupdict().get("half")
            rest = f"{_without(text, match)} {half or ''}"
            kind = _kind(half or _elsewhere(rest))
            return Hour(_times(match, kind), without_half(rest))
    noon = _NOON.search(text)
    if noon:
        return Hour((timedelta(hours=12),), without_half(_without(text, noon)))
    return None


def without_half(text: str) -> str:
    """Return the text without a half of the day, unless it says which day, too."""
    return _ELSEWHERE.sub(lambda m: m[0] if _TODAY.match(m[0]) else " ", text)


def _elsewhere(rest: str) -> str | None:
    """Return the half of the day where it stands apart: *tonight at 9*."""
    found = _ELSEWHERE.search(rest)
    return found["half"] if found else None


def _kind(half: str | None) -> str | None:
    """Return which of the four a half of the day is."""
    if half is None:
        return None
    kinds = (_AM, _MORNING, _PM, _NIGHT)
    return next(one for one in kinds if re.fullmatch(one, half))


def _times(match: re.Match[str], kind: str | None) -> tuple[timedelta, ...]:
    groups = match.groupdict()
    written = groups["hour"]
    hour, minute = _number(written), int(groups.get("minute") or 0)
    match groups.get("part"):
        case "y media":
            minute = 30
        case "y cuarto":
            minute = 15
        case "menos cuarto":
            hour, minute = hour - 1, 45
        case str():
            minute = int(groups["over"])
    if past := groups.get("past"):
        minute = {"half": 30, "quarter": 15}.get(past.removeprefix("a ")) or _number(
            past
        )
        if groups["side"] == "to":
            hour, minute = hour - 1, 60 - minute
    if hour == 0 and written.strip("0"):
        hour = 12  # a quarter to one
    if not (0 <= hour <= 24 and 0 <= minute < 60) or (hour == 24 and minute):
        raise NotATimeError("when.no_such_hour", text=match.group().strip())
    if kind is not None and hour <= 12:
        return _in_half(hour, minute, kind)
    if hour == 24:
        return (timedelta(hours=24),)
    return _bare(hour, minute, padded=written.startswith("0"))


def _number(written: str) -> int:
    return NUMBERS[written] if written in NUMBERS else int(written)


def _in_half(hour: int, minute: int, kind: str) -> tuple[timedelta, ...]:
    """Return what an hour up to twelve means in a half of the day."""
    if kind == _NIGHT and (hour == 12 or hour <= SMALL_UP_TO):
        return _both(hour % 12, minute, after=True)
    if kind == _MORNING and hour == 12:
        # Noon in Spain, where the morning lasts until one eats.
        return timedelta(hours=12, minutes=minute), timedelta(minutes=minute)
    evening = kind in (_PM, _NIGHT)
    return (timedelta(hours=hour % 12 + 12 * evening, minutes=minute),)


def _both(hour: int, minute: int = 0, *, after: bool) -> tuple[timedelta, ...]:
    """Return an hour of the night before a day and of the one after it."""
    first = timedelta(hours=hour, minutes=minute)
    both = first, first + timedelta(days=1)
    return both[::-1] if after else both


def _bare(hour: int, minute: int, *, padded: bool) -> tuple[timedelta, ...]:
    """Return what an hour without *am* or *pm* may mean, the likelier first."""
    first = timedelta(hours=hour, minutes=minute)
    if padded or hour == 0 or hour >= 12:
        return (first,)
    both = first, first + timedelta(hours=12)
    return both[::-1] if hour <= EVENING_UP_TO else both


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} {text[match.end() :]}"
