"""Edits and redactions over real HTTP and a real record."""

import asyncio
import dataclasses
import json
import os
import shutil
import threading

import pytest
from aiohttp import test_utils

from bot.captions.quoted import Gone
from bot.page.rights import Owner
from media.errors import MediaError
from moderation.drift.words import stems
from moderation.store import (
    audit,
    guilds,
    nudges,
    redactions,
    search,
    spaces,
    tracks,
    transcripts,
)
from moderation.store.transcripts import REDACTED
from tests.bot.page.sample import ANA, BEN, GUILD, HOSTILE, VIEWER, opened

WELCOME = "Welcome everyone to the space."


@pytest.fixture
def track(track, tmp_path):
    """Give a track of one's own: it is silenced."""
    return shutil.copy(track, tmp_path / "own.ogg")


class Nobody:
    """Rights of somebody who moderates no more."""

    async def may_edit(self, viewer):
        return False


class Browser:
    """One moderator's session."""

    def __init__(self, client, space_id):
        self.client = client
        self.space_id = space_id

    def url(self, line, what):
        return f"/spaces/{self.space_id}/lines/{line}/{what}"

    async def ask(self, line, what, headers=None, **body):
        """Ask for a change; return the status and what came with it."""
        answer = await self.client.post(
            self.url(line, what), json=body, headers=headers or {}
        )
        is_json = answer.content_type == "application/json"
        return answer.status, await answer.json() if is_json else {}

    async def html(self, path=""):
        return await (await self.client.get(f"/spaces/{self.space_id}{path}")).text()


def edited(track, visit, *, rights=None, viewer=VIEWER, **more):
    """Run ``visit(browser, store)`` for somebody who has opened the page."""

    async def main():
        rules = rights or Owner()
        async with opened(track, rights=rules, **more) as served:
            page, tickets, space_id, store = served
            server = test_utils.TestServer(page.application())
            async with test_utils.TestClient(server) as client:
                ticket = tickets.issue(viewer, 2000.0)
                await client.post("/open", data={"ticket": ticket})
                return await visit(Browser(client, space_id), store)

    return asyncio.run(main())


async def row(store, line=1):
    return await store.read(lambda db: transcripts.get(db, line))


async def deeds(store):
    return await store.read(lambda db: audit.read(db, GUILD))


def test_a_line_is_edited_and_its_history_told(track):
    """What stands, who wrote it, what it was, and one row of the audit."""

    async def visit(browser, store):
        status, answer = await browser.ask(1, "edit", version=1, text=" Welcome\n all.")
        assert (status, answer["told"], answer["version"]) == (200, "Saved.", 2)
        assert "Welcome all." in answer["said"]
        assert "(edited)" in answer["said"]
        history = await browser.html("/lines/1/history")
        assert history.index("Welcome all.") < history.index(WELCOME)
        assert "recogniser" in history
        assert "2 · Ana" in history
        assert history.count("Take this wording") == 1
        (deed,) = await deeds(store)
        assert (deed.action, deed.actor_id, deed.space_id) == (
            "transcript.edit",
            ANA,
            browser.space_id,
        )
        assert (deed.subject, deed.at, deed.body) == (
            "utterance 1",
            2000.0,
            {"version": 2},
        )

    edited(track, visit)


def test_words_of_an_edit_are_text_wherever_they_are_shown(track):
    """In the line, in what comes back, and in the history."""

    async def visit(browser, store):
        _, answer = await browser.ask(1, "edit", version=1, text=HOSTILE)
        for html in (
            answer["said"],
            await browser.html(),
            await browser.html("/lines/1/history"),
            await browser.html("/lines/2/history"),
        ):
            assert "<script>alert" not in html
            assert "&lt;script&gt;alert(" in html

    edited(track, visit)


def test_the_second_of_two_learns_what_stands_now(track):
    """Nothing is lost: theirs is refused, and saved once they have seen the other's."""

    async def visit(browser, store):
        await browser.ask(1, "edit", version=1, text="Welcome, all.")
        status, answer = await browser.ask(1, "edit", version=1, text="Hello.")
        assert status == 409
        assert (answer["text"], answer["version"]) == ("Welcome, all.", 2)
        assert "somebody changed this line" in answer["told"]
        assert (await row(store)).text == "Welcome, all."
        again, _ = await browser.ask(1, "edit", version=2, text="Hello.")
        assert again == 200
        assert (await row(store)).text == "Hello."

    edited(track, visit)


