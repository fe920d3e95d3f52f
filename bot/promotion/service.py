"""Announcements and guests as one part of the bot, put together and running."""

from bot.clock import Clock
from bot.house import House
from bot.page.service import PageService
from bot.planning.service import PlanningService
from bot.presses import Presses
from bot.promotion.channels import ChannelPosts
from bot.promotion.delivering import Delivering
from bot.promotion.guestbook import Guestbook
from bot.promotion.guests import GuestMessages
from bot.promotion.presses import PromoPresses
from bot.promotion.promoter import Promoter
from bot.promotion.webhooks import Webhooks
from bot.rooms.rooms import Rooms
from scheduler.clockwork.dispatch import Dispatch
from scheduler.clockwork.errand_records import Choices
from scheduler.errands import ErrandKind, Patience


class PromotionService:
    """Everything of this package; it hears of plans from the clockwork."""

    def __init__(
        self,
        house: House,
        rooms: Rooms,
        planning: PlanningService,
        page: PageService,
        presses: Presses,
        wall: Clock,
    ) -> None:
        config, words, store = house.config, house.wording, house.store
        choices = Choices(config.campaigns, config.guests)
        calls = config.webhooks
        patience = Patience(calls.first_retry_s, calls.longest_retry_s, calls.attempts)
        self._hooks = Webhooks(store, words, wall.now, calls)
        self._dispatch = Dispatch(
            store,
            Delivering(
                store,
                ChannelPosts(house.client, words, config.campaigns),
                GuestMessages(house.client, words),
                self._hooks,
            ),
            wall.now,
            choices,
            look_s=config.scheduler.look_s,
            patience=lambda kind: patience if kind is ErrandKind.HOOK else Patience(),
        )
        self.promoter = Promoter(store, self._dispatch, wall.now, choices, calls)
        self.guestbook = Guestbook(
            store, self._dispatch, wall.now, config.guests, words, house.client, rooms
        )
        planning.clockwork.listen(self._dispatch.changed)
        planning.clockwork.listen(self.guestbook.hints.changed, self.guestbook.catch_up)
        house.client.on_closing(self.guestbook.hints.close)
        rooms.listen(self.guestbook)
        buttons = PromoPresses(self.promoter, self.guestbook, page, words)
        presses.take(buttons.answers())

    async def run(self) -> None:
        """See to everything that is due until cancelled."""
        await self._dispatch.run()

    async def stop(self) -> None:
        """Let what is on its way finish, and let go of the connections."""
        await self._dispatch.stop()
        await self._hooks.close()
