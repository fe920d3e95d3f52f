"""What the system refuses a track, in the words of the chain.

Edge: looks whether a folder is still there.
"""

import errno
from pathlib import Path
from typing import Final

from media.heard import TrackTrouble
from media.ports import TrackError

FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""Errors of a disk that takes nothing more from anybody."""

GONE: Final = (errno.ENXIO, errno.ENODEV)
"""Errors of a disk that is not there any more."""


class Disk:
    """What the files of one folder say of the disk below them, on any thread.

    One bad block is one file's trouble: the others are written on. Where a second file
    fails, and nothing was put on the disk in between, it is the disk.
    """

    def __init__(self) -> None:
        self._failed: set[Path] = set()

    def works(self) -> None:
        """Note that it has taken what was written."""
        self._failed.clear()

    def refused(self, path: Path, error: OSError) -> TrackError:
        """Return what was refused of the file at ``path``, and whose trouble it is."""
        said = refused(path, error)
        if said.trouble is TrackTrouble.FAILING:
            self._failed.add(path)
            if len(self._failed) > 1:
                return TrackError(str(said), TrackTrouble.BROKEN)
        return said


def refused(path: Path, error: OSError) -> TrackError:
    """Return what was refused of the file at ``path``, and whether others are, too."""
    trouble = TrackTrouble.REFUSED
    if error.errno in FULL:
        trouble = TrackTrouble.DISK
    elif error.errno in GONE:
        trouble = TrackTrouble.BROKEN
    elif error.errno == errno.EIO:
        trouble = TrackTrouble.FAILING
    elif isinstance(error, FileNotFoundError | NotADirectoryError):
        trouble = TrackTrouble.GONE if path.parent.is_dir() else TrackTrouble.FOLDER
    return TrackError(f"{path.name}: {error.strerror}", trouble)