def test_an_edit_whose_answer_was_lost_is_saved_once(track):
    """Saved again it is no change of somebody else's, and one row of the audit."""

    async def visit(browser, store):
        for _ in range(2):
            status, answer = await browser.ask(1, "edit", version=1, text="Hello.")
            assert (status, answer["told"], answer["version"]) == (200, "Saved.", 2)
        assert len(await deeds(store)) == 1

    edited(track, visit)


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", REDACTED, f"{REDACTED} "])
def test_nothing_is_no_wording(track, text):
    """Words are taken out by a redaction, which says so."""

    async def visit(browser, store):
        status, answer = await browser.ask(1, "edit", version=1, text=text)
        assert (status, (await row(store)).text) == (400, WELCOME)
        assert "redact the line" in answer["told"]

    edited(track, visit)


def test_a_line_is_redacted_for_good(track, tmp_path):
    """Gone from page, history, search, audit and every byte of the record."""
    path = tmp_path / "bot.db"
    secret = "zqmarmalade street nine"

    async def visit(browser, store):
        await browser.ask(1, "edit", version=1, text=f"I live in {secret}.")
        await store.write(
            lambda db: nudges.quote(db, 1, {"lines": [f"I live in {secret}."]})
        )
        assert b"marmalade" in raw(tmp_path)
        status, answer = await browser.ask(1, "redact", version=2)
        assert (status, answer["told"], answer["gone"]) == (200, "Redacted.", True)
        assert "redacted by Ana" in answer["said"]
        page = await browser.html()
        for html in (answer["said"], page, await browser.html("/lines/1/history")):
            assert "marmalade" not in html
            assert "Welcome everyone" not in html
        assert await store.read(lambda db: search.search(db, GUILD, secret)) == []
        assert (await row(store)).text == REDACTED
        newest, _ = await deeds(store)
        assert (newest.action, newest.body) == ("transcript.redact", {"part": False})
        assert await store.read(redactions.unsettled) == []
        return raw(tmp_path)

    after = edited(track, visit, path=path)

    assert b"marmalade" not in after
    assert b"elcome everyone" not in after
    assert b"marmalade" not in raw(tmp_path)


def raw(folder):
    """Return every byte of the record: its file, and the log beside it."""
    return b"".join(one.read_bytes() for one in folder.glob("bot.db*"))


def test_a_part_is_redacted_and_the_rest_may_be_edited(track):
    """Words around stay; what is left is a line as any other."""

    async def visit(browser, store):
        start = WELCOME.index("everyone")
        status, answer = await browser.ask(
            1, "redact", version=1, part=[start, start + 8]
        )
        assert (status, answer["text"]) == (200, f"Welcome {REDACTED} to the space.")
        assert answer["said"].count('aria-label="redacted"') == 1
        status, answer = await browser.ask(1, "edit", version=2, text="Welcome all.")
        assert (status, answer["text"]) == (200, "Welcome all.")
        assert "redacted by Ana" in answer["said"]

    edited(track, visit)


def test_what_is_redacted_is_neither_edited_nor_redacted_again(track):
    """Whoever had it open reads that it is gone."""

    async def visit(browser, store):
        await browser.ask(1, "redact", version=1)
        for what, body in (("edit", {"text": "Back."}), ("redact", {})):
            status, answer = await browser.ask(1, what, version=2, **body)
            assert (status, answer["gone"]) == (409, True)
        status, answer = await browser.ask(1, "edit", version=1, text=WELCOME)
        assert (status, answer["text"]) == (409, REDACTED)
        page = await browser.html()
        assert "Edit the line of Ben" in page
        assert "Edit the line of Ana" not in page

    edited(track, visit)


@pytest.mark.parametrize("part", [[0, 0], [3, 2], [-1, 4], [0, 999]])
def test_characters_that_hold_no_word_are_refused(track, part):
    """The line stays, and nothing is in the audit."""

    async def visit(browser, store):
        status, _ = await browser.ask(1, "redact", version=1, part=part)
        assert (status, (await row(store)).text) == (409, WELCOME)
        assert await deeds(store) == []

    edited(track, visit)


def test_nothing_is_redacted_while_the_space_is_live(track):
    """Its words are in use, its tracks are written; who asks reads so beforehand."""

    async def visit(browser, store):
        await store.write(lambda db: db.execute("UPDATE spaces SET ended_at = NULL"))
        assert "when it is over" in await browser.html()
        status, answer = await browser.ask(1, "redact", version=1)
        assert (status, (await row(store)).text) == (409, WELCOME)
        assert "when it is over" in answer["told"]
        status, _ = await browser.ask(1, "edit", version=1, text="Hello.")
        assert status == 200

    edited(track, visit)


