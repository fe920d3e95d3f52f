"""The look before a Space as one part of the bot, put together."""

from collections.abc import Callable

from bot.clock import Clock
from bot.house import House
from bot.planning.service import PlanningService
from bot.preflight.gonogo import GoNoGo
from bot.preflight.looking import Looking
from bot.preflight.practices import Practices
from bot.preflight.presses import GoNoGoPresses
from bot.presses import Presses
from bot.refusals import Impossible
from bot.rooms.rooms import Rooms
from scheduler.clockwork import records
from scheduler.clockwork.preflighting import Preflighting
from scheduler.plans import Plan, PlanRefused

SEARCHED = 500
"""Plans that are looked through for one that a member may hear of."""


class PreflightService:
    """Everything of this package; it hears of plans from the clockwork."""

    def __init__(
        self,
        house: House,
        rooms: Rooms,
        planning: PlanningService,
        presses: Presses,
        wall: Clock,
    ) -> None:
        settings = house.config.preflight
        self._house = house
        self._planner = planning.planner
        self.gonogo = GoNoGo(
            house.store,
            house.client,
            house.wording,
            Looking(house, rooms),
            wall,
            settings,
        )
        planning.clockwork.add(Preflighting(self.gonogo, settings))
        planning.clockwork.listen(self.gonogo.hints.changed, self.gonogo.catch_up)
        house.client.on_closing(self.gonogo.hints.close)
        self.practices = Practices(rooms, self.plan, wall)
        planning.clockwork.listen(self.practices.changed)
        house.client.on_login(self.practices.recover)
        house.client.on_closing(self.practices.close)
        presses.take(self.practices.answers())
        self.card = GoNoGoPresses(self.gonogo, self.plan, house.wording)
        presses.take(self.card.answers())

    async def plan(self, plan_id: int, guild_id: int | None) -> Plan:
        """Return a plan, of that guild where one is given. Raises PlanRefused."""
        plan = await self._house.store.read(lambda db: records.get(db, plan_id))
        if plan is None or guild_id not in (None, plan.guild_id):
            raise PlanRefused("plan.unknown")
        return plan

    async def next_plan(
        self, guild_id: int, user_id: int, shown: Callable[[Plan], bool]
    ) -> Plan:
        """Return the next plan that a member hosts, or the guild's next.

        ``shown`` says of which they may hear. Raises Impossible where they hear of
        nothing planned.
        """
        coming = await self._planner.upcoming(guild_id, SEARCHED)
        plans = [one for one in coming if shown(one)]
        if not plans:
            raise Impossible("nothing_planned")
        own = [one for one in plans if one.host_id == user_id]
        return (own or plans)[0]
