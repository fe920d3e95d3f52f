"""The time by Discord's clock, as its answers bring it."""

import asyncio

import aiohttp
import pytest
from aiohttp import test_utils, web

from bot.timekeeper import Timekeeper

STAMP, MOMENT = "Sun, 06 Nov 1994 08:49:37 GMT", 784111777.0


def test_it_goes_on_from_what_was_heard(monkeypatch):
    """By the monotonic clock, whatever the wall's does."""
    ticks = iter([50.0, 53.5])
    monkeypatch.setattr("bot.timekeeper.time.monotonic", lambda: next(ticks))
    keeper = Timekeeper()

    before = keeper.now()
    keeper.hear(STAMP)

    assert (before, keeper.now()) == (None, MOMENT + 3.5)


@pytest.mark.parametrize("stamp", [None, "", "soon", "Sun, 99 Nov 1994 08:49:37 GMT"])
def test_what_is_no_date_is_not_heard(stamp):
    """What was heard before holds."""
    keeper = Timekeeper()
    keeper.hear(stamp)
    assert keeper.now() is None

    keeper.hear(STAMP)
    keeper.hear(stamp)

    assert keeper.now() == pytest.approx(MOMENT, abs=60)


def test_answers_bring_it():
    """Of any request that a client makes, also of those that are refused."""
    keeper = Timekeeper()

    async def answer(_request):
        return web.Response(status=404, headers={"Date": STAMP})

    async def main():
        app = web.Application()
        app.add_routes([web.get("/", answer)])
        async with (
            test_utils.TestServer(app) as server,
            aiohttp.ClientSession(trace_configs=[keeper.trace()]) as session,
        ):
            await (await session.get(server.make_url("/"))).read()

    asyncio.run(main())

    assert keeper.now() == pytest.approx(MOMENT, abs=60)
