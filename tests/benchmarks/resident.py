"""Memory that this process has of the system at the moment."""

import resource
from pathlib import Path


def resident_mb() -> float:
    """Return MB that are resident; Linux."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6
