"""What an answer about consent covers, and how a Space hears of it.

The text that was shown has a version; an answer counts for that version only. The
number of days for which a voice is kept is part of it: whoever agreed to be recorded is
asked again where it would be kept longer than they were told, and not where it goes
sooner. An answer is on the ledger before any Space hears of it, and holds for the whole
guild: a Space asks the ledger when it opens, when it goes on after a restart, and
before it asks anybody.
"""

from collections.abc import Collection

from bot.rooms.parts import Parts
from media.consent import Consent
from moderation.events import ConsentGiven
from moderation.store import consents

VERSION = "1"
"""Of the text ``consent.text``; raise it whenever its meaning changes, and not where it
only says more of what was done already: everybody is asked anew then. That an answer
holds in the whole server was so before the text said it, and that it can be changed
takes nothing from whoever gave it."""

UNNAMED_DAYS = 30.0
"""Days that texts named before their version said so: what was set where nobody chose
otherwise."""


async def recall(room: Parts, user_ids: Collection[int]) -> frozenset[int]:
    """Tell the Space what these members allowed, where it is news; return who did.

    Whoever allowed something is told that it holds here; a no is taken in silence.
    """
    days = days_of(room)
    # In the writer's queue: what is answered meanwhile is told to the Space after it.
    known = await room.house.store.write(
        lambda db: consents.current(
            db,
            room.guild_id,
            room.space_id,
            lambda level, version: covers(level, version, days),
            user_ids,
        )
    )
    answers = room.space.state.consents.answers
    for user_id, (number, version) in known.items():
        level = Consent(number)
        if answers.get(user_id) is level:
            continue
        lower(room, user_id, level)
        silent = user_id if level is Consent.NOTHING else None
        room.notice(ConsentGiven(user_id, level, version), silent)
    return frozenset(known)


def lower(room: Parts, user_id: int, level: Consent) -> None:
    """Hear no more of a member than ``level`` from now on, ahead of any fact of it."""
    if level < room.ears.consents.get(user_id, Consent.NOTHING):
        room.ears.set_consent(user_id, level)


def days_of(room: Parts) -> float:
    """Return for how many days voices of this Space are kept after it."""
    noted = room.row.keep_days
    return room.house.config.recording.keep_days if noted is None else noted


def version_of(days: float) -> str:
    """Return the version of the text that names ``days``."""
    return f"{VERSION}/{days:g}"


def covers(level: int, version: str, days: float) -> bool:
    """Say whether an answer holds where a voice is kept for ``days``.

    Where no voice is kept it makes no difference how long.
    """
    text, _, told = version.partition("/")
    if text != VERSION:
        return False
    return level < Consent.AUDIO or days <= (float(told) if told else UNNAMED_DAYS)
