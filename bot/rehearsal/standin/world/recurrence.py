"""Which recurrence rules Discord accepts for scheduled events.

Weekly: one weekday, every week or every other. Daily: six fixed sets of weekdays.
Monthly: one n-th weekday. Yearly: one month and one day. ``count``, ``end`` and
``by_year_day`` cannot be set (Discord, "Guild Scheduled Event Recurrence Rule").
"""

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.wire import Json, iso

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
LISTS = ("by_weekday", "by_n_weekday", "by_month", "by_month_day")


def read(form: Form, key: str = "recurrence_rule") -> Json | None:
    """Read a rule from a form; faults are noted on the form."""
    if form.body.get(key) is None:
        return None
    rule = Form(form.body[key], (key,))
    start = rule.moment("start", required=True)
    frequency = rule.choice("frequency", WHAT, required=True)
    interval = rule.integer("interval", 1, 2 if frequency == WEEKLY else 1)
    for locked in ("count", "end", "by_year_day"):
        if rule.body.get(locked) is not None:
            rule.fault(locked, "RECURRENCE_RULE_INVALID", "This cannot be set.")
    given = {name for name in LISTS if rule.body.get(name)}
    if frequency is not None and not _fits(rule.body, frequency, given):
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
