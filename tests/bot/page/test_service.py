"""``/space review`` against the stand-in: the link, and who gets none."""

import asyncio
import contextlib
import re

import aiohttp
import pytest

from bot import config as configuration
from bot.clock import ManualClock
from bot.page.service import PageService
from bot.rehearsal.standin.server import StandIn
from bot.settings import PageSettings
from moderation.store import spaces, transcripts
from moderation.store.database import Store
from tests.bot.guild import bot_on
from tests.bot.page.sample import VIEWER

LINK = re.compile(r"http://127\.0\.0\.1:\d+/open\?ticket=\S+")


@contextlib.asynccontextmanager
async def reviewing(tmp_path, *, enabled):
    """Give a function that asks for a link as a member and returns the answer."""
    config = configuration.parse(
        {"speech": {"model": ""}, "page": {"enabled": enabled, "port": 0}}
    )
    async with StandIn() as stand_in, bot_on(stand_in, tmp_path, config) as bot:

        async def ask(name):
            since = len(stand_in.sightings.all)
            where = stand_in.text_channel_id
            await stand_in.member(name).command("space review", channel_id=where)
            answer = await stand_in.sightings.message(
                lambda message: bool(message["content"]), "an answer", since=since
            )
            assert answer["flags"] & 64  # nobody else reads it
            return answer["content"]

        ask.stand_in, ask.store, ask.bot = stand_in, bot.store, bot
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


@pytest.mark.parametrize("still", [True, False])
def test_who_moderates_when_they_save_may_edit(tmp_path, still):
    """Discord is asked at that moment; whoever left since is no moderator."""

    async def main():
        async with reviewing(tmp_path, enabled=True) as ask:
            (link,) = LINK.findall(await ask("Elena"))
            elena, guild = ask.stand_in.member("Elena"), ask.stand_in.world.guild
            await ask.store.write(lambda db: said(db, guild.id))
            url, ticket = link.split("/open?ticket=")
            # Cookies of an address without a name are kept on request only.
            jar = aiohttp.CookieJar(unsafe=True)
            async with aiohttp.ClientSession(cookie_jar=jar) as session:
                await session.post(f"{url}/open", data={"ticket": ticket})
                if not still:
                    del guild.members[elena.id]
                save = f"{url}/spaces/1/lines/1/edit"
                body = {"version": 1, "text": "Hello, all."}
                async with session.post(save, json=body) as answer:
                    told = (await answer.json())["told"]
            row = await ask.store.read(lambda db: transcripts.get(db, 1))
            return told, row.text, row.edited_by == elena.id

    told, text, hers = asyncio.run(main())

    assert (text, hers) == (("Hello, all.", True) if still else ("Helo.", False))
    assert ("Guardado" in told) == still


def test_nothing_is_redacted_while_a_member_is_being_erased(tmp_path):
    """Both change the same files; whoever redacts tries again in a moment."""

    async def main():
        async with reviewing(tmp_path, enabled=True) as ask:
            (link,) = LINK.findall(await ask("Elena"))
            await ask.store.write(lambda db: said(db, ask.stand_in.world.guild.id))
            url, ticket = link.split("/open?ticket=")
            jar, answers = aiohttp.CookieJar(unsafe=True), []
            async with aiohttp.ClientSession(cookie_jar=jar) as session:
                await session.post(f"{url}/open", data={"ticket": ticket})
                for at_work in (1, None):
                    ask.bot._erasing.at_work = at_work
                    redact = f"{url}/spaces/1/lines/1/redact"
                    async with session.post(redact, json={"version": 1}) as answer:
                        answers.append(answer.status)
            return answers

    assert asyncio.run(main()) == [409, 200]


def said(db, guild_id):
    """Put a line on record."""
    new = spaces.NewSpace(
        guild_id=guild_id, channel_id=5, host_id=1, kind="voice", topic="", opened_at=1
    )
    space_id = spaces.create(db, new)
    line = transcripts.NewUtterance(uid="a", user_id=1, start=0, end=1, text="Helo.")
    transcripts.record(db, space_id, line, 2.0)
    spaces.end(db, space_id, 3.0)


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


@pytest.mark.parametrize(
    ("public_url", "secure"),
    [("", False), ("http://page.lan", False), ("https://page.example", True)],
)
def test_a_session_of_https_goes_nowhere_else(public_url, secure):
    """Also where a proxy ends the encryption and asks us without it."""

    async def main():
        async with Store(":memory:") as store:
            settings = PageSettings(enabled=True, port=0, public_url=public_url)
            service = PageService(store, ManualClock(2000.0), settings, feeds=None)
            await service.start()
            try:
                link = service.link(VIEWER)
                ticket = link.partition("ticket=")[2]
                port = service._server._runner.addresses[0][1]
                async with (
                    aiohttp.ClientSession() as session,
                    session.post(
                        f"http://127.0.0.1:{port}/open",
                        data={"ticket": ticket},
                        allow_redirects=False,
                    ) as answer,
                ):
                    return link, answer.headers["Set-Cookie"]
            finally:
                await service.stop()

    link, cookie = asyncio.run(main())

    assert link.startswith(public_url or "http://127.0.0.1:")
    assert ("Secure" in cookie.split("; ")) is secure
