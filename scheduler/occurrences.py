"""A series: which days a Space comes back on, and what becomes of one of them.

Rules:

- A series is a time on the wall: eight in the evening stays eight in the evening when
  clocks change. A time that spring skips moves to the first one after the gap; one that
  autumn repeats is its first.
- An occurrence is named by the local date that the rule gives it. Moving or cancelling
  it changes that one and no other; its name stays, wherever it is moved to.
- A day that a month does not have is left out, as in iCalendar (RFC 5545 §3.3.10).
"""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Final, Self
from zoneinfo import ZoneInfo

from scheduler.when.zones import after_gap, instants


class Frequency(Enum):
    """How a series comes back."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    """On the same weekday of the month: the second Thursday, the last Friday."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The rule of a series."""

    frequency: Frequency
    at: time
    """On the wall."""

    zone: str
    """IANA time zone."""

    first: date
    interval: int = 1
    """Every so many days, weeks or months."""

    weekdays: frozenset[int] = frozenset()
    """For weekly series, 0 is Monday; empty for the weekday of ``first``."""

    until: date | None = None
    """The last day that may have one; None for no end."""

    def days(self) -> Iterator[date]:
        """Yield the days of the series in order, perhaps without end."""
        for day in self._days():
            if self.until is not None and day > self.until:
                return
            if day >= self.first:
                yield day

    def falls_on(self, day: date) -> bool:
        """Say whether a day is one of the series."""
        return next((one for one in self.days() if one >= day), None) == day

    def start_on(self, day: date) -> datetime:
        """Return when it starts on one of its days, aware."""
        local, zone = datetime.combine(day, self.at), ZoneInfo(self.zone)
        shown = instants(local, zone)
        return shown[0] if shown else after_gap(local, zone)

    def _days(self) -> Iterator[date]:
        match self.frequency:
            case Frequency.DAILY:
                return self._steps(timedelta(days=self.interval))
            case Frequency.WEEKLY:
                return self._weeks()
            case Frequency.MONTHLY:
                return self._months()

    def _steps(self, step: timedelta) -> Iterator[date]:
        day = self.first
        while day <= LAST - step:
            yield day
            day += step

    def _weeks(self) -> Iterator[date]:
        wanted = sorted(self.weekdays or {self.first.weekday()})
        monday = self.first - timedelta(days=self.first.weekday())
        while monday <= LAST - timedelta(weeks=self.interval):
            for weekday in wanted:
                yield monday + timedelta(days=weekday)
            monday += timedelta(weeks=self.interval)

    def _months(self) -> Iterator[date]:
        nth = (self.first.day - 1) // 7
        months = self.first.year * 12 + self.first.month - 1
        while months // 12 < LAST.year:
            days = _of_month(months // 12, months % 12 + 1, self.first.weekday())
            if nth >= 4:
                yield days[-1]  # the fifth is the last: some months have only four
            else:
                yield days[nth]
            months += self.interval


REPEATS: Final = {
    "daily": (Frequency.DAILY, 1, frozenset[int]()),
    "weekdays": (Frequency.WEEKLY, 1, frozenset(range(5))),
    "weekly": (Frequency.WEEKLY, 1, frozenset[int]()),
    "fortnightly": (Frequency.WEEKLY, 2, frozenset[int]()),
    "monthly": (Frequency.MONTHLY, 1, frozenset[int]()),
}
"""What people choose from: frequency, interval, weekdays."""


def repeating(
    repeat: str, first: datetime, zone: str, until: date | None = None
) -> Recurrence:
    """Return the rule that ``repeat`` means for a series that begins at ``first``."""
    frequency, interval, weekdays = REPEATS[repeat]
    local = first.astimezone(ZoneInfo(zone))
    return Recurrence(
        frequency=frequency,
        at=time(local.hour, local.minute),
        zone=zone,
        first=local.date(),
        interval=interval,
        weekdays=weekdays,
        until=until,
    )


def repeat_of(rule: Recurrence) -> str | None:
    """Return the choice that a rule is like; None where it is like none."""
    weekdays = rule.weekdays
    if weekdays == {rule.first.weekday()}:
        weekdays = frozenset()
    found = rule.frequency, rule.interval, weekdays
    return next((name for name, one in REPEATS.items() if one == found), None)


LAST: Final = date(2199, 12, 31)
"""Where a series without an end is given up."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One Space of a series."""

    name: date
    """The local date that the rule gave it."""

    starts_at: datetime
    """Aware, in the zone of the series."""

    moved: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """A rule and what was done to single occurrences."""

    rule: Recurrence
    moved: Mapping[date, datetime] = field(default_factory=dict)
    """By name: when it is instead, aware."""

    cancelled: frozenset[date] = frozenset()

    def move(self, name: date, to: datetime) -> Self:
        """Return the series with one occurrence at another time."""
        return replace(
            self, moved={**self.moved, name: to}, cancelled=self.cancelled - {name}
        )

    def cancel(self, name: date) -> Self:
        """Return the series without one occurrence."""
        return replace(self, cancelled=self.cancelled | {name})

    def between(self, start: datetime, end: datetime) -> list[Occurrence]:
        """Return what starts from ``start`` up to before ``end``, in order.

        Both are aware. Occurrences that were moved into the time are in it, and those
        that were moved out of it are not.
        """
        zone = ZoneInfo(self.rule.zone)
        last = max([end, *self.moved.values()]).astimezone(zone).date()
        found = []
        for name in self.rule.days():
            if name > last and not any(later >= name for later in self.moved):
                break
            if name not in self.cancelled:
                found.append(self._occurrence(name, zone))
        inside = [one for one in found if _inside(one.starts_at, start, end)]
        return sorted(inside, key=lambda one: one.starts_at.timestamp())

    def _occurrence(self, name: date, zone: ZoneInfo) -> Occurrence:
        if name in self.moved:
            return Occurrence(name, self.moved[name].astimezone(zone), moved=True)
        return Occurrence(name, self.rule.start_on(name))


def _inside(at: datetime, start: datetime, end: datetime) -> bool:
    # By timestamp: aware times of one zone would compare by the clock.
    return start.timestamp() <= at.timestamp() < end.timestamp()


def _of_month(year: int, month: int, weekday: int) -> list[date]:
    """Return the days of a month that fall on a weekday."""
    _, length = calendar.monthrange(year, month)
    days = (date(year, month, day) for day in range(1, length + 1))
    return [day for day in days if day.weekday() == weekday]
