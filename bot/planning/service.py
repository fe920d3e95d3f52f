"""Planned Spaces as one part of the bot, put together and running."""

import asyncio
from functools import partial

from bot.clock import Clock
from bot.house import House
from bot.lasting import lasting
from bot.planning.calendar import Calendars
from bot.planning.cardport import DiscordCards
from bot.planning.cards import Cards
from bot.planning.changing import Changing
from bot.planning.confirming import Confirming
from bot.planning.deliveries import Deliveries, whisper
from bot.planning.events import NativeEvents
from bot.planning.places import DiscordPlaces
from bot.planning.planner import Planner
from bot.planning.posting import PostPlaces
from bot.planning.presence import Presence
from bot.planning.presses import PlanPresses
from bot.planning.repeating import NativeSeries
from bot.planning.repeatport import DiscordRepeats
from bot.planning.revising import Revising
from bot.planning.telling import HostTeller
from bot.planning.templating import Templating
from bot.presses import OnError, Presses
from bot.rooms.rooms import Rooms
from scheduler.clockwork.clockwork import Clockwork
from scheduler.clockwork.reminding import Reminding, Turning


class PlanningService:
    """Everything of this package, and the clockwork that it goes by."""

    def __init__(
        self, house: House, rooms: Rooms, presses: Presses, failed: OnError, wall: Clock
    ) -> None:
        """``failed`` is told of forms that could not be done."""
        store, client, words = house.store, house.client, house.wording
        settings = house.config.scheduler
        in_thread = settings.reminder_thread
        self.places = PostPlaces(client, store, in_thread=in_thread)
        deliveries = Deliveries(client, words, self.places, wall.now)
        reminding = Reminding(deliveries, settings)
        turning = Turning(store, deliveries, settings)
        self.clockwork = Clockwork(store, [reminding, turning], wall.now, settings)
        self.planner = Planner(store, self.clockwork, wall, settings)
        rooms.listen(self.planner)
        rooms.follow(self.planner)
        native = DiscordRepeats(client)
        teller = HostTeller(partial(whisper, client), words, wall)
        repeats = NativeSeries(store, self.planner, native, teller, words, wall)
        self.events = NativeEvents(
            store, self.planner, native, repeats, teller, words, wall
        )
        self.clockwork.listen(self.events.changed)
        self.presence = Presence(client, store, self.planner)
        self.calendars = Calendars(store, wall, DiscordPlaces(client))
        self.cards = Cards(store, DiscordCards(client), words, wall)
        self.clockwork.listen(self.cards.changed)
        deliveries.on_closed(self.planner.redirect)
        self.confirming = Confirming(self.planner, self.cards.show, words, failed)
        self.changing = Changing(self.planner, self.confirming, words, failed)
        self.revising = Revising(store, self.planner, words)
        most_guests = house.config.guests.most
        self.templating = Templating(store, self.planner, most_guests)
        reminders = PlanPresses(self.planner, words)
        for part in (self.confirming, self.changing, self.revising, reminders):
            presses.take(part.answers())

    async def run(self) -> None:
        """Start the clockwork, then keep events and cards as the plans are."""
        await self.clockwork.start()
        # After the clockwork: what was missed meanwhile is then known as such.
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(lasting("native events", self.events.run))
            tasks.create_task(lasting("cards", self.cards.run))

    async def stop(self) -> None:
        """Let what is on its way finish."""
        await self.clockwork.stop()
