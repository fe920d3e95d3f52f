"""Reading a time for a plan: of several meanings, those that can be planned."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.planning.confirming import Confirming
from scheduler.settings import SchedulerSettings

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC).timestamp()


def read(text):
    planner = SimpleNamespace(now=lambda: NOW, settings=SchedulerSettings())
    found = Confirming(planner, None, None, None).read(text, "UTC")
    return [f"{at:%Y-%m-%d %H:%M}" for at in (found.at, *found.others)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        # The twelfth of January is seven weeks ahead, and nobody could plan it.
        ("12/1 8pm", ["2026-12-01 20:00"]),
        ("1/12 8pm", ["2026-12-01 20:00"]),
        ("monday at 8", ["2026-11-23 20:00", "2026-11-23 08:00"]),
        ("next friday 19:30", ["2026-11-27 19:30", "2026-12-04 19:30"]),
        # Nothing of it is near: the refusal says so.
        ("30/1 20:00", ["2027-01-30 20:00"]),
    ],
)
def test_what_is_too_far_is_not_meant_where_something_else_may_be(text, meant):
    """Whoever writes the month first is understood where that alone is near."""
    assert read(text) == meant
