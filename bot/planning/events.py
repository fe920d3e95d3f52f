"""Keeps the native events of plans: one plan after another, each until both agree.

What changed is only a hint which plan to look at: plan and event are read anew every
time, so that a late or lost hint does no harm. A failure never stops a plan; who
hosts it is told in private, the same thing at most once a day.
"""

import asyncio
import logging
from dataclasses import replace
from typing import Final

import discord
from sqlite_utils import Database

from bot.clock import Clock
from bot.planning.deeds import Asker
from bot.planning.describing import description, is_stale
from bot.planning.eventport import EventPort, EventRefusedError
from bot.planning.mirror import (
    CallOff,
    Create,
    Pull,
    Push,
    Seen,
    Turn,
    mark,
    ours,
    room_left,
    shape,
    step,
    wants_event,
)
from bot.planning.planner import Planner
from bot.planning.repeating import NativeSeries
from bot.planning.stages import closes_another
from bot.planning.standing import Standing
from bot.planning.telling import HostTeller
from bot.texts.language import language_of
from bot.texts.wording import Wording
from moderation.store import plans as rows
from moderation.store.database import Store
from scheduler.clockwork import records
from scheduler.plans import Plan, PlanRefused, PlanState

log = logging.getLogger(__name__)

STEPS: Final = 5
"""Steps in a row for one plan; what does not agree then waits for the next look."""

LOOK_S: Final = 3600.0
"""Seconds between two looks at everything, for occurrences that have come near."""

EXCEPTION: Final = 0
"""Hint that some repeated event has another exception."""

KEPT_S: Final = 86400.0
"""Seconds after its start that the event of a plan which is over is still ended."""


