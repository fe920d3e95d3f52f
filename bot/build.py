"""The composition root: the only place where the parts of the bot meet.

``build`` makes everything and starts nothing. What it returns is started by
``async with`` and ``start(token)``. A rehearsal and the tests bring a ``connector``
that leads to another Discord and a ``clock``; there is no other seam.
"""

import asyncio
import logging
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from bot import learning
from bot.afterwards import FinalPasses, note_unbegun
from bot.autostart.service import AutoStartService
from bot.chatdoor import ChatDoor
from bot.client import Client
from bot.clock import Clock, SteadyClock, WallClock
from bot.commands.register import register
from bot.commands.wording import CatalogueTranslator
from bot.config import Config
from bot.debts import Debts
from bot.door import Door
from bot.house import House
from bot.modal import LateForms
from bot.page.service import PageService
from bot.panel.buttons import SpaceButton
from bot.panel.clicks import Clicks
from bot.panel.selects import SpaceSelect
from bot.planned import PlanWatch
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
from bot.planning.presses import PlanPresses
from bot.planning.repeating import NativeSeries
from bot.planning.repeatport import DiscordRepeats
from bot.planning.revising import Revising
from bot.planning.telling import HostTeller
from bot.preflight.service import PreflightService
from bot.presses import Presses
from bot.promotion.service import PromotionService
from bot.pulse import Pulse
from bot.records import Refusals
from bot.rooms import Rooms
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from bot.tree import Tree
from bot.voicecheck import VoiceChecks
from bot.watch import Watch
from media.whisper.transcriber import Transcriber
from moderation.store.database import Store
from scheduler.clockwork.clockwork import Clockwork
from scheduler.clockwork.reminding import Reminding, Turning

log = logging.getLogger(__name__)

DATABASE = "tertulia.db"
"""The record's file inside ``store.folder``."""


