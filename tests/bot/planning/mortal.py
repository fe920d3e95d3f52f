"""A bot in told time that dies for real: ``python -m tests.bot.planning.mortal``.

One parent process has imported everything; for each line of JSON on its standard
input it forks a bot and prints its pid. The bot takes orders by a socket, each with
the time it is, does whatever is due then, and answers. What it does goes through its
own planner, promoter and guestbook, its own ports, discord.py and real sockets.

After as many instants as it was given it sends itself SIGKILL. An instant is before
and after every request to Discord, and before and after every write into the record.
"""

import asyncio
import json
import os
import signal
import ssl
import traceback

from bot import config as configuration
from bot.build import build
from bot.clock import ManualClock
from bot.planning.deeds import Asker
from bot.rehearsal.standin.connector import loopback
from moderation.store import spaces
from moderation.store.campaigns import ChannelRow
from moderation.store.webhooks import WebhookRow
from scheduler.campaigns.campaign import CampaignState
from scheduler.guests.guest import Slot
from scheduler.plans import Plan, PlanRefused
from scheduler.reminders import Place
from tests.bot.zygote import fork_for_each

ROUNDS = 20
"""Rounds of work at one time; more would mean that the bot never comes to rest."""


class Mortality:
    """Counts the instants of a life and ends it at the last."""

    def __init__(self, most):
        self.instants = 0
        self._most = most

    def instant(self):
        """Die here, if it is time to."""
        self.instants += 1
        if self.instants == self._most:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, call):
        """Return ``call`` with an instant before and one after it."""

        async def wrapped(*args, **kwargs):
            self.instant()
            result = await call(*args, **kwargs)
            self.instant()
            return result

        return wrapped


class Life:
    """One life of the bot, from its boot to its death."""

    def __init__(self, bot, clock, mortality):
        self.bot = bot
        self.clock = clock
        self.mortality = mortality
        planning = bot.planning
        self.clockwork, self.events = planning.clockwork, planning.events
        self.promotion = bot.promotion
        self.dispatch = self.promotion._dispatch
        self.planner = planning.planner

    async def boot(self):
        """Rebuild everything from the rows, as a start does, without the timers."""
        await self.bot.client.wait_until_ready()
        live = await self.bot.store.read(spaces.live)
        while not {row.id for row in live} <= {
            r.space_id for r in self.bot.rooms.live()
        }:
            await asyncio.sleep(0.005)
            live = await self.bot.store.read(spaces.live)
        await self.clockwork.load()
        await self.dispatch.load()

    async def obey(self, order):
        """Do one thing at its time, then everything that is due."""
        self.clock.advance(order.pop("now") - self.clock.now())
        deed, said = order.pop("do"), {}
        try:
            if deed != "tick":
                await getattr(self, deed)(**order)
        except PlanRefused as refused:
            said["refused"] = refused.key
        await self.rest()
        times = (self.clockwork.next_at(), self.dispatch.next_at())
        said["next"] = min((at for at in times if at is not None), default=None)
        return said | {"instants": self.mortality.instants}

    async def rest(self):
        """Work until nothing is due any more."""
        for _ in range(ROUNDS):
            await self.clockwork.tick()
            await self.dispatch.tick()
            await self.dispatch.settled()
            await self.events.tick()
            times = (self.clockwork.next_at(), self.dispatch.next_at())
            due = any(at is not None and at <= self.clock.now() for at in times)
            if not due and self.events._hints.empty():
                return
        raise RuntimeError("the bot never comes to rest")

    async def schedule(self, plan, repeat):
        await self.planner.schedule(Plan(**plan), repeat)

    async def edit(self, plan_id, asker, **changes):
        await self.planner.edit(plan_id, Asker(*asker), changes)

    async def cancel(self, plan_id, asker, reason):
        await self.planner.cancel(plan_id, Asker(*asker), reason)

    async def remind(self, plan_id, user_id, place):
        await self.planner.remind(plan_id, user_id, Place(place))

    async def announce_in(self, channels, hook):
        for channel in channels:
            await self.promotion.promoter.add_channel(ChannelRow(*channel))
        await self.promotion.promoter.add_hook(WebhookRow(**hook))

    async def campaign(self, plan_id, guild_id, by):
        await self.promotion.promoter.begin(plan_id, guild_id, by, {"es": "Ven"}, {})

    async def pause(self, plan_id, guild_id, state):
        await self.promotion.promoter.turn(plan_id, guild_id, CampaignState(state))

    async def invite(self, plan_id, guild_id, by, user_id, instead_of=None):
        slot = Slot("minute", 10)
        await self.promotion.guestbook.invite(
            plan_id, guild_id, user_id, by, "en", slot, instead_of
        )


async def serve(order):
    """Be the bot that ``order`` asks for, until killed or told no more."""
    config = configuration.parse(
        {
            "store": {"folder": order["folder"]},
            "speech": {"model": ""},
            "webhooks": {"allow_private": True},
            # At the start itself a host is reminded unless it has opened meanwhile.
            "scheduler": {"host_offsets_min": [30.0]},
        }
    )
    context = ssl.create_default_context(cafile=order["ca"])
    clock, mortality = ManualClock(order["now"]), Mortality(order["instants"])
    async with build(config, loopback(order["port"], context), clock) as bot:
        bot.store.write = mortality.around(bot.store.write)
        bot.client.http.request = mortality.around(bot.client.http.request)
        bot.client._connection.guild_ready_timeout = 0.02  # there is one guild
        serving = asyncio.create_task(bot.client.start(order["token"]))
        serving.add_done_callback(lambda done: done.cancelled() or done.result())
        life = Life(bot, clock, mortality)
        await life.boot()
        reader, writer = await asyncio.open_unix_connection(order["socket"])
        while line := await reader.readline():
            try:
                said = await life.obey(json.loads(line))
            except Exception:  # noqa: BLE001 (told to whoever gave the order)
                said = {"error": traceback.format_exc()}
            writer.write(json.dumps(said).encode() + b"\n")
        writer.close()
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


if __name__ == "__main__":
    fork_for_each(serve)
