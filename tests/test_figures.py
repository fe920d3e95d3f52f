"""The harness of ``make bench`` and ``make eval``."""

import ast
import io
import json
import re
from functools import partial

import numpy as np
import pytest
from rich.console import Console

from tests import figures
from tests.figures import Figure

EXPLAINED = figures.ROOT / "tests" / "FIGURES.md"


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


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run sources, each given as what it yields or raises; return status and file."""
    monkeypatch.setattr(figures, "ROOT", tmp_path)
    monkeypatch.setattr(figures, "commit", lambda: "abc")
    output = tmp_path / "build" / "bench.json"

    def run(*only, **found):
        def source(steps):
            for step in steps:
                if isinstance(step, BaseException):
                    raise step
                yield step

        def importer(steps):
            if isinstance(steps, ImportError):
                raise steps
            return None if steps is None else lambda: source(steps)

        monkeypatch.setattr(
            figures,
            "sources",
            lambda package: {
                name: partial(importer, steps) for name, steps in found.items()
            },
        )
        status = figures.run("tests.benchmarks", output, only)
        return status, json.loads(output.read_text("utf-8"))

    return run


ONE = Figure("a", np.float64(1.0), "s", "lower", 2.0, {"who": 3.0})
TWO, SAME = Figure("b", 5.0, "s", "lower"), Figure("a", 7.0, "s", "lower")
BARE = figures.NotMeasured("b", "nothing to measure it on")


def by_name(document):
    return {row["name"]: (row["value"], row["part"]) for row in document["figures"]}


def test_a_run_writes_every_figure(run):
    """Value, target and baselines are in the file, and whether it is reached."""
    status, document = run(good=[ONE])

    assert status == 0
    assert document["whole"]
    assert document["commit"] == "abc"
    assert document["figures"] == [
        {
            "name": "a",
            "value": 1.0,
            "unit": "s",
            "better": "lower",
            "target": 2.0,
            "baselines": {"who": 3.0},
            "n": 1,
            "reached": True,
            "part": "good",
            "commit": "abc",
        }
    ]
    assert list(document["took_s"]) == ["good"]


@pytest.mark.parametrize(
    ("broken", "kept"),
    [([TWO, ValueError("no")], ["b", "a"]), (ImportError("no module"), ["a"])],
)
def test_a_broken_part_takes_no_other_along(run, broken, kept):
    """What it brought before stays, the others are measured, the status tells."""
    status, document = run(broken=broken, good=[ONE])

    assert status == 1
    assert document["broken"] == ["broken"]
    assert [figure["name"] for figure in document["figures"]] == kept


def test_what_cannot_be_measured_is_told(run, capsys):
    """Absent data is no failure, but one line and in the file."""
    status, document = run(
        bare=[figures.NotMeasured("talk time", "no recordings in there")], plain=None
    )

    assert status == 0
    assert document["not_measured"] == [
        {"what": "talk time", "why": "no recordings in there", "part": "bare"}
    ]
    assert (
        "not measured: talk time: no recordings in there\n" in capsys.readouterr().out
    )


def test_ctrl_c_keeps_what_was_measured(run):
    """The rest is not begun, and the file says that it is not the whole."""
    status, document = run(
        stopped=[ONE, KeyboardInterrupt()], never=[ValueError("begun")]
    )

    assert status == figures.INTERRUPTED
    assert not document["whole"]
    assert [figure["name"] for figure in document["figures"]] == ["a"]
    assert list(document["took_s"]) == ["stopped"]


def test_only_what_is_asked_for_is_measured(run):
    """A part of a module's name is enough."""
    _, document = run("ce_li", voice_live=[ONE], asr=[ValueError("begun")])

    assert list(document["took_s"]) == ["voice_live"]
    assert document["broken"] == []


