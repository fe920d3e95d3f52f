"""What series and their events agreed on, as rows; each function is part of a write."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlite_utils import Database

from bot.planning.deviations import Deviation
from scheduler.clockwork import records, series
from scheduler.occurrences import Series


def note(
    db: Database, series_id: int, event_id: int | None, said: tuple[str, ...]
) -> None:
    """Note which event a series has, and what both say."""
    planned = series.get(db, series_id)
    if planned is not None:
        series.keep(db, replace(planned, event_id=event_id, event_as=said))


def keep_day(db: Database, series_id: int, day: date, to: Deviation) -> None:
    """Note what was done by hand to a day of a series that is not planned yet."""
    planned = series.get(db, series_id)
    if planned is None:
        return
    changed: Series = planned.series
    if to.off:
        changed = changed.cancel(day)
    elif to.starts_at is not None:
        changed = changed.move(day, datetime.fromtimestamp(to.starts_at, UTC))
    series.keep(db, replace(planned, series=changed))


def keep_said(db: Database, said: Mapping[int, tuple[str, ...]]) -> None:
    """Note what plans and exceptions agree on, by plan."""
    for plan_id, words in said.items():
        plan = records.get(db, plan_id)
        if plan is not None:
            records.keep(db, replace(plan, event_as=words))


def unsay(db: Database, series_id: int) -> None:
    """Let nothing count as agreed on about single occurrences."""
    for plan in series.plans_of(db, series_id):
        if plan.event_as and plan.event_id is None:
            records.keep(db, replace(plan, event_as=()))


def end(db: Database, series_id: int) -> None:
    """Let nothing more come of a series."""
    planned = series.get(db, series_id)
    if planned is not None:
        series.keep(db, replace(planned, over=True))
