"""CPU time on a machine that others use, too: many short rounds, the least of each.

Work is cut into batches and done several times over. What else runs on the machine
only ever adds, by evicted caches and shared units, and seldom to the same batch twice:
so the least time of each batch counts, and their sum is the cost. Everything that is
compared is cut into the same batches and measured in turns with the others. It is the
CPU time of the whole process: what is handed to other threads counts, too.
"""

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Batch = TypeVar("Batch")


def each_s(batches: Iterable[Batch], work: Callable[[Batch], object]) -> list[float]:
    """Return the CPU seconds that ``work`` takes for each batch."""
    clock, taken = time.process_time, []
    gc.collect()
    gc.disable()
    try:
        for batch in batches:
            before = clock()
            work(batch)
            taken.append(clock() - before)
    finally:
        gc.enable()
    return taken


def least_s(rounds: Sequence[Sequence[float]]) -> float:
    """Return the seconds of all batches, each at its least over the rounds."""
    return sum(map(min, zip(*rounds, strict=True)))
