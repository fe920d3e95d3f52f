"""Answers that have to wait for something."""

import asyncio
from types import SimpleNamespace

import discord
import pytest

from bot import replies
from bot.replies import change, patiently
from tests.bot.guild import LUIS, busy, run


class Wire:
    """An interaction that notes what Discord is told of it."""

    id = 7

    def __init__(self, trouble=None):
        self.told, self.trouble = [], trouble
        self.response = self

    def is_done(self):
        """Say whether it was answered or deferred."""
        return bool(self.told)

    async def defer(self, **how):
        """Ask for time."""
        if self.trouble is not None:
            raise self.trouble
        self.told.append(("defer", how))

    async def edit_message(self, **what):
        """Answer by changing the message."""
        self.told.append(("answer", what))

    async def edit_original_response(self, **what):
        """Change the message after all."""
        self.told.append(("later", what))


def pressed(wire, work, **how):
    """Let somebody wait for ``work`` and change the message then."""

    async def play():
        done = await patiently(wire, work, **how)
        await change(wire, done)

    asyncio.run(play())


async def slow():
    """Take longer than anybody waits."""
    await asyncio.sleep(0.02)
    return "made"


async def quick():
    """Take no time."""
    return "made"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(replies, "PATIENCE_S", 0.001)


def test_who_waits_is_told_to(tmp_path):
    """The answer comes where the waiting was: in place, or as a message."""
    place, private = Wire(), Wire()

    pressed(place, slow(), in_place=True)
    pressed(private, slow())

    assert place.told == [("defer", {}), ("later", {"content": "made", "view": None})]
    assert private.told[0] == ("defer", {"ephemeral": True, "thinking": True})


def test_nobody_is_told_to_wait_for_nothing():
    """One call to Discord, not two."""
    wire = Wire()

    pressed(wire, quick())

    assert wire.told == [("answer", {"content": "made", "view": None})]


def test_what_was_asked_is_done_though_discord_gives_no_time():
    """An interaction that Discord forgot is no reason to forget a decision."""
    forgotten = discord.NotFound(SimpleNamespace(status=404, reason=""), {"code": 1})
    wire = Wire(forgotten)

    pressed(wire, slow())

    assert wire.told == [("answer", {"content": "made", "view": None})]


def test_a_refusal_is_told_before_it_is_kept(tmp_path):
    """While the record is busy people hear no all the same."""

    async def play(stage):
        await stage.commands()
        async with busy(stage.bot.store):
            return await stage.command(LUIS, "space reminders", thread=True)

    assert "mute and move members" in run(tmp_path, play)
