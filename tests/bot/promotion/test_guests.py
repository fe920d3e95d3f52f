"""What hosts are told of plans that nobody called off."""

from dataclasses import replace

import pytest

from bot.promotion.guests import off_line
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from tests.scheduler.sample import tea

WORDS = Wording(load())
PLAN = tea(1800000000.0)
SERIES = "all else of its series"


@pytest.mark.parametrize(
    ("reason", "series_id", "of_series", "why"),
    [
        ("", None, False, "channel is gone"),
        ("", 4, True, "channel is gone"),
        ("rain", None, False, "Reason: “rain”"),
        ("rain", 4, False, "Reason: “rain”"),
    ],
)
def test_a_series_is_named_where_it_is_called_off_with_its_channel(
    reason, series_id, of_series, why
):
    """A plan on its own has none, and another reason is about one plan alone."""
    plan = replace(PLAN, reason=reason, series_id=series_id)

    said = off_line(WORDS, "en", plan)

    assert said.startswith("✖️ “Tea”, planned for <t:1800000000:F>, is called off")
    assert why in said
    assert (SERIES in said) == of_series
