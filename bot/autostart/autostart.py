"""Opens plans by themselves: a source of the clockwork, and an ear for who comes in.

Rules:

- Whether a Space opened is the plan's row, written with the Space's; no send is needed
  to have it once, and any of them may be done again.
- Opening may take longer than the clockwork can wait for: it goes on by itself, one
  attempt at a time for a plan.
- What stands in the way is said to the host in private, each thing once, and stands in
  the post until somebody opens it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Final

from sqlite_utils import Database

from bot.autostart.opener import Opener
from bot.autostart.post import Post
from bot.autostart.trouble import REFUSALS, Trouble, trouble_of
from bot.autostart.words import Texts
from bot.clock import Clock
from bot.planning import deeds
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from bot.texts.wording import Wording
from moderation.store import spaces
from moderation.store.database import Store
from scheduler.autostart import (
    AutoKind,
    Kept,
    is_waiting,
    opener,
    outcome,
    sends,
    start_of,
    still_opens,
)
from scheduler.clockwork import autostarting, records
from scheduler.clockwork.deliveries import Notice, UndeliverableError, nonce
from scheduler.errors import SchedulerError
from scheduler.plans import Plan, PlanState
from scheduler.sends import Send

log = logging.getLogger(__name__)

PATIENCE_S: Final = 0.5
"""Seconds that the clockwork waits for an opening before it goes on with the rest: its
row is written by then, or what stands in the way is known; joining takes longer."""

Tell = Callable[[int, str], Awaitable[None]]
"""Takes a member and a text, and fails in silence."""


class StillOpeningError(SchedulerError):
    """The Space is on its way: what comes of it is seen at the next look."""


class AutoStart:
    """The plans that open by themselves."""

    kinds = frozenset(kind.value for kind in AutoKind)

    def __init__(
        self,
        store: Store,
        planner: Planner,
        opener: Opener,
        post: Post,
        tell: Tell,
        words: Wording,
        wall: Clock,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._store = store
        self._planner = planner
        self._opener = opener
        self._post = post
        self._tell = tell
        self._words = words
        self._texts = Texts(words)
        self._wall = wall
        self._patience_s = patience_s
        self._opening: dict[int, asyncio.Task[Trouble | None]] = {}
        self._told: set[tuple[int, str, str]] = set()
        """Of which trouble the host of a plan's start has heard."""

        self._writing = asyncio.Lock()

    def sends(self, db: Database, plans: Sequence[Plan]) -> Iterable[Send]:
        """Return what these plans call for."""
        known = autostarting.kept(db, plans)
        for plan in plans:
            kept = known.get(plan.id, Kept())
            yield from sends(plan, kept, self._planner.settings)

    async def deliver(self, notice: Notice) -> int | None:
        """Do what is due about a plan. Raises UndeliverableError."""
        match AutoKind(notice.send.kind):
            case AutoKind.WAIT:
                return await self._wait(notice)
            case AutoKind.LOOK:
                await self._look(notice.plan.id)
                return None
            case AutoKind.GIVE_UP:
                return await self._give_up(notice)
            case AutoKind.TOLD:
                await self._say_how_it_ended(notice)
                return None

    async def find(self, notice: Notice, claimed_at: float) -> int | None:
        """Return the id of a post that a crash left unnoted; the rest is done again."""
        if notice.send.kind in (AutoKind.WAIT, AutoKind.GIVE_UP):
            return await self._post.find(notice.plan, notice.nonce, claimed_at)
        return None

    async def came(self, guild_id: int, channel_id: int) -> None:
        """Open what waits in a channel, now that somebody has come in."""
        ids = await self._store.read(
            lambda db: _waiting(db, records.scheduled_in(db, guild_id, channel_id))
        )
        for plan_id in ids:
            await self._look(plan_id)

    async def back(self) -> None:
        """Open what somebody came in for while nobody listened to Discord."""
        ids = await self._store.read(lambda db: _waiting(db, records.live(db)))
        for plan_id in ids:
            await self._look(plan_id)

    async def stop(self) -> None:
        """Let go of what is being opened: the next process goes on with it."""
        tasks = list(self._opening.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(self, notice: Notice) -> int | None:
        trouble = await self._attempt(notice.plan.id, over=False)
        plan = await self._plan(notice.plan.id)
        if plan.state is not PlanState.SCHEDULED or plan.id in self._opening:
            return None
        until, said = self._until(plan), trouble.text if trouble else ""
        if trouble is not None:
            await self._complain(plan, trouble)
        try:
            text = self._texts.wait(plan, until, said)
            return await self._post.send(plan, text, notice.nonce, waits=True)
        except UndeliverableError:
            private = self._texts.private(plan, "auto.no_place", until)
            await self._tell(plan.host_id, private)
            raise

    async def _look(self, plan_id: int) -> None:
        trouble = await self._attempt(plan_id, over=False)
        plan = await self._plan(plan_id)
        if trouble is None or plan.state is not PlanState.SCHEDULED:
            return
        if await self._complain(plan, trouble):
            await self._show(plan, trouble)

    async def _give_up(self, notice: Notice) -> int | None:
        plan = await self._plan(notice.plan.id)
        if plan.state is PlanState.SCHEDULED:
            plan = await self._end(plan)
        if plan.state is not PlanState.CANCELLED:
            return None
        if await self._where(plan) is not None:
            return None  # the post that is there says so
        text = self._texts.ended(plan, "cancelled")
        return await self._post.send(plan, text, notice.nonce, waits=False)

    async def _end(self, plan: Plan) -> Plan:
        """Open a plan whose wait is over, or call it off; return what became of it."""
        now, settings = self._wall.now(), self._planner.settings
        key, trouble = "away", None
        if still_opens(plan, settings, now):
            trouble = await self._attempt(plan.id, over=True)
            if now <= self._until(plan) + settings.late_s:
                key = "nobody"
            if trouble is not None:
                key = trouble.key
            opened = await self._plan(plan.id)
            if opened.state is not PlanState.SCHEDULED:
                return opened
            if plan.id in self._opening:
                raise StillOpeningError(f"plan {plan.id} is being opened")
        reason = self._texts.reason(plan, key, trouble.params if trouble else {})
        if not await self._store.write(lambda db: _call_off(db, plan, reason)):
            log.info("plan %d changed and is not given up", plan.id)
            return await self._plan(plan.id)
        await self._planner.reread(plan.id)
        return await self._plan(plan.id)

    async def _say_how_it_ended(self, notice: Notice) -> None:
        channel_id, message_id = notice.send.arg.split("/")
        *_, start, how = notice.send.key.split("/", 4)
        async with self._writing:
            plan = await self._plan(notice.plan.id)
            space = await self._store.read(lambda db: spaces.of_plan(db, plan.id))
            host_id = space.host_id if space else None
            text = self._texts.ended(plan, outcome(plan, start) or how, host_id)
            await self._post.edit(plan, (int(channel_id), int(message_id)), text)
        log.info("plan %d, start %s: %s", plan.id, start, how)

    async def _attempt(self, plan_id: int, *, over: bool) -> Trouble | None:
        """Open the plan if somebody is there who may; return what stood in the way.

        None also where nobody is there, or where it takes longer.
        """
        before = self._opening.get(plan_id)
        if before is not None and over:
            # It may have looked for the host alone; this one looks for co-hosts too.
            await asyncio.wait({before}, timeout=self._patience_s)
        task = self._opening.get(plan_id)
        if task is None:
            task = asyncio.create_task(self._open(plan_id, over), name="auto-start")
            self._opening[plan_id] = task
            task.add_done_callback(lambda _: self._opening.pop(plan_id, None))
        done, _ = await asyncio.wait({task}, timeout=self._patience_s)
        return task.result() if done else None

    async def _open(self, plan_id: int, over: bool) -> Trouble | None:
        plan = await self._plan(plan_id)
        if plan.state is not PlanState.SCHEDULED:
            return None
        host_id = opener(plan, self._opener.present(plan), over=over)
        if host_id is None:
            return None
        try:
            await self._opener.open(plan, host_id)
        except REFUSALS as error:
            return trouble_of(self._words, plan, error)
        log.info("plan %d opened by itself", plan.id)
        if host_id != plan.host_id:
            await self._tell(plan.host_id, self._texts.ended(plan, "opened", host_id))
        return None

    async def _complain(self, plan: Plan, trouble: Trouble) -> bool:
        """Tell the host what stands in the way; False where that was said before."""
        said = (plan.id, start_of(plan), trouble.key)
        if said in self._told:
            return False
        self._told.add(said)
        log.warning("plan %d does not open: %s", plan.id, trouble.key)
        text = self._texts.private(
            plan, "auto.cannot_private", self._until(plan), trouble.text
        )
        await self._tell(plan.host_id, text)
        return True

    async def _show(self, plan: Plan, trouble: Trouble) -> None:
        """Let the post say what stands in the way, where there is one."""
        async with self._writing:
            plan = await self._plan(plan.id)
            where = await self._where(plan)
            if where is None or plan.state is not PlanState.SCHEDULED:
                return
            text = self._texts.wait(plan, self._until(plan), trouble.text)
            key = f"{plan.id}/{start_of(plan)}/{AutoKind.WAIT}/"
            try:
                await self._post.edit(plan, where, text, nonce(key))
            except UndeliverableError as error:
                log.info("! post of plan %d: %s", plan.id, error)

    async def _where(self, plan: Plan) -> tuple[int, int] | None:
        """Return where the post about the plan's start is, if it is there."""
        kept = await self._store.read(lambda db: autostarting.of_plan(db, plan))
        for one in kept.waited:
            if one.start == start_of(plan) and one.message_id is not None:
                return one.channel_id or 0, one.message_id
        return None

    def _until(self, plan: Plan) -> float:
        return plan.starts_at + self._planner.settings.wait_for_host_s

    async def _plan(self, plan_id: int) -> Plan:
        plan = await self._store.read(lambda db: records.get(db, plan_id))
        if plan is None:
            raise UndeliverableError(f"there is no plan {plan_id}")
        return plan


def _waiting(db: Database, plans: Sequence[Plan]) -> list[int]:
    kept = autostarting.kept(db, plans)
    return [one.id for one in plans if is_waiting(one, kept.get(one.id, Kept()))]


def _call_off(db: Database, plan: Plan, reason: str) -> bool:
    """Call the plan off unless it has changed since; say whether it was."""
    now = records.get(db, plan.id)
    if now is None or now.state is not PlanState.SCHEDULED:
        return False
    if not now.auto_start or start_of(now) != start_of(plan):
        return False
    asker = Asker(now.host_id, now.guild_id, moderates=True)
    deeds.call_off(db, now.id, asker, reason, whole=False, unasked=True)
    return True
