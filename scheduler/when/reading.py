"""One text, one instant: ``el jueves a las 8``, ``next friday 19:30``, ``in 2 hours``.

The caller says what time it is and where the reader's clock hangs; the answer carries
every other meaning, so that nobody comes on the wrong evening.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from typing import Final
from zoneinfo import ZoneInfo

from scheduler.when import days, hours
from scheduler.when.vocabulary import FILLERS, NUMBERS, UNITS, either
from scheduler.when.zones import NotATimeError, after_gap, instants

LONGEST_TEXT: Final = 100
"""Characters that are looked at."""

_AMOUNT: Final = rf"(?P<amount>\d{{1,4}}|{either(NUMBERS)})\s*(?P<unit>{either(UNITS)})"
_IN: Final = re.compile(rf"\b(?:in|en|dentro de)\s+{_AMOUNT}\b(?P<half> y media)?")
_HALF_HOUR: Final = re.compile(r"\b(?:in|en|dentro de)\s+(?:half an hour|media hora)\b")


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
    day or the hour is not there, it is over, or spring skips it.
    """
    folded = _fold(text[:LONGEST_TEXT])
    local = now.astimezone(where)
    soon = _relative(folded, local)
    if soon is not None:
        return Reading(soon)
    hour = hours.find(_shield(folded))
    rest = _unshield(hour.rest) if hour else folded
    day = days.find(rest if hour else folded, local.date())
    _check_rest(day.rest if day else rest)
    if hour is None:
        raise NotATimeError("when.no_hour" if day else "when.unknown", text=text)
    if day is None and day_of is not None:
        day = days.Day((day_of,), rest)
    ahead = _ahead(day, hour, now, where)
    if not ahead:
        raise NotATimeError("when.past", text=text)
    return Reading(ahead[0], tuple(ahead[1:]))


def _relative(text: str, local: datetime) -> datetime | None:
    half = _HALF_HOUR.search(text)
    if half:
        _check_rest(text.replace(half.group(), " "))
        return local + timedelta(minutes=30)
    match = _IN.search(text)
    if match is None:
        return None
    _check_rest(text.replace(match.group(), " "))
    written = match["amount"]
    amount = float(NUMBERS.get(written) or written) + (0.5 if match["half"] else 0.0)
    unit = UNITS[match["unit"]]
    if unit in ("days", "weeks"):  # the same hour on the clock, whatever summer time
        days_ahead = amount * (7 if unit == "weeks" else 1)
        wall = local.replace(tzinfo=None) + timedelta(days=days_ahead)
        zone = local.tzinfo
        assert isinstance(zone, ZoneInfo)  # noqa: S101 - read() made it so
        found = instants(wall, zone)
        return found[0] if found else after_gap(wall, zone)
    return local + timedelta(**{unit: amount})


def _ahead(
    day: days.Day | None, hour: hours.Hour, now: datetime, where: ZoneInfo
) -> list[datetime]:
    """Return every meaning that is still to come, the likelier first."""
    today = now.astimezone(where).date()
    wanted = day.days if day else (today,)
    ahead = _after(now, _instants(wanted, hour, where))
    if ahead or (day and not day.rolls):
        return ahead
    # It is over today: the same hour tomorrow, or the same weekday next week.
    later = tuple(on + timedelta(days=7 if day else 1) for on in wanted)
    return _after(now, _instants(later, hour, where))


def _after(now: datetime, found: list[datetime]) -> list[datetime]:
    # Not compared as they are: times of one zone compare by the clock, not in time.
    return [at for at in found if at.timestamp() > now.timestamp()]


def _instants(
    wanted: tuple[date, ...], hour: hours.Hour, where: ZoneInfo
) -> list[datetime]:
    """Return the instants of these days at that hour. Raises NotATimeError."""
    locals_ = [datetime.combine(on, at) for on, at in product(wanted, hour.times)]
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
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(
        "".join(c for c in decomposed if not unicodedata.combining(c)).split()
    )


_DATES: Final = re.compile(
    r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?\b"
)


def _shield(text: str) -> str:
    """Keep the digits of dates from being read as hours."""
    return _DATES.sub(lambda match: match.group().translate(_TO_LETTERS), text)


def _unshield(text: str) -> str:
    return text.translate(_TO_DIGITS)


_DIGITS: Final = "0123456789"
_HIDDEN: Final = "⓪①②③④⑤⑥⑦⑧⑨"
_TO_LETTERS: Final = str.maketrans(_DIGITS, _HIDDEN)
_TO_DIGITS: Final = str.maketrans(_HIDDEN, _DIGITS)
