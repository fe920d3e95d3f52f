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

FAILING: Final = (errno.EIO, errno.ENXIO, errno.ENODEV)
"""Errors of a disk that may be breaking. One bad block is one file's trouble: the
others are written on for as long as they can be, and a disk that is gone fails them."""


def refused(path: Path, error: OSError) -> TrackError:
    """Return what was refused of the file at ``path``, and whether others are, too."""
    trouble = TrackTrouble.REFUSED
    if error.errno in FULL:
        trouble = TrackTrouble.DISK
    elif error.errno in FAILING:
        trouble = TrackTrouble.FAILING
    elif isinstance(error, FileNotFoundError | NotADirectoryError):
        trouble = TrackTrouble.GONE if path.parent.is_dir() else TrackTrouble.FOLDER
    return TrackError(f"{path.name}: {error.strerror}", trouble)
