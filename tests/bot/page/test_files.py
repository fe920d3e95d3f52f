"""Odd requests, byte for byte, against the page on its address."""

import asyncio
import os
import re
from urllib.parse import urlsplit

import pytest

from bot.page.app import COOKIE
from bot.page.server import PageServer
from bot.settings import PageSettings
from moderation.store import tracks
from moderation.store.tracks import ERASED
from tests.bot.page.sample import VIEWER, opened

SOUND = b"OggS" + bytes(9_996)
MODIFIED = "Thu, 01 Jan 1970 00:16:40 GMT"
BEYOND = "9" * 5000
"""More digits than Python reads as a number."""


@pytest.fixture
def track(tmp_path):
    """Give a file of 10,000 bytes that is as old as the Space."""
    path = tmp_path / "1.opus"
    path.write_bytes(SOUND)
    os.utime(path, (1000, 1000))
    return path


class Wire:
    """A session on a socket of its own for every request."""

    def __init__(self, url, cookie):
        self._port = urlsplit(url).port
        self._cookie = cookie

    async def ask(self, path, *lines, session=True):
        """Return status, headers as one text, and body."""
        lines = [f"GET {path} HTTP/1.1", "Host: x", "Connection: close", *lines]
        if session:
            lines.append(f"Cookie: {COOKIE}={self._cookie}")
        async with asyncio.timeout(30):
            reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
            head, _, body = (await reader.read()).partition(b"\r\n\r\n")
            writer.close()
        assert head, "hung up without an answer"
        return int(head.split()[1]), head.decode(), body


def wired(track, visit):
    """Run ``visit(wire, store)`` against the page as it listens."""

    async def main():
        async with opened(track) as (page, tickets, _, store):
            server = PageServer(page, PageSettings(enabled=True, port=0))
            await server.start()
            try:
                cookie = tickets.redeem(tickets.issue(VIEWER, 2000.0), 2000.0)
                return await visit(Wire(server.url, cookie), store)
            finally:
                await server.stop()

    return asyncio.run(main())


ODD_PATHS = [
    "/..",
    "/../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/static",
    "/static/",
    "/static/../app.py",
    "/static/%2e%2e/spaces/1/audio/1",
    "/static/%2e%2e%2fapp.py",
    "/static/%2fetc/passwd",
    "/static//etc/passwd",
    "/static/page.css%00",
    "/static/%ff%fe",
    "/static/page.css/",
    f"/static/{'a' * 300}",
    f"/static/{'a/' * 2000}",
    "/open/../spaces/1",
    "/open/%2e%2e/spaces/1/audio/1",
    "/calendar/%2e%2e/spaces/1/audio/1",
    "//",
    "//spaces/1",
    "/spaces//1",
    "/spaces/1//audio/1",
    "/spaces/1/audio/%00",
    "/spaces/1/audio/../audio/1",
    "/%ff%fe",
    "/%zz",
    "/[::1",
    f"/{'a' * 7000}",
    f"/{'a' * 100_000}",
    "*",
    "http://[/",
    "/static/\xe9",
]


@pytest.mark.parametrize("session", [True, False])
def test_odd_paths_are_refused_in_silence(track, caplog, session):
    """Nothing outside of what is to be served, no error, and no line in the log."""

    async def visit(wire, store):
        for path in ODD_PATHS:
            status, _, body = await wire.ask(path, session=session)
            assert status in (400, 403, 404), path[:60]
            assert SOUND[:4] not in body
            assert b"Traceback" not in body

    wired(track, visit)

    assert caplog.records == []