def test_sound_that_could_not_be_silenced_is_withheld(track, monkeypatch):
    """The words are out of the record; the page says what is not done yet."""

    def refuse(path, spans):
        raise OSError("Input/output error")

    async def visit(browser, store):
        monkeypatch.setattr("bot.afterwards.amending._silence", refuse)
        status, answer = await browser.ask(1, "redact", version=1)
        assert (status, (await row(store)).text) == (200, REDACTED)
        assert "until then the sound is held back" in answer["told"]
        page = await browser.html()
        assert "Some sound is held back" in page
        ana, ben = await store.read(lambda db: tracks.read(db, browser.space_id))
        for one, status in ((ana, 404), (ben, 200)):
            url = f"/spaces/{browser.space_id}/audio/{one.id}"
            assert (await browser.client.get(url)).status == status

    edited(track, visit)


def test_a_mix_that_cannot_be_made_is_not_promised(track, tmp_path, monkeypatch):
    """As long as it is being made it is; then the page says that there is none."""
    tried = asyncio.Event()
    goes_on = asyncio.Event()

    async def refuse(voices, target):
        tried.set()
        await goes_on.wait()
        raise MediaError("no ffmpeg")

    async def visit(browser, store):
        monkeypatch.setattr("bot.afterwards.amending.render.mix", refuse)
        mix = shutil.copy(track, tmp_path / "mix.ogg")
        new = tracks.NewTrack(space_id=1, path=str(mix), start=0.0, kind="mix")
        await store.write(lambda db: tracks.begin(db, new))
        await browser.ask(1, "redact", version=1)
        await tried.wait()
        assert "Load the page again in a moment" in await browser.html()
        goes_on.set()
        async with asyncio.timeout(20):
            while "there is none" not in (html := await browser.html()):  # noqa: ASYNC110 - nobody tells of it otherwise
                await asyncio.sleep(0.01)
        assert "in a moment" not in html

    edited(track, visit)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Welcome █████ to the space.", 400),
        ("█", 400),
        ("Welcome everyone to the room.", 200),
    ],
)
def test_words_are_not_covered_by_typing(track, text, status):
    """It would look redacted, and the history would keep the words."""

    async def visit(browser, store):
        got, answer = await browser.ask(1, "edit", version=1, text=text)
        assert got == status
        if status == 400 and text != "█":
            assert "redact" in answer["told"]
            assert (await row(store)).text == WELCOME
            assert await deeds(store) == []

    edited(track, visit)


def test_a_line_of_which_words_are_redacted_is_edited_around_them(track):
    """What stands there may stay, and go; more of it may not come."""

    async def visit(browser, store):
        await browser.ask(1, "redact", version=1, part=[8, 16])
        left = (await row(store)).text
        assert left == f"Welcome {REDACTED} to the space."
        for version, text, status in (
            (2, left.replace("space", "room"), 200),
            (3, left.replace("space", REDACTED), 400),
            (3, "Welcome to the room.", 200),
            (4, left, 400),
        ):
            got, _ = await browser.ask(1, "edit", version=version, text=text)
            assert (version, got) == (version, status)

    edited(track, visit)


def test_who_has_the_sound_of_before_is_not_told_that_it_stands(track):
    """Neither a stored copy nor the rest of a download that was broken off."""

    async def visit(browser, store):
        url = f"/spaces/{browser.space_id}/audio/1"
        before = await browser.client.get(url)
        old, tag = await before.read(), before.headers["ETag"]
        assert before.headers["Cache-Control"] == "private, no-store"
        assert (await browser.ask(1, "redact", version=1))[0] == 200
        stored = await browser.client.get(url, headers={"If-None-Match": tag})
        assert stored.status == 200
        assert len(new := await stored.read()) == len(old)
        assert new != old
        rest = {"Range": "bytes=100-", "If-Range": before.headers["Last-Modified"]}
        broken_off = await browser.client.get(url, headers=rest)
        assert (broken_off.status, await broken_off.read()) == (200, new)

    os.utime(track, (1000, 1000))
    edited(track, visit)


class Thread:
    """Captions in Discord, which can be changed or not."""

    def __init__(self, changes):
        self.changes, self.noted, self.asked = changes, [], []

    async def note(self, gone):
        self.noted.append(gone)

    async def take_out(self, gone):
        self.asked.append(gone)
        return self.changes