class Tertulia:
    """The bot: ``async with build(config) as bot: await bot.start(token)``."""

    def __init__(
        self,
        house: House,
        rooms: Rooms,
        tree: Tree,
        clockwork: Clockwork,
        page: PageService,
        promotion: PromotionService,
        events: NativeEvents,
        cards: Cards,
    ) -> None:
        self.house = house
        self.rooms = rooms
        self.tree = tree
        self._clockwork = clockwork
        self._page = page
        self._promotion = promotion
        self._events = events
        self._cards = cards
        self.passes = FinalPasses(house, rooms)
        self._opened = AsyncExitStack()

    @property
    def store(self) -> Store:
        """The record."""
        return self.house.store

    @property
    def client(self) -> Client:
        """The connection to Discord."""
        return self.house.client

    async def __aenter__(self) -> Self:
        """Open the record, the recogniser and the page.

        Raises StoreError, or UsageError where the page's port is taken; what was
        opened before is closed again.
        """
        house = self.house
        async with AsyncExitStack() as opened:
            await house.store.open()
            opened.push_async_callback(house.store.close)
            now = house.clock.now()
            await house.store.write(lambda db: note_unbegun(db, now))
            await house.transcriber.start()
            opened.push_async_callback(house.transcriber.stop)
            await self._page.start()
            opened.push_async_callback(self._page.stop)
            await self.client.__aenter__()
            opened.push_async_callback(self.client.close)
            opened.push_async_callback(self.rooms.close)
            opened.push_async_callback(self._clockwork.stop)
            opened.push_async_callback(self._promotion.stop)
            self._opened = opened.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of the rooms, hang up, and close what was opened, in that order."""
        await self._opened.aclose()

    async def start(self, token: str) -> None:
        """Serve Discord until cancelled or closed.

        A cancelled bot leaves its rooms while it can still hear Discord's answers.
        """
        serving = asyncio.create_task(self.client.start(token), name="discord")
        keeping_time = asyncio.create_task(self._keep_time(), name="clockwork")
        beating = asyncio.create_task(Pulse(self.rooms).run(), name="pulse")
        bettering = asyncio.create_task(self.passes.run(), name="final-passes")
        try:
            await asyncio.shield(serving)
        finally:
            await self.rooms.close()
            tasks = (bettering, beating, keeping_time, serving)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_time(self) -> None:
        """Start the clockwork once the channels that it posts in are known."""
        await self.client.wait_until_ready()
        promoting = asyncio.create_task(self._promotion.run(), name="promotion")
        showing: list[asyncio.Task[None]] = []
        try:
            await self._clockwork.start()
            # After the clockwork: what was missed meanwhile is then known as such.
            showing = [
                asyncio.create_task(self._events.run(), name="native-events"),
                asyncio.create_task(self._cards.run(), name="cards"),
            ]
            await promoting
        finally:
            for task in (promoting, *showing):
                task.cancel()

    async def sync(self) -> None:
        """Tell Discord the commands, with their names in each language."""
        catalogue = self.house.wording.catalogue
        await self.tree.set_translator(CatalogueTranslator(catalogue))
        commands = await self.tree.sync()
        log.info("= %d commands synced", len(commands))


def build(
    config: Config,
    connector: aiohttp.BaseConnector | None = None,
    clock: Clock | None = None,
) -> Tertulia:
    """Make the bot of ``config``, not yet started."""
    client = Client(config.discord, connector)
    wording = Wording(load())
    house = House(
        config=config,
        client=client,
        clock=clock or SteadyClock(),
        store=Store(Path(config.store.folder) / DATABASE),
        transcriber=Transcriber(config.speech),
        wording=wording,
        meaning=learning.meaning(config.drift),
    )
    debts = Debts(house)
    rooms = Rooms(house, debts)
    door = Door(rooms, wording)
    refusals = Refusals(house.store, house.clock)
    tree = Tree(client, wording, refusals.note)
    wall = clock or WallClock()
    reminders = config.scheduler.reminder_thread
    places = PostPlaces(client, house.store, in_thread=reminders)
    deliveries = Deliveries(client, wording, places, wall.now)
    clockwork = Clockwork(
        house.store,
        [
            Reminding(deliveries, config.scheduler),
            Turning(house.store, deliveries, config.scheduler),
        ],
        wall.now,
        config.scheduler,
    )
    planner = Planner(house.store, clockwork, wall, config.scheduler)
    rooms.listen(planner)
    rooms.follow(planner)
    native = DiscordRepeats(client)
    teller = HostTeller(partial(whisper, client), wording, wall)
    events = NativeEvents(
        house.store,
        planner,
        native,
        NativeSeries(house.store, planner, native, teller, wording, wall),
        teller,
        wording,
        wall,
    )
    clockwork.listen(events.changed)
    calendars = Calendars(house.store, wall, DiscordPlaces(client))
    cards = Cards(house.store, DiscordCards(client), wording, wall)
    clockwork.listen(cards.changed)
    page = PageService(house.store, house.clock, config.page, calendars)
    presses = Presses(tree.failed, Clicks(door, tree).press)
    confirming = Confirming(planner, cards.show, wording, tree.failed)
    revising = Revising(house.store, planner, wording)
    checks = VoiceChecks(rooms)
    plan_presses = PlanPresses(planner, wording)
    changing = Changing(planner, confirming, wording, tree.failed)
    deliveries.on_closed(planner.redirect)
    for part in (confirming, changing, plan_presses, revising, checks):
        presses.take(part.answers())
    promotion = PromotionService(house, rooms, clockwork, planner, page, presses, wall)
    preflight = PreflightService(house, rooms, clockwork, planner, presses, wall)
    register(
        tree,
        door,
        house.clock,
        planner,
        confirming,
        changing,
        page,
        checks,
        promotion,
        preflight,
        calendars,
        revising,
    )
    client.add_dynamic_items(SpaceButton, SpaceSelect)
    autostart = AutoStartService(
        house, rooms, clockwork, planner, places, presses, wall
    )
    client.on_press(presses.press)
    client.on_closing(checks.close)
    client.on_closing(autostart.stop)
    chat = ChatDoor(door, config.discord, refusals)
    watch = Watch(rooms, chat, debts, planner.lost)
    watch.on_entered(promotion.guestbook.entered)
    autostart.watch(watch)
    plans = PlanWatch(house, rooms)
    rooms.listen(plans)
    rooms.on_taken_up(plans.tell)
    watch.on_entered(plans.entered)
    for listener in (
        watch.on_ready,
        watch.on_voice_state_update,
        watch.on_message,
        LateForms(wording).on_interaction,
        watch.on_guild_channel_delete,
        watch.on_guild_remove,
        events.on_scheduled_event_update,
        events.on_scheduled_event_delete,
        events.on_socket_event_type,
    ):
        client.event(listener)
    bot = Tertulia(house, rooms, tree, clockwork, page, promotion, events, cards)
    client.on_login(debts.load)
    client.on_login(bot.sync)
    return bot
