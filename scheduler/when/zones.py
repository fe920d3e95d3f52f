"""Wall clocks and instants: what a local time means in a zone with summer time.

In spring some local times do not exist, in autumn some exist twice (PEP 495 ``fold``).
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from scheduler.errors import SchedulerError


class NotATimeError(SchedulerError):
    """A text, or a local time, is no time; ``key`` is the text to show."""

    def __init__(self, key: str, **params: str | int | float) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone called ``name``. Raises NotATimeError.

    As people type it: in any case, with spaces, or by its city alone where there is
    one such city.
    """
    typed = "_".join(name.split())
    try:
        return ZoneInfo(_names().get(typed.casefold(), typed))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise NotATimeError("when.no_such_zone", zone=name) from error


@cache
def _names() -> Mapping[str, str]:
    """Return the names of all zones by what may be typed for them, in small letters."""
    names = sorted(available_timezones())
    cities: dict[str, list[str]] = {}
    for name in names:
        cities.setdefault(name.rpartition("/")[2].casefold(), []).append(name)
    found = {city: known[0] for city, known in cities.items() if len(known) == 1}
    return found | {name.casefold(): name for name in names}


def instants(local: datetime, where: tzinfo) -> tuple[datetime, ...]:
    """Return the instants at which clocks in ``where`` show the naive ``local``.

    None in the hour that spring skips, two in the hour that autumn repeats.
    """
    # Aware times of one zone compare by the clock, so instants are told apart in UTC.
    real: dict[datetime, datetime] = {}
    for fold in (0, 1):
        at = local.replace(tzinfo=where, fold=fold)
        if _shown(at, where) == local:
            real.setdefault(at.astimezone(UTC), at)
    return tuple(at for _, at in sorted(real.items()))


def after_gap(local: datetime, where: tzinfo) -> datetime:
    """Return the first time on the clock after the gap that swallows ``local``."""
    at = local
    while not instants(at, where):
        at += timedelta(minutes=1)
    return instants(at, where)[0]


def _shown(at: datetime, where: tzinfo) -> datetime:
    return at.astimezone(UTC).astimezone(where).replace(tzinfo=None, fold=0)
