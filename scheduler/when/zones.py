"""Wall clocks and instants: what a local time means in a zone with summer time.

In spring some local times do not exist, in autumn some exist twice (PEP 495 ``fold``).
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scheduler.errors import SchedulerError


class NotATimeError(SchedulerError):
    """A text, or a local time, is no time; ``key`` is the text to show."""

    def __init__(self, key: str, **params: str | int | float) -> None:
        super().__init__(key, params)
        self.key = key
        self.params = params


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone called ``name``. Raises NotATimeError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise NotATimeError("when.no_such_zone", zone=name) from error


def instants(local: datetime, where: ZoneInfo) -> tuple[datetime, ...]:
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


def after_gap(local: datetime, where: ZoneInfo) -> datetime:
    """Return the first time on the clock after the gap that swallows ``local``."""
    at = local
    while not instants(at, where):
        at += timedelta(minutes=1)
    return instants(at, where)[0]


def _shown(at: datetime, where: ZoneInfo) -> datetime:
    return at.astimezone(UTC).astimezone(where).replace(tzinfo=None, fold=0)
