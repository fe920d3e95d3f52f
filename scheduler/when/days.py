"""The day in a text: ``tomorrow``, ``el jueves``, ``30 de noviembre``, ``2026-11-30``.

A day without a year is the next one there is. ``d/m`` is day first, as in Spain and
most of the world, and month first where that alone is a date; where both are, the other
is offered. With dots it is day first for everybody. A weekday beside a date has to fit.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from scheduler.when.vocabulary import MONTHS, NUMBERS, WEEKDAYS, either
from scheduler.when.zones import NotATimeError

YEARS: Final = range(1970, 2200)
"""Years that anybody may mean."""

_MONTH: Final = rf"(?P<month>{either(MONTHS)})\b\.?"
_YEAR: Final = r"(?:[,/-]?\s*(?:de(?:l)?\s+)?(?P<year>\d{4})\b)?"
_NTH: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_WEEKDAY: Final = rf"(?P<weekday>{either(WEEKDAYS)})\b"


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
            if read is _weekday:
                return Day(days, rest, rolls=True)
            return _fitting(days, rest)
    return None


def _fitting(days: tuple[date, ...], rest: str) -> Day:
    """Return the days that a weekday in the rest allows. Raises NotATimeError."""
    beside = _BESIDE.search(rest)
    if beside is None:
        return Day(days, rest)
    wanted = WEEKDAYS[beside["weekday"]]
    fitting = tuple(day for day in days if day.weekday() == wanted)
    if not fitting:
        raise NotATimeError(
            "when.other_weekday", text=beside["weekday"], date=days[0].isoformat()
        )
    return Day(fitting, f"{rest[: beside.start()]} {rest[beside.end() :]}")


def _iso(match: re.Match[str], today: date) -> tuple[date, ...]:
    year, month, day = (int(group) for group in match.groups())
    return (_date(year, month, day, match),)


def _slashed(match: re.Match[str], today: date) -> tuple[date, ...]:
    first, second = int(match["a"]), int(match["b"])
    readings = [(first, second)]
    if "." not in match.group().rstrip("."):
        readings.append((second, first))
    if readings[0][1] > 12 >= first:
        readings.reverse()
    found = [_ruled(match, today, *readings[0])]
    for day, month in readings[1:]:
        if month <= 12 and day != month:
            found.append(_ruled(match, today, day, month))
    return tuple(found)


def _ruled(match: re.Match[str], today: date, day: int, month: int) -> date:
    year = match["year"]
    if year is None:
        return _next(today, month, day, match)
    return _date(int(year) + (2000 if len(year) == 2 else 0), month, day, match)


def _named(match: re.Match[str], today: date) -> tuple[date, ...]:
    month, day = MONTHS[match["month"]], int(match["day"])
    if match["year"] is not None:
        return (_date(int(match["year"]), month, day, match),)
    return (_next(today, month, day, match),)


def _numbered(match: re.Match[str], today: date) -> tuple[date, ...]:
    """Return the next day of any month with a number."""
    day = int(match["day"])
    for months in range(13):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        try:
            found = date(year, month + 1, day)
        except ValueError:
            continue
        if found >= today:
            return (found,)
    raise NotATimeError("when.no_such_day", text=match.group().strip())


def _weekday_numbered(match: re.Match[str], today: date) -> tuple[date, ...]:
    return _fitting(_numbered(match, today), match["weekday"]).days


def _ahead(match: re.Match[str], today: date) -> tuple[date, ...]:
    written = match["amount"]
    amount = NUMBERS[written] if written in NUMBERS else int(written)
    weeks = match["unit"].startswith(("w", "s"))
    return (today + timedelta(days=amount * (7 if weeks else 1)),)


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
    "tmrw": 1,
    "tmr": 1,
    "tonight": 0,
    "today": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "esta noche": 0,
    "esta tarde": 0,
    "hoy": 0,
    "manana": 1,
}

_Reader = Callable[[re.Match[str], date], tuple[date, ...]]

_READERS: Final[tuple[tuple[re.Pattern[str], _Reader], ...]] = (
    (re.compile(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b"), _iso),
    (
        re.compile(
            r"\b(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})(?:[/.-](?P<year>\d{4}|\d{2})\b)?"
            r"(?![\d])\.?"
        ),
        _slashed,
    ),
    (re.compile(rf"\b{_NTH}\.?[\s/-]*(?:de\s+|of\s+)?{_MONTH}{_YEAR}"), _named),
    (re.compile(rf"\b{_MONTH}[\s/-]*{_NTH}\b(?!:){_YEAR}"), _named),
    (
        re.compile(
            rf"\b(?:in|en|dentro de)\s+(?P<amount>\d{{1,3}}|{either(NUMBERS)})\s*"
            r"(?P<unit>d|days?|dias?|w|weeks?|semanas?)\b"
        ),
        _ahead,
    ),
    (re.compile(rf"(?<!la )\b({either(_WORDS)})\b"), _word),
    (
        re.compile(rf"\b{_WEEKDAY},?\s+(?:(?:el|the|dia)\s+)?{_NTH}\b"),
        _weekday_numbered,
    ),
    (re.compile(rf"\b(?:el|the|dia)\s+{_NTH}\b"), _numbered),
    (re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th)\b"), _numbered),
    (
        re.compile(
            rf"\b(?:(?P<this>this|este)\s+|(?P<next>next|proximo|siguiente)\s+)?"
            rf"{_WEEKDAY}(?P<coming>\s+que viene|\s+proximo|\s+siguiente)?"
        ),
        _weekday,
    ),
)

_BESIDE: Final = re.compile(rf"\b(?:this\s+|este\s+)?{_WEEKDAY}")


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
