"""The way out of every errand, by its kind: to channels, to people, to tools."""

from bot.promotion.channels import ChannelPosts
from bot.promotion.gathered import Gathered, gather
from bot.promotion.guests import GuestMessages
from bot.promotion.webhooks import Webhooks
from moderation.store.database import Store
from scheduler.clockwork.deliveries import UndeliverableError
from scheduler.clockwork.outbound import Done, Going
from scheduler.errands import ErrandKind


class Delivering:
    """Brings errands to where they go."""

    def __init__(
        self,
        store: Store,
        channels: ChannelPosts,
        guests: GuestMessages,
        hooks: Webhooks,
    ) -> None:
        self._store = store
        self._channels = channels
        self._guests = guests
        self._hooks = hooks

    async def deliver(self, going: Going) -> Done:
        """Do an errand with everything as it is now. Raises UndeliverableError."""
        gathered = await self._gathered(going)
        match going.errand.kind:
            case ErrandKind.ANNOUNCE | ErrandKind.EDIT:
                return await self._channels.deliver(going, gathered)
            case ErrandKind.GUEST | ErrandKind.HOST:
                return await self._guests.deliver(going, gathered)
            case ErrandKind.HOOK:
                return await self._hooks.deliver(going, gathered)

    async def find(self, going: Going, claimed_at: float) -> Done | None:
        """Look where it may have got; a tool is called again with the same key."""
        match going.errand.kind:
            case ErrandKind.ANNOUNCE | ErrandKind.EDIT:
                return await self._channels.find(going, claimed_at)
            case ErrandKind.GUEST | ErrandKind.HOST:
                gathered = await self._gathered(going)
                return await self._guests.find(going, gathered, claimed_at)
            case ErrandKind.HOOK:
                return None

    async def _gathered(self, going: Going) -> Gathered:
        plan_id = going.errand.plan_id
        found = await self._store.read(lambda db: gather(db, plan_id))
        if found is None:
            raise UndeliverableError("the plan is gone")
        return found