def test_what_a_run_does_not_measure_stays(run, monkeypatch):
    """With the commit that it is of; what is measured anew is replaced by its name."""
    run(slow=[TWO], quick=[ONE])
    monkeypatch.setattr(figures, "commit", lambda: "def")

    _, document = run("quick", slow=[ValueError("begun")], quick=[SAME])

    assert by_name(document) == {"a": (7.0, "quick"), "b": (5.0, "slow")}
    assert {row["name"]: row["commit"] for row in document["figures"]} == {
        "a": "def",
        "b": "abc",
    }
    assert list(document["took_s"]) == ["slow", "quick"]


def test_what_a_part_does_not_bring_any_more_goes(run):
    """Its figure has another name now; the others' stand."""
    run(slow=[TWO], quick=[ONE])

    _, document = run("slow", slow=[Figure("c", 1.0, "s", "lower")], quick=[])

    assert by_name(document) == {"a": (1.0, "quick"), "c": (1.0, "slow")}


@pytest.mark.parametrize("end", [ValueError("no"), KeyboardInterrupt()])
def test_a_part_without_its_end_lets_the_rest_stand(run, end):
    """Broken or interrupted: what it had not come to is what was known before."""
    run(part=[ONE, TWO], other=[])

    _, document = run("part", part=[SAME, end], other=[])

    assert by_name(document) == {"a": (7.0, "part"), "b": (5.0, "part")}


def test_a_run_over_everything_leaves_nothing_else(run):
    """Also what no part of now has ever brought; before its end it takes nothing."""
    run(gone=[TWO], part=[ONE])

    _, document = run(part=[SAME, KeyboardInterrupt()])
    assert by_name(document) == {"a": (7.0, "part"), "b": (5.0, "gone")}
    _, document = run(part=[SAME])

    assert by_name(document) == {"a": (7.0, "part")}
    assert list(document["took_s"]) == ["part"]


def test_what_could_not_be_measured_is_replaced_by_what_is(run):
    """And the other way round: never both."""
    run(part=[BARE], other=[])

    _, measured = run("part", part=[TWO], other=[])
    _, again = run("part", part=[BARE], other=[])

    assert (by_name(measured), measured["not_measured"]) == ({"b": (5.0, "part")}, [])
    assert by_name(again) == {}
    assert [row["what"] for row in again["not_measured"]] == ["b"]


def test_a_part_that_broke_is_told_until_it_has_run_again(run):
    """A run of another part does not hide it."""
    run(part=[ValueError("no")], other=[ONE])

    status, document = run("other", part=[], other=[ONE])
    assert (status, document["broken"]) == (0, ["part"])
    _, document = run("part", part=[TWO], other=[])

    assert document["broken"] == []


@pytest.mark.parametrize("junk", ["", "[]", '{"figures": '])
def test_a_file_that_is_none_is_begun_anew(run, tmp_path, junk):
    """Whatever stands there."""
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "bench.json").write_text(junk)

    _, document = run("part", part=[ONE])

    assert by_name(document) == {"a": (1.0, "part")}


def test_what_stays_is_said_with_its_commits(run, capsys):
    """Nobody takes figures of last week for today's."""
    run(slow=[TWO], quick=[ONE])
    capsys.readouterr()

    run("quick", slow=[], quick=[SAME])

    assert "kept from earlier runs: 1 figures (abc)\n" in capsys.readouterr().out


def test_every_module_can_be_imported_apart():
    """Sources are found by their names, and not before their turn."""
    found = figures.sources("tests.evaluation")

    assert {"drift", "talktime", "words"} <= set(found)
    assert "__main__" not in found
    assert found["drift_scores"]() is None


def named(tree):
    """Return the names of figures that are written out in a module."""
    return {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"Figure", "figure"}
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


@pytest.mark.parametrize("package", ["benchmarks", "evaluation"])
def test_every_row_is_explained(package):
    """The table says what each row means."""
    folder = figures.ROOT / "tests" / package
    rows = set()
    for path in folder.glob("*.py"):
        rows |= named(ast.parse(path.read_text("utf-8")))
    explained = set(re.findall(r"`([a-z_.0-9]+)`", EXPLAINED.read_text("utf-8")))

    assert rows
    assert {row.removesuffix("_worst") for row in rows} <= explained
