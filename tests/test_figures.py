"""The harness of ``make bench`` and ``make eval``."""

import io
import json

import pytest
from rich.console import Console

from tests import figures
from tests.figures import Figure


@pytest.mark.parametrize(
    ("value", "better", "target", "reached"),
    [
        (1.2, "lower", 1.25, True),
        (1.3, "lower", 1.25, False),
        (3.0, "higher", 3.0, True),
        (2.9, "higher", 3.0, False),
        (1.0, "lower", None, None),
    ],
)
def test_a_target_is_reached_from_its_own_side(value, better, target, reached):
    """At the target counts as reached."""
    assert Figure("x", value, "s", better, target).reached is reached


def test_a_figure_stands_beside_its_baselines():
    """The table names who else was measured, and on how much."""
    out = io.StringIO()
    figure = Figure("a.b", 1.5, "s", "lower", 2.0, {"who": 3.0}, n=7)

    figures.show([figure], Console(file=out, width=120))

    for part in ("a.b", "1.5", "≤ 2", "who 3", "7", "reached"):
        assert part in out.getvalue()


def test_a_run_writes_every_figure(tmp_path, monkeypatch):
    """One broken source neither hides the others nor passes unseen."""

    def good():
        return [{"name": "a", "value": 1.0, "unit": "s", "better": "lower"}]

    def broken():
        raise ValueError("no data")

    monkeypatch.setattr(figures, "ROOT", tmp_path)
    monkeypatch.setattr(
        figures, "sources", lambda package: [("good", good), ("broken", broken)]
    )
    output = tmp_path / "build" / "bench.json"

    failed = figures.run("tests.benchmarks", output, ())

    document = json.loads(output.read_text("utf-8"))
    assert failed == 1
    assert set(document) == {"machine", "commit", "figures"}
    assert document["figures"] == [
        {
            "name": "a",
            "value": 1.0,
            "unit": "s",
            "better": "lower",
            "target": None,
            "baselines": {},
            "n": 1,
        }
    ]
