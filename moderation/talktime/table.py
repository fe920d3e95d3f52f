"""Talk time as the table that people and programs are given.

``{"speakers": [{"speaker", "seconds", "share", "turns", "longest_turn"}]}``, who
talked most first. Seconds to the millisecond, shares 0 to 1.
"""

from collections.abc import Mapping
from typing import Any

from moderation.talktime.figures import TalkFigures


def table(figures: TalkFigures, names: Mapping[int, str]) -> dict[str, Any]:
    """Return the table; named members who said nothing are in it with nothing."""
    rows = [
        {
            "speaker": names.get(speaker.user_id, str(speaker.user_id)),
            "seconds": round(speaker.seconds, 3),
            "share": round(speaker.share, 4),
            "turns": len(speaker.turns),
            "longest_turn": round(speaker.longest_turn_s, 3),
        }
        for speaker in figures.speakers
    ]
    heard = {speaker.user_id for speaker in figures.speakers}
    silent = [name for user_id, name in names.items() if user_id not in heard]
    nothing = {"seconds": 0.0, "share": 0.0, "turns": 0, "longest_turn": 0.0}
    return {"speakers": rows + [{"speaker": name, **nothing} for name in silent]}
