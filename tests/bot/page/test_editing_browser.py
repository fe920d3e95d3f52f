"""Editing and redacting in a real browser: by keyboard, by pointer, by ear."""

import asyncio
import shutil

import pytest

from bot.page.rights import Owner
from moderation.store.transcripts import REDACTED
from tests.bot.page.sample import HOSTILE
from tests.bot.page.test_browser import ended, look, pytestmark

__all__ = ["ended", "pytestmark"]

FOCUS = "document.activeElement.id || document.activeElement.className"


@pytest.fixture
def track(track, tmp_path):
    """Give a track of one's own: it is silenced."""
    return shutil.copy(track, tmp_path / "own.ogg")


class Closed:
    """Captions that Discord lets nobody change."""

    async def note(self, gone):
        """Find none."""

    async def take_out(self, gone):
        return False


def change(track, visit, quotes=None):
    """Run ``visit(tab)`` on the Space's page; nothing may go wrong in its script."""

    async def main(tab, url):
        errors = []
        tab.on("pageerror", lambda error: errors.append(str(error)))
        await tab.goto(url)
        await visit(tab)
        assert errors == []

    look(track, main, rights=Owner(), quotes=quotes)


async def to_line(tab, number):
    """Walk to a line, by keys alone."""
    for _ in range(number):
        await tab.keyboard.press("j")
    assert await tab.evaluate(FOCUS) == f"line-{number}"


async def says(tab, words):
    """Wait until a screen reader would say it."""
    await tab.locator("#told").filter(has_text=words).wait_for(state="attached")


async def twin(tab):
    """Open the page once more, for another moderator; return their tab."""
    session = await tab.context.storage_state()
    context = await tab.context.browser.new_context(storage_state=session)
    other = await context.new_page()
    await other.goto(tab.url)
    return other


async def rewrite(tab, words):
    """Put other words into line 1 and save them."""
    await to_line(tab, 1)
    await tab.keyboard.press("e")
    await tab.locator("textarea").fill(words)
    await tab.keyboard.press("Enter")
    await says(tab, "Saved.")


async def text(tab, number=1):
    return await tab.locator(f"#line-{number} .text").inner_text()


@pytest.mark.parametrize("keys", ["Enter", "Control+Enter"])
def test_a_line_is_edited_by_keys_alone(track, keys):
    """E opens, the words are there to change, Enter saves, and the line has focus."""

    async def visit(tab):
        await to_line(tab, 1)
        await tab.keyboard.press("e")
        assert await tab.locator("textarea").input_value() == (
            "Welcome everyone to the space."
        )
        await tab.keyboard.type(" Hello!")
        await tab.keyboard.press(keys)
        await says(tab, "Saved.")
        assert await text(tab) == "Welcome everyone to the space. Hello!"
        assert await tab.locator("#line-1 .said").inner_text() == (
            "Welcome everyone to the space. Hello!\n(edited)"
        )
        assert await tab.evaluate(FOCUS) == "line-1"
        assert await tab.locator("textarea").count() == 0
        await tab.keyboard.press("j")
        assert await tab.evaluate(FOCUS) == "line-2"

    change(track, visit)


def test_escape_leaves_and_throws_nothing_away_at_once(track):
    """What was typed is asked about first; without it one Escape is enough."""

    async def visit(tab):
        await to_line(tab, 1)
        await tab.keyboard.press("e")
        await tab.keyboard.type(" Typed.")
        await tab.keyboard.press("Escape")
        assert "Escape once more" in await tab.get_by_role("alert").inner_text()
        await tab.keyboard.press("Escape")
        assert await tab.locator("textarea").count() == 0
        assert await tab.evaluate(FOCUS) == "line-1"
        assert await text(tab) == "Welcome everyone to the space."
        await tab.keyboard.press("e")
        await tab.keyboard.press("Escape")
        assert await tab.locator("textarea").count() == 0

    change(track, visit)


def test_keys_of_the_page_are_letters_in_the_box(track):
    """J, k, e, h, r and the space bar are typed there."""

    async def visit(tab):
        await to_line(tab, 1)
        await tab.keyboard.press("e")
        await tab.keyboard.type(" jk ehr")
        assert (await tab.locator("textarea").input_value()).endswith(" jk ehr")

    change(track, visit)


def test_a_pointer_finds_everything_and_focus_goes_back(track):
    """Each line has a button that says whose it is."""

    async def visit(tab):
        await tab.get_by_role("button", name="Edit the line of Ana at 0:00").click()
        box = tab.get_by_role("textbox", name="What was said")
        await box.fill("Welcome.")
        await tab.get_by_role("button", name="Save").click()
        await says(tab, "Saved.")
        assert await tab.evaluate(FOCUS) == "edit"
        await tab.get_by_role("button", name="Edit the line of Ana").click()
        await tab.get_by_role("button", name="Close").click()
        assert await tab.evaluate(FOCUS) == "edit"

    change(track, visit)


