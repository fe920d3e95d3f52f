"""Where a reminder goes when its first place takes none, and how it is found there."""

import asyncio
from types import SimpleNamespace

import discord
import pytest

from bot.planning.deliveries import Deliveries
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from scheduler.clockwork.deliveries import Notice, UndeliverableError
from scheduler.reminders import Kind
from scheduler.sends import Send, Timing
from tests.scheduler.sample import tea

START = 1_800_000_000.0
ANA, HOST = 7, 3
PLAN = tea(START, id=4, host_id=HOST)
NOTE = "private messages"


def refused(status, code):
    """Return what discord.py raises for this answer."""
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = kinds.get(status, discord.HTTPException)
    said = {"code": code, "message": "no"}
    return kind(SimpleNamespace(status=status, reason=""), said)


class Room:
    """A place to write to; ``error`` is what it answers instead."""

    def __init__(self, error=None):
        self.error = error
        self.texts, self.messages = [], []

    async def send(self, text, *, view, nonce, allowed_mentions):
        if self.error is not None:
            raise self.error
        line = {
            "type": 1,
            "components": [one.item.to_component_dict() for one in view.children],
        }
        self.texts.append(text)
        found = SimpleNamespace(
            id=len(self.texts), components=[discord.ActionRow(line)]
        )
        self.messages.append(found)
        return found

    async def history(self, *, limit, after):
        for one in self.messages:
            yield one


class World:
    """One member's private messages, the plan's public places, and the bot."""

    def __init__(self, *places, private=None, left=(), now=START - 600):
        self.private, self.places = Room(private), places
        self.redirected, self.left = [], left
        guild = SimpleNamespace(unavailable=False, fetch_member=self.fetch_member)
        client = SimpleNamespace(fetch_user=self.fetch_user, get_guild=lambda _: guild)
        self.bot = Deliveries(client, Wording(load()), self, lambda: now)
        self.bot.on_closed(self.redirect)

    async def fetch_member(self, user_id):
        if user_id in self.left:
            raise refused(404, 10007)

    async def fetch_user(self, user_id):
        return self.private

    async def of(self, plan, *, reminder, make=True):
        return list(self.places)

    async def redirect(self, *what):
        self.redirected.append(what)


def notice(kind, *users, offset_s=600.0, nonce="n" * 24):
    send = Send(
        key=nonce,
        plan_id=4,
        kind=kind,
        due_at=START - offset_s,
        starts_at=START,
        user_ids=users,
    )
    return Notice(PLAN, send, Timing.ON_TIME, nonce)


def deliver(world, *notices):
    async def main():
        return [await world.bot.deliver(one) for one in notices]

    return asyncio.run(main())


def test_a_reminder_goes_to_the_first_place_that_takes_it():
    """A thread that is locked, a channel that is closed, then the room's own chat."""
    thread, channel = Room(refused(400, 50083)), Room(refused(403, 50013))
    world = World(thread, channel, Room())

    assert deliver(world, notice(Kind.MEMBERS, ANA)) == [1]
    assert [len(one.texts) for one in world.places] == [0, 0, 1]


def test_without_any_place_it_is_undeliverable():
    """Which the clockwork writes down, and does not try for ever."""
    with pytest.raises(UndeliverableError):
        deliver(World(), notice(Kind.MEMBERS, ANA))


def test_a_failure_of_discord_is_no_reason_for_another_place():
    """It may have got there: it stays claimed and is looked for first."""
    world = World(Room(refused(502, 0)), Room())

    with pytest.raises(discord.HTTPException):
        deliver(world, notice(Kind.MEMBERS, ANA))
    assert world.places[1].texts == []


def test_closed_private_messages_are_told_once_and_named():
    """The later ones of that member are public from the start."""
    world = World(Room(), private=refused(403, 50007))
    first = notice(Kind.DIRECT, ANA, offset_s=3600.0)

    deliver(world, first, notice(Kind.DIRECT, ANA), notice(Kind.HOST, HOST))

    texts = world.places[0].texts
    assert [NOTE in text for text in texts] == [True, False, True]
    assert [f"<@{ANA}>" in text for text in texts] == [True, True, False]
    assert f"<@{HOST}>" in texts[2]
    assert world.redirected == [(4, ANA, 3600.0), (4, ANA, 600.0)]


def test_a_member_who_is_nobody_any_more_is_not_named_in_public():
    """An account that is deleted reads nothing anywhere."""
    world = World(Room(), private=refused(404, 10013))

    with pytest.raises(UndeliverableError):
        deliver(world, notice(Kind.DIRECT, ANA))
    assert world.places[0].texts == []


@pytest.mark.parametrize("kind", [Kind.DIRECT, Kind.HOST])
def test_who_left_the_server_is_not_named_in_it(kind):
    """Not even the host: nobody there can be reminded for them."""
    world = World(Room(), private=refused(403, 50007), left={ANA, HOST})

    with pytest.raises(UndeliverableError):
        deliver(world, notice(kind, ANA))
    assert world.places[0].texts == []
    assert world.redirected == []


@pytest.mark.parametrize(("days", "posts"), [(0.5, 1), (1.5, 0)])
def test_a_plan_of_days_ago_is_given_up_without_a_word(days, posts):
    """A bot that was off for a week does not fill the channel with it."""
    world = World(Room(), now=START + days * 86400)

    assert deliver(world, notice(Kind.MISSED)) == [1 if posts else None]
    assert len(world.places[0].texts) == posts


@pytest.mark.parametrize("private", [None, refused(403, 50007)])
def test_after_a_crash_it_is_found_wherever_it_got_to(private):
    """In private, or in public instead."""
    world = World(Room(refused(403, 50001)), Room(), private=private)
    one = notice(Kind.DIRECT, ANA)
    deliver(world, one)

    async def look(which):
        return await world.bot.find(which, START - 600)

    assert asyncio.run(look(one)) == 1
    assert asyncio.run(look(notice(Kind.DIRECT, ANA, nonce="m" * 24))) is None
