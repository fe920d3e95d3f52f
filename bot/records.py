"""What of a fact's effects is kept: explanations in the audit, cases in their book.

They are written in the transaction of the fact itself, so that each is there exactly
once whatever happens to the process. What was refused is kept in the audit as well.
"""

import logging
from collections.abc import Sequence

from sqlite_utils import Database

from bot.clock import Clock
from bot.replies import AnyInteraction
from moderation import effects as fx
from moderation.store import audit, cases
from moderation.store.database import Store, StoreError

log = logging.getLogger(__name__)


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


class Refusals:
    """Notes in the audit what people wished and were refused."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def note(self, interaction: AnyInteraction, key: str) -> None:
        """Write one refusal down; a record that cannot be written is logged."""
        if interaction.guild_id is None:
            return
        row = audit.AuditRow(
            guild_id=interaction.guild_id,
            actor_id=interaction.user.id,
            action="refused",
            subject=key,
            at=self._clock.now(),
        )
        try:
            await self._store.write(lambda db: audit.record(db, row))
        except StoreError as error:
            log.error("a refusal is not kept: %s", error)


def _reverse(db: Database, space_id: int, number: int, by: int, at: float) -> None:
    for case in cases.of_space(db, space_id):
        if case.body.get("number") == number:
            cases.reverse(db, case.id, by, at)
