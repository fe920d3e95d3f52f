"""Figures: what a benchmark or an evaluation measured, as one table and one file.

A figure stands beside its baselines, measured in the same run. The file's shape:
``{"machine": {…}, "commit": "…", "figures": [{"name", "value", "unit", "better",
"target", "baselines", "n"}]}``.
"""

import dataclasses
import importlib
import json
import os
import pkgutil
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import click
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]


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
            return self.value <= self.target
        return self.value >= self.target


Source = Callable[[], Iterable[Figure | dict]]
"""A function named ``figures`` in a module of the package."""


def sources(package: str) -> Iterator[tuple[str, Source]]:
    """Yield every module of ``package`` that has a ``figures`` function."""
    folder = ROOT / package.replace(".", "/")
    for module in pkgutil.iter_modules([str(folder)]):
        if module.name.startswith("__"):
            continue
        found = getattr(
            importlib.import_module(f"{package}.{module.name}"), "figures", None
        )
        if found is not None:
            yield module.name, found


def machine() -> dict[str, str | int]:
    """Say what the figures were measured on."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return {
        "cpu": model,
        "cores": os.cpu_count() or 1,
        "python": platform.python_version(),
        "system": platform.system(),
        "load": round(os.getloadavg()[0], 1),
    }


def commit() -> str:
    """Return the commit that is measured, marked where the tree is changed."""
    result = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--exclude=*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout.strip() or "unknown"


def show(figures: Iterable[Figure], console: Console) -> None:
    """Print one table."""
    table = Table("figure", "value", "unit", "target", "baselines", "n", "")
    for figure in figures:
        target = "–"
        if figure.target is not None:
            target = f"{'≤' if figure.better == 'lower' else '≥'} {figure.target:g}"
        table.add_row(
            figure.name,
            f"{figure.value:.4g}",
            figure.unit,
            target,
            ", ".join(f"{who} {value:.4g}" for who, value in figure.baselines.items()),
            str(figure.n),
            {None: "", True: "[green]reached", False: "[red]missed"}[figure.reached],
        )
    console.print(table)


def run(package: str, output: Path, only: tuple[str, ...]) -> int:
    """Measure every source of ``package``; return how many could not be measured."""
    console = Console(width=160 if not sys.stdout.isatty() else None)
    measured: list[Figure] = []
    failed = 0
    for name, figures in sources(package):
        if only and not any(part in name for part in only):
            continue
        console.print(f"measuring {name} …")
        try:
            measured += [
                one if isinstance(one, Figure) else Figure(**one) for one in figures()
            ]
        except Exception:  # noqa: BLE001 (one broken source must not hide the others)
            failed += 1
            console.print_exception()
    show(measured, console)
    output.parent.mkdir(exist_ok=True)
    document = {
        "machine": machine(),
        "commit": commit(),
        "figures": [dataclasses.asdict(figure) for figure in measured],
    }
    output.write_text(json.dumps(document, indent=1) + "\n", "utf-8")
    console.print(f"written to {output.relative_to(ROOT)}")
    return failed


def command(package: str, output: str) -> click.Command:
    """Return the command behind ``python -m`` of a package of sources."""

    @click.command()
    @click.argument("only", nargs=-1)
    def main(only: tuple[str, ...]) -> None:
        """Measure everything, or the modules whose name holds one of ONLY."""
        sys.exit(1 if run(package, ROOT / output, only) else 0)

    return main
