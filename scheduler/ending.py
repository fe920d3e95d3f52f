"""Where a series ends, as people type it: ``20 December``, ``6 times``, ``never``."""

import re
from datetime import date, datetime
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from scheduler.occurrences import LAST, Recurrence
from scheduler.plans import PlanRefused
from scheduler.when.reading import read_days

MOST: Final = 500
"""Times that a series may be said to come."""

_COUNT: Final = re.compile(r"(\d{1,4})(?: ?(?:x|times|veces|spaces|espacios))?")
_NEVER: Final = frozenset({"never", "no end", "nunca", "sin fin"})


def last_day(text: str, rule: Recurrence, now: datetime) -> date | None:
    """Return the last day of a rule by what was typed; None for *never*.

    Raises NotATimeError for what is no day, PlanRefused for one before the first.
    """
    first = next(rule.days())
    counted = _COUNT.fullmatch(" ".join(text.casefold().split()))
    if counted:
        times = int(counted[1])
        if not 1 <= times <= MOST:
            raise PlanRefused("series.no_count", n=MOST)
        return next(islice(rule.days(), times - 1, None))
    found = end_day(text, rule.zone, now, first)
    if found < first:
        raise PlanRefused("series.after_its_end", until=found.isoformat())
    return found if found < LAST else None


def end_day(text: str, zone: str, now: datetime, first: date) -> date:
    """Return the day that was typed, the earliest from ``first`` on if there is one.

    ``LAST`` for *never*. Raises NotATimeError.
    """
    if " ".join(text.casefold().split()) in _NEVER:
        return LAST
    found = read_days(text, now, ZoneInfo(zone))
    return min((day for day in found if day >= first), default=found[0])
