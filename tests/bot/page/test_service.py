"""``/space review`` against the stand-in: the link, and who gets none."""

import asyncio
import contextlib
import re

import aiohttp

from bot import config as configuration
from bot.rehearsal.standin.server import StandIn
from tests.bot.guild import bot_on

LINK = re.compile(r"http://127\.0\.0\.1:\d+/open\?ticket=\S+")


@contextlib.asynccontextmanager
async def reviewing(tmp_path, *, enabled):
    """Give a function that asks for a link as a member and returns the answer."""
    config = configuration.parse(
        {"speech": {"model": ""}, "page": {"enabled": enabled, "port": 0}}
    )
    async with StandIn() as stand_in, bot_on(stand_in, tmp_path, config):

        async def ask(name):
            since = len(stand_in.sightings.all)
            where = stand_in.text_channel_id
            await stand_in.member(name).command("space review", channel_id=where)
            answer = await stand_in.sightings.message(
                lambda message: bool(message["content"]), "an answer", since=since
            )
            assert answer["flags"] & 64  # nobody else reads it
            return answer["content"]

        yield ask


def test_a_moderator_opens_the_page_by_their_own_link(tmp_path):
    """The link shows the button; the button logs in."""

    async def main():
        async with reviewing(tmp_path, enabled=True) as ask:
            (link,) = LINK.findall(await ask("Elena"))
            async with (
                aiohttp.ClientSession() as session,
                session.get(link) as page,
            ):
                assert page.status == 200
                assert "Elena" in await page.text()

    asyncio.run(main())


def test_others_are_told_who_may(tmp_path):
    """No link leaves the bot for a member without the right."""

    async def main():
        async with reviewing(tmp_path, enabled=True) as ask:
            answer = await ask("Frank")
            assert not LINK.findall(answer)
            assert answer.startswith("Only moderators")

    asyncio.run(main())


def test_without_a_page_it_says_so(tmp_path):
    """The key that turns it on is named."""

    async def main():
        async with reviewing(tmp_path, enabled=False) as ask:
            assert "page.enabled" in await ask("Elena")

    asyncio.run(main())
