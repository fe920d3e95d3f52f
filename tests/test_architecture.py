"""The shape of the code, checked: layers, purity, cycles, words, mirrored tests."""

import ast
import functools
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LAYERS = ["media", "moderation", "scheduler", "bot"]
"""Each package may import itself and those to its left."""

EDGES = {
    "media.decode",
    "media.encode",
    "media.opus",
    "media.render",
    "media.refusal",
    "media.track",
    "media.tracks",
    "media.vad",
    "media.whisper",
    "moderation.drift.embedding",
    "moderation.store",
    "scheduler.clockwork",
    "bot",
}
"""The only modules (and their submodules) that may touch the outside world."""

PURE = {
    "__future__",
    "array",
    "base64",
    "bisect",
    "calendar",
    "collections",
    "contextlib",
    "dataclasses",
    "datetime",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "html",
    "itertools",
    "json",
    "logging",
    "math",
    "operator",
    "random",
    "re",
    "statistics",
    "string",
    "struct",
    "types",
    "typing",
    "unicodedata",
    "zlib",
    "zoneinfo",
}
"""What a module outside ``EDGES`` may import from the standard library."""

PURE_LIBRARIES = {
    "icalendar",  # values in, text out
    "numpy",  # arithmetic
    "snowballstemmer",  # words in, stems out
    "typing_extensions",  # ``override`` on Python 3.11
}
"""Third-party code that reads no clock and touches nothing."""

CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}


def modules():
    for layer in LAYERS:
        for path in sorted((ROOT / layer).rglob("*.py")):
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield dotted.removesuffix(".__init__"), path


MODULES = dict(modules())
each_module = pytest.mark.parametrize("name", list(MODULES))


@functools.cache
def tree(name):
    return ast.parse(MODULES[name].read_text("utf-8"))


def is_edge(name):
    return any(name == edge or name.startswith(edge + ".") for edge in EDGES)


def imports(name):
    package = MODULES[name].name == "__init__.py"
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = name.split(".") if package else name.split(".")[:-1]
            base = parts[: len(parts) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                full = f"{stem}.{alias.name}"
                yield full if full in MODULES else stem


@each_module
def test_layers_import_only_to_their_left(name):
    """Data flows media → moderation → scheduler → bot, so imports point back."""
    allowed = LAYERS[: LAYERS.index(name.split(".")[0]) + 1]
    ours = {target for target in imports(name) if target.split(".")[0] in LAYERS}

    assert {t for t in ours if t.split(".")[0] not in allowed} == set()


@pytest.mark.parametrize("name", [name for name in MODULES if not is_edge(name)])
def test_pure_modules_do_no_io_and_read_no_clock(name):
    """Outside ``EDGES``, time and bytes come in as arguments."""
    foreign = {t.split(".")[0] for t in imports(name) if t.split(".")[0] not in LAYERS}
    leans_on_edges = {t for t in imports(name) if t in MODULES and is_edge(t)}
    clock_reads = {
        f"{node.func.attr}() at line {node.lineno}"
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
    }

    assert foreign - PURE - PURE_LIBRARIES == set()
    assert leans_on_edges == set()
    assert clock_reads == set()


@each_module
def test_modules_say_what_they_are(name):
    """Every module and package opens with a docstring."""
    assert ast.get_docstring(tree(name))


def test_no_import_cycles():
    """Modules can be read in one order, first to last."""
    graph = {
        name: {t for t in imports(name) if t in MODULES} - {name} for name in MODULES
    }
    done = set()
    while ready := {n for n in graph if n not in done and graph[n] <= done}:
        done |= ready

    assert set(graph) - done == set()


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, path in MODULES.items()
        if not is_edge(name) and path.name != "__init__.py"
    ],
)
def test_every_pure_module_has_its_own_tests(name):
    """``media/jitter.py`` is tested by ``tests/media/test_jitter.py``."""
    path = MODULES[name]
    mirror = ROOT / "tests" / path.relative_to(ROOT).parent / f"test_{path.name}"

    assert mirror.exists()


def test_names_of_the_standard_library_are_real():
    """A typo in ``PURE`` would silently allow nothing."""
    assert sys.stdlib_module_names >= PURE - {"__future__"}


def test_edges_are_real():
    """An edge that was renamed away would leave a hole in the list."""
    assert {edge for edge in EDGES if edge not in MODULES} == set()
