"""The source of go/no-go cards: one for each start, brought by a courier."""

from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from scheduler.clockwork.deliveries import Courier
from scheduler.plans import Plan
from scheduler.preflight.card import KIND, cards
from scheduler.preflight.settings import PreflightSettings
from scheduler.sends import Send


class Preflighting:
    """Says which plans call for a card, and when."""

    kinds = frozenset({KIND})

    def __init__(self, courier: Courier, settings: PreflightSettings) -> None:
        self._settings = settings
        self.deliver = courier.deliver
        self.find = courier.find

    def sends(self, db: Database, plans: Sequence[Plan]) -> Iterable[Send]:
        """Return the cards of the plans that are still to come."""
        for plan in plans:
            yield from cards(plan, self._settings)
