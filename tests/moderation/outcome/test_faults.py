"""What usually goes wrong, found in figures or not."""

from dataclasses import replace

import pytest

from moderation.nudges.settings import NudgeSettings
from moderation.outcome.faults import Outcome, Planned, faults
from moderation.outcome.figures import Figures
from tests.moderation.scene import ANN, BOB, CHO, HOST

GOOD = Outcome(
    figures=Figures(
        length_s=2700.0,
        stays=dict.fromkeys((HOST, ANN, BOB, CHO), ((0.0, 2000.0),)),
        staff=frozenset({HOST}),
        peak_listeners=3,
        stay_s=2000.0,
        listening_s=1900.0,
        new=0,
        raised={ANN: 1, BOB: 1},
        served=2,
        uncalled=0,
        wait_s=60.0,
        brought=2,
        questions=1,
        answered=1,
        speakers=(HOST, ANN, BOB),
        talk_s=2000.0,
        top_share=0.4,
        has_agenda=True,
        has_rules=True,
    ),
    settings=NudgeSettings(),
    plan=Planned(minutes=45, announcements=3),
    tested=3,
)


def found(outcome=GOOD, **figures):
    """Return the rules that speak when some figures are others."""
    changed = replace(outcome, figures=replace(outcome.figures, **figures))
    return [fault.rule for fault in faults(changed)]


def test_a_good_space_has_no_fault():
    """Nothing is found for the sake of finding something."""
    assert found() == []


@pytest.mark.parametrize(
    ("figures", "rules"),
    [
        ({"has_agenda": False}, ["no_agenda"]),
        ({"has_rules": False}, ["no_rules"]),
        ({"top_share": 0.51}, ["dominated"]),
        ({"top_share": 0.51, "talk_s": 100.0}, []),
        ({"top_share": 0.89, "speakers": (HOST, ANN)}, []),
        ({"top_share": 0.91, "speakers": (HOST, ANN)}, ["dominated"]),
        ({"top_share": 1.0, "speakers": (HOST,)}, ["alone"]),
        ({"top_share": 1.0, "speakers": (HOST,), "stays": {HOST: ()}}, []),
        ({"top_share": 0.0, "speakers": (), "talk_s": 0.0}, []),
        ({"brought": 0}, ["uninvited"]),
        ({"brought": 0, "peak_listeners": 0}, []),
        ({"uncalled": 1}, ["not_called"]),
        ({"wait_s": 301.0}, ["kept_waiting"]),
        ({"wait_s": None, "raised": {}, "served": 0}, []),
        ({"length_s": 2700.0 + 301.0}, ["over_plan"]),
        ({"length_s": 600.0}, []),
    ],
)
def test_one_figure_is_one_fault(figures, rules):
    """Each is found alone, and not where it says nothing."""
    assert found(**figures) == rules


@pytest.mark.parametrize(
    ("length_s", "rules"),
    [(1799.0, ["too_short"]), (1800.0, []), (3600.0, []), (3601.0, ["too_long"])],
)
def test_without_a_plan_half_an_hour_to_an_hour_is_right(length_s, rules):
    """And nobody knew of it beforehand."""
    assert found(replace(GOOD, plan=None), length_s=length_s) == ["unplanned", *rules]


def test_while_it_goes_on_its_end_is_no_fault():
    """Neither its length nor the hands that are up."""
    live = replace(GOOD, plan=None, over=False)

    assert found(live, length_s=60.0, uncalled=3, brought=0) == ["unplanned"]


@pytest.mark.parametrize(
    ("change", "rule", "params"),
    [
        ({"tested": 0}, "untested", {}),
        ({"drifts": 2}, "drifted", {"n": 2}),
        ({"promotion": 0.3}, "commercial", {"share": 0.3}),
        ({"plan": Planned(45, 1)}, "unannounced", {"n": 1}),
        ({"plan": Planned(45, 0)}, "unknown_before", {}),
        (
            {"plan": Planned(45, 3, silent_ids=(ANN, BOB))},
            "guests_silent",
            {"guest_ids": f"{ANN} {BOB}"},
        ),
        (
            {"plan": Planned(45, 3, missing_ids=(CHO,))},
            "guests_missing",
            {"guest_ids": f"{CHO}"},
        ),
    ],
)
def test_what_the_record_says_beside_the_journal(change, rule, params):
    """Each fault carries the numbers that its text shows."""
    (fault,) = faults(replace(GOOD, **change))

    assert (fault.rule, dict(fault.params)) == (rule, params)
