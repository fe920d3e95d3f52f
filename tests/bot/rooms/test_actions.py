"""Effects run one after another, whatever becomes of one."""

import asyncio
import logging
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.rooms.actions import Actions
from moderation import effects as fx
from moderation.store.database import StoreError

REFUSED = discord.Forbidden(SimpleNamespace(status=403, reason="no"), "no")


@pytest.mark.parametrize(
    "fault",
    [
        REFUSED,
        aiohttp.ServerDisconnectedError(),
        ConnectionResetError(104, "gone"),
        StoreError("disk full"),
        KeyError("said in confidence"),
    ],
)
def test_one_that_fails_holds_nobody_up(fault, caplog):
    """The next ones run, the room can close, and no text of it is logged."""
    faults, sent = [fault], []

    async def send(text, **_look):
        if faults:
            raise faults.pop()
        sent.append(text)

    parts = SimpleNamespace(
        space_id=1,
        ears=SimpleNamespace(play=None),
        venue=SimpleNamespace(channel=SimpleNamespace(send=send)),
        say=lambda key, params: key,
        language="en",
        house=SimpleNamespace(wording=None),
    )

    async def main():
        actions = Actions(parts)
        actions.start()
        actions.perform([fx.Announce("one"), fx.Announce("two")])
        await asyncio.wait_for(actions.stop(), 5.0)

    with caplog.at_level(logging.DEBUG):
        asyncio.run(main())

    assert sent == ["two"]
    assert len(caplog.records) >= 1
    assert "confidence" not in caplog.text