def test_hostile_words_stay_words(track):
    """Opened, saved and shown again, they are what was said and nothing else."""

    async def visit(tab):
        await to_line(tab, 2)
        await tab.keyboard.press("e")
        assert await tab.locator("textarea").input_value() == HOSTILE
        await tab.keyboard.type("<img src=x onerror=alert(1)>")
        await tab.keyboard.press("Enter")
        await says(tab, "Saved.")
        assert await text(tab, 2) == f"{HOSTILE}<img src=x onerror=alert(1)>"
        assert await tab.locator(".lines img").count() == 0

    change(track, visit)


def test_history_shows_what_it_was_and_takes_it_back(track):
    """H opens it; a wording goes into the box and is saved as any other."""

    async def visit(tab):
        await to_line(tab, 1)
        await tab.keyboard.press("e")
        await tab.locator("textarea").fill("Wrong.")
        await tab.keyboard.press("Enter")
        await says(tab, "Saved.")
        await tab.keyboard.press("h")
        wordings = tab.locator("dl.wordings > div")
        await wordings.first.wait_for()
        assert await wordings.count() == 2
        assert "2 · Ana" in await wordings.first.inner_text()
        assert "stands now" in await wordings.first.inner_text()
        assert "1 · recogniser" in await wordings.last.inner_text()
        history = tab.get_by_role("button", name="History")
        assert await history.get_attribute("aria-expanded") == "true"
        await tab.get_by_role("button", name="Take this wording").click()
        assert await tab.evaluate("document.activeElement.tagName") == "TEXTAREA"
        await tab.keyboard.press("Enter")
        await tab.locator("#line-1[data-version='3']").wait_for()
        assert await text(tab) == "Welcome everyone to the space."

    change(track, visit)


def test_a_wording_replaces_unsaved_words_only_when_asked_twice(track):
    """They are nowhere else; one that was taken, and not typed, is not asked about."""

    async def visit(tab):
        await rewrite(tab, "Second.")
        await tab.locator("#line-1[data-version='2']").wait_for()
        await tab.keyboard.press("e")
        await tab.locator("textarea").fill("Third.")
        await tab.keyboard.press("Enter")
        await tab.locator("#line-1[data-version='3']").wait_for()
        await tab.keyboard.press("h")
        box = tab.locator("textarea")
        older = tab.get_by_role("button", name="Take this wording")
        await older.first.wait_for()
        await box.fill("My own words.")
        await older.last.click()
        assert "not saved" in await tab.get_by_role("alert").inner_text()
        assert await box.input_value() == "My own words."
        await box.press_sequentially("!")
        await older.last.click()
        assert await box.input_value() == "My own words.!"
        await older.last.click()
        assert await box.input_value() == "Welcome everyone to the space."
        await older.first.click()
        assert await box.input_value() == "Second."
        assert not await tab.get_by_role("alert").is_visible()

    change(track, visit)


def test_the_second_of_two_sees_what_the_first_saved(track):
    """Their words stay in the box; saving again puts them in its place."""

    async def visit(tab):
        other = await twin(tab)
        for page, words in ((tab, "First."), (other, "Second.")):
            await to_line(page, 1)
            await page.keyboard.press("e")
            await page.locator("textarea").fill(words)
        await tab.keyboard.press("Enter")
        await says(tab, "Saved.")
        await other.keyboard.press("Enter")
        alert = other.get_by_role("alert")
        await alert.wait_for()
        assert "somebody changed this line" in await alert.inner_text()
        assert await text(other) == "First."
        assert await other.locator("textarea").input_value() == "Second."
        await other.keyboard.press("Enter")
        await says(other, "Saved.")
        assert await text(other) == "Second."

    change(track, visit)


def test_a_redaction_asks_first_and_keeps_by_itself(track):
    """The dialog names the words; Enter and Escape keep them, and focus goes back."""

    async def visit(tab):
        await to_line(tab, 1)
        for key in ("Enter", "Escape"):
            await tab.keyboard.press("r")
            dialog = tab.get_by_role("dialog", name="Redact these words?")
            shown = await dialog.inner_text()
            assert "Welcome everyone to the space." in shown
            assert "cannot be undone" in shown
            await tab.keyboard.press(key)
            assert not await dialog.is_visible()
            assert await tab.evaluate(FOCUS) == "line-1"
        assert await text(tab) == "Welcome everyone to the space."

    change(track, visit)


