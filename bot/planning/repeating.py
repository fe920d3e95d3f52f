"""Keeps the one repeated event of each series that Discord can express.

As with single events a change is only a hint which series to look at, series and
event are read anew every time, a failure never stops a plan, and an event that a
crash left unnoted is found by its mark.
"""

import asyncio
import logging
from typing import Final
from weakref import WeakValueDictionary

from sqlite_utils import Database

from bot.clock import Clock
from bot.planning import agreed, occasions, revising
from bot.planning import deviations as dev
from bot.planning.deeds import Asker
from bot.planning.describing import description, is_stale
from bot.planning.eventport import EventRefusedError
from bot.planning.mirror import CallOff, Create, Push, Seen, Turn, marked, room_left
from bot.planning.planner import Planner
from bot.planning.repeatport import RepeatPort
from bot.planning.stages import closes_another
from bot.planning.telling import HostTeller
from bot.texts.language import language_of
from bot.texts.wording import Wording
from moderation.store import series as rows
from moderation.store.database import Store
from scheduler.clockwork import series
from scheduler.plans import Plan, PlanRefused, PlanState
from scheduler.repeated import PlannedSeries
from scheduler.revision import Wanted

log = logging.getLogger(__name__)

STEPS: Final = 60
"""Steps in a row for one series: a daily one may have an exception for each day."""


