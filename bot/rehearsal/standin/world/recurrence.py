"""Which recurrence rules Discord accepts for scheduled events.

Weekly: one weekday, every week or every other. Daily: six fixed sets of weekdays.
Monthly: one n-th weekday. Yearly: one month and one day. ``count``, ``end`` and
``by_year_day`` cannot be set (Discord, "Guild Scheduled Event Recurrence Rule").
Days are counted in UTC.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.wire import Json, iso, moment

YEARLY, MONTHLY, WEEKLY, DAILY = range(4)
DAILY_SETS = (
    {0, 1, 2, 3, 4},
    {1, 2, 3, 4, 5},
    {6, 0, 1, 2, 3},
    {4, 5},
    {5, 6},
    {6, 0},
)
WHAT = {
    YEARLY: {"by_month", "by_month_day"},
    MONTHLY: {"by_n_weekday"},
    WEEKLY: {"by_weekday"},
    DAILY: {"by_weekday"},
}
NUMBERS = {"by_weekday": (0, 6), "by_month": (1, 12), "by_month_day": (-1, 31)}
"""Least and most of each list's numbers."""

LAST_YEAR = 2100
"""Where occurrences of a rule are given up."""

LISTS = ("by_weekday", "by_n_weekday", "by_month", "by_month_day")


def read(form: Form, key: str = "recurrence_rule") -> Json | None:
    """Read a rule from a form; faults are noted on the form."""
    if form.body.get(key) is None:
        return None
    rule = Form(form.body[key], (key,))
    start = rule.moment("start", required=True)
    frequency = rule.choice("frequency", WHAT, required=True)
    interval = rule.integer("interval", 1, 2 if frequency == WEEKLY else 1)
    _numbers(rule)
    for locked in ("count", "end", "by_year_day"):
        if rule.body.get(locked) is not None:
            rule.fault(locked, "RECURRENCE_RULE_INVALID", "This cannot be set.")
    given = {name for name in LISTS if rule.body.get(name)}
    if (
        frequency is not None
        and not rule.faults
        and not _fits(rule.body, frequency, given)
    ):
        words = "This combination is not supported."
        rule.fault("frequency", "RECURRENCE_RULE_INVALID", words)
    form.faults.extend(rule.faults)
    return {
        "start": iso(start or 0.0),
        "end": None,
        "frequency": frequency,
        "interval": interval or 1,
        **{name: rule.body.get(name) for name in LISTS},
        "by_year_day": None,
        "count": None,
    }


def _fits(rule: Json, frequency: int, given: set[str]) -> bool:
    if frequency == DAILY and not given:
        return True
    if given != WHAT[frequency]:
        return False
    if frequency == DAILY:
        return set(rule["by_weekday"]) in DAILY_SETS
    return all(len(rule[name]) == 1 for name in given)


def _numbers(rule: Form) -> None:
    """Note every list that is none, or holds what is no day or month."""
    for name, (least, most) in NUMBERS.items():
        given = rule.body.get(name)
        if given is None:
            continue
        if not isinstance(given, list):
            rule.fault(name, "LIST_TYPE_CONVERT", "Only iterables may be used.")
        elif not all(_is_number(one, least, most) for one in given):
            words = f"int value should be between {least} and {most}."
            rule.fault(name, "NUMBER_TYPE_RANGE", words)
        elif len(set(given)) < len(given):
            rule.fault(name, "LIST_ITEM_VALUES_DUPLICATE", "Duplicate values.")
    nth = rule.body.get("by_n_weekday")
    if nth is None:
        return
    if not isinstance(nth, list) or not all(
        isinstance(one, dict)
        and _is_number(one.get("n"), 1, 5)
        and _is_number(one.get("day"), 0, 6)
        for one in nth
    ):
        words = "Each needs n from 1 to 5 and day from 0 to 6."
        rule.fault("by_n_weekday", "NUMBER_TYPE_RANGE", words)


def _is_number(value: object, least: int, most: int) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and least <= value <= most  # type: ignore[operator]  # whole says so


def occurrences(rule: Json) -> Iterator[float]:
    """Yield when a rule that was read has its occurrences, Unix seconds, in order."""
    start = datetime.fromtimestamp(moment(rule["start"]), UTC)
    at = start
    while at.year < LAST_YEAR:
        if _falls_on(rule, start, at):
            yield at.timestamp()
        at += timedelta(days=1)


def _falls_on(rule: Json, start: datetime, at: datetime) -> bool:
    match rule["frequency"]:
        case n if n == YEARLY:
            return bool(
                [at.month] == rule["by_month"] and [at.day] == rule["by_month_day"]
            )
        case n if n == MONTHLY:
            (nth,) = rule["by_n_weekday"]
            return bool(
                at.weekday() == nth["day"] and (at.day - 1) // 7 + 1 == nth["n"]
            )
        case n if n == WEEKLY:
            mondays = [
                day.date() - timedelta(days=day.weekday()) for day in (start, at)
            ]
            weeks = (mondays[1] - mondays[0]).days // 7
            return bool(
                at.weekday() in rule["by_weekday"] and weeks % rule["interval"] == 0
            )
        case _:
            return not rule["by_weekday"] or at.weekday() in rule["by_weekday"]