def test_a_line_is_redacted_by_keys_alone(track):
    """What remains is who did it; its sound is silence, and keys go on from there."""

    async def visit(tab):
        await to_line(tab, 1)
        await tab.keyboard.press("r")
        await tab.keyboard.press("Tab")
        await tab.keyboard.press("Enter")
        await says(tab, "Redacted.")
        assert await text(tab) == REDACTED
        assert "redacted by Ana" in await tab.locator("#line-1 .said").inner_text()
        assert "Welcome" not in await tab.content()
        assert await tab.evaluate(FOCUS) == "line-1"
        for key in ("e", "h", "r"):
            await tab.keyboard.press(key)
        assert await tab.locator("textarea, dialog[open]").count() == 0
        await tab.keyboard.press("j")
        assert await tab.evaluate(FOCUS) == "line-2"

    change(track, visit)


def test_chosen_words_alone_are_redacted(track):
    """By characters as people count them: an emoji before them is one."""

    async def visit(tab):
        await to_line(tab, 1)
        await tab.keyboard.press("e")
        await tab.locator("textarea").fill("👋🏽 Ana 🇪🇸 lives in marmalade street.")
        await tab.keyboard.press("Enter")
        await says(tab, "Saved.")
        await tab.keyboard.press("e")
        await tab.evaluate(
            "() => { const box = document.querySelector('textarea');"
            " const at = box.value.indexOf('malade');"
            " box.setSelectionRange(at, at + 8); }"
        )
        await tab.get_by_role("button", name="Redact…").click()
        quoted = await tab.locator("dialog blockquote").inner_text()
        assert quoted == "marmalade street."
        await tab.get_by_role("button", name="Redact for good").click()
        await says(tab, "Redacted.")
        assert await text(tab) == f"👋🏽 Ana 🇪🇸 lives in {REDACTED}"

    change(track, visit)


def test_a_change_that_is_not_saved_is_not_redacted(track):
    """What is redacted is what stands; the choice would be of other words."""

    async def visit(tab):
        await to_line(tab, 1)
        await tab.keyboard.press("e")
        await tab.keyboard.type(" More.")
        await tab.get_by_role("button", name="Redact…").click()
        assert "first" in await tab.get_by_role("alert").inner_text()
        assert not await tab.locator("dialog").is_visible()

    change(track, visit)


def test_without_the_network_nothing_typed_is_lost(track):
    """The box keeps the words and says that they are not saved."""

    async def visit(tab):
        await to_line(tab, 1)
        await tab.keyboard.press("e")
        await tab.locator("textarea").fill("Kept here.")
        await tab.context.set_offline(True)
        await tab.keyboard.press("Enter")
        alert = tab.get_by_role("alert")
        await alert.wait_for()
        assert "Not saved" in await alert.inner_text()
        assert await tab.locator("textarea").input_value() == "Kept here."
        await tab.context.set_offline(False)
        await tab.get_by_role("button", name="Save").click()
        await says(tab, "Saved.")

    change(track, visit)


@pytest.mark.parametrize("width", [360, 1200])
def test_what_came_of_it_is_to_be_seen(track, width):
    """Nobody has to listen for it, and it hides no line that is in focus."""

    async def visit(tab):
        await tab.set_viewport_size({"width": width, "height": 400})
        await rewrite(tab, "Welcome.")
        told = await tab.get_by_role("status").bounding_box()
        assert told["height"] > 20
        assert 0 <= told["y"] <= 400 - told["height"]
        await tab.keyboard.press("j")
        line = await tab.locator(":focus").bounding_box()
        footer = await tab.locator("footer").bounding_box()
        assert line["y"] + line["height"] <= footer["y"]
        await tab.keyboard.press("e")
        assert await tab.get_by_role("status").inner_text() == ""

    change(track, visit)


@pytest.mark.parametrize("width", [360, 1200])
def test_a_redacted_line_is_in_sight_again(track, width):
    """The page was loaded anew, and says more than before."""

    async def visit(tab):
        await tab.set_viewport_size({"width": width, "height": 400})
        await to_line(tab, 2)
        await tab.keyboard.press("r")
        await tab.get_by_role("button", name="Redact for good").click()
        await says(tab, "captions thread")
        await tab.locator("#line-2:focus").wait_for()
        line = await tab.locator("#line-2").bounding_box()
        footer = await tab.locator("footer").bounding_box()
        assert 0 <= line["y"] <= footer["y"] - line["height"]

    change(track, visit, quotes=Closed())


