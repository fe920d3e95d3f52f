"""RTTM: who talked when, in the form that speech tools compare (NIST RT-09).

One line per interval: ``SPEAKER file 1 tbeg tdur <NA> <NA> name <NA> <NA>``, times in
seconds. Fields have no spaces: white space in names becomes ``_``.
"""

import math
from collections.abc import Mapping

from media.errors import MediaError
from media.intervals import Interval, Intervals, union

FIELDS = 10
MIN_FIELDS = 8


class RttmError(MediaError):
    """An RTTM file cannot be read; the message names the line."""


def write(talk: Mapping[str, Intervals], recording: str) -> str:
    """Write everybody's talk in time order; ``recording`` names the file meant."""
    rows = sorted(
        (start, end, _field(name))
        for name, times in talk.items()
        for start, end in times
    )
    return "".join(
        f"SPEAKER {_field(recording)} 1 {start:.3f} {end - start:.3f}"
        f" <NA> <NA> {name} <NA> <NA>\n"
        for start, end, name in rows
    )


def read(text: str) -> dict[str, Intervals]:
    """Read everybody's talk by name, in seconds. Lines of other types are skipped.

    Raises RttmError with the number of the line.
    """
    talk: dict[str, list[Interval]] = {}
    for number, row in enumerate(text.splitlines(), 1):
        fields = row.split()
        if not fields or fields[0] != "SPEAKER":
            continue
        if len(fields) < MIN_FIELDS:
            raise RttmError(f"line {number}: {len(fields)} fields instead of {FIELDS}")
        try:
            start, length = float(fields[3]), float(fields[4])
        except ValueError:
            raise RttmError(f"line {number}: times are not numbers") from None
        if not (math.isfinite(start + length) and length >= 0):
            raise RttmError(f"line {number}: times that cannot be")
        talk.setdefault(fields[7], []).append((start, start + length))
    return {name: union(times) for name, times in talk.items()}


def _field(text: str) -> str:
    return "_".join(text.split()) or "<NA>"
