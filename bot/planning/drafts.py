"""Plans that were understood and not confirmed: kept for as long as the process lives.

Rules:

- A draft belongs to who asked; nobody else sees its card.
- It is decided once. Whoever presses again, or after a restart, is told how things
  stand; nothing is planned twice.
- A draft has the id of the interaction that asked for it, which no other process gives
  again.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from scheduler.extras import NOTHING, Extras
from scheduler.plans import Plan, PlanRefused

MOST: Final = 500
"""Drafts, and decided ones, that are remembered; the oldest are forgotten."""

PLANNED, DROPPED = "plan.ask.planned", "plan.ask.dropped"
"""How a draft is decided: the text that says so at the next press."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A plan to be confirmed."""

    id: int
    plan: Plan
    """``host_id`` is who asked."""

    repeat: str | None = None
    when: str
    """As it was typed."""

    until: str = ""
    """Until when it comes back, as it was typed; empty for no end."""

    last_day: date | None = None
    """What that means."""

    others: tuple[float, ...] = ()
    """What else the text may mean, Unix seconds."""

    extras: Extras = NOTHING
    """What comes with the plan."""

    note: str = ""
    """What that is, in words."""


class Drafts:
    """The drafts of one process."""

    def __init__(self) -> None:
        self._open: dict[int, Draft] = {}
        self._decided: dict[int, str] = {}

    def keep(self, draft: Draft) -> None:
        """Keep a draft, new or changed; one that is decided stays so."""
        if draft.id not in self._decided:
            self._open[draft.id] = draft
            _forget(self._open)

    def get(self, draft_id: int) -> Draft:
        """Return a draft that is open. Raises PlanRefused."""
        draft = self._open.get(draft_id)
        if draft is None:
            raise PlanRefused(self._decided.get(draft_id, "plan.ask.too_old"))
        return draft

    def decide(self, draft_id: int, how: str) -> Draft:
        """Take a draft for good, before what it takes is begun. Raises PlanRefused."""
        draft = self.get(draft_id)
        del self._open[draft_id]
        self._decided[draft_id] = how
        _forget(self._decided)
        return draft

    def give_back(self, draft: Draft) -> None:
        """Open a draft again: what was decided could not be done."""
        self._decided.pop(draft.id, None)
        self.keep(draft)


def _forget(kept: dict[int, Draft] | dict[int, str]) -> None:
    while len(kept) > MOST:
        del kept[next(iter(kept))]
