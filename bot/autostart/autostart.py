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

import aiohttp
import discord
from sqlite_utils import Database

from bot.autostart.opener import Opener
from bot.autostart.post import Post
from bot.autostart.trouble import REFUSALS, Trouble, trouble_of
from bot.autostart.wait import WaitPosts
from bot.autostart.words import Texts
from bot.clock import Clock
from bot.planning import deeds
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from bot.texts.wording import Wording
from moderation.store.database import Store
from scheduler.autostart import (
    AutoKind,
    Kept,
    is_waiting,
    opener,
    sends,
    start_of,
    still_opens,
)
from scheduler.clockwork import autostarting, records
from scheduler.clockwork.deliveries import Notice, UndeliverableError
from scheduler.clockwork.outbound import LaterError
from scheduler.errors import SchedulerError
from scheduler.plans import Plan, PlanState, is_news
from scheduler.sends import Send

log = logging.getLogger(__name__)

PATIENCE_S: Final = 0.5
"""Seconds that the clockwork waits for an opening before it goes on with the rest: its
row is written by then, or what stands in the way is known; joining takes longer."""

TROUBLE: Final = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What an edit may fail with for the moment."""

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

        self._posts = WaitPosts(store, post, self._texts, planner.settings)

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
                await self._posts.end(notice)
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
            try:
                await self._look(plan_id)
            except LaterError as error:
                log.info("plan %d waits: %s", plan_id, error)

    async def changed(self, plan_id: int) -> None:
        """Let the post of a plan that has changed meanwhile say what holds now.

        Never raises because of Discord: the next look tries it again.
        """
        try:
            await self._posts.refresh(plan_id)
        except TROUBLE as error:
            log.info("! post of plan %d stays: %s", plan_id, type(error).__name__)

    async def catch_up(self) -> None:
        """Do the same for every plan that waits: a crash may have come in between."""
        for plan_id in await self._store.read(
            lambda db: _waiting(db, records.live(db))
        ):
            await self.changed(plan_id)

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
        if trouble is not None:
            await self._complain(plan, trouble)
        try:
            return await self._posts.send(plan, trouble)
        except UndeliverableError:
            until = self._posts.until(plan)
            private = self._texts.private(plan, "auto.no_place", until)
            await self._tell(plan.host_id, private)
            raise

    async def _look(self, plan_id: int) -> None:
        trouble = await self._attempt(plan_id, over=False)
        plan = await self._plan(plan_id)
        if trouble is None or plan.state is not PlanState.SCHEDULED:
            return
        if await self._complain(plan, trouble):
            await self._posts.stands_in_the_way(plan, trouble)

    async def _give_up(self, notice: Notice) -> int | None:
        plan = await self._plan(notice.plan.id)
        if plan.state is PlanState.SCHEDULED:
            plan = await self._end(plan)
        if plan.state is not PlanState.CANCELLED:
            return None
        if await self._posts.where(plan) is not None:
            return None  # the post that is there says so
        if not is_news(plan, self._wall.now()):
            return None
        text = self._texts.ended(plan, "cancelled")
        return await self._post.send(plan, text, notice.nonce, waits=False)

    async def _end(self, plan: Plan) -> Plan:
        """Open a plan whose wait is over, or call it off; return what became of it."""
        now, settings = self._wall.now(), self._planner.settings
        key, trouble = "away", None
        if still_opens(plan, settings, now):
            trouble = await self._attempt(plan.id, over=True)
            if now <= self._posts.until(plan) + settings.late_s:
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
            plan, "auto.cannot_private", self._posts.until(plan), trouble.text
        )
        await self._tell(plan.host_id, text)
        return True

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
