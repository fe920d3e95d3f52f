"""By which model each call is recognised."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from media.utterance import Grade
from media.whisper.means import Means
from media.whisper.models import Models
from media.whisper.settings import SpeechSettings
from media.whisper.status import Mode

LIVE, SMALLER, FINAL = Path("live"), Path("smaller"), Path("final")


def call(number, *, grade=Grade.LIVE, deaths=0):
    tickets = [SimpleNamespace(deaths=0), SimpleNamespace(deaths=deaths)]
    return SimpleNamespace(number=number, grade=grade, tickets=tickets)


@pytest.fixture
def slow():
    """Return means that have gone down to the smaller model."""
    means = Means(SpeechSettings(smaller_model="smaller", live_beam=1, final_beam=5))
    means.models = Models(live=LIVE, smaller=SMALLER, final=FINAL)
    for second in range(20):
        means.observe(12.0, float(second))
    assert means.mode is Mode.SMALLER
    return means


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (call(1), (SMALLER, 1)),
        (call(1, deaths=1), (LIVE, 1)),
        (call(1, grade=Grade.FINAL), (FINAL, 5)),
    ],
    ids=["live", "failed once", "final"],
)
def test_the_smaller_model_has_live_lines_that_did_not_fail(slow, sent, expected):
    """What failed goes to the model that worked; the final pass has its own."""
    assert slow.choose(sent) == expected


def test_only_calls_of_the_smaller_model_count_against_it(slow):
    """The live model's failures are its own, and an answer makes good."""
    slow.choose(call(1, deaths=1))
    slow.choose(call(2))
    slow.refused(1, "no", 30.0)
    slow.refused(1, "no", 30.0)
    slow.refused(2, "no", 30.0)
    slow.choose(call(3))
    slow.answered(3)
    slow.choose(call(4))
    slow.refused(4, "no", 31.0)

    assert (slow.mode, slow.without_smaller) == (Mode.SMALLER, "")


@pytest.mark.parametrize("end", ["refused", "lost"])
def test_two_failures_in_a_row_rule_it_out(slow, end):
    """The live model takes over from then on, and why is said."""
    for number in (1, 2):
        slow.choose(call(number))
        if end == "refused":
            slow.refused(number, "torn file", 40.0)
        else:
            slow.lost("torn file", 40.0)

    assert (slow.mode, slow.since) == (Mode.FULL, 40.0)
    assert "smaller: torn file" in slow.without_smaller
    assert slow.choose(call(3)) == (LIVE, 1)