@pytest.mark.parametrize("changes", [True, False])
def test_captions_are_asked_for_every_wording(track, changes):
    """Who redacts reads where they are still quoted."""
    thread = Thread(changes)

    async def visit(browser, store):
        await browser.ask(1, "edit", version=1, text="Welcome all.")
        status, answer = await browser.ask(1, "redact", version=2, part=[8, 12])
        assert status == 200
        assert answer["told"].startswith("Redacted.")
        assert ("delete there" in answer["told"]) == (not changes)
        await browser.ask(1, "redact", version=2)

    edited(track, visit, quotes=thread)

    (gone,) = thread.asked
    assert gone == Gone(
        space_id=1,
        name="Ana",
        at=1000.0,
        wordings=("Welcome all.", WELCOME),
        left=f"Welcome {REDACTED}",
        user_id=ANA,
        uid="a",
    )
    assert thread.noted[0] == dataclasses.replace(gone, left="Welcome all.")


class Rooms:
    """One open room in each guild, which has counted words."""

    def __init__(self):
        self.told = []

    def in_guild(self, guild_id):
        return [self] if guild_id == GUILD else []

    def unlearn(self, language, gone):
        self.told.append((language, dict(gone)))


def test_open_rooms_unlearn_what_is_redacted_of_earlier_ones(track):
    """At its end a room writes down what it knows of the guild's words."""
    rooms = Rooms()

    async def visit(browser, store):
        await browser.ask(1, "edit", version=1, text="Welcome to Marmalade Street.")
        start = len("Welcome to ")
        part = [start, start + len("Marmalade")]
        status, _ = await browser.ask(1, "redact", version=2, part=part)
        assert status == 200
        await browser.ask(1, "redact", version=2)  # somebody was faster: nothing goes

    edited(track, visit, rooms=rooms)

    ((language, gone),) = rooms.told
    assert language == "en"
    assert gone.keys() >= set(stems("marmalade everyone", "en"))
    assert not gone.keys() & set(stems("welcome street", "en"))


def test_captions_do_not_wait_for_files(track, monkeypatch):
    """All members read them, and files take a while."""
    asked = threading.Event()

    class Told(Thread):
        async def take_out(self, gone):
            asked.set()
            return await super().take_out(gone)

    def slow(path, spans):
        assert asked.wait(20)

    async def visit(browser, store):
        monkeypatch.setattr("bot.afterwards.amending._silence", slow)
        status, answer = await browser.ask(1, "redact", version=1)
        assert (status, answer["told"]) == (200, "Redacted.")

    edited(track, visit, quotes=Told(changes=True))


@pytest.mark.parametrize("what", ["edit", "redact"])
def test_who_moderates_no_more_changes_nothing(track, what):
    """Their session is for reading, and the page shows no buttons."""

    async def visit(browser, store):
        status, answer = await browser.ask(1, what, version=1, text="Mine.")
        assert (status, (await row(store)).text) == (403, WELCOME)
        assert "only moderators" in answer["told"]
        assert "edit.js" not in await browser.html()
        assert 'class="edit"' not in await browser.html()
        assert await deeds(store) == []

    edited(track, visit, rights=Nobody())


def test_a_link_for_one_space_is_for_looking_only(track):
    """Hosts get one for the sound, moderators or not: no edit, and no history."""
    host = dataclasses.replace(VIEWER, space_id=1)

    async def visit(browser, store):
        history = await browser.client.get(browser.url(1, "history"))
        assert history.status == 404
        for what in ("edit", "redact"):
            status, _ = await browser.ask(1, what, version=1, text="Mine.")
            assert (status, (await row(store)).text) == (403, WELCOME)
        assert "edit.js" not in await browser.html()

    edited(track, visit, viewer=host)


@pytest.mark.parametrize("what", ["edit", "redact", "history"])
def test_lines_of_others_are_not_there(track, what):
    """Another guild's, another Space's, and none at all."""

    async def visit(browser, store):
        other = spaces.NewSpace(
            guild_id=GUILD,
            channel_id=6,
            host_id=BEN,
            kind="voice",
            topic="",
            opened_at=1,
        )
        elsewhere = await store.write(lambda db: spaces.create(db, other))
        for space, line in ((browser.space_id, 99), (elsewhere, 1), (77, 1)):
            url = f"/spaces/{space}/lines/{line}/{what}"
            if what == "history":
                answer = await browser.client.get(url)
            else:
                answer = await browser.client.post(
                    url, json={"version": 1, "text": "x"}
                )
            assert answer.status == 404
        assert (await row(store)).text == WELCOME

    edited(track, visit)

    async def stranger(browser, store):
        answer = await browser.client.get(browser.url(1, "history"))
        status, _ = await browser.ask(1, "edit", version=1, text="x")
        assert (answer.status, status) == (404, 404)

    away = dataclasses.replace(VIEWER, guild_id=GUILD + 1)
    edited(track, stranger, viewer=away)