class NativeEvents:
    """The events of all plans."""

    def __init__(
        self,
        store: Store,
        planner: Planner,
        port: EventPort,
        repeated: NativeSeries,
        teller: HostTeller,
        words: Wording,
        clock: Clock,
    ) -> None:
        self._store = store
        self._planner = planner
        self._port = port
        self._repeated = repeated
        self._teller = teller
        self._words = words
        self._clock = clock
        self._hints: asyncio.Queue[int] = asyncio.Queue()
        self._looks_at = 0.0
        """When everything is looked at next, Unix seconds."""

        self._excepted = False
        self._standing = Standing()

    async def run(self) -> None:
        """Keep the events until cancelled."""
        while True:
            await self.tick()
            try:
                async with asyncio.timeout(LOOK_S):
                    plan_id = await self._hints.get()
            except TimeoutError:
                continue
            await self._hear(plan_id)

    async def tick(self) -> None:
        """Look at everything now and then, and at every plan that may have changed."""
        # Later than one pause: the wall clock was set back.
        if not 0 < self._looks_at - self._clock.now() <= LOOK_S:
            await self.look()
            self._looks_at = self._clock.now() + LOOK_S
        while not self._hints.empty():
            await self._hear(self._hints.get_nowait())

    async def _hear(self, hint: int) -> None:
        if hint != EXCEPTION:
            await self.tend(hint)
            return
        self._excepted = False
        await self._repeated.look()

    async def changed(self, plan_id: int) -> None:
        """Hear that a plan may have changed."""
        self._hints.put_nowait(plan_id)

    async def on_scheduled_event_update(
        self, _: discord.ScheduledEvent, after: discord.ScheduledEvent
    ) -> None:
        """Hear that an event changed, by whomever."""
        await self.touched(after.id)

    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        """Hear that an event is gone."""
        await self.touched(event.id)

    async def on_socket_event_type(self, kind: str) -> None:
        """Hear that an occurrence was moved or cancelled by hand.

        discord.py knows no such event: it says that there was one, not of what.
        """
        if kind.startswith("GUILD_SCHEDULED_EVENT_EXCEPTION") and not self._excepted:
            self._excepted = True  # own ones come in flocks: one look for all
            self._hints.put_nowait(EXCEPTION)

    async def touched(self, event_id: int) -> None:
        """Look at the plan of an event again, if it has one."""
        series_id = await self._repeated.of_event(event_id)
        if series_id is not None:
            await self._repeated.tend(series_id, touched=True)
            return
        row = await self._store.read(lambda db: rows.by_event(db, event_id))
        if row is not None:
            self._standing.touch(row.id)
            self._hints.put_nowait(row.id)

    async def look(self) -> None:
        """Look at every plan that something may still happen to."""
        self._standing = Standing()
        since = self._clock.now() - KEPT_S
        guilds: dict[int, list[Plan]] = {}
        for plan in await self._store.read(lambda db: records.current(db, since)):
            guilds.setdefault(plan.guild_id, []).append(plan)
        self._repeated.forget_failures()
        await self._repeated.look()
        for guild_id, plans in guilds.items():
            await self._look_at(guild_id, plans)

    async def _look_at(self, guild_id: int, plans: list[Plan]) -> None:
        """Tend only what one listing of the guild's events does not settle."""
        now = self._clock.now()
        concerned = [
            one
            for one in plans
            if one.event_id
            or (wants_event(one, now) and not await self._repeated.covers(one))
        ]
        if not concerned:
            return
        try:
            there = {one.event_id: one for one in await self._port.listed(guild_id)}
        except EventRefusedError as error:
            log.warning("! events of guild %d: %s", guild_id, error.key)
            return
        left = room_left(there.values())
        for plan in concerned:
            seen = there.get(plan.event_id or 0)
            settled = seen is not None and step(plan, seen, now) is None
            if settled and not self._is_stale(plan, seen):
                self._standing.settle(plan)
            elif plan.event_id is not None or left or ours(plan, there.values()):
                left -= plan.event_id is None
                await self.tend(plan.id)

    async def tend(self, plan_id: int) -> None:
        """Let one plan and its event agree; never raises because of Discord."""
        try:
            for _ in range(STEPS):
                plan = await self._store.read(lambda db: records.get(db, plan_id))
                if plan is None or await self._repeated.covers(plan):
                    break
                if not await self._advance(plan):
                    break
            if plan is not None and plan.series_id is not None:
                await self._repeated.tend(plan.series_id)
        except Exception:  # one plan's trouble may not end the keeping of all
            log.exception("! event of plan %d", plan_id)

    async def _advance(self, plan: Plan) -> bool:
        """Take one step; say whether another may follow."""
        now = self._clock.now()
        if plan.event_id is None and not wants_event(plan, now):
            return False
        if self._standing.has_nothing_to_do(plan):
            return False
        try:
            return await self._step(plan, now)
        except EventRefusedError as error:
            log.warning("! event of plan %d: %s", plan.id, error.key)
            self._standing.refuse(plan)
            await self._say(plan, error.key)
            return False

    async def _step(self, plan: Plan, now: float) -> bool:
        seen = None
        if plan.event_id is not None:
            seen = await self._port.fetch(plan.guild_id, plan.event_id)
        todo = step(plan, seen, now)
        if todo is None and self._is_stale(plan, seen):
            todo = Push()
        if await closes_another(self._store, todo, seen):
            return False
        same = self._standing.same_as_last(plan, seen)
        if todo is not None and same:
            return False  # Discord took it and shows the same: no second time
        match todo:
            case Create():
                await self._create(plan)
            case Pull(changes):
                await self._pull(plan, changes, seen)
            case Push():
                await self._push(plan, seen)
            case Turn(status):
                event_id = plan.event_id or 0
                await self._port.turn(plan.guild_id, event_id, status)
            case CallOff():
                await self._call_off(plan)
            case None:
                await self._agree(plan, seen)
                return False
        return True

    async def _create(self, plan: Plan) -> None:
        # A crash between making and noting leaves one: it is taken up, not doubled.
        there = await self._port.listed(plan.guild_id)
        found = ours(plan, there)
        if found is None:
            if not room_left(there):
                raise EventRefusedError("plan.event.full")
            found = await self._port.create(
                plan.guild_id,
                shape(plan),
                description(self._words, plan, mark(plan)),
            )
        await self._note(plan.id, found.event_id, found.shape.as_kept())

    async def _push(self, plan: Plan, seen: Seen | None) -> None:
        event_id, wanted = plan.event_id or 0, shape(plan)
        said = description(self._words, plan, mark(plan), seen)
        await self._port.change(plan.guild_id, event_id, wanted, said)
        await self._note(plan.id, event_id, wanted.as_kept())

    async def _pull(
        self, plan: Plan, changes: dict[str, object], seen: Seen | None
    ) -> None:
        try:
            await self._planner.edit(plan.id, Asker.by_hand(plan), changes)
        except PlanRefused as refused:
            # It cannot be like that: the event says again what holds.
            log.info("! event of plan %d put back: %s", plan.id, refused.key)
            await self._push(plan, seen)
            await self._say(plan, "plan.event.put_back")

    async def _call_off(self, plan: Plan) -> None:
        language = language_of(plan.language, "en")
        reason = self._words.say(language, "plan.event.gone")
        # The host is told by an errand, which a crash cannot lose.
        await self._planner.event_gone(plan.id, Asker.by_hand(plan), reason)

    async def _agree(self, plan: Plan, seen: Seen | None) -> None:
        if (
            seen is not None
            and plan.state is PlanState.SCHEDULED
            and plan.event_as != seen.shape.as_kept()
        ):
            await self._note(plan.id, seen.event_id, seen.shape.as_kept())
        self._standing.settle(plan)

    async def _note(self, plan_id: int, event_id: int, said: tuple[str, ...]) -> None:
        def keep(db: Database) -> None:
            plan = records.get(db, plan_id)
            if plan is not None:
                records.keep(db, replace(plan, event_id=event_id, event_as=said))

        await self._store.write(keep)
        await self._planner.reread(plan_id)

    def _is_stale(self, plan: Plan, seen: Seen | None) -> bool:
        scheduled = plan.state is PlanState.SCHEDULED
        return scheduled and is_stale(self._words, plan, seen, mark(plan))

    async def _say(self, plan: Plan, key: str) -> None:
        if plan.state in (PlanState.SCHEDULED, PlanState.OPENED):
            await self._teller.say(plan, key)  # what is over concerns nobody
