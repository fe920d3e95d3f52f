"""A calendar file: plans and series together, with the time zones that they need.

The same plans make the same bytes: ``stamp`` is when what they say was last changed,
not when somebody asks, so that a calendar which asks again can be told that nothing
is new.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from icalendar import Calendar

from scheduler.calendars.entries import entry, utc
from scheduler.calendars.repeats import repeats
from scheduler.plans import Plan
from scheduler.repeated import PlannedSeries

PRODUCT: Final = "-//Tertulia//Tertulia//EN"
"""Who made the calendar (RFC 5545 3.7.3)."""

REFRESH: Final = timedelta(hours=1)
"""How often a subscriber is asked to look again (RFC 7986 5.7)."""

YEARS: Final = 10
"""How many years of clock changes come with a series that has no end."""


def feed(
    name: str,
    plans: Iterable[Plan],
    stamp: float,
    series: Sequence[tuple[PlannedSeries, Sequence[Plan]]] = (),
    hidden: frozenset[int] = frozenset(),
    year: int | None = None,
) -> bytes:
    """Return one calendar called ``name``.

    ``plans`` stand for themselves; ``series`` come each with all of its own plans.
    Nothing is said of a Space in a channel that is ``hidden``. ``year`` is the
    present one, to which clock changes are told from; the one of ``stamp`` otherwise.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for plan in plans:
        if plan.channel_id not in hidden:
            calendar.add_component(entry(plan, stamp))
    for planned, own in series:
        for component in repeats(planned, own, hidden, stamp):
            calendar.add_component(component)
    starts = [int(f"{one.start:%Y}") for one in calendar.events]
    present = year or utc(stamp).year
    calendar.add_missing_timezones(
        date(min([present, *starts]), 1, 1), date(present + YEARS, 1, 1)
    )
    text: bytes = calendar.to_ical()
    return text