@pytest.mark.parametrize("part", [True, False])
def test_other_words_than_the_chosen_ones_are_not_redacted(track, part):
    """Somebody was faster: it is asked again, about what stands there now."""

    async def visit(tab):
        other = await twin(tab)
        await to_line(tab, 1)
        if part:
            await tab.keyboard.press("e")
            await tab.evaluate(
                "() => document.querySelector('textarea').setSelectionRange(0, 7)"
            )
            await tab.get_by_role("button", name="Redact…").click()
        else:
            await tab.keyboard.press("r")
        await rewrite(other, "Quite another line.")
        yes = tab.get_by_role("button", name="Redact for good")
        await yes.click()
        alert = tab.get_by_role("alert")
        await alert.wait_for()
        assert "choose anew" in await alert.inner_text()
        assert await yes.is_disabled()
        await tab.keyboard.press("Enter")
        assert not await tab.locator("dialog").is_visible()
        assert await text(tab) == "Quite another line."
        if part:
            box = tab.locator("textarea")
            assert await box.input_value() == "Quite another line."
            await tab.get_by_role("button", name="Redact…").click()
        else:
            await tab.keyboard.press("r")
        quoted = await tab.locator("dialog blockquote").inner_text()
        assert quoted == "Quite another line."
        assert await yes.is_enabled()

    change(track, visit)


def test_an_answer_that_comes_late_takes_nothing_from_another_line(track):
    """Whoever did not wait for it goes on where they are, and hears of it."""

    async def visit(tab):
        arrived, go = asyncio.Event(), asyncio.Event()

        async def slow(route):
            arrived.set()
            await go.wait()
            await route.continue_()

        await tab.route("**/edit", slow)
        await to_line(tab, 1)
        await tab.keyboard.press("e")
        await tab.keyboard.type(" First.")
        await tab.keyboard.press("Enter")
        await arrived.wait()
        await tab.keyboard.type(" Not any more.")
        await tab.keyboard.press("Escape")
        await tab.keyboard.press("Escape")
        await tab.keyboard.press("j")
        await tab.keyboard.press("e")
        await tab.keyboard.type(" Second.")
        go.set()
        await says(tab, "Saved.")
        assert await text(tab) == "Welcome everyone to the space. First."
        assert await tab.locator("textarea").input_value() == f"{HOSTILE} Second."

    change(track, visit)


def test_a_redaction_throws_away_no_words_of_another_line(track):
    """The page is loaded again afterwards: they are saved or dropped first."""

    async def visit(tab):
        await to_line(tab, 1)
        await tab.keyboard.press("e")
        await tab.keyboard.type(" Typed.")
        await tab.locator("#line-2").focus()
        await tab.keyboard.press("r")
        assert not await tab.locator("dialog").is_visible()
        assert "Not saved yet" in await tab.get_by_role("alert").inner_text()
        assert await tab.evaluate("document.activeElement.tagName") == "TEXTAREA"

    change(track, visit)


def test_a_lost_answer_claims_nothing_of_a_redaction(track):
    """It may have been done: that is said, and asking again finds out."""

    async def visit(tab):
        async def lose(route):
            await route.fetch()
            await route.abort()

        await tab.route("**/redact", lose)
        await to_line(tab, 1)
        await tab.keyboard.press("r")
        yes = tab.get_by_role("button", name="Redact for good")
        await yes.click()
        alert = tab.get_by_role("alert")
        await alert.wait_for()
        assert "not known" in await alert.inner_text()
        await tab.unroute("**/redact")
        await yes.click()
        await tab.locator("#line-1[data-gone]").wait_for()
        assert "redacted meanwhile" in await alert.inner_text()
        assert await text(tab) == REDACTED

    change(track, visit)


@pytest.mark.parametrize("width", [360, 1200])
def test_editor_and_question_fit_any_screen(track, width):
    """No sideways scrolling; every button is big enough for a finger."""

    async def visit(tab):
        await tab.set_viewport_size({"width": width, "height": 640})
        await to_line(tab, 1)
        await tab.keyboard.press("h")
        await tab.locator("dl.wordings > div").first.wait_for()
        wide = "document.documentElement.scrollWidth > window.innerWidth"
        assert not await tab.evaluate(wide)
        for button in await tab.locator(".editor button, button.edit").all():
            box = await button.bounding_box()
            assert box["height"] >= 24
            assert 0 <= box["x"] <= width - box["width"]
        await tab.keyboard.press("Escape")
        await tab.keyboard.press("r")
        box = await tab.locator("dialog").bounding_box()
        assert 0 <= box["x"] <= width - box["width"]
        assert 0 <= box["y"] <= 640 - box["height"]

    change(track, visit)
