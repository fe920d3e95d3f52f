"""The file of figures across runs: what is not measured anew stays, with its commit.

Rule 1: a figure, or that it cannot be measured, replaces what stood under its name.
Rule 2: a part that ran to its end brings all that it has: what else it once brought
goes. One that broke, or was interrupted, lets the rest stand.
Rule 3: a run over everything that came to its end leaves nothing else.
Rule 4: pure but for ``read`` and ``write``.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

Document = dict[str, Any]
"""The file as ``tests.figures`` describes it."""

Row = Mapping[str, Any]

ROWS = {"figures": "name", "not_measured": "what"}
"""The lists of a document, and what tells the rows of each apart."""


def read(path: Path) -> Document:
    """Return what an earlier run left; nothing where there is no such file, or junk."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(path: Path, document: Document) -> None:
    """Write the file; whoever ends the process meanwhile keeps the former one."""
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    partial.replace(path)


def merged(
    earlier: Document, run: Document, ended: Collection[str], *, everything: bool
) -> Document:
    """Return the document of ``run`` with what it leaves standing of an earlier one.

    ``ended`` are its parts that came to their end; ``everything``: all there are.
    """
    if everything:
        return run
    now = {row[key] for rows, key in ROWS.items() for row in run[rows]}

    def stands(row: Row, key: str) -> bool:
        return row[key] not in now and _part(row) not in ended

    begun = run["took_s"].keys() | set(run["broken"])
    document = dict(run)
    for rows, key in ROWS.items():
        kept = [row for row in earlier.get(rows, []) if stands(row, key)]
        document[rows] = sorted([*kept, *run[rows]], key=_part)
    document["took_s"] = earlier.get("took_s", {}) | run["took_s"]
    broke = [part for part in earlier.get("broken", []) if part not in begun]
    document["broken"] = [*broke, *run["broken"]]
    return document


def _part(row: Row) -> str:
    """Return the module that a row is of; older files do not say it."""
    return str(row.get("part", ""))
