"""The page in a real browser: keyboard, sound, and nothing from elsewhere."""

import asyncio
import os
import shutil
from functools import cache

import pytest
from aiohttp import web
from playwright.async_api import async_playwright

from media.heard import TrackTrouble
from moderation.events import RecordingFailed, TrackFailed
from tests.bot.page.sample import ANA, VIEWER, opened

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.skipif(
        CHROMIUM is None and not os.environ.get("TERTULIA_REQUIRE_BROWSER"),
        reason="Chromium is not installed; CI installs it and requires this",
    ),
]

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


class Chromium:
    """One browser for all tests, which takes seconds to start; each has its session."""

    def __init__(self):
        self._runner = asyncio.Runner()
        self._playwright = self._runner.run(async_playwright().start())
        self._browser = self._runner.run(
            self._playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        )

    def visit(self, visit):
        """Run ``visit(tab)`` with a tab that knows nothing of those before."""

        async def main():
            context = await self._browser.new_context()
            try:
                await visit(await context.new_page())
            finally:
                await context.close()

        self._runner.run(main())

    def close(self):
        self._runner.run(self._browser.close())
        self._runner.run(self._playwright.stop())
        self._runner.close()


started = cache(Chromium)


@pytest.fixture(scope="module", autouse=True)
def ended():
    """Leave no browser behind."""
    yield
    if started.cache_info().currsize:
        started().close()
        started.cache_clear()


async def holds(tab, expression):
    """Wait until an expression is true of the page, which goes nowhere meanwhile.

    Asked from outside: the page's policy lets no text be run inside.
    """
    async with asyncio.timeout(30):
        while not await tab.evaluate(expression):  # noqa: ASYNC110 (nothing tells)
            await asyncio.sleep(0.02)


