"""What of a fact's effects is kept: explanations in the audit, cases in their book.

They are written in the transaction of the fact itself, so that each is there exactly
once whatever happens to the process.
"""

from collections.abc import Sequence

from sqlite_utils import Database

from moderation import effects as fx
from moderation.store import audit, cases


def keep(
    db: Database, guild_id: int, space_id: int, effects: Sequence[fx.Effect], at: float
) -> None:
    """Write down what is to be kept of ``effects``, which came of one fact."""
    for effect in effects:
        match effect:
            case fx.Explained(key, params=params, user_id=user_id, by=by):
                audit.record(
                    db,
                    audit.AuditRow(
                        guild_id=guild_id,
                        space_id=space_id,
                        actor_id=by,
                        action=key,
                        subject="" if user_id is None else f"member {user_id}",
                        at=at,
                        body=dict(params),
                    ),
                )
            case fx.OpenCase(number, action, user_id, by, reason, until):
                cases.open_(
                    db,
                    cases.NewCase(
                        guild_id=guild_id,
                        user_id=user_id,
                        action=action.value,
                        at=at,
                        space_id=space_id,
                        moderator_id=by,
                        reason=reason,
                        expires_at=until,
                        body={"number": number},
                    ),
                )
            case fx.ReverseCase(number, by):
                _reverse(db, space_id, number, by, at)


def _reverse(db: Database, space_id: int, number: int, by: int, at: float) -> None:
    for case in cases.of_space(db, space_id):
        if case.body.get("number") == number:
            cases.reverse(db, case.id, by, at)
