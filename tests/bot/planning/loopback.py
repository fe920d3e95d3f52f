"""Discord's event routes without a network: the stand-in's own rules, at once."""

import copy
import re
from types import SimpleNamespace

import discord

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.refusals import Refusal
from bot.rehearsal.standin.wire import Snowflakes, iso
from bot.rehearsal.standin.world import events, exceptions

PATH = re.compile(r"/scheduled-events(?:/(\d+)(?:/(exceptions)(?:/(\d+))?)?)?$")
CALLS = {
    ("POST", False): ("create", events.create),
    ("PATCH", False): ("edit", events.edit),
    ("POST", True): ("except", exceptions.create),
    ("PATCH", True): ("except", exceptions.edit),
    ("DELETE", True): ("restore", exceptions.delete),
}


class Loopback:
    """What ``discord.http.HTTPClient`` does for scheduled events."""

    def __init__(self, place):
        self.place = place
        self.world, self.bot_id = place.world, place.bot
        self.calls = []
        self.crash_after = None
        """Name of the call after which the process dies."""

    @property
    def client(self):
        """What a port takes for the client."""
        return SimpleNamespace(user=discord.Object(self.bot_id), http=self)

    async def get_scheduled_events(self, guild_id, with_user_count):
        return copy.deepcopy(events.open_events(self.world))

    async def get_scheduled_event(self, guild_id, event_id, with_user_count):
        return self._do("read", events.find, self.world, event_id)

    async def create_guild_scheduled_event(self, guild_id, **payload):
        return self._do("create", events.create, self.world, self.bot_id, form(payload))

    async def edit_scheduled_event(self, guild_id, event_id, **payload):
        return self._do(
            "edit", events.edit, self.world, self.bot_id, event_id, form(payload)
        )

    async def request(self, route, json=None):
        """Raw routes, by method and the ids in the path."""
        event_id, excepted, which = PATH.search(route.url).groups()
        ids = [int(one) for one in (event_id, which) if one]
        name, call = CALLS[route.method, bool(excepted)]
        body = [] if json is None else [form(json)]
        return self._do(name, call, self.world, self.bot_id, *ids, *body)

    def _do(self, name, call, *args):
        if name != "read":
            self.calls.append(name)
        try:
            done = copy.deepcopy(call(*args))
        except Refusal as refusal:
            raise _error(refusal) from None
        if name == self.crash_after:
            raise Crash
        return done

    # What people do in Discord's own client.

    def by_hand(self, event_id, **fields):
        """Change an event."""
        return events.edit(self.world, self.place.owner, event_id, form(fields))

    def delete(self, event_id):
        """Delete an event."""
        events.delete(self.world, self.place.owner, event_id)

    def except_by_hand(self, event_id, original, **fields):
        """Move or cancel one occurrence."""
        event = self.world.events[event_id]
        which = Snowflakes.at(original)
        there = {
            one["event_exception_id"]
            for one in event["guild_scheduled_event_exceptions"]
        }
        if str(which) in there:
            exceptions.edit(self.world, self.place.owner, event_id, which, form(fields))
            return
        fields["original_scheduled_start_time"] = iso(original)
        exceptions.create(self.world, self.place.owner, event_id, form(fields))


class Crash(BaseException):
    """The process dies here."""


def form(body):
    return Form(body, ())


def _error(refusal):
    response = SimpleNamespace(status=refusal.status, reason="")
    data = {"code": refusal.code, "message": str(refusal)}
    kinds = {404: discord.NotFound, 403: discord.Forbidden}
    return kinds.get(refusal.status, discord.HTTPException)(response, data)
