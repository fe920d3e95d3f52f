"""Talk found by weights that were taught without the voice or noise that is measured.

Voices and recorded noises are dealt into folds, in the order of their names. For each
fold there is a module of weights that saw only the others (``activity_training`` makes
them); in a process of its own it stands in for ``media.activity_weights``, so that
everything else is the product's own code. Noises made here are in the first fold: the
training makes others of their kinds.
"""

import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache

import numpy as np

from media.intervals import Intervals
from tests.evaluation import heldout_worker, rooms

MODULES = tuple(f"tests.evaluation.heldout_weights.fold{fold}" for fold in range(3))


@cache
def _folds() -> dict[str, int]:
    voices = {rooms.speaker(path) for path in rooms.recordings()}
    noises = {path.stem for path in rooms.NOISE.iterdir()}
    return {
        name: number % len(MODULES)
        for names in (voices, noises)
        for number, name in enumerate(sorted(names))
    }


def fold_of(name: str) -> int:
    """Return the fold of a voice or a noise."""
    return _folds().get(name, 0)


class HeldOut:
    """Listens with the weights that do not know what is listened to."""

    def __init__(self, workers: list[ProcessPoolExecutor]) -> None:
        self._workers = workers

    def listened(self, sounds: Iterable[tuple[str, np.ndarray]]) -> list[Intervals]:
        """Return the talk found in each named sound, by the weights of its fold."""
        jobs = [
            self._workers[fold_of(name)].submit(heldout_worker.listened, sound)
            for name, sound in sounds
        ]
        return [job.result() for job in jobs]


@contextmanager
def held_out() -> Iterator[HeldOut]:
    """Start one process per fold, and end them."""
    fresh = multiprocessing.get_context("spawn")
    workers = [
        ProcessPoolExecutor(
            1, fresh, initializer=heldout_worker.stand_in, initargs=(module,)
        )
        for module in MODULES
    ]
    try:
        yield HeldOut(workers)
    finally:
        for worker in workers:
            worker.shutdown(cancel_futures=True)
