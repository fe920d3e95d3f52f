"""The day in a text: ``tomorrow``, ``el jueves``, ``30 de noviembre``, ``2026-11-30``.

A day without a year is the next one there is. ``d/m`` is day first, as in Spain and
most of the world, unless only the other reading is a date.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from scheduler.when.vocabulary import MONTHS, WEEKDAYS, either
from scheduler.when.zones import NotATimeError

YEARS: Final = range(1970, 2200)
"""Years that anybody may mean."""

_MONTH: Final = rf"(?P<month>{either(MONTHS)})"
_YEAR: Final = r"(?:,?\s+(?:de(?:l)?\s+)?(?P<year>\d{4}))?"


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was found."""

    days: tuple[date, ...]
    """What it may mean, the likelier first."""

    rest: str
    """The text without it."""

    rolls: bool = False
    """With an hour that is over, the same day a week or a year later is meant."""


def find(text: str, today: date) -> Day | None:
    """Find the day in a folded text; None without one. Raises NotATimeError."""
    for pattern, read in _READERS:
        match = pattern.search(text)
        if match:
            days = read(match, today)
            rest = f"{text[: match.start()]} {text[match.end() :]}"
            return Day(days, rest, rolls=read is _weekday)
    return None


def _iso(match: re.Match[str], today: date) -> tuple[date, ...]:
    year, month, day = (int(group) for group in match.groups())
    return (_date(year, month, day, match),)


def _slashed(match: re.Match[str], today: date) -> tuple[date, ...]:
    first, second, year = match.group("a", "b", "year")
    day, month = int(first), int(second)
    if month > 12 >= day:
        day, month = month, day
    if year is not None:
        full = int(year) + (2000 if len(year) == 2 else 0)
        return (_date(full, month, day, match),)
    return (_next(today, month, day, match),)


def _named(match: re.Match[str], today: date) -> tuple[date, ...]:
    month, day = MONTHS[match["month"]], int(match["day"])
    if match["year"] is not None:
        return (_date(int(match["year"]), month, day, match),)
    return (_next(today, month, day, match),)


def _word(match: re.Match[str], today: date) -> tuple[date, ...]:
    return (today + timedelta(days=_WORDS[match.group(1)]),)


def _weekday(match: re.Match[str], today: date) -> tuple[date, ...]:
    ahead = (WEEKDAYS[match["weekday"]] - today.weekday()) % 7
    nearest = today + timedelta(days=ahead)
    if match["this"]:
        return (nearest,)
    if match["next"] or match["coming"]:
        # "next friday" is the coming one to some and the one after to others.
        coming = nearest if ahead else nearest + timedelta(days=7)
        return coming, coming + timedelta(days=7)
    return (nearest,)


_WORDS: Final = {
    "day after tomorrow": 2,
    "pasado manana": 2,
    "tomorrow": 1,
    "tonight": 0,
    "today": 0,
    "esta noche": 0,
    "esta tarde": 0,
    "hoy": 0,
    "manana": 1,
}

_Reader = Callable[[re.Match[str], date], tuple[date, ...]]

_READERS: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = (
    (re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b"), _iso),
    (
        re.compile(
            r"\b(?P<a>\d{1,2})[/-](?P<b>\d{1,2})(?:[/-](?P<year>\d{4}|\d{2}))?\b"
        ),
        _slashed,
    ),
    (
        re.compile(
            rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:de\s+|of\s+)?{_MONTH}\b{_YEAR}"
        ),
        _named,
    ),
    (
        re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:){_YEAR}"),
        _named,
    ),
    (re.compile(rf"(?<!la )\b({either(_WORDS)})\b"), _word),
    (
        re.compile(
            rf"\b(?:(?P<this>this|este)\s+|(?P<next>next|proximo|siguiente)\s+)?"
            rf"(?P<weekday>{either(WEEKDAYS)})\b"
            r"(?P<coming>\s+que viene|\s+proximo|\s+siguiente)?"
        ),
        _weekday,
    ),
)


def _date(year: int, month: int, day: int, match: re.Match[str]) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        found = date.min
    if found.year not in YEARS:
        raise NotATimeError("when.no_such_day", text=match.group().strip())
    return found


def _next(today: date, month: int, day: int, match: re.Match[str]) -> date:
    """Return the next such day that there is; 29 February may be years ahead."""
    for year in range(today.year, today.year + 9):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise NotATimeError("when.no_such_day", text=match.group().strip())
