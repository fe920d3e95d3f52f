"""What of a fact's effects is kept: explanations in the audit, cases in their book.

They are written in the transaction of the fact itself, so that each is there exactly
once whatever happens to the process. What was refused is kept in the audit as well.
"""

import logging
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from bot.clock import Clock
from bot.replies import AnyInteraction
from moderation import effects as fx
from moderation.sanction import Action
from moderation.store import audit, cases, spaces
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
                case = cases.NewCase(
                    guild_id=guild_id,
                    user_id=user_id,
                    action=action.value,
                    at=at,
                    space_id=space_id,
                    moderator_id=by,
                    reason=reason,
                    expires_at=until,
                    body={"number": number},
                )
                if action in UNEXPLAINED:
                    keep_case(db, case)
                else:
                    cases.open_(db, case)
            case fx.ReverseCase(number, by):
                _reverse(db, space_id, number, by, at)
            case fx.WishRefused(key, user_id):
                audit.record(
                    db,
                    audit.AuditRow(
                        guild_id=guild_id,
                        space_id=space_id,
                        actor_id=user_id,
                        action=REFUSED,
                        subject=key,
                        at=at,
                        body={"wish": "stage"},
                    ),
                )


UNEXPLAINED = (Action.WARN, Action.NOTE, Action.REPORT)
"""Cases that change nothing of the room, so that no explanation is in the audit."""

REFUSED = "refused"
"""The audit's action for what was wished and not done."""


class Refusals:
    """Notes in the audit what people wished and were refused, never in whose words."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def note(self, interaction: AnyInteraction, key: str) -> None:
        """Write down that a command or a button was refused, by the key of why."""
        space_id, guild_id = _space(interaction), interaction.guild_id
        if guild_id is None and space_id is not None:  # a button in a direct message
            row = await self._store.read(lambda db: spaces.get(db, space_id))
            guild_id = None if row is None else row.guild_id
        if guild_id is not None:
            wish, user_id = _wish(interaction), interaction.user.id
            await self.write(guild_id, user_id, key, wish, space_id)

    async def write(
        self,
        guild_id: int,
        user_id: int,
        key: str,
        wish: str,
        space_id: int | None = None,
    ) -> None:
        """Write one refusal down; a record that cannot be written is logged."""
        row = audit.AuditRow(
            guild_id=guild_id,
            space_id=space_id,
            actor_id=user_id,
            action=REFUSED,
            subject=key,
            at=self._clock.now(),
            body={"wish": wish},
        )
        try:
            await self._store.write(lambda db: audit.record(db, row))
        except StoreError as error:
            log.error("a refusal is not kept: %s", error)


def _wish(interaction: AnyInteraction) -> str:
    """Return what was wished: a command's name, or a button's verb."""
    if interaction.command is not None:
        return interaction.command.qualified_name
    return ":".join(_custom_id(interaction).split(":")[:3])


def _space(interaction: AnyInteraction) -> int | None:
    """Return the Space that a button or menu of ours carries."""
    parts = _custom_id(interaction).split(":")
    return int(parts[3]) if len(parts) > 3 and parts[3].isdecimal() else None


def _custom_id(interaction: AnyInteraction) -> str:
    data: Any = interaction.data or {}
    return str(data.get("custom_id", ""))


def keep_case(db: Database, case: cases.NewCase) -> None:
    """Open a case, and note in the audit that it was opened, without its words."""
    case_id = cases.open_(db, case)
    audit.record(
        db,
        audit.AuditRow(
            guild_id=case.guild_id,
            space_id=case.space_id,
            actor_id=case.moderator_id,
            action=f"case.{case.action}",
            subject=f"member {case.user_id}",
            at=case.at,
            body={"case": case_id},
        ),
    )


def _reverse(db: Database, space_id: int, number: int, by: int, at: float) -> None:
    for case in cases.of_space(db, space_id):
        if case.body.get("number") == number:
            cases.reverse(db, case.id, by, at)
