"""Making and changing plans: one method per thing that a person can ask for.

Every change is written down before anybody hears of it, and the clockwork is told
after; what is not allowed raises ``PlanRefused`` with its text key.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from typing import Any

from sqlite_utils import Database

from bot.clock import Clock
from bot.planning import cards, deeds
from bot.planning.deeds import Asker
from bot.planning.outlook import Outlook, look_ahead
from moderation.store import guilds, reminders
from moderation.store.database import Store
from moderation.store.spaces import SpaceRow
from scheduler.clockwork import becoming, records
from scheduler.clockwork.clockwork import Clockwork
from scheduler.extras import NOTHING, Extras
from scheduler.plans import Plan, PlanRefused, PlanState
from scheduler.reminders import Place, Wish
from scheduler.settings import SchedulerSettings


class Planner:
    """The plans of every guild."""

    def __init__(
        self,
        store: Store,
        clockwork: Clockwork,
        clock: Clock,
        settings: SchedulerSettings,
    ) -> None:
        self._store = store
        self._clockwork = clockwork
        self._clock = clock
        self._settings = settings

    @property
    def settings(self) -> SchedulerSettings:
        """What the organiser chose."""
        return self._settings

    def now(self) -> float:
        """Return Unix seconds."""
        return self._clock.now()

    async def look_ahead(
        self, plan: Plan, repeat: str | None = None, until: date | None = None
    ) -> Outlook:
        """Say what would become of a plan. Raises PlanRefused."""
        now = self._clock.now()
        return await self._store.read(
            lambda db: look_ahead(db, plan, repeat, self._settings, now, until)
        )

    async def schedule(
        self,
        plan: Plan,
        repeat: str | None = None,
        extras: Extras = NOTHING,
        until: date | None = None,
    ) -> list[Plan]:
        """Keep a new plan, or a series of them, and return them with their ids.

        ``until`` is the last day of a series; None for no end. A plan gets its extras
        in the same write, one of a series when it is the next. Raises PlanRefused.
        """
        now = self._clock.now()
        settings = self._settings
        plan = replace(plan, offsets_min=settings.offsets_min)

        def keep(db: Database) -> list[Plan]:
            if repeat is None:
                made = [deeds.schedule(db, plan, settings, now, extras)]
            else:
                made = deeds.schedule_series(
                    db, plan, repeat, settings, now, extras, until
                )
            if not made:  # its first time is over, and the next one is too far
                raise PlanRefused("plan.past", starts_at=plan.starts_at)
            cards.ask(db, made[0])
            return made

        return await self._changed(await self._store.write(keep))

    async def edit(self, plan_id: int, asker: Asker, changes: dict[str, Any]) -> Plan:
        """Change one plan and return it. Raises PlanRefused."""
        now = self._clock.now()
        kept = await self._store.write(
            lambda db: deeds.edit(db, plan_id, asker, changes, self._settings, now)
        )
        return (await self._changed([kept]))[0]

    async def cancel(
        self, plan_id: int, asker: Asker, reason: str, *, whole: bool = False
    ) -> list[Plan]:
        """Call a plan, or its whole series, off. Raises PlanRefused."""
        gone = await self._store.write(
            lambda db: deeds.call_off(db, plan_id, asker, reason, whole=whole)
        )
        return await self._changed(gone)

    async def event_gone(
        self, plan_id: int, asker: Asker, reason: str, *, whole: bool = False
    ) -> None:
        """Call a plan, or its whole series, off whose native event is gone."""
        gone = await self._store.write(
            lambda db: deeds.call_off(
                db, plan_id, asker, reason, whole=whole, unasked=True
            )
        )
        await self._changed(gone)

    async def lost(self, guild_id: int, channel_id: int | None = None) -> None:
        """Call off what was planned where the bot can no longer be."""
        gone = await self._store.write(lambda db: deeds.lost(db, guild_id, channel_id))
        await self._changed(gone)

    async def find(self, plan_id: int, asker: Asker) -> Plan:
        """Return a plan of the asker's guild. Raises PlanRefused."""
        return await self._store.read(lambda db: deeds.find(db, plan_id, asker))

    async def zone(self, guild_id: int, user_id: int) -> str | None:
        """Return the time zone in which a member last planned something here."""
        known = await self._store.read(
            lambda db: guilds.members(db, guild_id, [user_id])
        )
        return known[user_id].time_zone if user_id in known else None

    async def hangs_in(self, plan: Plan, name: str) -> None:
        """Remember the time zone in which the plan's host, called so, thinks of it."""
        now = self._clock.now()

        def keep(db: Database) -> None:
            guilds.saw_member(db, plan.guild_id, plan.host_id, name, now)
            guilds.set_preferences(db, plan.guild_id, plan.host_id, time_zone=plan.zone)

        await self._store.write(keep)

    async def theirs(self, plan_id: int, asker: Asker) -> Plan:
        """Return a plan that the asker may change. Raises PlanRefused."""
        return await self._store.read(lambda db: deeds.theirs(db, plan_id, asker))

    async def known(self, plan_id: int) -> Plan:
        """Return a plan of any guild. Raises PlanRefused."""
        plan = await self._store.read(lambda db: records.get(db, plan_id))
        if plan is None:
            raise PlanRefused("plan.unknown")
        return plan

    async def reread(self, plan_id: int) -> None:
        """Let the clockwork know what somebody else wrote about a plan."""
        await self._clockwork.changed(plan_id)

    async def _changed(self, plans: list[Plan]) -> list[Plan]:
        for plan in plans:
            await self._clockwork.changed(plan.id)
        return plans

    async def upcoming(self, guild_id: int, most: int = 25) -> list[Plan]:
        """Return the guild's scheduled plans, the earliest first."""
        return await self._store.read(lambda db: records.upcoming(db, guild_id, most))

    async def remind(
        self, plan_id: int, user_id: int, place: Place | None
    ) -> tuple[Plan, list[Wish]]:
        """Note that a member wants to be reminded; return what they have asked for.

        Who asks again changes the place only; None leaves it. Raises PlanRefused.
        """
        now = self._clock.now()

        def keep(db: Database) -> tuple[Plan, list[Wish]]:
            plan = _scheduled(db, plan_id)
            wishes = _wishes(db, plan_id, user_id) or [
                Wish(user_id, 60 * minutes, asked_at=now)
                for minutes in plan.offsets_min
            ]
            asked = [replace(one, place=place or one.place) for one in wishes]
            for one in asked:
                records.wish(db, plan_id, one)
            return plan, asked

        return await self._reminded(plan_id, keep)

    async def choose(
        self, plan_id: int, user_id: int, offsets_s: Collection[float]
    ) -> tuple[Plan, list[Wish]]:
        """Remind a member so long before the start, and at no other time.

        Raises PlanRefused.
        """
        now = self._clock.now()

        def keep(db: Database) -> tuple[Plan, list[Wish]]:
            plan = _scheduled(db, plan_id)
            before = _wishes(db, plan_id, user_id)
            place = before[0].place if before else Place.THREAD
            known = {one.offset_s for one in before}
            reminders.keep_only(db, plan_id, user_id, offsets_s)
            for offset_s in set(offsets_s) - known:
                records.wish(db, plan_id, Wish(user_id, offset_s, place, now))
            return plan, _wishes(db, plan_id, user_id)

        return await self._reminded(plan_id, keep)

    async def redirect(self, plan_id: int, user_id: int, below_s: float) -> None:
        """Remind a member in public whenever less than ``below_s`` is left."""
        place = Place.THREAD.value
        await self._store.write(
            lambda db: reminders.redirect(db, plan_id, user_id, place, below_s)
        )
        await self._clockwork.changed(plan_id)

    async def _reminded(
        self, plan_id: int, keep: Callable[[Database], tuple[Plan, list[Wish]]]
    ) -> tuple[Plan, list[Wish]]:
        kept = await self._store.write(keep)
        await self._clockwork.changed(plan_id)
        return kept

    async def forget(self, plan_id: int, user_id: int) -> bool:
        """Take a member's wish back; say whether there was one."""
        found = await self._store.write(
            lambda db: reminders.withdraw(db, plan_id, user_id)
        )
        await self._clockwork.changed(plan_id)
        return found

    async def due(self, guild_id: int, channel_id: int) -> int | None:
        """Return the plan that a Space which opens in the channel now would be."""
        now = self._clock.now()
        early_s = 60 * max(self._settings.host_offsets_min, default=0.0)
        return await self._store.read(
            lambda db: becoming.due(db, guild_id, channel_id, now + early_s)
        )

    async def opened(self, space: SpaceRow) -> None:
        """Let the clockwork know that a plan is open; its row says so already."""
        if space.plan_id is not None:
            await self._clockwork.changed(space.plan_id)

    async def ended(self, space: SpaceRow) -> None:
        """Let the clockwork know that the Space of a plan is over."""
        if space.plan_id is not None:
            await self._clockwork.changed(space.plan_id)


def _wishes(db: Database, plan_id: int, user_id: int) -> list[Wish]:
    found = records.wishes_for(db, [plan_id]).get(plan_id, [])
    return [one for one in found if one.user_id == user_id]


def _scheduled(db: Database, plan_id: int) -> Plan:
    plan = records.get(db, plan_id)
    if plan is None:
        raise PlanRefused("plan.unknown")
    if plan.state is not PlanState.SCHEDULED:
        raise PlanRefused(
            "plan.state", topic=plan.topic, state_key=f"plan.state.{plan.state.value}"
        )
    return plan
