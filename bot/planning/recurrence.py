"""Discord's recurrence rule: what it can say of a series, and what it means; pure.

Rules:

- Discord counts in UTC: a series keeps its hour on the wall, so its rule is another
  one after clocks have changed, and the days until then are exceptions.
- It knows: every day, six sets of weekdays, one weekday every week or every other,
  the first to fourth weekday of a month. No end can be set. What it does not know has
  no rule, and its occurrences get an event each.

Source: Discord, "Guild Scheduled Event Recurrence Rule".
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from scheduler.occurrences import Frequency, Recurrence

MONTHLY, WEEKLY, DAILY = 1, 2, 3

SETS: Final = (
    frozenset({0, 1, 2, 3, 4}),
    frozenset({1, 2, 3, 4, 5}),
    frozenset({6, 0, 1, 2, 3}),
    frozenset({4, 5}),
    frozenset({5, 6}),
    frozenset({6, 0}),
)
"""Weekdays that "daily" may be restricted to; 0 is Monday."""

NTH_MOST: Final = 4
"""Discord's fifth is not "the last": some months have none."""


@dataclass(frozen=True, slots=True)
class NativeRule:
    """A rule as Discord keeps it."""

    start: int
    """One of its occurrences, Unix seconds."""

    frequency: int
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    """0 is Monday, in UTC, ascending."""

    nth: tuple[int, int] | None = None
    """Week of the month from 1, and weekday."""

    other: bool = False
    """It says something that we never do."""

    def as_kept(self) -> tuple[str, ...]:
        """Return it as texts, for ``event_as``."""
        return (
            str(self.start),
            str(self.frequency),
            str(self.interval),
            ",".join(map(str, self.weekdays)),
            ",".join(map(str, self.nth or ())),
        )

    def times(self) -> Iterator[int]:
        """Yield the occurrences from ``start`` on, Unix seconds, without end."""
        at = datetime.fromtimestamp(self.start, UTC)
        while at.year < LAST_YEAR:
            if self._has(at):
                yield int(at.timestamp())
            at += timedelta(days=1)

    def _has(self, at: datetime) -> bool:
        if self.frequency == MONTHLY:
            week, weekday = (at.day - 1) // 7 + 1, at.weekday()
            return (week, weekday) == self.nth
        if self.frequency == WEEKLY and self.interval > 1:
            first = datetime.fromtimestamp(self.start, UTC).date()
            weeks = (monday(at.date()) - monday(first)).days // 7
            return at.weekday() in self.weekdays and weeks % self.interval == 0
        return not self.weekdays or at.weekday() in self.weekdays

    def same_as(self, other: "NativeRule") -> bool:
        """Return whether both have the same occurrences where both have any."""
        if replace(self, start=0) != replace(other, start=0):
            return False
        first, second = sorted((self, other), key=lambda rule: rule.start)
        for at in first.times():
            if at >= second.start:
                return at == second.start
        return False


LAST_YEAR: Final = 2200


def monday(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def native_rule(rule: Recurrence, at: datetime) -> NativeRule | None:
    """Return the rule around the occurrence ``at`` (aware, on the series' own clock).

    None where Discord has no rule like that.
    """
    utc = at.astimezone(UTC)
    shift = (utc.date() - at.date()).days
    start = int(at.timestamp())
    if rule.until is not None:
        return None
    match rule.frequency:
        case Frequency.DAILY:
            return NativeRule(start, DAILY) if rule.interval == 1 else None
        case Frequency.WEEKLY:
            local = rule.weekdays or {rule.first.weekday()}
            days = tuple(sorted((day + shift) % 7 for day in local))
            if len(days) == 1 and rule.interval in (1, 2):
                return NativeRule(start, WEEKLY, rule.interval, days)
            fits = frozenset(days) in SETS and rule.interval == 1
            return NativeRule(start, DAILY, 1, days) if fits else None
        case Frequency.MONTHLY:
            week = (rule.first.day - 1) // 7 + 1
            if shift or rule.interval != 1 or week > NTH_MOST:
                return None
            return NativeRule(start, MONTHLY, nth=(week, rule.first.weekday()))


def repeat_of(rule: NativeRule) -> str | None:
    """Return which of ``occurrences.REPEATS`` a rule made by hand means, or None."""
    if rule.other:
        return None
    if rule.frequency == MONTHLY and rule.nth is not None:
        return "monthly" if rule.nth[0] <= NTH_MOST else None
    if rule.frequency == WEEKLY and len(rule.weekdays) == 1:
        return {1: "weekly", 2: "fortnightly"}.get(rule.interval)
    if rule.frequency == DAILY and rule.interval == 1:
        if not rule.weekdays:
            return "daily"
        # Monday to Friday on the wall may be a day off in UTC.
        return "weekdays" if len(rule.weekdays) == 5 else None
    return None


def from_kept(kept: tuple[str, ...]) -> NativeRule:
    """Return the rule of ``as_kept``."""
    start, frequency, interval, weekdays, nth = kept
    week = [int(one) for one in nth.split(",") if one]
    return NativeRule(
        int(start),
        int(frequency),
        int(interval),
        tuple(int(one) for one in weekdays.split(",") if one),
        (week[0], week[1]) if week else None,
    )


def to_json(rule: NativeRule) -> dict[str, Any]:
    """Return the rule as Discord takes it."""
    found: dict[str, Any] = {
        "start": datetime.fromtimestamp(rule.start, UTC).isoformat(),
        "frequency": rule.frequency,
        "interval": rule.interval,
    }
    if rule.weekdays:
        found["by_weekday"] = list(rule.weekdays)
    if rule.nth is not None:
        found["by_n_weekday"] = [{"n": rule.nth[0], "day": rule.nth[1]}]
    return found


def from_json(data: dict[str, Any] | None) -> NativeRule | None:
    """Return the rule that Discord shows, None for an event that comes once."""
    if data is None:
        return None
    nth = data.get("by_n_weekday") or []
    rest = ("end", "by_month", "by_month_day", "by_year_day", "count")
    return NativeRule(
        start=int(datetime.fromisoformat(data["start"]).timestamp()),
        frequency=data["frequency"],
        interval=data.get("interval") or 1,
        weekdays=tuple(sorted(data.get("by_weekday") or ())),
        nth=(nth[0]["n"], nth[0]["day"]) if len(nth) == 1 else None,
        other=len(nth) > 1 or any(data.get(name) is not None for name in rest),
    )
