"""Keeps the public card of each plan: posted once, edited in place, never again posted.

Rules:

- The row comes first: a card is claimed before it is posted and noted after, and is
  looked for in its channel before it is posted a second time.
- What changed is only a hint which plan to look at; plan and row are read anew.
- A card that somebody deleted stays deleted. What Discord does not take for the moment
  is tried again in a minute, what it forbids at the next change or the next look.
- Of a series only the next Space has a card; the following one's comes when that is
  over, so that a series does not fill its channel.
"""

import asyncio
import logging
from dataclasses import replace
from typing import Final
from weakref import WeakValueDictionary

from sqlite_utils import Database

from bot.clock import Clock
from bot.planning import card
from bot.planning.cardport import (
    CardGoneError,
    CardPort,
    CardRefusedError,
    UnseenError,
)
from bot.texts.language import language_of
from bot.texts.wording import Wording
from moderation.store import cards as rows
from moderation.store.cards import CardRow
from moderation.store.database import Store
from scheduler.clockwork import records, series
from scheduler.clockwork.deliveries import nonce
from scheduler.occurrences import repeat_of
from scheduler.plans import Plan, PlanState

log = logging.getLogger(__name__)

LOOK_S: Final = 3600.0
"""Seconds between two looks at everything."""

RETRY_S: Final = 60.0
"""Seconds after which what failed for the moment is tried again."""

KEPT_S: Final = 4 * 86400.0
"""Seconds after its start that the card of a plan which is over is still set right."""


class Cards:
    """The cards of all plans."""

    def __init__(
        self, store: Store, port: CardPort, words: Wording, clock: Clock
    ) -> None:
        self._store = store
        self._port = port
        self._words = words
        self._clock = clock
        self._hints: asyncio.Queue[int] = asyncio.Queue()
        self._again: set[int] = set()
        """Plans whose card failed for the moment."""

        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def run(self) -> None:
        """Keep the cards until cancelled; look at everything at start and hourly."""
        look_at = 0.0
        while True:
            # Later than one pause: the wall clock was set back.
            if not 0 < look_at - self._clock.now() <= LOOK_S:
                await self.look()
                look_at = self._clock.now() + LOOK_S
            try:
                async with asyncio.timeout(RETRY_S if self._again else LOOK_S):
                    hints = {await self._hints.get()}
            except TimeoutError:
                hints, self._again = self._again, set()
            for plan_id in hints:
                await self.show(plan_id)

    async def changed(self, plan_id: int) -> None:
        """Hear that a plan may have changed."""
        self._hints.put_nowait(plan_id)

    async def look(self) -> None:
        """Set right every card that shows something else than its plan says."""
        since = self._clock.now() - KEPT_S
        for plan_id in await self._store.read(lambda db: _behind(db, since)):
            await self.show(plan_id)

    async def show(self, plan_id: int) -> str | None:
        """Let the plan's card show it; return the key of why it does not.

        Never raises because of Discord.
        """
        lock = self._locks.setdefault(plan_id, asyncio.Lock())
        async with lock:
            try:
                trouble = await self._show(plan_id)
            except Exception:  # one card's trouble may not end the keeping of all
                log.exception("! card of plan %d", plan_id)
                return "plan.unseen.failed"
        await self._follow(plan_id)
        return trouble

    async def _follow(self, plan_id: int) -> None:
        """Give the next Space of the plan's series its card, if its turn has come."""
        following = await self._store.read(lambda db: _following(db, plan_id))
        if following is not None:
            await self._store.write(lambda db: ask(db, following))
            self._hints.put_nowait(following.id)

    async def _show(self, plan_id: int) -> str | None:
        def read(db: Database) -> tuple[Plan | None, CardRow | None, str | None]:
            plan = records.get(db, plan_id)
            repeat = None if plan is None else _repeat(db, plan)
            return plan, rows.get(db, plan_id), repeat

        plan, row, repeat = await self._store.read(read)
        if plan is None or row is None:
            return None
        if row.gone:
            return row.gone
        try:
            if row.message_id is None:
                row = await self._post(plan, row, repeat)
            if row.message_id is not None and row.shows != card.digest(plan, repeat):
                await self._edit(plan, row, row.message_id, repeat)
        except CardGoneError as error:
            return await self._give_up(row, error.key)
        except CardRefusedError as error:
            log.warning("! card of plan %d: %s", plan.id, error.key)
            if plan.state in (PlanState.SCHEDULED, PlanState.OPENED):
                return error.key
            return await self._give_up(row, error.key)
        except UnseenError as error:
            log.warning("! card of plan %d: %s", plan.id, error.key)
            self._again.add(plan.id)
            return error.key
        return None

    async def _post(self, plan: Plan, row: CardRow, repeat: str | None) -> CardRow:
        """Post the card, or find the one that a crash left unnoted."""
        key = _nonce(plan)
        found = None
        if row.claimed_at is not None:
            found = await self._port.find(row.channel_id, key, row.claimed_at)
        if found is not None:
            return await self._keep(replace(row, message_id=found))
        if plan.state is not PlanState.SCHEDULED:
            return row  # never posted, and nothing is to come any more
        claimed = await self._keep(replace(row, claimed_at=self._clock.now()))
        try:
            shown = self._shown(plan, row, repeat)
            posted = await self._port.post(row.channel_id, shown, key)
        except CardRefusedError:
            await self._keep(replace(row, claimed_at=None))  # surely not there
            raise
        return await self._keep(
            replace(claimed, message_id=posted, shows=card.digest(plan, repeat))
        )

    async def _edit(
        self, plan: Plan, row: CardRow, message_id: int, repeat: str | None
    ) -> None:
        shown = self._shown(plan, row, repeat)
        await self._port.edit(row.channel_id, message_id, shown)
        await self._keep(replace(row, shows=card.digest(plan, repeat)))

    def _shown(self, plan: Plan, row: CardRow, repeat: str | None) -> card.Shown:
        words, language = self._words, language_of(plan.language, "en")
        return card.shown(words, language, plan, row.starts_at, _nonce(plan), repeat)

    async def _give_up(self, row: CardRow, key: str) -> str:
        log.info("card of plan %d is given up: %s", row.plan_id, key)
        await self._keep(replace(row, gone=key))
        return key

    async def _keep(self, row: CardRow) -> CardRow:
        await self._store.write(lambda db: rows.keep(db, row))
        return row


