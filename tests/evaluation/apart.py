"""Work that is cut into parts, each done in a process of its own, on all cores.

The processes are forked: what a part needs is there already, and only what it returns
goes through a pipe. What a part remembers is forgotten with its process.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

Result = TypeVar("Result")

_PARTS: list[Callable[[], Any]] = []
"""What the processes find when they are forked."""


def apart(parts: Sequence[Callable[[], Result]]) -> list[Result]:
    """Return what each part returns, in order; raises what one of them raises."""
    _PARTS[:] = parts
    count = min(len(parts), os.cpu_count() or 1)
    with multiprocessing.get_context("fork").Pool(count, _deaf) as pool:
        return pool.map(_do, range(len(parts)), chunksize=1)


def _deaf() -> None:
    """Leave Ctrl-C to the process that is waited for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(number: int) -> Any:
    return _PARTS[number]()
