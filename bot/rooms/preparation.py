"""What a Space starts without: the host reads it in time to do something about it.

A topic is always there: no Space opens without one.
"""

from moderation.settings import Gate
from moderation.view import SpaceView


def lacks(space: SpaceView, gate: Gate) -> list[str]:
    """Return the keys of what is missing, each with what to do about it."""
    there = {
        "agenda": bool(space.agenda),
        "rules": bool(gate.rules_version),
    }
    return [f"unprepared.{what}" for what, given in there.items() if not given]
