"""Calendar feeds over real HTTP."""

import asyncio
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from aiohttp import test_utils

from bot.clock import ManualClock
from bot.page.app import Page
from bot.page.feeds import BURST, Allowance, Document, Feeds, FeedsNotReadyError
from bot.page.service import PageService
from bot.page.tickets import Tickets
from bot.settings import PageSettings
from moderation.store.database import Store

SECRET = "s3cret-of-the-guild"
CHANGED = 1_800_000_000.0


class OneFeed:
    """Guild 10's feed."""

    def __init__(self):
        self.ready = True

    async def read(self, guild_id, secret):
        guild_id.to_bytes(8, "big", signed=True)  # the record takes no more
        if not self.ready:
            raise FeedsNotReadyError
        if (guild_id, secret) != (10, SECRET):
            return None
        return Document(b"BEGIN:VCALENDAR", "d1gest", CHANGED)


def read(visit):
    """Run ``visit(client, feed, clock)`` against a page with one feed."""

    async def main():
        port, clock = OneFeed(), ManualClock(CHANGED + 60)
        async with Store(":memory:") as store:
            page = Page(store, Tickets(b"k"), clock, Feeds(port, clock))
            server = test_utils.TestServer(page.application())
            async with test_utils.TestClient(server) as client:
                await visit(client, port, clock)

    asyncio.run(main())


OWN = f"/calendar/10/{SECRET}.ics"


def test_who_has_the_address_reads_without_logging_in():
    """As calendars do: no cookie, no question."""

    async def visit(client, port, clock):
        response = await client.get(OWN)
        assert response.status == 200
        assert await response.read() == b"BEGIN:VCALENDAR"
        assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert response.headers["ETag"] == '"d1gest"'
        assert response.headers["Cache-Control"] == "private, max-age=300"
        head = await client.head(OWN)
        assert (head.status, await head.read()) == (200, b"")

    read(visit)


@pytest.mark.parametrize(
    "path",
    [
        "/calendar/10/wrong.ics",
        "/calendar/11/s3cret-of-the-guild.ics",
        "/calendar/x/s3cret-of-the-guild.ics",
        "/calendar/١٠/s3cret-of-the-guild.ics",
        "/calendar/9999999999999999999/s3cret-of-the-guild.ics",
        "/calendar/99999999999999999999999/s3cret-of-the-guild.ics",
        "/calendar/10/%00%ff%F0%9F%92%A9.ics",
        "/calendar/10/" + "a" * 4000 + ".ics",
        "/calendar/10/..%2f..%2fetc.ics",
        "/calendar/10",
        "/calendar/",
    ],
)
def test_whatever_is_wrong_gets_the_same_answer(path):
    """Nothing tells a guild without a feed from a wrong secret."""

    async def visit(client, port, clock):
        response = await client.get(path)
        assert response.status == 404
        assert "VCALENDAR" not in await response.text()

    read(visit)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": '"d1gest"'}, 304),
        ({"If-None-Match": 'W/"d1gest", "other"'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"'}, 200),
        ({"If-Modified-Since": "Sat, 01 Jan 2028 00:00:00 GMT"}, 304),
        ({"If-Modified-Since": "Sat, 01 Jan 2022 00:00:00 GMT"}, 200),
        ({"If-Modified-Since": "nonsense"}, 200),
        ({"If-Modified-Since": "Sat, 1 Jan 99999999999999999999 00:00:00 GMT"}, 200),
        (
            {
                "If-None-Match": '"other"',
                "If-Modified-Since": "Sat, 01 Jan 2028 00:00:00 GMT",
            },
            200,
        ),
    ],
)
def test_what_did_not_change_is_not_sent_again(headers, status):
    """RFC 9110: the tag alone counts where both are there."""

    async def visit(client, port, clock):
        response = await client.get(OWN, headers=headers)
        assert response.status == status
        assert response.headers["ETag"] == '"d1gest"'
        changed = datetime.fromtimestamp(CHANGED, UTC)
        assert response.headers["Last-Modified"] == format_datetime(changed, True)

    read(visit)


def test_before_the_guilds_are_known_a_calendar_keeps_what_it_has():
    """An empty answer would strike out every entry."""

    async def visit(client, port, clock):
        port.ready = False
        response = await client.get(OWN)
        assert (response.status, response.headers["Retry-After"]) == (503, "30")

    read(visit)


def test_whoever_guesses_is_slowed_down_and_readers_are_not():
    """Guesses are counted by address, a feed by itself; both come back with time."""

    async def visit(client, port, clock):
        for _ in range(BURST):
            assert (await client.get("/calendar/10/guess.ics")).status == 404
        slowed = await client.get("/calendar/10/guess.ics")
        assert (slowed.status, slowed.headers["Retry-After"]) == (429, "60")
        assert (await client.get(OWN)).status == 200
        for _ in range(BURST - 1):
            await client.get(OWN)
        assert (await client.get(OWN)).status == 429
        clock.advance(60)
        assert (await client.get(OWN)).status == 200
        assert (await client.get("/calendar/10/guess.ics")).status == 404

    read(visit)


def test_an_allowance_survives_a_clock_that_steps_back():
    """It neither fills up nor is taken away."""
    allowance = Allowance(burst=2, per_s=1.0)

    assert allowance.spend("a", 100.0)
    assert allowance.spend("a", 50.0)
    assert not allowance.spend("a", 50.0)
    assert allowance.spend("a", 51.0)


@pytest.mark.parametrize(
    ("enabled", "public_url", "address"),
    [
        (True, "https://t.example/", "https://t.example/calendar/10/abc.ics"),
        (True, "https://t.example/x", "https://t.example/x/calendar/10/abc.ics"),
        (True, "", ""),
        (True, "t.example", ""),
        (True, "javascript:alert(1)", ""),
        (True, "https://", ""),
        (False, "https://t.example", ""),
    ],
)
def test_only_a_public_address_is_given(enabled, public_url, address):
    """Somebody else's calendar cannot reach 127.0.0.1."""
    settings = PageSettings(enabled=enabled, public_url=public_url)
    service = PageService(Store(":memory:"), ManualClock(0.0), settings, OneFeed())

    assert service.feed(10, "abc") == address
