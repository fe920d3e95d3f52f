"""One text, one instant: ``el jueves a las 8``, ``next friday 19:30``, ``in 2 hours``.

The caller says what time it is and where the reader's clock hangs; the answer carries
every other meaning, so that nobody comes on the wrong evening.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

from scheduler.when import days, hours
from scheduler.when.vocabulary import FILLERS, NUMBERS, UNITS, either
from scheduler.when.zones import NotATimeError, after_gap, instants

LONGEST_TEXT: Final = 100
"""Characters that are looked at."""

SMALL_HOURS: Final = 6
"""Hour until which it is still the night of the day before."""

_IN: Final = (
    rf"\b(?:in|en|dentro de)\s+(?:(?P<amount>\d{{1,4}}(?:[.,]\d)?|{either(NUMBERS)})"
    rf"\s*)?(?P<unit>{either(UNITS)})(?P<half> y media| and a half)?"
)
_MORE: Final = r"\s*(?:,|and|y)?\s*(?P<minutes>\d{1,2})\s*(?:m|mins?|minut[eo]s?)?"
_AHEAD: Final = re.compile(rf"{_IN}(?![\w:])")
_HOURS_AHEAD: Final = re.compile(rf"{_IN}{_MORE}(?![\w:])")
_HALF_HOUR: Final = re.compile(r"\b(?:in|en|dentro de)\s+(?:half an hour|media hora)\b")
_MINUTES: Final = re.compile(r"(\d{1,3})\s*(?:m|mins?|minut[eo]s?)")

_STAMP: Final = re.compile(r"<t:(\d{1,11})(?::[a-z])?>")
"""Discord's own way to write an instant, as people copy it from elsewhere."""

_LAST: Final = datetime(days.YEARS.stop, 1, 1, tzinfo=UTC).timestamp()

_ISO: Final = re.compile(
    r"(?<!\d)(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(?!\d)"
)
_ZONE: Final = re.compile(
    r"(?:\b(?:utc|gmt)|(?<=\d)z\b)(?:\s?(?P<sign>[+-])(?P<hours>\d{1,2})"
    r"(?::?(?P<minutes>\d{2}))?)?(?!\w)"
)
_ABBREVIATED: Final = re.compile(
    r"\b(?:[ecmp][sd]?t|ak[sd]t|cest|cet|eest|eet|west|wet|bst|ist|msk|aest|aedt|jst"
    r"|kst|sgt|nzst|nzdt|hora de \w+|\w+ time)\b"
)
_RANGE: Final = re.compile(
    r"\d{1,2}(?:[:h]\d{2}|\s*(?:[ap]\.?m\b\.?|h\b))\s*(?:-|\u2013|to|until|till|a|hasta)"
    r"\s*(?:las?\s)?\d{1,2}(?!\d)"
    r"|\b\d{1,2}\s*[-\u2013]\s*\d{1,2}(?::\d{2})?\s*(?:[ap]\.?m\b|h\b)"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text means."""

    at: datetime
    """The likeliest instant, in the reader's zone."""

    others: tuple[datetime, ...] = ()
    """What else it may mean, the likelier first."""


def read(
    text: str, now: datetime, where: ZoneInfo, day_of: date | None = None
) -> Reading:
    """Read ``text`` as typed at ``now`` by somebody whose clock hangs in ``where``.

    A text with an hour and no day means the next such hour, or that of ``day_of``
    where somebody changes what is on that day already.

    Raises NotATimeError with the key of what is wrong: nothing in it is a time, the
    day or the hour is not there, the two days in it do not fit, it has an end as well,
    it is on a clock that is not known, it is over, or spring skips it.
    """
    folded = _fold(text[:LONGEST_TEXT])
    if _RANGE.search(folded):
        raise NotATimeError("when.range", text=text)
    folded, clock = _zoned(folded, where)
    local = now.astimezone(clock)
    exact = _exact(folded, local)
    if exact is not None:
        if exact.timestamp() <= now.timestamp():
            raise NotATimeError("when.past", text=text)
        return Reading(exact.astimezone(where))
    hour = hours.find(_shield(folded))
    rest = _unshield(hour.rest) if hour else hours.without_half(folded)
    day = days.find(rest, local.date())
    _check_rest(day.rest if day else rest)
    if hour is None:
        raise NotATimeError("when.no_hour" if day else "when.unknown", text=text)
    if day is None and day_of is not None:
        day = days.Day((day_of,), rest)
    ahead = [at.astimezone(where) for at in _ahead(day, hour, now, clock)]
    if not ahead:
        raise NotATimeError("when.past", text=text)
    return Reading(ahead[0], tuple(ahead[1:]))


def read_days(text: str, now: datetime, where: ZoneInfo) -> tuple[date, ...]:
    """Return what days a text may mean that has no hour. Raises NotATimeError."""
    day = days.find(_fold(text[:LONGEST_TEXT]), now.astimezone(where).date())
    if day is None:
        raise NotATimeError("when.unknown", text=text)
    _check_rest(day.rest)
    return day.days


def _zoned(text: str, where: ZoneInfo) -> tuple[str, tzinfo]:
    """Return the text without its clock, and that clock. Raises NotATimeError."""
    found = _ZONE.search(text)
    if found is None:
        other = _ABBREVIATED.search(text)
        if other:
            raise NotATimeError("when.other_clock", text=other.group())
        return text, where
    ahead = timedelta(
        hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0)
    )
    if ahead > timedelta(hours=14):
        raise NotATimeError("when.unknown", text=found.group())
    clock = timezone(-ahead if found["sign"] == "-" else ahead)
    return f"{text[: found.start()]} {text[found.end() :]}", clock


