"""Room on the disk that is kept for what makes room.

On a full disk nothing can be written, not even that a file is about to be deleted,
and a file is never deleted before that is written. So a file of no use lies beside the
record; it is given up for the write that comes before a deletion, and kept anew as soon
as there is room.
"""

import os
from pathlib import Path
from typing import Final

SIZE_BYTES: Final = 2**20
"""Enough to note a hundred files and more: some pages of the record's log for each."""


class Reserve:
    """One such file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self) -> bool:
        """Have the room; False where the disk has none. Blocks."""
        try:
            if self._path.stat().st_size == SIZE_BYTES:
                return True
        except OSError:
            pass  # not there: it is made
        try:
            with self._path.open("wb") as file:
                # Noise: file systems that compress or leave out zeros keep no room.
                file.write(os.urandom(SIZE_BYTES))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.give_up()
            return False
        return True

    def give_up(self) -> bool:
        """Let go of the room; False where there was none. Blocks."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True
