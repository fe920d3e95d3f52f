"""The page's routes, over real HTTP."""

import asyncio
import dataclasses
import io
import tomllib
from pathlib import Path

import pytest
from aiohttp import test_utils

from bot.afterwards.passes import NO_RECORDING, NO_WORDS
from bot.page import words
from bot.page.app import POLICY
from media.heard import TrackTrouble
from media.whisper.jobs import MissedReason
from moderation.events import TrackFailed
from tests.bot.page.sample import ANA, VIEWER, served


def browse(track, visit, *facts):
    """Run ``visit(client, tickets, space_id)`` against the page (``served``)."""

    async def main():
        async with served(track, *facts) as (page, tickets, space_id):
            server = test_utils.TestServer(page.application())
            async with test_utils.TestClient(server) as client:
                return await visit(client, tickets, space_id)

    return asyncio.run(main())


async def log_in(client, tickets):
    ticket = tickets.issue(VIEWER, 2000.0)
    response = await client.post("/open", data={"ticket": ticket})
    assert response.status == 200  # after the redirect
    return ticket


def test_without_a_session_nothing_is_shown(track):
    """Every page but the link's own asks for a link."""

    async def visit(client, tickets, space_id):
        for path in ("/", f"/spaces/{space_id}", f"/spaces/{space_id}/audio/1"):
            response = await client.get(path)
            assert response.status == 403
            assert "budget" not in await response.text()

    browse(track, visit)


FORM = "application/x-www-form-urlencoded"
PART = b'--a\r\nContent-Disposition: form-data; name="ticket"\r\n'


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("multipart/form-data", b"x", 415),
        ("multipart/form-data; boundary=a", PART + b"\r\nx", 415),
        ("application/json", b"{}", 415),
        (f"{FORM}; charset=none", b"ticket=x", 400),
        (FORM, b"ticket=\xff\xfe", 400),
        (FORM, b"ticket=" + b"x" * 2_000_000, 413),
        (FORM, b"", 403),
    ],
)
def test_what_no_browser_sends_is_refused_without_an_error(
    track, caplog, content_type, body, status
):
    """Anybody may send it: it fills no log, and is answered as a page."""

    async def visit(client, tickets, space_id):
        headers = {"Content-Type": content_type}
        data = io.BytesIO(body)
        response = await client.post("/open", data=data, headers=headers)
        assert response.status == status
        assert response.headers["Content-Security-Policy"] == POLICY

    browse(track, visit)

    assert "Error handling request" not in caplog.text


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_nobody_is_logged_in_from_another_page(track, site):
    """Their link is not used up either, and the button of it still works."""

    async def visit(client, tickets, space_id):
        ticket = {"ticket": tickets.issue(VIEWER, 2000.0)}
        sent = {"Sec-Fetch-Site": site}
        refused = await client.post("/open", data=ticket, headers=sent)
        assert (refused.status, refused.cookies) == (403, {})
        sent = {"Sec-Fetch-Site": "same-origin"}
        opened = await client.post("/open", data=ticket, headers=sent)
        assert opened.status == 200

    browse(track, visit)


def test_a_link_is_exchanged_by_its_button_only_once(track):
    """Opening shows the button; pressing it logs in; a second time is refused."""

    async def visit(client, tickets, space_id):
        ticket = tickets.issue(VIEWER, 2000.0)
        for _ in range(2):
            opened = await client.get("/open", params={"ticket": ticket})
            assert "Open as Ana" in await opened.text()
        first = await client.post("/open", data={"ticket": ticket})
        assert "budget" in await first.text()
        second = await client.post("/open", data={"ticket": ticket})
        assert second.status == 403

    browse(track, visit)


def test_a_space_is_shown_with_every_foreign_word_escaped(track):
    """Topic, names and speech are text, never markup."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        response = await client.get(f"/spaces/{space_id}")
        html = await response.text()
        assert response.headers["Content-Security-Policy"] == POLICY
        assert "The &lt;b&gt;budget&lt;/b&gt;" in html
        assert "&lt;script&gt;alert(" in html
        assert "<script>alert" not in html
        assert "Ben &lt;i&gt;" in html

    browse(track, visit)


def test_what_was_said_is_marked_as_its_own_language(track):
    """A screen reader speaks a line as its speaker did, whoever reads the page."""

    async def visit(client, tickets, space_id):
        spanish = dataclasses.replace(VIEWER, language="es")
        await client.post("/open", data={"ticket": tickets.issue(spanish, 2000.0)})
        html = await (await client.get(f"/spaces/{space_id}")).text()
        assert '<html lang="es">' in html
        assert '<h1 lang="en">' in html
        assert '<span class="text" lang="en">Welcome everyone' in html

    browse(track, visit)


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (TrackTrouble.GONE, "said until then is not in the sound"),
        (TrackTrouble.REFUSED, "said from then on is not in the sound"),
    ],
)
def test_a_track_that_failed_is_shown_with_whose_and_when(track, trouble, said):
    """Nobody takes their silence for silence."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        html = await (await client.get(f"/spaces/{space_id}")).text()
        assert "The track of Ana failed at 0:03." in html
        assert said in html

    browse(track, visit, (3.0, TrackFailed(ANA, trouble)))


@pytest.mark.parametrize("path", ["/", "/spaces/1"])
def test_a_space_says_when_it_was(track, path):
    """In UTC, and so that the reader's browser can say it in their own time."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        html = await (await client.get(path)).text()
        assert '<time datetime="1970-01-01T00:16Z">1970-01-01 00:16 UTC</time>' in html

    browse(track, visit)


def test_sound_is_served_in_ranges(track):
    """A browser seeks without loading the whole file."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        url = f"/spaces/{space_id}/audio/1"
        part = await client.get(url, headers={"Range": "bytes=0-3"})
        assert part.status == 206
        assert await part.read() == b"OggS"
        assert part.content_type == "audio/ogg"

    browse(track, visit)


@pytest.mark.parametrize(
    "path",
    [
        "/spaces/999",
        "/spaces/1/audio/999",
        f"/spaces/{2**63}",
        "/spaces/x",
        "/nothing",
    ],
)
def test_what_is_not_there_says_so(track, path):
    """One sentence, in the viewer's words, and no trace."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        response = await client.get(path, headers={"Accept-Language": "es"})
        assert response.status == 404
        assert "Ese Espacio no existe aquí" in await response.text()

    browse(track, visit)


def test_a_tampered_cookie_is_no_session(track):
    """The signature is checked on every request."""

    async def visit(client, tickets, space_id):
        client.session.cookie_jar.update_cookies({"tertulia_session": "forged"})
        response = await client.get("/")
        assert response.status == 403

    browse(track, visit)


def test_both_languages_say_the_same_things():
    """Same keys, same placeholders."""
    folder = Path(words.__file__).parent / "texts"
    en, es = (
        tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))
        for language in ("en", "es")
    )

    assert en.keys() == es.keys()
    for key, text in en.items():
        assert text.count("{") == es[key].count("{")


def test_every_state_of_the_second_pass_and_every_miss_has_its_words():
    """A text that is missing would be an empty page on the worst day."""
    reasons = [f"missed.{one.value}" for one in MissedReason]
    states = ["final.waiting", "final.done", "final.failed"]
    known = [f"final.{NO_RECORDING}", f"final.{NO_WORDS}"]

    for language in words.LANGUAGES:
        assert set(reasons + states + known) <= words.catalogue(language).keys()
