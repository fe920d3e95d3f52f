"""The post of each plan whose host is waited for: sent once, kept true, ended.

What it says is made anew from the plan and from what stands in the way whenever one
of them changes; it is edited only where it would say something else.
"""

import asyncio
import logging

from bot.autostart.post import Post
from bot.autostart.trouble import Trouble
from bot.autostart.words import Texts
from moderation.store import spaces
from moderation.store.database import Store
from scheduler.autostart import AutoKind, outcome, start_of, waits_s
from scheduler.clockwork import autostarting, records
from scheduler.clockwork.deliveries import Notice, UndeliverableError, nonce
from scheduler.plans import Plan, PlanState
from scheduler.settings import SchedulerSettings

log = logging.getLogger(__name__)


class WaitPosts:
    """The posts of all plans that wait."""

    def __init__(
        self, store: Store, post: Post, texts: Texts, settings: SchedulerSettings
    ) -> None:
        self._store = store
        self._post = post
        self._texts = texts
        self._settings = settings
        self._says: dict[str, str] = {}
        """What a post says, by the nonce of its button."""

        self._trouble: dict[str, Trouble] = {}
        """What stands in the way, likewise."""

        self._writing = asyncio.Lock()

    def until(self, plan: Plan) -> float:
        """Return when the wait ends, Unix seconds."""
        return plan.starts_at + waits_s(plan, self._settings)

    async def send(self, plan: Plan, trouble: Trouble | None) -> int:
        """Say that the host is waited for. Raises UndeliverableError."""
        key = _nonce(plan)
        if trouble is not None:
            self._trouble[key] = trouble
        text = self._text(plan)
        message_id = await self._post.send(plan, text, key, waits=True)
        self._says[key] = text
        return message_id

    async def stands_in_the_way(self, plan: Plan, trouble: Trouble) -> None:
        """Let the post say so, where there is one."""
        self._trouble[_nonce(plan)] = trouble
        await self.refresh(plan.id)

    async def refresh(self, plan_id: int) -> None:
        """Let the post of a plan that waits say what holds now."""
        async with self._writing:
            plan = await self._store.read(lambda db: records.get(db, plan_id))
            if plan is None or not plan.auto_start:
                return
            if plan.state is not PlanState.SCHEDULED:
                return
            where, text = await self.where(plan), self._text(plan)
            if where is None or self._says.get(_nonce(plan)) == text:
                return
            try:
                await self._post.edit(plan, where, text, _nonce(plan))
            except UndeliverableError as error:
                log.info("! post of plan %d: %s", plan.id, error)
            self._says[_nonce(plan)] = text

    async def end(self, notice: Notice) -> None:
        """Let the post say how the wait ended. Raises UndeliverableError."""
        channel_id, message_id = notice.send.arg.split("/")
        *_, start, how = notice.send.key.split("/", 4)
        plan_id = notice.plan.id
        async with self._writing:
            plan, space = await self._store.read(
                lambda db: (records.get(db, plan_id), spaces.of_plan(db, plan_id))
            )
            plan = plan or notice.plan
            host_id = space.host_id if space else None
            text = self._texts.ended(plan, outcome(plan, start) or how, host_id)
            await self._post.edit(plan, (int(channel_id), int(message_id)), text)
        key = nonce(_key(plan_id, start))
        self._says.pop(key, None)
        self._trouble.pop(key, None)
        log.info("plan %d, start %s: %s", plan_id, start, how)

    async def where(self, plan: Plan) -> tuple[int, int] | None:
        """Return where the post about the plan's start is, if it is there."""
        kept = await self._store.read(lambda db: autostarting.of_plan(db, plan))
        for one in kept.waited:
            if one.start == start_of(plan) and one.message_id is not None:
                return one.channel_id or 0, one.message_id
        return None

    def _text(self, plan: Plan) -> str:
        trouble = self._trouble.get(_nonce(plan))
        said = trouble.text if trouble else ""
        return self._texts.wait(plan, self.until(plan), said)


def _key(plan_id: int, start: str) -> str:
    return f"{plan_id}/{start}/{AutoKind.WAIT}/"


def _nonce(plan: Plan) -> str:
    return nonce(_key(plan.id, start_of(plan)))
