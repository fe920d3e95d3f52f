"""How long the sound of a Space is kept, and when its host is told that it goes.

Rule 1: the time runs from the end of the Space. What members were told when it opened
binds: a longer ``keep_days`` later is for later Spaces, a shorter one for all that is
there. Nothing that was noted is ever put off.
Rule 2: nothing is kept longer than ``keep_days`` from any moment at which somebody
looked: a clock that was wrong once, and noted an end in the far future, keeps nothing.
Rule 3: by a clock that was never set nobody looks: everything would seem to have ended
in the future, and be noted as over since 1970.
Rule 4: by a clock that is wrong for all that is known nobody looks either. Discord's
clock decides; before that is heard, a time in which nothing at all was written down.
"""

from dataclasses import dataclass
from typing import Final

DAY_S: Final = 86_400.0

EARLIEST: Final = 1_767_225_600.0
"""Unix seconds, 1 January 2026: whatever shows less has no battery, and no time yet."""


WRONG_S: Final = DAY_S
"""Difference to Discord's clock from which this machine's is wrong."""

IDLE_S: Final = 7 * DAY_S
"""For how long a bot may have been off, or nobody have done anything, before it asks
what time it is: a clock that jumps ahead looks the same."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What a Space left to hear."""

    ended_at: float
    """Unix seconds."""

    promised_days: float | None = None
    """What was in force when it opened, and never more since; None: not noted."""

    expires_at: float | None = None
    """The earliest end that was ever noted, Unix seconds."""


def expires_at(sound: Sound, keep_days: float, now: float) -> float:
    """Return when it is to be deleted (Unix seconds), by all that is known ``now``."""
    promised = keep_days if sound.promised_days is None else sound.promised_days
    keep_s = min(promised, keep_days) * DAY_S
    end = min(sound.ended_at, now) + keep_s
    return end if sound.expires_at is None else min(end, sound.expires_at)


def wants_notice(at: float, remind_days: float, now: float) -> bool:
    """Say whether the host of what expires at ``at`` is to be told by now.

    Never with 0 days, and not of what is over: there is nothing left to do about it.
    """
    return remind_days > 0 and at - remind_days * DAY_S <= now < at


def doubt(now: float, newest: float | None, theirs: float | None) -> str:
    """Return why nothing may be deleted by this clock, as one line; empty: it may.

    ``newest``: when something was last written down before the bot started (None:
    never); ``theirs``: what Discord's clock shows, None where it is not known yet. All
    in Unix seconds.
    """
    if theirs is not None:
        off_days = (now - theirs) / DAY_S
        if abs(now - theirs) <= WRONG_S:
            return ""
        side = "ahead of" if off_days > 0 else "behind"
        return (
            f"the clock of this machine is {abs(off_days):.0f} days {side} Discord's:"
            " set it"
        )
    if newest is None or now - newest <= IDLE_S:
        return ""
    return (
        f"the record is {(now - newest) / DAY_S:.0f} days old by the clock of this"
        " machine: that waits until Discord has said what time it is"
    )