def test_without_a_session_nothing_is_changed(track):
    """The link's own button is the only way in."""

    async def visit(browser, store):
        browser.client.session.cookie_jar.clear()
        for what in ("edit", "redact"):
            status, _ = await browser.ask(1, what, version=1, text="x")
            assert (status, (await row(store)).text) == (403, WELCOME)

    edited(track, visit)


@pytest.mark.parametrize("what", ["edit", "redact"])
def test_other_sites_change_nothing(track, what):
    """A form of theirs is no JSON, and a browser says where a request comes from."""

    async def visit(browser, store):
        url, body = browser.url(1, what), {"version": 1, "text": "x"}
        form = await browser.client.post(url, data=body)
        plain = await browser.client.post(
            url, data=json.dumps(body), headers={"Content-Type": "text/plain"}
        )
        assert (form.status, plain.status) == (415, 415)
        for site in ("cross-site", "same-site", "none"):
            status, _ = await browser.ask(1, what, {"Sec-Fetch-Site": site}, **body)
            assert status == 403
        assert (await row(store)).text == WELCOME
        status, _ = await browser.ask(
            1, what, {"Sec-Fetch-Site": "same-origin"}, **body
        )
        assert status == 200

    edited(track, visit)


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        "{}",
        '{"version": "1", "text": "x"}',
        '{"version": true, "text": "x"}',
        '{"version": 1}',
        '{"version": 1, "text": 5}',
        json.dumps({"version": 1, "text": "x" * 5001}),
    ],
)
def test_nonsense_is_refused(track, body):
    """What the page's own script never sends."""

    async def visit(browser, store):
        headers = {"Content-Type": "application/json"}
        url = browser.url(1, "edit")
        answer = await browser.client.post(url, data=body, headers=headers)
        assert (answer.status, (await row(store)).text) == (400, WELCOME)

    edited(track, visit)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("none", b'{"version": 1, "text": "x"}'),
        ("utf-8", b'{"version": 1, "text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
    ],
)
def test_nonsense_of_other_kinds_is_no_error(track, caplog, encoding, body):
    """Nested too deep, in an encoding that there is not."""

    async def visit(browser, store):
        headers = {"Content-Type": f"application/json; charset={encoding}"}
        url = browser.url(1, "edit")
        answer = await browser.client.post(url, data=body, headers=headers)
        assert (answer.status, (await row(store)).text) == (400, WELCOME)

    edited(track, visit)

    assert "Error handling request" not in caplog.text


@pytest.mark.parametrize("part", ["all", [1], [1, 2, 3], ["0", "5"], 4])
def test_a_part_that_is_none_is_refused(track, part):
    """Never is more redacted than was asked for."""

    async def visit(browser, store):
        status, _ = await browser.ask(1, "redact", version=1, part=part)
        assert (status, (await row(store)).text) == (400, WELCOME)

    edited(track, visit)


def test_nobody_is_renamed_by_the_name_of_a_session(track):
    """It may be older than what the room saw, or none at all beside no Discord."""
    ana = dataclasses.replace(VIEWER, name="host")

    async def visit(browser, store):
        await browser.ask(1, "edit", version=1, text="Hello.")
        await browser.ask(2, "redact", version=1)
        names = await store.read(lambda db: guilds.members(db, GUILD, [ANA]))
        assert names[ANA].name == "Ana"

    edited(track, visit, viewer=ana)


def test_moderators_are_named_who_were_never_in_a_space(track):
    """Their name is that of the session."""
    carla = dataclasses.replace(VIEWER, user_id=9, name="Carla", language="es")

    async def visit(browser, store):
        _, answer = await browser.ask(1, "redact", version=1)
        assert "suprimido por Carla" in answer["said"]
        names = await store.read(lambda db: guilds.members(db, GUILD, [9]))
        assert names[9].name == "Carla"

    edited(track, visit, viewer=carla)


def test_link_for_one_space_shows_no_line_of_another(track):
    """Neither its history nor a way to change it, whatever else somebody may."""

    async def visit(browser, store):
        answers = [
            (await browser.client.get(browser.url(1, "history"))).status,
            (await browser.ask(1, "edit", version=1, text="Mine."))[0],
            (await browser.ask(1, "redact", version=1))[0],
        ]
        return answers, (await row(store)).text

    host = dataclasses.replace(VIEWER, space_id=99)

    assert edited(track, visit, viewer=host) == ([404, 404, 404], WELCOME)