def ask(db: Database, plan: Plan) -> None:
    """Note that a plan is to have a card, where it has a channel for it."""
    if plan.post_channel_id is not None:
        rows.ask(db, plan.id, plan.post_channel_id, plan.starts_at)


def _repeat(db: Database, plan: Plan) -> str | None:
    """Return how often the plan comes back; None where nothing comes after it."""
    if plan.series_id is None or plan.state is not PlanState.SCHEDULED:
        return None
    planned = series.get(db, plan.series_id)
    if planned is None or planned.over:
        return None
    rule = planned.series.rule
    if rule.until is not None and not any(
        day.isoformat() > plan.occurrence for day in rule.days()
    ):
        return None
    return repeat_of(rule) or card.NAMELESS


def _nonce(plan: Plan) -> str:
    return nonce(f"card/{plan.id}")


def _behind(db: Database, since: float) -> list[int]:
    """Return the plans whose cards do not show them, and one plan of each series."""
    plans = {plan.id: plan for plan in records.current(db, since)}
    behind = [
        row.plan_id
        for row in rows.of_plans(db, plans)
        if not row.gone and row.shows != _digest(db, plans[row.plan_id])
    ]
    of_series = {
        plan.series_id: plan.id for plan in plans.values() if plan.series_id is not None
    }
    return list(dict.fromkeys([*behind, *of_series.values()]))


def _digest(db: Database, plan: Plan) -> str:
    return card.digest(plan, _repeat(db, plan))


def _following(db: Database, plan_id: int) -> Plan | None:
    """Return the next Space of the plan's series, if none of it has a card now."""
    plan = records.get(db, plan_id)
    if plan is None or plan.series_id is None:
        return None
    scheduled = [PlanState.SCHEDULED.value]
    if rows.series_shown(db, plan.series_id, scheduled) is not False:
        return None
    return next(iter(records.upcoming_of(db, plan.series_id)), None)
