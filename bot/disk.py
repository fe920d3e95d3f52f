"""How much room there is where the record is kept."""

import os
import shutil
from pathlib import Path


def kept_at(folder: str | Path) -> Path:
    """Return the part of a folder's path that exists already."""
    path = Path(folder).absolute()
    return next(one for one in (path, *path.parents) if one.exists())


def refusal(folder: str | Path) -> str:
    """Return why nothing can be kept in a folder, made or not; empty where it can."""
    path = kept_at(folder)
    if not path.is_dir():
        return f"{path} is a file, no folder"
    if not os.access(path, os.W_OK | os.X_OK):
        return f"this user may not write to {path}"
    return ""


def free_mb(folder: str | Path) -> int:
    """Return the free megabytes (2^20 bytes) of a folder's disk, made or not.

    Raises OSError where the disk cannot be asked.
    """
    return shutil.disk_usage(kept_at(folder)).free // 2**20
