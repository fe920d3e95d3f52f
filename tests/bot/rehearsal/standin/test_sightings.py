"""Sightings: what was seen stays as it was, and can be waited for."""

import asyncio

import pytest

from bot.rehearsal.standin.sightings import NotSeen, Sightings
from bot.rehearsal.standin.world.state import Dispatch


def message(text):
    return Dispatch("MESSAGE_CREATE", {"content": text})


def has(text):
    return lambda one: one["content"] == text


def test_what_was_seen_is_found_without_waiting():
    """The past counts, from the place one names on."""
    sightings = Sightings()
    sightings.see(message("tea"))

    async def find(since):
        return await sightings.message(has("tea"), since=since, within_s=0.01)

    assert asyncio.run(find(0)) == {"content": "tea"}
    with pytest.raises(NotSeen, match="a message"):
        asyncio.run(find(1))


def test_what_is_to_come_wakes_who_waits():
    """The one that fits, not the first one that comes."""

    async def scenario():
        sightings = Sightings()
        waiting = asyncio.create_task(sightings.message(has("tea")))
        await asyncio.sleep(0)
        for text in ("coffee", "tea"):
            sightings.see(message(text))
        return await waiting

    assert asyncio.run(scenario()) == {"content": "tea"}


def test_later_changes_do_not_change_the_record():
    """Messages are edited in place; the record keeps each state."""
    sightings, live = Sightings(), {"content": "old", "embeds": [{"title": "old"}]}
    sightings.see(Dispatch("MESSAGE_CREATE", live))

    live["content"] = live["embeds"][0]["title"] = "new"
    live["embeds"].append({})

    assert sightings.messages == [{"content": "old", "embeds": [{"title": "old"}]}]
