"""The page on its address."""

import asyncio
from urllib.parse import urlsplit

from bot.page.app import COOKIE
from bot.page.server import PageServer
from bot.settings import PageSettings
from tests.bot.page.sample import VIEWER, opened

MUCH = 50_000_000
"""Bytes that no socket takes at once."""


def test_whoever_has_paused_the_sound_holds_up_no_stop(tmp_path):
    """Their browser takes no more of it, for as long as the page is open."""
    track = tmp_path / "long.opus"
    with track.open("wb") as file:
        file.truncate(MUCH)

    async def main():
        async with opened(track) as (page, tickets, space_id, _):
            server = PageServer(page, PageSettings(enabled=True, port=0))
            await server.start()
            session = tickets.redeem(tickets.issue(VIEWER, 2000.0), 2000.0)
            host, port = "127.0.0.1", urlsplit(server.url).port
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(
                f"GET /spaces/{space_id}/audio/1 HTTP/1.1\r\nHost: {host}\r\n"
                f"Cookie: {COOKIE}={session}\r\n\r\n".encode()
            )
            assert b" 200 " in await reader.readline()
            async with asyncio.timeout(30):
                await server.stop()
            writer.close()

    asyncio.run(main())
