"""The degradation plan, second by second."""

import pytest

from media.whisper.degradation import Degradation
from media.whisper.status import Mode


def plan(*, smaller=True):
    return Degradation(slow_lag_s=10.0, hopeless_lag_s=30.0, smaller=smaller)


def run(degradation, lag_s, seconds, *, start=0):
    modes = [degradation.observe(lag_s, start + n) for n in range(seconds)]
    return modes[-1]


@pytest.mark.parametrize(
    ("smaller", "lag_s", "mode"),
    [
        (True, 9.0, Mode.FULL),
        (True, 15.0, Mode.SMALLER),
        (False, 15.0, Mode.FULL),
        (False, 31.0, Mode.FINAL_ONLY),
    ],
)
def test_lag_decides_the_mode(smaller, lag_s, mode):
    """The smaller model goes first, where there is one."""
    assert run(plan(smaller=smaller), lag_s, 10) is mode


def test_the_smaller_model_gives_way_too():
    """When even the smaller model cannot follow, live lines are given up."""
    degradation = plan()

    assert run(degradation, 40.0, 20) is Mode.FINAL_ONLY


def test_a_short_hiccup_changes_nothing():
    """A step down needs the lag for some seconds."""
    degradation = plan()

    assert run(degradation, 40.0, 4) is Mode.FULL
    assert run(degradation, 0.0, 3, start=4) is Mode.FULL
    assert run(degradation, 40.0, 4, start=7) is Mode.FULL


def test_a_step_up_needs_a_minute_of_calm():
    """The host does not see the mode flicker."""
    degradation = plan()
    run(degradation, 40.0, 20)

    assert run(degradation, 0.0, 50, start=20) is Mode.FINAL_ONLY
    assert run(degradation, 0.0, 15, start=70) is Mode.SMALLER
    assert run(degradation, 0.0, 100, start=85) is Mode.FULL


def test_a_smaller_model_that_fails_is_skipped():
    """Lines go back to the model that worked, and give way to the final pass only."""
    degradation = plan()
    run(degradation, 15.0, 10)

    assert [degradation.smaller_failed() for _ in range(3)] == [False, True, False]
    assert degradation.mode is Mode.FULL
    assert run(degradation, 15.0, 10, start=10) is Mode.FULL
    assert run(degradation, 40.0, 10, start=20) is Mode.FINAL_ONLY
    assert run(degradation, 0.0, 61, start=30) is Mode.FULL


def test_a_smaller_model_that_answers_in_between_stays():
    """One job that no model can do says nothing about the model."""
    degradation = plan()
    run(degradation, 15.0, 10)

    for _ in range(3):
        assert not degradation.smaller_failed()
        degradation.smaller_worked()

    assert degradation.mode is Mode.SMALLER
