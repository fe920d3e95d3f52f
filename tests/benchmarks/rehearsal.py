"""How long the whole product takes to show itself, and its own check to pass."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.figures import ROOT, Figure, NotMeasured

LAST_LINES = 30
"""What is shown of a rehearsal that failed."""

CI = ROOT / "build" / "ci.json"
"""Left by the last ``.ci/run`` on this machine."""


def rehearse(*arguments: str) -> dict:
    """Run the default rehearsal and return its report.

    Raises RuntimeError with the last lines that it printed where it failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        done = subprocess.run(
            [sys.executable, "-m", "bot", "rehearse", "--out", out, *arguments],
            cwd=ROOT,
            env=os.environ | {"TERM": "dumb"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            said = "\n".join(done.stdout.splitlines()[-LAST_LINES:])
            raise RuntimeError(f"the rehearsal ended with {done.returncode}:\n{said}")
        return json.loads((out / "report.json").read_text("utf-8"))


def figures() -> Iterator[Figure | NotMeasured]:
    """Measure one rehearsal; read what the last check took."""
    report = rehearse()
    yield Figure(
        "rehearsal.wall_s",
        report["wall_s"],
        "s",
        "lower",
        baselines={"scripted": report["scripted_s"]},
    )
    if CI.exists():
        wall_s = json.loads(CI.read_text("utf-8"))["wall_s"]
        yield Figure("ci.wall_s", wall_s, "s", "lower", 900.0)
    else:
        yield NotMeasured("ci.wall_s", f"no {CI.relative_to(ROOT)}; .ci/run leaves it")
