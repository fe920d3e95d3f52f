"""What still stands against members from a guild's earlier Spaces.

The record has the cases, ``moderation.cases`` the rule: a ban holds until it is lifted
or over, a mute with a time until that time, across Spaces.
"""

from collections.abc import Iterable

from moderation.cases import Case, still_standing
from moderation.events import SanctionsRecalled
from moderation.sanction import Action
from moderation.store.cases import CaseRow


def standing(rows: Iterable[CaseRow], now: float) -> SanctionsRecalled | None:
    """Return what stands at ``now`` (Unix seconds), of cases oldest first; or None."""
    found = still_standing((_case(row) for row in rows), now)
    return SanctionsRecalled(found) if found else None


def _case(row: CaseRow) -> Case:
    return Case(
        number=row.id,
        action=Action(row.action),
        user_id=row.user_id,
        by=row.moderator_id,
        at=row.at,
        reason=row.reason,
        until=row.expires_at,
        undone_by=row.reversed_by,
    )
