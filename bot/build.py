"""The composition root: the only place where the parts of the bot meet.

``build`` makes everything and starts nothing. What it returns is started by
``async with`` and ``start(token)``. A rehearsal and the tests bring a ``connector``
that leads to another Discord and a ``clock``; there is no other seam.
"""

import asyncio
import logging
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp

from bot.afterwards import sound
from bot.afterwards.amending import Amendments
from bot.afterwards.deletion import Deletions
from bot.afterwards.doubts import Doubts
from bot.afterwards.downloads import Downloads
from bot.afterwards.forgetting import Forgetting
from bot.afterwards.notices import ExpiryNotices
from bot.afterwards.passes import FinalPasses, note_unbegun
from bot.afterwards.retention import Retention
from bot.afterwards.unfinished import Unfinished
from bot.autostart.service import AutoStartService
from bot.captions.left import LeftPosts
from bot.captions.quotes import ThreadQuotes
from bot.chat.door import ChatDoor
from bot.client import Client
from bot.clock import Clock, SteadyClock, WallClock
from bot.commands.register import register
from bot.commands.wording import CatalogueTranslator
from bot.config import Config
from bot.door import Door
from bot.house import House
from bot.lasting import Run, lasting
from bot.modal import LateForms
from bot.page.editing import Editing
from bot.page.elsewhere import Elsewhere
from bot.page.rights import Moderators
from bot.page.service import PageService
from bot.panel.buttons import SpaceButton
from bot.panel.clicks import Clicks
from bot.panel.selects import SpaceSelect
from bot.planning.service import PlanningService
from bot.preflight.service import PreflightService
from bot.presses import Presses
from bot.privacy.service import PrivacyService
from bot.promotion.service import PromotionService
from bot.rooms.debts import Debts
from bot.rooms.planned import PlanWatch
from bot.rooms.pulse import Pulse
from bot.rooms.records import Refusals
from bot.rooms.rooms import Rooms
from bot.rooms.watch import Watch
from bot.talk import learning
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from bot.tree import Tree
from bot.voicecheck import VoiceChecks
from media.whisper.transcriber import Transcriber
from moderation.store import spaces
from moderation.store.database import Store

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
        planning: PlanningService,
        promotion: PromotionService,
        page: PageService,
        unfinished: Unfinished,
        amendments: Amendments,
        deletions: Deletions,
        privacy: PrivacyService,
        quotes: ThreadQuotes,
        wall: Clock,
        doubts: Doubts,
    ) -> None:
        self.house = house
        self.rooms = rooms
        self.tree = tree
        self.planning = planning
        self.promotion = promotion
        self.deletions = deletions
        self._page = page
        self.passes = FinalPasses(house, rooms)
        self._unfinished = unfinished
        self._amendments = amendments
        self._quotes = quotes
        self.eraser = privacy.eraser
        self._erasing = privacy.spaces
        self._erasing.is_making = self._is_busy
        amendments.is_busy = self._is_made
        unfinished.is_busy = self._is_held
        self.retention = Retention(
            house.store,
            house.folder,
            deletions,
            house.config.recording.keep_days,
            wall.now,
            self._is_busy,
            doubts,
        )
        self.forgetting = Forgetting(
            house.store,
            house.config.transcript.keep_days,
            wall.now,
            self._is_busy,
            doubts,
        )
        self.notices = ExpiryNotices(house, wall, self._is_busy, doubts)
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
            opened.push_async_callback(self._amendments.close)
            newest = await asyncio.to_thread(sound.newest, house.folder)
            await house.store.write(lambda db: spaces.count_from(db, newest))
            now = house.clock.now()
            await house.store.write(lambda db: note_unbegun(db, now))
            days = house.config.recording.keep_days
            await house.store.write(lambda db: spaces.keep_at_most(db, days))
            await house.transcriber.start()
            opened.push_async_callback(house.transcriber.stop)
            await self._page.start()
            opened.push_async_callback(self._page.stop)
            await self.client.__aenter__()
            opened.push_async_callback(self.client.close)
            opened.push_async_callback(self.rooms.close)
            opened.push_async_callback(self.planning.stop)
            opened.push_async_callback(self.promotion.stop)
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
        loops = {
            "plans": self._when_ready(self.planning.run),
            "promotion": self._when_ready(self.promotion.run),
            "pulse": Pulse(self.rooms).run,
            "final passes": self.passes.run,
            "retention": self.retention.run,
            "forgetting": self.forgetting.run,
            "expiry notices": self._when_ready(self.notices.run),
            "erasures": self._when_ready(self.eraser.run),
            "files": self._when_ready(self._finish_files),
            "captions": self._when_ready(self._quotes.run),
            "left captions": self._when_ready(LeftPosts(self.client, self.store).run),
        }
        tasks = [
            asyncio.create_task(lasting(name, run), name=name)
            for name, run in loops.items()
        ]
        try:
            await asyncio.shield(serving)
        finally:
            await self.rooms.close()
            for task in (*tasks, serving):
                task.cancel()
            await asyncio.gather(*tasks, serving, return_exceptions=True)

    async def _finish_files(self) -> None:
        await self._unfinished.finish(self.house.clock.now())
        await self._amendments.run()

    def _is_busy(self, space_id: int) -> bool:
        """Say whether a Space is live, or its files are being made or heard."""
        at_work = (self.passes.doing, *self._amendments.at_work)
        return space_id in at_work or self._is_made(space_id)

    def _is_made(self, space_id: int) -> bool:
        """Say whether a Space is live, or its files are being made or erased."""
        return space_id == self._unfinished.making or self._is_held(space_id)

    def _is_held(self, space_id: int) -> bool:
        """Say whether a Space is live, or its files are being erased."""
        erasing = space_id == self._erasing.at_work
        return erasing or self.rooms.by_id(space_id) is not None

    def _when_ready(self, run: Run) -> Run:
        """Return a loop that starts once the channels that it posts in are known."""

        async def wait_and_run() -> None:
            await self.client.wait_until_ready()
            await run()

        return wait_and_run

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
    presses = Presses(tree.failed, Clicks(door, tree).press)
    planning = PlanningService(house, rooms, presses, tree.failed, wall)
    unfinished = Unfinished(house.store, config.recording)
    amendments = Amendments(house.store, wall.now)
    rights = Moderators(client, house.clock)
    quotes = ThreadQuotes(client, house.store)
    elsewhere = Elsewhere(house.store, quotes, rooms)
    editing = Editing(house.store, house.clock, amendments, rights, elsewhere)
    page = PageService(
        house.store, house.clock, config.page, planning.calendars, editing
    )
    checks = VoiceChecks(rooms)
    presses.take(checks.answers())
    presses.take(Downloads(house, page).answers())
    promotion = PromotionService(house, rooms, planning, page, presses, wall)
    preflight = PreflightService(house, rooms, planning, presses, wall)
    deletions, changed = Deletions(house.store, wall.now), planning.clockwork.changed
    privacy = PrivacyService(house, rooms, presses, deletions, quotes, changed)
    register(tree, door, planning, page, checks, promotion, preflight, privacy)
    client.add_dynamic_items(SpaceButton, SpaceSelect)
    autostart = AutoStartService(house, rooms, planning, presses, wall)
    client.on_press(presses.press)
    client.on_closing(checks.close)
    client.on_closing(autostart.stop)
    chat = ChatDoor(door, config.discord, refusals)
    watch = Watch(rooms, chat, debts, planning.planner.lost)
    watch.on_entered(promotion.guestbook.entered)
    watch.on_known(planning.presence.on_guild_available)
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
        watch.on_stage_instance_delete,
        watch.on_guild_available,
        watch.on_guild_unavailable,
        planning.presence.on_guild_join,
        planning.events.on_scheduled_event_update,
        planning.events.on_scheduled_event_delete,
        planning.events.on_socket_event_type,
    ):
        client.event(listener)
    bot = Tertulia(
        house,
        rooms,
        tree,
        planning,
        promotion,
        page,
        unfinished,
        amendments,
        deletions,
        privacy,
        quotes,
        wall,
        # A clock that is brought along is not Discord's.
        Doubts(house.store, client.timekeeper.now if clock is None else lambda: None),
    )
    client.on_login(debts.load)
    client.on_login(privacy.copies.tidy)
    client.on_login(bot.sync)
    return bot