def test_what_is_served_without_a_session_is_served(track):
    """Every file of the page's own has its name and type."""

    async def visit(wire, store):
        for name, kind in (
            ("page.css", "text/css"),
            ("page.js", r"\w+/javascript"),  # text or application, by the system
            ("icon.svg", r"image/svg\+xml"),
        ):
            status, head, body = await wire.ask(f"/static/{name}", session=False)
            assert (status, bool(body)) == (200, True)
            assert re.search(f"Content-Type: {kind}", head)

    wired(track, visit)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("bytes=0-3", 206, (0, 3)),
        ("bytes=9996-", 206, (9996, 9999)),
        ("bytes=-5", 206, (9995, 9999)),
        ("bytes=9999-99999999", 206, (9999, 9999)),
        (f"bytes=0-{'9' * 30}", 206, (0, 9999)),
        (f"bytes=-{'9' * 30}", 206, (0, 9999)),
        ("bytes=0-3,5-9", 416, None),
        ("bytes=5-2", 416, None),
        ("bytes=10000-", 416, None),
        (f"bytes={'9' * 30}-", 416, None),
        (f"bytes={BEYOND}-", 416, None),
        (f"bytes=-{BEYOND}", 416, None),
        ("bytes=-", 416, None),
        ("bytes=a-b", 416, None),
        ("bytes=--1", 416, None),
        ("bytes=\xb2-\xb3", 416, None),
        ("items=0-3", 416, None),
        ("", 416, None),
    ],
)
def test_a_range_is_sent_or_refused(track, caplog, asked, status, part):
    """With the size of the file, so that whoever asks can do better."""

    async def visit(wire, store):
        got, head, body = await wire.ask("/spaces/1/audio/1", f"Range: {asked}")
        assert got == status
        (told,) = re.findall(r"Content-Range: bytes (\S+)", head)
        if part is None:
            assert told == "*/10000"
        else:
            first, last = part
            assert told == f"{first}-{last}/10000"
            assert body == SOUND[first : last + 1]

    wired(track, visit)

    assert caplog.records == []


NO_DATES = [
    '"x"',
    'W/"x"',
    '"',
    "",
    "*",
    "garbage",
    "Mon, 01 Jan 2020 99:99:99 GMT",
    f"Mon, 01 Jan {'9' * 20} 00:00:00 GMT",
    f"Mon, {'9' * 20} Jan 2020 00:00:00 GMT",
    f"Mon, 01 Jan 2020 00:00:{'9' * 30} GMT",
    f"Mon, 01 Jan {BEYOND} 00:00:00 GMT",
]


@pytest.mark.parametrize("path", ["/spaces/1/audio/1", "/static/page.css"])
@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_no_condition(track, caplog, path, text):
    """Whoever has the beginning of another file is sent the whole of this one."""

    async def visit(wire, store):
        for name, status in (
            ("If-Range", 200),
            ("If-Modified-Since", 206),
            ("If-Unmodified-Since", 206),
        ):
            part = "Range: bytes=0-3"
            got, _, body = await wire.ask(path, f"{name}: {text}", part)
            assert (name, got) == (name, status)
            assert len(body) == 4 or status == 200

    wired(track, visit)

    assert caplog.records == []


def test_a_download_is_resumed_by_tag_or_date_of_the_same_file(track):
    """And begins anew where the file is another one, of the same size, too."""

    async def visit(wire, store):
        path, part = "/spaces/1/audio/1", "Range: bytes=9990-"
        _, head, _ = await wire.ask(path)
        (tag,) = re.findall(r"(?i)etag: (\S+)", head)
        assert f"Last-Modified: {MODIFIED}" in head
        for condition in (tag, MODIFIED):
            status, _, body = await wire.ask(path, f"If-Range: {condition}", part)
            assert (status, body) == (206, SOUND[9990:])
        assert (await wire.ask(path, f"If-None-Match: {tag}"))[0] == 304
        track.write_bytes(silent := bytes(len(SOUND)))
        for condition in (tag, f"W/{tag}", MODIFIED):
            status, _, body = await wire.ask(path, f"If-Range: {condition}", part)
            assert (status, body) == (200, silent)
        status, _, body = await wire.ask(path, f"If-None-Match: {tag}")
        assert (status, body) == (200, silent)

    wired(track, visit)


def test_no_part_of_a_sound_is_sent_once_it_is_to_go(track):
    """Its file is there yet: from the decision on nobody is given any of it."""

    async def visit(wire, store):
        path, part = "/spaces/1/audio/1", "Range: bytes=0-3"
        _, head, _ = await wire.ask(path, part)
        (tag,) = re.findall(r"(?i)etag: (\S+)", head)
        await store.write(
            lambda db: tracks.intend(
                db, 1, 1900.0, ERASED, sha256="ab", size_bytes=len(SOUND)
            )
        )
        for lines in ([part], [part, f"If-Range: {tag}"], [f"If-None-Match: {tag}"]):
            status, _, body = await wire.ask(path, *lines)
            assert status == 404
            assert SOUND[:4] not in body
        assert track.exists()

    wired(track, visit)
