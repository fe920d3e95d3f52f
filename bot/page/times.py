"""Times as the page writes them, for people and for browsers. Pure."""

import datetime

from media.intervals import PAUSE_S
from moderation.talktime.figures import BACKCHANNEL_S, OVERLAP_S, TURN_PAUSE_S


def clock(seconds: float) -> str:
    """Return seconds as a person reads them: 1:02:03 or 2:03."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    if hours:
        return f"{hours}:{minutes:02}:{whole % 60:02}"
    return f"{minutes}:{whole % 60:02}"


def convention(language: str) -> dict[str, str]:
    """Return what talk time is counted by, seconds as ``language`` writes them."""
    numbers = {
        "pause": PAUSE_S,
        "turn_pause": TURN_PAUSE_S,
        "least": BACKCHANNEL_S,
        "overlap": OVERLAP_S,
    }
    point = "," if language == "es" else "."
    return {name: f"{s:g}".replace(".", point) for name, s in numbers.items()}


def tenths(seconds: float) -> str:
    """Return seconds as a clock that shows tenths, so that intervals can be added up.

    They are cut off, not rounded: 59.96 is 0:59.9.
    """
    whole, tenth = divmod(int(seconds * 10 + 1e-6), 10)
    return f"{clock(whole)}.{tenth}"


def moment(at: float) -> str:
    """Return Unix seconds as HTML has them, to the minute: 2027-01-15T08:00Z."""
    return f"{datetime.datetime.fromtimestamp(at, datetime.UTC):%Y-%m-%dT%H:%MZ}"
