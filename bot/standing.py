"""What still stands against members from a guild's earlier Spaces.

A ban holds until it is lifted or over; a mute with a time holds until that time,
across Spaces. The record has the cases; the newest about a member decides.
"""

from collections.abc import Iterable

from moderation.events import SanctionsRecalled
from moderation.sanction import Action, Sanction
from moderation.store.cases import CaseRow

LIFTS = {Action.UNBAN: Action.BAN, Action.UNMUTE: Action.MUTE}
"""Which case ends which."""


def standing(rows: Iterable[CaseRow], now: float) -> SanctionsRecalled | None:
    """Return what stands at ``now`` (Unix seconds), of cases oldest first; or None."""
    found: dict[tuple[int, Action], Sanction] = {}
    for row in rows:
        action = Action(row.action)
        about = (row.user_id, LIFTS.get(action, action))
        found.pop(about, None)
        if _stands(action, row.expires_at, now):
            found[about] = Sanction(row.user_id, action, row.expires_at)
    return SanctionsRecalled(tuple(found.values())) if found else None


def _stands(action: Action, until: float | None, now: float) -> bool:
    if action is Action.BAN:
        return until is None or until > now
    # A mute without a time was for the rest of its own Space.
    return action is Action.MUTE and until is not None and until > now
