"""Searching what was said, and taking a Space's texts along, over real HTTP."""

import dataclasses
import json

import pytest

from tests.bot.page.sample import VIEWER
from tests.bot.page.test_app import browse, log_in


def test_lines_are_found_in_every_space_of_the_server(track):
    """Each links to its place in the transcript; words are text, never markup."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        first = await (await client.get("/")).text()
        found = await (await client.get("/search", params={"q": "WELCOME"})).text()
        hostile = await (await client.get("/search", params={"q": "alert so"})).text()
        space = await (await client.get(f"/spaces/{space_id}")).text()
        return first, found, hostile, space

    first, found, hostile, space = browse(track, visit)

    assert 'action="/search"' in first
    assert "Welcome everyone to the space." in found
    assert "Lines: 1" in found
    assert 'href="/spaces/1#line-1"' in found
    assert 'id="line-1"' in space
    assert "&lt;script&gt;" in hostile
    assert "<script>alert" not in hostile


@pytest.mark.parametrize("asked", ["no such words", '" OR 1', "*", "x" * 5000])
def test_what_nobody_said_is_said_so(track, asked):
    """Whatever is typed is words to look for, not a query language."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        response = await client.get("/search", params={"q": asked})
        return response.status, await response.text()

    status, html = browse(track, visit)

    assert status == 200
    assert "Nobody said that" in html


def test_an_empty_search_asks_for_words(track):
    """It is no failure."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        return await (await client.get("/search")).text()

    html = browse(track, visit)

    assert 'type="search"' in html
    assert "Nobody said that" not in html


def test_a_link_for_one_space_does_not_search_the_others(track):
    """It may take the texts of its own along."""

    async def visit(client, tickets, space_id):
        theirs = dataclasses.replace(VIEWER, space_id=space_id)
        other = dataclasses.replace(VIEWER, space_id=space_id + 1)
        seen = []
        for viewer in (theirs, other):
            await client.post("/open", data={"ticket": tickets.issue(viewer, 2000.0)})
            for path in (
                "/search?q=welcome",
                f"/spaces/{space_id}/files/transcript.vtt",
            ):
                seen.append((await client.get(path)).status)
        return seen

    assert browse(track, visit) == [404, 200, 404, 404]


def test_another_server_finds_nothing(track):
    """Neither lines nor files."""

    async def visit(client, tickets, space_id):
        stranger = dataclasses.replace(VIEWER, guild_id=99)
        await client.post("/open", data={"ticket": tickets.issue(stranger, 2000.0)})
        html = await (await client.get("/search", params={"q": "welcome"})).text()
        file = await client.get(f"/spaces/{space_id}/files/transcript.json")
        return html, file.status

    html, status = browse(track, visit)

    assert "Welcome" not in html
    assert status == 404


def test_the_texts_of_a_space_are_downloads(track):
    """Transcript and talk time, as they stand now, under a name of their own."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        page = await (await client.get(f"/spaces/{space_id}")).text()
        files = {}
        for name in ("transcript.vtt", "transcript.json", "talktime.json"):
            response = await client.get(f"/spaces/{space_id}/files/{name}")
            kind = response.headers["Content-Disposition"]
            assert kind == f'attachment; filename="space-{space_id}-{name}"'
            files[name] = await response.text()
        missing = await client.get(f"/spaces/{space_id}/files/journal.jsonl")
        return page, files, missing.status

    page, files, missing = browse(track, visit)

    assert 'href="/spaces/1/files/transcript.vtt"' in page
    assert files["transcript.vtt"].startswith("WEBVTT")
    assert "Welcome everyone" in files["transcript.vtt"]
    assert "Welcome everyone" in files["transcript.json"]
    assert json.loads(files["talktime.json"])["speakers"][0]["speaker"] == "Ana"
    assert missing == 404


def test_without_a_session_there_is_neither(track):
    """As every other page."""

    async def visit(client, tickets, space_id):
        paths = ("/search?q=welcome", f"/spaces/{space_id}/files/transcript.vtt")
        return [(await client.get(path)).status for path in paths]

    assert browse(track, visit) == [403, 403]
