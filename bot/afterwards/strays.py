"""Sound of Spaces that the record does not know: the record was lost, or is older.

Whoever spoke was told for how long their voice is kept; a record that somebody moved
away or restored changes nothing about that. There is no row that could hold the proof,
so the log has it. The time runs from the last moment at which a file was written.
"""

import logging
from collections.abc import Collection
from pathlib import Path

from bot.afterwards import deletion, sound
from scheduler.retention import DAY_S

log = logging.getLogger(__name__)


class Strays:
    """Looks for them in the folder of all Spaces."""

    def __init__(self, folder: Path, keep_days: float) -> None:
        self._folder = folder
        self._keep_s = keep_days * DAY_S
        self._told: set[Path] = set()
        """What the log has been told of already."""

    def clear(self, known: Collection[int], now: float) -> list[Path]:
        """Delete what is over of Spaces that are not ``known``; return it. Blocks."""
        gone = []
        for home in sorted((self._folder / sound.SPACES).glob("*")):
            if not sound.NUMBER.fullmatch(home.name) or int(home.name) in known:
                continue
            try:
                found = sound.find(home)
                files = (*found.files, *found.begun, *found.gaps)
                over = [one for one in files if self._is_over(one, now)]
            except OSError as error:
                self._tell(home, f"no look at it: {error}")
            else:
                gone += [one for one in over if self._delete(one)]
        return gone

    def _is_over(self, path: Path, now: float) -> bool:
        return path.stat().st_mtime + self._keep_s <= now

    def _delete(self, path: Path) -> bool:
        proof = deletion.look(path)
        try:
            deletion.remove(path)
        except OSError as error:
            self._tell(path, f"cannot be deleted: {error}; it is tried again")
            return False
        log.warning("%s is of no Space on record: deleted (%s)", path, proof.sha256)
        return True

    def _tell(self, path: Path, trouble: str) -> None:
        if path not in self._told:
            self._told.add(path)
            log.error("%s %s", path, trouble)
