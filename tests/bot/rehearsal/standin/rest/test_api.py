"""The HTTP API asked without a library: paths, tokens, bodies, limits, records."""

import asyncio
import json

import aiohttp
import pytest

from bot.clock import ManualClock
from bot.rehearsal.standin.limits import SIZES, Limit, LimitSettings
from bot.rehearsal.standin.permissions import EVERYONE, SPACES_BOT, Permission
from bot.rehearsal.standin.seed import Seed
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.settings import StandInSettings


def ask(method, path, settings=None, *, times=1, token=None, **more):
    """Send a request to a fresh stand-in; return the last answer and the stand-in."""

    async def main():
        async with (
            StandIn(settings=settings) as stand_in,
            aiohttp.ClientSession() as http,
        ):
            headers = {"Authorization": f"Bot {token or stand_in.token}"}
            url = stand_in.url + path.format(
                guild=stand_in.guild_id,
                text=stand_in.text_channel_id,
                owner=stand_in.member("Elena").id,
            )
            for _ in range(times):
                async with http.request(method, url, headers=headers, **more) as got:
                    raw = await got.read()
            body = json.loads(raw) if raw else None
            return got.status, dict(got.headers), body, stand_in

    return asyncio.run(main())


@pytest.mark.parametrize(
    "path",
    [
        "/api/v10/users/@me",
        "/api/users/@me",
        "/users/@me",
        "/v10/users/@me",
        "/api/v10/users/%40me",
    ],
)
def test_clients_may_be_told_the_base_with_or_without_version(path):
    """Libraries differ in what they append to a base address."""
    status, headers, body, _ = ask("GET", path)

    assert (status, body["username"]) == (200, "tertulia")
    assert headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v10/nowhere", 404),
        ("DELETE", "/api/v10/users/@me", 405),
        ("GET", "/api/v10/guilds/5", 403),
        ("GET", "/api/v10/channels/5", 404),
    ],
)
def test_what_is_not_there_is_refused_in_json(method, path, status):
    """With a code and a message, always."""
    got, _, body, _ = ask(method, path)

    assert got == status
    assert {"code", "message"} <= set(body)


def test_without_the_token_nothing_is_told():
    """401."""
    status, _, body, _ = ask(
        "GET", "/api/v10/users/@me", token="wrong"
    )  # wrong on purpose

    assert (status, body["message"]) == (401, "401: Unauthorized")


def test_a_body_that_is_no_json_is_50109():
    """The world is not touched."""
    status, _, body, stand_in = ask(
        "POST", "/api/v10/channels/{text}/messages", data="no json"
    )

    assert (status, body["code"]) == (400, 50109)
    assert stand_in.world.messages == {}


def test_over_the_limit_is_429_with_everything_a_client_needs():
    """``retry_after`` in the body, the rest in the headers."""
    sizes = {**SIZES, "message": Limit(2, 60.0)}
    settings = StandInSettings(limits=LimitSettings(sizes=sizes))

    status, headers, body, _ = ask(
        "POST",
        "/api/v10/channels/{text}/messages",
        settings,
        times=3,
        json={"content": "x"},
    )

    assert status == 429
    assert 59 < body["retry_after"] <= 60
    assert headers["Retry-After"] == "60"
    assert headers["X-RateLimit-Remaining"] == "0"


def test_topics_change_twice_in_ten_minutes():
    """The limit that no header announces."""
    topics = iter("abc")

    async def main():
        async with StandIn() as stand_in, aiohttp.ClientSession() as http:
            url = f"{stand_in.url}/api/v10/channels/{stand_in.text_channel_id}"
            headers = {"Authorization": f"Bot {stand_in.token}"}
            statuses = []
            for topic in topics:
                body = {"topic": topic}
                async with http.patch(url, json=body, headers=headers) as got:
                    statuses.append((got.status, "X-RateLimit-Limit" in got.headers))
            return statuses

    assert asyncio.run(main()) == [(200, False), (200, False), (429, False)]


def test_a_message_of_an_hour_ago_is_edited_three_times_in_six_seconds():
    """30046 for the fourth; what is younger has the bucket of all edits."""
    clock = ManualClock(1_800_000_000.0)

    async def main():
        async with StandIn(clock=clock) as stand_in, aiohttp.ClientSession() as http:
            url = f"{stand_in.url}/api/v10/channels/{stand_in.text_channel_id}/messages"
            headers = {"Authorization": f"Bot {stand_in.token}"}
            async with http.post(url, json={"content": "0"}, headers=headers) as got:
                one = f"{url}/{(await got.json())['id']}"
            answers = []
            for wait_s in (0, 3601, 1, 1, 1, 4):
                clock.advance(wait_s)
                body = {"content": str(clock.now())}
                async with http.patch(one, json=body, headers=headers) as got:
                    told = await got.json()
                    answers.append((got.status, told.get("code")))
            return answers

    fine = (200, None)
    assert asyncio.run(main()) == [fine, fine, fine, fine, (429, 30046), fine]


@pytest.mark.parametrize(
    ("bit", "body"),
    [
        (Permission.EMBED_LINKS, {"embeds": [{"title": "Tea"}]}),
        (Permission.SEND_MESSAGES, {"content": "Tea?"}),
    ],
)
def test_what_is_not_allowed_is_not_posted(bit, body):
    """50013; words alone need no EMBED_LINKS."""
    seed = Seed(bot_permissions=SPACES_BOT & ~bit, everyone=EVERYONE & ~bit)

    async def main():
        async with StandIn(seed) as stand_in, aiohttp.ClientSession() as http:
            url = f"{stand_in.url}/api/v10/channels/{stand_in.text_channel_id}/messages"
            headers = {"Authorization": f"Bot {stand_in.token}"}
            async with http.post(url, json=body, headers=headers) as got:
                return got.status, (await got.json())["code"]

    assert asyncio.run(main()) == (403, 50013)


def test_every_exchange_is_recorded():
    """Method, path without base, status, both bodies."""
    *_, stand_in = ask(
        "POST", "/api/v10/channels/{text}/messages", json={"content": "Tea?"}
    )

    (seen,) = stand_in.sightings.calls
    assert (seen.method, seen.status) == ("POST", 200)
    assert seen.path == f"/channels/{stand_in.text_channel_id}/messages"
    assert seen.sent == {"content": "Tea?"}
    assert seen.returned["content"] == "Tea?"