class NativeSeries:
    """The repeated events of all series."""

    def __init__(
        self,
        store: Store,
        planner: Planner,
        port: RepeatPort,
        teller: HostTeller,
        words: Wording,
        clock: Clock,
    ) -> None:
        self._store = store
        self._planner = planner
        self._port = port
        self._teller = teller
        self._words = words
        self._clock = clock
        self._failed: dict[int, tuple[object, ...]] = {}
        """What a series wanted when Discord refused it."""

        self._tending: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        """Hints of Discord come beside our own looks: one at a time for a series, or
        both would make the event."""

    async def covers(self, plan: Plan) -> bool:
        """Say whether the event of its series stands for this plan too."""
        if plan.series_id is None or plan.event_id is not None:
            return False
        found = await self._read(plan.series_id)
        return found is not None and occasions.covers(*found, plan)

    async def of_event(self, event_id: int) -> int | None:
        """Return the series whose event this is, or None."""
        row = await self._store.read(lambda db: rows.by_event(db, event_id))
        return None if row is None else row.id

    async def look(self) -> None:
        """Look at every series that has an event, or may get one."""
        for series_id in await self._store.read(rows.with_event):
            await self.tend(series_id)

    def forget_failures(self) -> None:
        """Try again what Discord refused."""
        self._failed.clear()

    async def tend(self, series_id: int, *, touched: bool = False) -> None:
        """Let a series and its event agree; never raises because of Discord.

        ``touched``: somebody changed the event, so what was refused is tried again.
        """
        async with self._tending.setdefault(series_id, asyncio.Lock()):
            if touched:
                self._failed.pop(series_id, None)
            await self._tend(series_id)

    async def _tend(self, series_id: int) -> None:
        tried: tuple[object, ...] | None = None
        try:
            for _ in range(STEPS):
                found = await self._read(series_id)
                if found is None or self._failed.get(series_id) == _state(*found):
                    return
                seen = await self._seen(found[0])
                todo = occasions.step(*found, seen, self._clock.now())
                if todo is None and self._is_stale(found[0], seen):
                    todo = Push()
                if todo is None or tried == (todo, seen, *_state(*found)):
                    return  # agreed; or Discord took it and shows the same
                if await closes_another(self._store, todo, seen):
                    return
                tried = (todo, seen, *_state(*found))
                await self._do(*found, seen, todo)
        except EventRefusedError as error:
            log.warning("! event of series %d: %s", series_id, error.key)
            if found is not None:
                self._failed[series_id] = _state(*found)
                await self._say(found[1], error.key)
        except Exception:  # one series' trouble may not end the keeping of all
            log.exception("! event of series %d", series_id)

    async def _seen(self, planned: PlannedSeries) -> Seen | None:
        if planned.event_id is None:
            return None
        return await self._port.fetch(planned.guild_id, planned.event_id)

    async def _do(
        self,
        planned: PlannedSeries,
        plans: list[Plan],
        seen: Seen | None,
        todo: occasions.Step,
    ) -> None:
        guild_id, event_id = planned.guild_id, planned.event_id or 0
        match todo:
            case Create():
                await self._create(planned)
            case Push():
                await self._push(planned, plans, seen)
            case Turn(status):
                await self._port.turn(guild_id, event_id, status)
            case CallOff():
                await self._call_off(planned, plans)
            case occasions.Forget():
                await self._note(planned.id, None, ())
                for plan in plans:
                    await self._planner.reread(plan.id)
            case occasions.PullAll(wanted):
                await self._pull_all(planned, plans, seen, wanted)
            case dev.PullOne():
                await self._pull_one(planned, plans, seen, todo)
            case dev.PullDay(day, to):
                await self._store.write(
                    lambda db: agreed.keep_day(db, planned.id, day, to)
                )
            case dev.Deviate(original, to):
                await self._deviate(planned, seen, original, to)
            case dev.Agree(said):
                await self._store.write(lambda db: agreed.keep_said(db, said))

    async def _create(self, planned: PlannedSeries) -> None:
        # Discord makes none that has begun.
        wanted = occasions.shape(planned, (), self._clock.now())
        if wanted is None:
            return
        there = await self._port.listed(planned.guild_id)
        found = marked(occasions.mark(planned), there)
        if found is None:
            if not room_left(there):
                raise EventRefusedError("plan.event.full")
            found = await self._port.create_repeated(
                planned.guild_id, wanted, self._description(planned)
            )
        await self._note(planned.id, found.event_id, wanted.as_kept())

    async def _push(
        self, planned: PlannedSeries, plans: list[Plan], seen: Seen | None
    ) -> None:
        wanted = occasions.shape(planned, plans, self._clock.now())
        if wanted is None or seen is None:
            return
        if seen.rule is None or not seen.rule.same_as(wanted.rule):
            # Discord drops the exceptions with the rule: that is nobody's hand.
            await self._store.write(lambda db: agreed.unsay(db, planned.id))
        said = self._description(planned, seen)
        await self._port.change_repeated(planned.guild_id, seen, wanted, said)
        await self._note(planned.id, seen.event_id, wanted.as_kept())

    async def _pull_all(
        self,
        planned: PlannedSeries,
        plans: list[Plan],
        seen: Seen | None,
        wanted: Wanted,
    ) -> None:
        now, settings = self._clock.now(), self._planner.settings
        coming = [
            plan
            for plan in plans
            if plan.state is PlanState.SCHEDULED and plan.starts_at > now
        ]

        def keep(db: Database) -> list[Plan]:
            chosen = min(coming, key=lambda plan: plan.occurrence)
            found = revising.look(
                db, chosen.id, Asker.by_hand(planned.model), wanted, settings, now
            )
            kept = revising.keep(db, found)
            agreed.unsay(db, planned.id)
            return kept

        try:
            if not coming:
                raise PlanRefused("plan.unknown")
            kept = await self._store.write(keep)
        except PlanRefused as refused:
            log.info("! event of series %d put back: %s", planned.id, refused.key)
            await self._push(planned, plans, seen)
            await self._say(plans, "plan.event.put_back")
            return
        for plan in kept:
            await self._planner.reread(plan.id)

    async def _pull_one(
        self,
        planned: PlannedSeries,
        plans: list[Plan],
        seen: Seen | None,
        todo: dev.PullOne,
    ) -> None:
        asker = Asker.by_hand(planned.model)
        (plan,) = [one for one in plans if one.id == todo.plan_id]
        if todo.changes is None:
            language = language_of(plan.language, "en")
            reason = self._words.say(language, "plan.event.gone")
            # The host is told by an errand, which a crash cannot lose.
            await self._planner.event_gone(plan.id, asker, reason)
            return
        try:
            await self._planner.edit(plan.id, asker, todo.changes)
        except PlanRefused as refused:
            log.info("! event of plan %d put back: %s", plan.id, refused.key)
            await self._deviate(planned, seen, todo.back.original, todo.back.to)
            await self._say([plan], "plan.event.put_back")

    async def _deviate(
        self,
        planned: PlannedSeries,
        seen: Seen | None,
        original: int,
        to: dev.Deviation,
    ) -> None:
        there = () if seen is None else seen.exceptions
        which = next((one.id for one in there if one.original == original), None)
        await self._port.deviate(
            planned.guild_id, planned.event_id or 0, original, to, which
        )

    async def _call_off(self, planned: PlannedSeries, plans: list[Plan]) -> None:
        language = language_of(planned.model.language, "en")
        reason = self._words.say(language, "plan.event.gone")
        coming = [plan for plan in plans if plan.state is PlanState.SCHEDULED]
        if coming:
            asker = Asker.by_hand(planned.model)
            first = coming[0].id
            await self._planner.event_gone(first, asker, reason, whole=True)
        else:
            await self._store.write(lambda db: agreed.end(db, planned.id))

    async def _note(
        self, series_id: int, event_id: int | None, said: tuple[str, ...]
    ) -> None:
        await self._store.write(lambda db: agreed.note(db, series_id, event_id, said))

    async def _read(self, series_id: int) -> tuple[PlannedSeries, list[Plan]] | None:
        def read(db: Database) -> tuple[PlannedSeries, list[Plan]] | None:
            planned = series.get(db, series_id)
            if planned is None:
                return None
            return planned, series.plans_of(db, series_id)

        return await self._store.read(read)

    def _is_stale(self, planned: PlannedSeries, seen: Seen | None) -> bool:
        return is_stale(self._words, planned.model, seen, occasions.mark(planned))

    def _description(self, planned: PlannedSeries, seen: Seen | None = None) -> str:
        line = occasions.mark(planned)
        return description(self._words, planned.model, line, seen)

    async def _say(self, plans: list[Plan], key: str) -> None:
        live = [
            one for one in plans if one.state in (PlanState.SCHEDULED, PlanState.OPENED)
        ]
        if live:
            await self._teller.say(live[0], key)


def _state(planned: PlannedSeries, plans: list[Plan]) -> tuple[object, ...]:
    return (planned, tuple(plans))