def _exact(text: str, local: datetime) -> datetime | None:
    """Return the instant of a text that says which, or how long it is until then."""
    stamp = _STAMP.search(text)
    if stamp:
        _check_rest(text.replace(stamp.group(), " "))
        if int(stamp[1]) >= _LAST:
            raise NotATimeError("when.no_such_day", text=stamp.group())
        return datetime.fromtimestamp(int(stamp[1]), local.tzinfo)
    return _relative(text, local)


def _relative(text: str, local: datetime) -> datetime | None:
    half = _HALF_HOUR.search(text)
    if half:
        _check_rest(text.replace(half.group(), " "))
        return local + timedelta(minutes=30)
    alone = _MINUTES.fullmatch(text)
    if alone:
        return local + timedelta(minutes=int(alone[1]))
    match = _HOURS_AHEAD.search(text)
    if match is None or UNITS[match["unit"]] != "hours":
        match = _AHEAD.search(text)
    if match is None:
        return None
    unit, written = UNITS[match["unit"]], match["amount"]
    rest = f"{text[: match.start()]} {text[match.end() :]}"
    if unit in ("days", "weeks") and hours.find(_shield(rest)):
        return None  # a day and an hour
    _check_rest(rest)
    if written is None and not match["half"]:
        raise NotATimeError("when.unknown", text=match.group())
    amount = float(NUMBERS.get(written or "one") or (written or "").replace(",", "."))
    amount += 0.5 if match["half"] else 0.0
    if unit in ("days", "weeks"):  # the same hour on the clock, whatever summer time
        days_ahead = amount * (7 if unit == "weeks" else 1)
        wall = local.replace(tzinfo=None) + timedelta(days=days_ahead)
        found = instants(wall, local.tzinfo or UTC)
        return found[0] if found else after_gap(wall, local.tzinfo or UTC)
    minutes = int(match.groupdict().get("minutes") or 0)
    return local + timedelta(**{unit: amount}) + timedelta(minutes=minutes)


def _ahead(
    day: days.Day | None, hour: hours.Hour, now: datetime, where: tzinfo
) -> list[datetime]:
    """Return every meaning that is still to come, the likelier first."""
    local = now.astimezone(where)
    today = local.date()
    wanted, times = day.days if day else (today,), hour.times
    if wanted == (today,) and local.hour < SMALL_HOURS:
        # It is night already: what is left of it is meant.
        times = tuple(sorted(times, key=lambda since: since >= timedelta(days=1)))
    ahead = _after(now, _instants(wanted, times, where))
    if ahead or (day and not day.rolls):
        return ahead
    # It is over today: the same hour tomorrow, or the same weekday next week.
    later = tuple(on + timedelta(days=7 if day else 1) for on in wanted)
    return _after(now, _instants(later, times, where))


def _after(now: datetime, found: list[datetime]) -> list[datetime]:
    # Not compared as they are: times of one zone compare by the clock, not in time.
    return [at for at in found if at.timestamp() > now.timestamp()]


def _instants(
    wanted: tuple[date, ...], times: tuple[timedelta, ...], where: tzinfo
) -> list[datetime]:
    """Return the instants of these days at those hours. Raises NotATimeError."""
    midnights = [datetime.combine(on, time.min) for on in wanted]
    locals_ = [start + since for start, since in product(midnights, times)]
    found = [at for local in locals_ for at in instants(local, where)]
    if not found:
        instead = after_gap(locals_[0], where)
        raise NotATimeError("when.skipped", instead_at=instead.timestamp())
    return found


def _check_rest(rest: str) -> None:
    """Refuse a text with words that were not understood: half a time is a wrong one."""
    for word in re.findall(r"[^\W_]+", rest):
        if word not in FILLERS:
            raise NotATimeError("when.unknown", text=word)


def _fold(text: str) -> str:
    # Telephones write the other apostrophe.
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("\u2019", "'"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(_ISO.sub(r"\1 \2", plain).split())


_DATES: Final = re.compile(
    r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?\b"
    r"|\b\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2}(?![.:]))?(?!\d)"
)
_DOTTED: Final = re.compile(r"\b(?:[12]?\d|0[1-9]|3[01])\.(?:1[0-2]|0?[1-9])\b(?!\.)")


def _shield(text: str) -> str:
    """Keep the digits of dates from being read as hours.

    ``20.12`` is a date where something else is the hour, and an hour otherwise.
    """
    shielded = _DATES.sub(_hidden, text)
    as_date = _DOTTED.sub(_hidden, shielded)
    return as_date if as_date != shielded and _has_hour(as_date) else shielded


def _has_hour(text: str) -> bool:
    try:
        return hours.find(text) is not None
    except NotATimeError:
        return False


def _hidden(match: re.Match[str]) -> str:
    return match.group().translate(_TO_LETTERS)


def _unshield(text: str) -> str:
    return text.translate(_TO_DIGITS)


_DIGITS: Final = "0123456789"
_HIDDEN: Final = "⓪①②③④⑤⑥⑦⑧⑨"
_TO_LETTERS: Final = str.maketrans(_DIGITS, _HIDDEN)
_TO_DIGITS: Final = str.maketrans(_HIDDEN, _DIGITS)
