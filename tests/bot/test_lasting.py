"""Loops that begin again."""

import asyncio

import pytest

from bot.lasting import LONGEST_PAUSE_S, lasting


def test_what_breaks_a_loop_is_logged_and_it_begins_again(caplog):
    """Ever later, never given up."""
    failures, pauses = [OSError("disk full")] * 9, []

    async def run():
        if failures:
            raise failures.pop()

    async def pause(seconds):
        pauses.append(seconds)

    asyncio.run(lasting("cards", run, pause))

    assert pauses[:3] == [1.0, 2.0, 4.0]
    assert pauses[-1] == LONGEST_PAUSE_S
    assert len(pauses) == len(caplog.records) == 9
    assert "cards broke off" in caplog.text
    assert "disk full" in caplog.text


def test_it_ends_when_it_is_cancelled():
    """A stopping bot does not begin anything again."""

    async def run():
        await asyncio.Event().wait()

    async def main():
        task = asyncio.create_task(lasting("cards", run))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(main())
