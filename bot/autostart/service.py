"""Auto-start as one part of the bot, put together."""

from functools import partial

from bot.autostart.autostart import AutoStart
from bot.autostart.opener import SpaceOpener
from bot.autostart.post import ChannelPost
from bot.autostart.presses import AutoPresses
from bot.clock import Clock
from bot.house import House
from bot.planning.deliveries import whisper
from bot.planning.hints import Hints
from bot.planning.service import PlanningService
from bot.presses import Presses
from bot.rooms.rooms import Rooms
from bot.rooms.watch import Watch


class AutoStartService:
    """Everything of this package; make it before the clockwork starts."""

    def __init__(
        self,
        house: House,
        rooms: Rooms,
        planning: PlanningService,
        presses: Presses,
        wall: Clock,
    ) -> None:
        self._opener = SpaceOpener(house, rooms)
        self.autostart = AutoStart(
            house.store,
            planning.planner,
            self._opener,
            ChannelPost(house.client, planning.places, house.wording),
            partial(whisper, house.client),
            house.wording,
            wall,
        )
        planning.clockwork.add(self.autostart)
        self._hints = Hints(self.autostart.changed)
        planning.clockwork.listen(self._hints.changed, self.autostart.catch_up)
        rooms.listen(self._opener)
        rooms.on_taken_up(self._opener.prepare)
        presses.take(
            AutoPresses(planning.planner, self._opener, house.wording).answers()
        )

    def watch(self, watch: Watch) -> None:
        """Hear who comes into a channel."""
        watch.on_came(self.autostart.came)
        watch.on_back(self.autostart.back)
        watch.on_entered(self._opener.entered)

    async def stop(self) -> None:
        """Let go of what is being opened and shown."""
        await self._hints.close()
        await self.autostart.stop()
