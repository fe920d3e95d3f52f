"""Buttons, to the part of the bot that they are about."""

import asyncio

import pytest

from bot.client import Press
from bot.presses import Presses


def desk(failures=None):
    """Return presses whose rest is taken down, and what was taken."""
    taken = []

    async def others(interaction, press):
        taken.append(("others", interaction, press.verb))

    async def failed(interaction, error):
        failures.append((interaction, str(error)))

    return Presses(failed, others), taken


def test_a_verb_goes_to_who_named_it_and_the_rest_to_the_rest():
    """Each to one."""
    presses, taken = desk()

    async def remind(interaction, press):
        taken.append(("remind", interaction, press.arg))

    presses.take({"remind": remind})
    asyncio.run(presses.press("one", Press("remind", 7, "dm")))
    asyncio.run(presses.press("two", Press("queue", 7)))

    assert taken == [("remind", "one", "dm"), ("others", "two", "queue")]


def test_whatever_fails_is_told_to_who_pressed():
    """Nothing reaches discord.py, which would only log it."""
    failures = []
    presses, _ = desk(failures)

    async def broken(_interaction, _press):
        raise LookupError("no such plan")

    presses.take({"remind": broken})
    asyncio.run(presses.press("one", Press("remind", 7)))

    assert failures == [("one", "no such plan")]


def test_a_verb_has_one_answer():
    """Two parts that name the same verb are a mistake, found when the bot starts."""
    presses, _ = desk()

    async def remind(_interaction, _press):
        """Never called."""

    presses.take({"remind": remind, "forget": remind})
    with pytest.raises(ValueError, match="twice: forget, remind"):
        presses.take({"forget": remind, "remind": remind, "move": remind})
