"""Webhooks: signed, bounded, never where they should not go."""

import asyncio
import hashlib
import hmac
import json

import pytest
from aiohttp import web

from bot.promotion.gathered import Gathered
from bot.promotion.webhooks import Webhooks, is_public, refuse
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from moderation.store import webhooks as rows
from moderation.store.database import Store
from scheduler.campaigns.campaign import Campaign
from scheduler.campaigns.settings import WebhookSettings
from scheduler.clockwork.deliveries import UndeliverableError
from scheduler.clockwork.outbound import Going, LaterError
from scheduler.errands import Errand, ErrandKind
from tests.scheduler.sample import tea

SECRET = "a secret of some length"
NOW = 1_800_000_000.0
PLAN = tea(NOW, id=7, topic="Té")
CAMPAIGN = Campaign(plan_id=7, guild_id=1, made_at=0.0, by=3, words={"es": "Ven <@&9>"})


def going(hook):
    errand = Errand(
        key="k",
        plan_id=7,
        kind=ErrandKind.HOOK,
        step="t-60",
        target=hook,
        due_at=0.0,
        starts_at=NOW,
    )
    return Going(errand, "nonce-1", None, 1)


def call(answer, settings=None):
    """Call a tool on this machine that answers so; return what it received."""

    async def main():
        received = []

        async def take(request):
            received.append((dict(request.headers), await request.read()))
            return await answer() if callable(answer) else answer

        app = web.Application()
        app.router.add_post("/in", take)
        # Who takes its time has to be cut off, not waited for.
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/in"
        async with Store(":memory:") as store:
            hook = await store.write(
                lambda db: rows.add(
                    db, rows.WebhookRow(0, 1, "b", url, SECRET, "on", "", 3, 0.0)
                )
            )
            hooks = Webhooks(
                store,
                Wording(load()),
                lambda: NOW,
                settings or WebhookSettings(allow_private=True, timeout_s=0.3),
            )
            error = None
            try:
                await hooks.deliver(going(hook), Gathered(PLAN, CAMPAIGN))
            except (LaterError, UndeliverableError) as raised:
                error = raised
            finally:
                await hooks.close()
                await runner.cleanup()
            kept = await store.read(lambda db: rows.get(db, hook))
        return received, error, kept

    return asyncio.run(main())


def test_a_call_is_signed_and_can_be_recognised():
    """Time and body are under the signature; the key is the same for each attempt."""
    ((headers, body),), error, _ = call(web.Response())

    assert error is None
    stamp, given = headers["Tertulia-Signature"].split(",")
    signed = stamp.removeprefix("t=").encode() + b"." + body
    assert (
        given == f"v1={hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()}"
    )
    assert stamp == f"t={NOW:.0f}"
    assert headers["Idempotency-Key"] == "nonce-1"
    payload = json.loads(body)
    assert payload["event"] == headers["Tertulia-Event"] == "space.announced"
    assert payload["space"]["topic"] == "Té"
    assert "Ven" in payload["texts"]["es"]
    assert SECRET not in body.decode()


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (500, LaterError, "answered 500"),
        (429, LaterError, "answered 429"),
        (404, UndeliverableError, "answered 404"),
        (302, UndeliverableError, "redirects are not followed"),
    ],
)
def test_what_an_answer_means(status, kind, words):
    """Trouble is tried again, a no is not; a redirect is never followed."""
    headers = {"Retry-After": "77", "Location": "/in"}
    received, error, kept = call(web.Response(status=status, headers=headers))

    assert isinstance(error, kind)
    assert words in str(error)
    assert (len(received), kept.state) == (1, "on")
    if kind is LaterError:
        assert error.after_s == 77


def test_gone_switches_the_webhook_off():
    """410 is the tool's way of saying that it wants no more."""
    _, error, kept = call(web.Response(status=410))

    assert isinstance(error, UndeliverableError)
    assert (kept.state, kept.reason) == ("off", "answered 410 Gone")


def test_a_slow_tool_is_tried_again():
    """It is not waited for."""

    async def slow():
        await asyncio.Event().wait()

    _, error, _ = call(slow)

    assert isinstance(error, LaterError)


def test_a_private_address_is_never_called_by_default():
    """Neither is plain http."""
    received, error, _ = call(web.Response(), WebhookSettings())

    assert (received, str(error)) == ([], "the address may not be called")


def test_a_name_that_leads_to_a_private_address_is_not_called():
    """Names are checked as they are resolved."""

    async def main():
        async with Store(":memory:") as store:
            url = "https://localhost6.example@x"
            assert refuse(url, WebhookSettings()) == "hook.userinfo"
            row = rows.WebhookRow(
                0, 1, "b", "https://ip6-localhost:9/", SECRET, "on", "", 3, 0.0
            )
            hook = await store.write(lambda db: rows.add(db, row))
            hooks = Webhooks(store, Wording(load()), lambda: NOW, WebhookSettings())
            try:
                with pytest.raises((UndeliverableError, LaterError)) as error:
                    await hooks.deliver(going(hook), Gathered(PLAN, CAMPAIGN))
            finally:
                await hooks.close()
            assert "localhost" not in str(error.value)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://hooks.example.org/x?y=1", None),
        ("http://hooks.example.org/x", "hook.not_https"),
        ("ftp://hooks.example.org", "hook.bad_url"),
        ("nonsense", "hook.bad_url"),
        ("https://[::1", "hook.bad_url"),
        ("https://a:b@hooks.example.org", "hook.userinfo"),
        ("https://127.0.0.1/", "hook.private"),
        ("https://10.1.2.3/", "hook.private"),
        ("https://169.254.169.254/latest", "hook.private"),
        ("https://[::1]/", "hook.private"),
        ("https://[::ffff:10.0.0.1]/", "hook.private"),
        ("https://localhost/", "hook.private"),
    ],
)
def test_which_addresses_may_be_called(url, why):
    """Each refusal has its own sentence."""
    assert refuse(url, WebhookSettings()) == why


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("192.168.1.1", False), ("fe80::1%eth0", False)],
)
def test_what_is_public(address, public):
    """The public internet and nothing else."""
    assert is_public(address) is public


def test_neither_secret_nor_address_is_in_its_repr():
    """What is logged by accident gives nothing away."""
    row = rows.WebhookRow(1, 1, "b", "https://x/y", SECRET, "on", "", 3, 0.0)

    assert SECRET not in repr(row)
    assert "https" not in repr(row)
