"""Claims: what is on its way, from the row that claims it to the one that settles it.

A key is claimed once and for ever. What a crash left claimed is taken up again.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from moderation.store import sends as ledger
from moderation.store.database import Store
from scheduler.clockwork.deliveries import nonce
from scheduler.plans import Plan
from scheduler.sends import Send, Timing


@dataclass(slots=True)
class Claim:
    """A send that is claimed and not settled."""

    send: Send
    claimed_at: float
    """Unix seconds."""

    withdrawn: bool = False
    """The plan has changed since and no longer calls for it."""


class Claims:
    """The claims of one bot."""

    def __init__(self, store: Store, now: Callable[[], float]) -> None:
        """``now`` is the wall clock in Unix seconds."""
        self._store = store
        self._now = now
        self._open: dict[str, Claim] = {}

    def every(self) -> tuple[Claim, ...]:
        """Return all of them."""
        return tuple(self._open.values())

    def of(self, send: Send) -> Claim:
        """Return the claim of a send that is on its way."""
        return self._open[send.key]

    async def make(
        self, due: Sequence[Send], rows: Sequence[ledger.SendRow], now: float
    ) -> list[Send]:
        """Write the rows of what is due; return what is to go out by this claim.

        Where the store fails nothing is claimed, and its error comes out.
        """
        claimable = {row.key for row in rows if row.state == "claimed"}
        fresh = [s for s in due if s.key in claimable and s.key not in self._open]
        # Open before it is written: what changes meanwhile withdraws it.
        self._open |= {send.key: Claim(send, now) for send in fresh}
        claimed: set[str] = set()
        try:
            claimed = set(await self._store.write(lambda db: ledger.claim(db, rows)))
        finally:
            for send in fresh:
                if send.key not in claimed:
                    del self._open[send.key]
        return [send for send in fresh if send.key in claimed]

    def withdraw(self, plan_id: int, wanted: Collection[str]) -> None:
        """Mark which sends of a plan it calls for no longer; ``wanted`` are keys."""
        for claim in self._open.values():
            if claim.send.plan_id == plan_id:
                claim.withdrawn = claim.send.key not in wanted

    async def settle(
        self,
        send: Send,
        state: str,
        *,
        message_id: int | None = None,
        reason: str | None = None,
    ) -> None:
        """Write down what became of a send: ``sent``, ``dropped`` or ``failed``."""
        at = self._now()
        await self._store.write(
            lambda db: ledger.settle(
                db, send.key, state, at, message_id=message_id, reason=reason
            )
        )
        self._open.pop(send.key, None)

    async def recall(self, calls: Mapping[int, Sequence[Send]]) -> None:
        """Take up what a crash left claimed; ``calls`` is what each plan calls for."""
        self._open = {}
        for row in await self._store.read(ledger.unsettled):
            known = {send.key: send for send in calls.get(row.plan_id, ())}
            gone = Send(
                key=row.key,
                plan_id=row.plan_id,
                kind=row.kind,
                due_at=row.due_at,
                starts_at=row.due_at,
            )
            self._open[row.key] = Claim(
                known.get(row.key, gone), row.claimed_at, row.key not in known
            )


def row_of(
    send: Send, how: Timing, plan: Plan | None, now: float, *, superseded: bool
) -> ledger.SendRow:
    """Return the row of a send that is due: claimed, or dropped with the reason."""
    late = "too late" if how is Timing.DROPPED else None
    dropped = "superseded" if superseded else late
    return ledger.SendRow(
        key=send.key,
        plan_id=send.plan_id,
        kind=str(send.kind),
        due_at=send.due_at,
        state="dropped" if dropped else "claimed",
        nonce=nonce(send.key),
        channel_id=plan.post_channel_id if plan else None,
        claimed_at=now,
        settled_at=now if dropped else None,
        reason=dropped,
    )