def look(track, visit, *facts, rights=None, quotes=None):
    """Run ``visit(tab, space_url)`` in a browser that is logged in (``opened``)."""

    async def main(tab):
        async with opened(track, *facts, rights=rights, quotes=quotes) as served:
            page, tickets, space_id, _ = served
            runner = web.AppRunner(page.application(), access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            await tab.goto(f"{url}/open?ticket={tickets.issue(VIEWER, 2000.0)}")
            await tab.get_by_role("button", name="Open as Ana").click()
            await tab.wait_for_url(f"{url}/")
            await visit(tab, f"{url}/spaces/{space_id}")
            await tab.close()
            await runner.cleanup()

    started().visit(main)


def test_a_line_plays_its_own_seconds(track):
    """J and k walk the lines, Enter plays the one in focus and stops at its end."""

    async def visit(tab, url):
        errors = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        await tab.goto(url)
        await tab.keyboard.press("j")
        await tab.keyboard.press("j")
        focused = "document.activeElement.dataset.start"
        assert await tab.evaluate(focused) == "4.0"
        await tab.keyboard.press("Enter")
        await holds(
            tab,
            "() => { const p = document.getElementById('player');"
            " return p.paused && p.currentTime > 4.9; }",
        )
        assert await tab.evaluate("document.getElementById('player').duration > 5.9")
        assert errors == []

    look(track, visit)


def test_a_line_is_heard_in_its_speakers_own_track(track):
    """Another voice's sound has nothing of it."""

    async def visit(tab, url):
        await tab.goto(url)
        voice = "document.getElementById('track').selectedOptions[0].text.trim()"
        assert await tab.evaluate(voice) == "Ana"
        await tab.get_by_role("button", name="Play from 0:04").last.click()
        assert await tab.evaluate(voice) == "Ben <i>"

    look(track, visit)


def test_sound_that_does_not_load_is_told(track, tmp_path):
    """Its file is gone, or the session is over: the player alone says nothing."""
    own = shutil.copy(track, tmp_path / "own.ogg")

    async def visit(tab, url):
        own.unlink()
        await tab.goto(url)
        told = tab.locator("#told").filter(has_text="does not load")
        await told.wait_for(state="attached")

    look(own, visit)


def test_an_interval_behind_a_figure_can_be_heard(track):
    """A figure opens to what it was counted from, and each of that plays."""

    async def visit(tab, url):
        await tab.goto(url)
        await tab.get_by_text("The intervals behind these figures").click()
        await tab.get_by_role("button", name="0:04.0–0:05.0").first.click()
        await holds(
            tab,
            "() => { const p = document.getElementById('player');"
            " return p.paused && p.currentTime > 4.9 && p.currentTime < 5.9; }",
        )
        voice = "document.getElementById('track').selectedOptions[0].text.trim()"
        assert await tab.evaluate(voice) == "Ben <i>"

    look(track, visit)


def test_the_timeline_plays_from_where_it_is_pressed(track):
    """Its width is the Space's length."""

    async def visit(tab, url):
        await tab.goto(url)
        timeline = tab.get_by_role("img").first
        box = await timeline.bounding_box()
        await timeline.click(position={"x": box["width"] / 30, "y": 5})
        await holds(tab, "() => document.getElementById('player').currentTime > 1.9")
        at = await tab.evaluate("document.getElementById('player').currentTime")
        assert at < 6

    look(track, visit)


@pytest.mark.parametrize("width", [360, 1200])
def test_where_the_talk_left_its_topic_can_be_read_and_heard(track, width):
    """By the keys, by the times, and by pressing the curve, which is the Space long."""

    async def visit(tab, url):
        await tab.set_viewport_size({"width": width, "height": 740})
        line = "document.activeElement.dataset.start"
        at = "document.getElementById('player').currentTime"
        voice = "document.getElementById('track').selectedOptions[0].text.trim()"
        await tab.goto(url)
        section = tab.get_by_role("region", name="How near the talk was")
        await section.get_by_role("link", name="off topic until 1:00").focus()
        await tab.keyboard.press("Enter")
        assert await tab.evaluate(line) == "4.0"
        assert await tab.evaluate(at) == 0

        await section.get_by_role("button", name="Play from 0:04").press("Enter")
        assert await tab.evaluate(line) == "4.0"
        assert await tab.evaluate(voice) == "Ben <i>"
        await holds(tab, f"() => {at} > 4")

        curve = section.get_by_role("img")
        box = await curve.bounding_box()
        assert box["width"] == pytest.approx(min(width, 960) - 32, abs=20)
        await curve.click(position={"x": box["width"] / 30, "y": 5})
        assert await tab.evaluate(line) == "0.0"
        assert await tab.evaluate(voice) == "Ana"

    look(track, visit)


def test_when_a_space_was_is_said_by_the_readers_clock(track):
    """The browser's own time zone, in the language of the page."""

    async def visit(tab, url):
        context = await tab.context.browser.new_context(
            timezone_id="Asia/Tokyo",
            storage_state=await tab.context.storage_state(),
        )
        away = await context.new_page()
        await away.goto(url)
        assert "Jan 1, 1970, 9:16" in await away.locator("time").inner_text()

    look(track, visit)


def test_nothing_is_fetched_from_elsewhere(track):
    """Every request of the page goes to the page."""

    async def visit(tab, url):
        hosts = set()
        tab.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        await tab.goto(url)
        await tab.wait_for_load_state("load")
        assert len(hosts) == 1

    look(track, visit)


def test_a_narrow_screen_needs_no_sideways_scrolling(track):
    """The page is usable on a phone."""

    async def visit(tab, url):
        await tab.set_viewport_size({"width": 360, "height": 740})
        await tab.goto(url)
        wide = "document.documentElement.scrollWidth > window.innerWidth"
        assert not await tab.evaluate(wide)

    look(track, visit)


@pytest.mark.parametrize("width", [360, 1200])
def test_the_end_of_the_page_can_be_read(track, width):
    """However much is said where the player was."""

    async def visit(tab, url):
        await tab.set_viewport_size({"width": width, "height": 400})
        await tab.goto(url)
        await tab.evaluate(
            "document.querySelector('footer').innerHTML = 'Held back. '.repeat(40)"
        )
        await tab.evaluate("scrollTo(0, document.body.scrollHeight)")
        last = await tab.locator("main > :last-child").bounding_box()
        footer = await tab.locator("footer").bounding_box()
        assert last["y"] + last["height"] <= footer["y"]
        assert footer["y"] + footer["height"] == pytest.approx(400, abs=1)

    look(track, visit)


@pytest.mark.parametrize("width", [360, 1200])
def test_the_player_is_there_and_hides_nothing(track, width):
    """It has its height on a phone too, and never lies over the line in focus."""

    async def visit(tab, url):
        await tab.set_viewport_size({"width": width, "height": 400})
        await tab.goto(url)
        player = await tab.locator("#player").bounding_box()
        assert player["height"] > 30
        assert player["width"] > 200
        for _ in range(2):
            await tab.keyboard.press("j")
            focus = await tab.locator(":focus").bounding_box()
            footer = await tab.locator("footer").bounding_box()
            assert 0 <= focus["y"] <= footer["y"] - focus["height"]

    failed = RecordingFailed("recording.disk"), TrackFailed(ANA, TrackTrouble.GONE)
    look(track, visit, *((3.0, fact) for fact in failed))
