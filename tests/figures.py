"""Figures: what a benchmark or an evaluation measured, as one table and one file.

A figure stands beside its baselines, measured in the same run. The parts are measured
one after the other; one that breaks takes no other along, and after each the file holds
what is known so far: an interrupted run keeps it, and a run of some parts keeps what
the others brought before (``tests.measured``). The file's shape:
``{"machine": {…}, "commit": "…", "whole": true, "took_s": {part: seconds}, "figures":
[{"name", "value", "unit", "better", "target", "baselines", "n", "reached", "part",
"commit"}], "not_measured": [{"what", "why", "part"}], "broken": [part]}``. Machine,
commit and ``whole`` (it was not interrupted) are of the newest run.
"""

import dataclasses
import importlib
import os
import pkgutil
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import click
from rich.console import Console
from rich.table import Table

from tests import measured
from tests.measured import Document
from tests.provenance import commit, machine

ROOT = Path(__file__).parents[1]

SHARED = Path(os.environ.get("TERTULIA_SHARED", ROOT.parent / "shared"))
"""Real speech, texts and models; beside the project, never committed."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number."""

    name: str
    value: float
    unit: str
    better: Literal["lower", "higher"]
    target: float | None = None
    baselines: dict[str, float] = field(default_factory=dict)
    """Who else → what they reached on the same input, in the same run."""

    n: int = 1
    """How many measurements stand behind it."""

    @property
    def reached(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        if self.better == "lower":
            return bool(self.value <= self.target)
        return bool(self.value >= self.target)


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """Figures that cannot be had on this machine."""

    what: str
    why: str
    """What is absent and where it was looked for; one line."""


Source = Callable[[], Iterable[Figure | NotMeasured]]
"""A function named ``figures`` in a module of the package."""


def sources(package: str) -> dict[str, Callable[[], Source | None]]:
    """Return what imports the source of each module, in the order of their names.

    Importing gives None where a module has no ``figures``.
    """

    def importer(name: str) -> Callable[[], Source | None]:
        return lambda: getattr(
            importlib.import_module(f"{package}.{name}"), "figures", None
        )

    folder = ROOT / package.replace(".", "/")
    names = [module.name for module in pkgutil.iter_modules([str(folder)])]
    return {name: importer(name) for name in names if not name.startswith("__")}


def target_of(figure: Figure) -> str:
    """Return a figure's target as people read it."""
    if figure.target is None:
        return "–"
    return f"{'≤' if figure.better == 'lower' else '≥'} {figure.target:.4g}"


MARKS = {None: "", True: "[green]reached[/]", False: "[red]missed[/]"}


def show(figures: Iterable[Figure], console: Console) -> None:
    """Print one table."""
    table = Table("figure", "value", "unit", "target", "baselines", "n", "")
    for figure in figures:
        table.add_row(
            figure.name,
            f"{figure.value:.4g}",
            figure.unit,
            target_of(figure),
            ", ".join(f"{who} {value:.4g}" for who, value in figure.baselines.items()),
            str(figure.n),
            MARKS[figure.reached],
        )
    console.print(table)


@dataclass
class Run:
    """One run over the sources of a package: what came of it, and its file."""

    output: Path
    console: Console
    only: tuple[str, ...] = ()
    """Parts of the names of modules, where not all are measured."""

    earlier: Document = field(default_factory=dict)
    """What the file holds of earlier runs."""

    found: list[tuple[str, Figure | NotMeasured]] = field(default_factory=list)
    """What each part brought."""

    broken: list[str] = field(default_factory=list)
    took_s: dict[str, float] = field(default_factory=dict)
    interrupted: str = ""
    """The part in which the run was interrupted."""

    whole: bool = False
    """Whether every part had its turn."""

    @property
    def figures(self) -> list[Figure]:
        """Return what this run measured."""
        return [one for _, one in self.found if isinstance(one, Figure)]

    @property
    def not_measured(self) -> list[NotMeasured]:
        """Return what this run could not measure."""
        return [one for _, one in self.found if isinstance(one, NotMeasured)]

    def wants(self, name: str) -> bool:
        """Say whether a module is to be measured."""
        return not self.only or any(part in name for part in self.only)

    def part(self, name: str, load: Callable[[], Source | None]) -> None:
        """Import one module and measure what it has to measure."""
        try:
            figures = load()
        except Exception:  # noqa: BLE001 (one broken source must not hide the others)
            self.broken.append(name)
            self.console.print_exception()
            return
        if figures is not None:
            self._measure(name, figures)

    def _measure(self, name: str, figures: Source) -> None:
        """Measure one part; what it brought before it broke is kept."""
        self.console.print(f"[bold]{name}[/] …")
        began = time.monotonic()
        try:
            for one in figures():
                self._take(name, one)
        except Exception:  # noqa: BLE001 (one broken source must not hide the others)
            self.broken.append(name)
            self.console.print_exception()
        except KeyboardInterrupt:
            self.interrupted = name
            raise
        finally:
            self.took_s[name] = round(time.monotonic() - began, 1)
        self.console.print(f"[bold]{name}[/] took {self.took_s[name]:.0f} s")

    def _take(self, part: str, one: Figure | NotMeasured) -> None:
        self.found.append((part, one))
        if isinstance(one, NotMeasured):
            self.console.print(f"  {one.what}: not measured: {one.why}")
            return
        mark = MARKS[one.reached]
        beside = f"({target_of(one)}, {mark})" if mark else ""
        self.console.print(f"  {one.name} {one.value:.4g} {one.unit} {beside}")

    def write(self) -> None:
        """Write the file: what was measured now, and what stands of earlier runs."""
        at = commit()
        document = {
            "machine": machine(),
            "commit": at,
            "whole": self.whole,
            "took_s": self.took_s,
            "figures": [
                dataclasses.asdict(one)
                | {"reached": one.reached, "part": part, "commit": at}
                for part, one in self.found
                if isinstance(one, Figure)
            ],
            "not_measured": [
                dataclasses.asdict(one) | {"part": part}
                for part, one in self.found
                if isinstance(one, NotMeasured)
            ],
            "broken": self.broken,
        }
        ended = set(self.took_s) - set(self.broken) - {self.interrupted}
        everything = self.whole and not self.only
        document = measured.merged(self.earlier, document, ended, everything=everything)
        measured.write(self.output, document)

    def conclude(self) -> None:
        """Print the table and what is not in it."""
        show(self.figures, self.console)
        missed = [figure.name for figure in self.figures if figure.reached is False]
        lines = [f"missed: {name}" for name in missed]
        lines += [f"not measured: {one.what}: {one.why}" for one in self.not_measured]
        lines += [f"broken, see above: {name}" for name in self.broken]
        if not self.whole:
            lines.append("interrupted: this is what was measured until then")
        lines += self._kept()
        for line in lines:
            self.console.print(line, markup=False, soft_wrap=True)
        self.console.print(
            f"written to {self.output.relative_to(ROOT)} "
            f"after {sum(self.took_s.values()):.0f} s"
        )

    def _kept(self) -> list[str]:
        """Say what the file has besides, and from which commits."""
        now = {figure.name for figure in self.figures}
        rows = measured.read(self.output)["figures"]
        kept = [row for row in rows if row["name"] not in now]
        commits = ", ".join(sorted({row.get("commit", "unknown") for row in kept}))
        told = f"kept from earlier runs: {len(kept)} figures ({commits})"
        return [told] if kept else []


def run(package: str, output: Path, only: tuple[str, ...]) -> int:
    """Measure every source of ``package``; return the exit status.

    0: everything that could be measured was, targets missed or not. 1: a part broke.
    """
    console = Console(width=160 if not sys.stdout.isatty() else None, highlight=False)
    this = Run(output, console, only, measured.read(output))
    try:
        for name, load in sources(package).items():
            if this.wants(name):
                this.part(name, load)
                this.write()
        this.whole = True
    except KeyboardInterrupt:
        console.print("interrupted")
    this.write()
    this.conclude()
    if not this.whole:
        return INTERRUPTED
    return 1 if this.broken else 0


def command(package: str, output: str) -> click.Command:
    """Return the command behind ``python -m`` of a package of sources."""

    @click.command()
    @click.argument("only", nargs=-1)
    def main(only: tuple[str, ...]) -> None:
        """Measure everything, or the modules whose name holds one of ONLY."""
        sys.exit(run(package, ROOT / output, only))

    return main
