"""``tertulia run``: what stops it, and what is then read on the terminal."""

import asyncio
import os
import signal
import ssl

import pytest

from bot import config as configuration
from bot.clock import WallClock
from bot.errors import UsageError
from bot.rehearsal.standin.connector import loopback
from bot.rehearsal.standin.server import StandIn
from bot.run import serve


def config_in(folder, **sections):
    """Return a configuration without a speech model that keeps its record there."""
    return configuration.parse(
        {"store": {"folder": str(folder)}, "speech": {"model": ""}} | sections
    )


def test_a_refused_token_is_one_line(tmp_path):
    """It names the variable, and where a new token comes from."""

    async def main():
        async with StandIn() as stand_in:
            await serve(config_in(tmp_path), "not.a.token", stand_in.connector())

    with pytest.raises(UsageError, match=r"developer portal .* TERTULIA_TOKEN"):
        asyncio.run(main())


def test_an_unreachable_discord_is_one_line(tmp_path):
    """The host is named, and what to look at."""

    async def main():
        async with StandIn() as stand_in:
            context = ssl.create_default_context(cafile=stand_in.ca)
            gone = loopback(1, context)
            await serve(config_in(tmp_path), "token", gone)

    with pytest.raises(UsageError, match=r"not reached at discord\.com"):
        asyncio.run(main())


def test_a_clock_that_was_never_set_stops_the_start(tmp_path, monkeypatch):
    """By it everything that is recorded would be overdue at once."""
    monkeypatch.setattr(WallClock, "now", lambda self: 40.0)

    with pytest.raises(UsageError, match=r"the clock .* shows 1970-01-01: set it"):
        asyncio.run(serve(config_in(tmp_path), "token"))

    assert list(tmp_path.iterdir()) == []


def test_a_taken_page_port_stops_the_start_and_leaves_nothing_open(tmp_path):
    """A second try with another port works at once: the record was let go."""

    async def main():
        async with StandIn() as stand_in:
            taken = int(stand_in.url.rpartition(":")[2])
            page = {"enabled": True, "port": taken}
            with pytest.raises(UsageError, match=rf"page\.port = {taken}"):
                await serve(config_in(tmp_path, page=page), stand_in.token)
            await until_ready_then_stop(tmp_path, stand_in)

    asyncio.run(main())


async def until_ready_then_stop(folder, stand_in):
    """Serve until the bot is ready, and send ourselves SIGTERM."""
    since = len(stand_in.sightings.all)
    serving = asyncio.create_task(
        serve(config_in(folder), stand_in.token, stand_in.connector())
    )
    path = f"/applications/{stand_in.world.application_id}/commands"
    await stand_in.sightings.call("PUT", path, since=since)
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(30):
        await serving


def test_sigterm_ends_it_in_order(tmp_path):
    """The bot hangs up, lets its record go and returns."""

    async def main():
        async with StandIn() as stand_in:
            await until_ready_then_stop(tmp_path, stand_in)
            await until_ready_then_stop(tmp_path, stand_in)

    asyncio.run(main())
