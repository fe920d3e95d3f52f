"""The words of Spaces go where transcripts have a time of their own."""

import asyncio
import hashlib
import json
import shutil

import pytest
from aiohttp import test_utils

from bot.afterwards import exports
from bot.afterwards.doubts import Doubts
from bot.afterwards.forgetting import Forgetting
from bot.clock import ManualClock
from bot.page.app import Page
from bot.page.tickets import Tickets, Viewer
from bot.settings import RecordingSettings
from moderation.events import TopicParked
from moderation.events.rows import to_row
from moderation.store import (
    drift,
    journal,
    nudges,
    passes,
    redactions,
    search,
    spaces,
    transcripts,
    word_deletions,
)
from moderation.store.database import Store, StoreError
from scheduler.retention import DAY_S
from tests.bot.page.sample import ANA, GUILD, fill

ENDED = 1060.0
SAID = "Welcome everyone to the space."


class Place:
    """The sample Space with its files, and somebody who looks."""

    def __init__(self, store, folder):
        self.store, self.folder = store, folder
        self.clock = ManualClock(ENDED)
        self.busy = set()

    async def fill(self, track):
        """Put the Space on record: nudge, parked topic and edit quote its words."""

        def write(db):
            space_id = fill(db, track)
            spaces.set_folder(db, space_id, str(self.folder))
            nudges.record(
                db,
                nudges.NewNudge(
                    space_id=space_id,
                    rule="drift",
                    step="host",
                    at=1004.0,
                    evidence={"lines": [SAID]},
                ),
            )
            row = to_row(TopicParked(by=ANA, text=SAID))
            journal.append(db, space_id, 1005.0, *row)
            transcripts.edit(db, 2, 1, "Something else entirely.", ANA, 1006.0)
            learned = drift.BackgroundRow("en", 1, {"welcom": 1})
            drift.set_background(db, GUILD, learned, 1.0)
            passes.queue(db, space_id, "Ana", ENDED)
            return space_id

        space_id = await self.store.write(write)
        self.folder.mkdir(parents=True, exist_ok=True)
        await exports.export(
            self.store, space_id, self.folder, RecordingSettings(mix=False)
        )
        return space_id

    async def look(self, keep_days=90, store=None, theirs=None):
        forgetting = Forgetting(
            store or self.store,
            keep_days,
            self.clock.now,
            lambda one: one in self.busy,
            Doubts(self.store, theirs or self.clock.now),
        )
        return await forgetting.look()

    async def said(self):
        return await self.store.read(lambda db: transcripts.read(db, 1))


def play(tmp_path, track, script, *, base=":memory:"):
    async def main():
        async with Store(base) as store:
            place = Place(store, tmp_path / "space")
            await place.fill(track)
            return place, await script(place)

    return asyncio.run(main())


def held(folder, words):
    """Return the files below a folder whose bytes hold words."""
    return [
        one.name
        for one in folder.rglob("*")
        if one.is_file() and words.encode() in one.read_bytes()
    ]


def test_words_leave_record_files_and_bytes(tmp_path, track):
    """Lines, wordings, index, quotes and exports; talk, names and figures stay."""

    async def script(place):
        before = (place.folder / "transcript.json").read_bytes()
        place.clock.advance(90 * DAY_S)
        gone = await place.look()

        def read(db):
            evidence = [one.evidence for one in nudges.read(db, 1)]
            return (
                search.search(db, GUILD, "welcome"),
                [one for one in evidence if one],
                [json.loads(row.body) for row in journal.read(db, 1)],
                passes.get(db, 1).state,
                drift.background(db, GUILD)[0].terms,
                word_deletions.get(db, 1),
            )

        return before, gone, await place.said(), await place.store.read(read)

    place, found = play(tmp_path, track, script, base=tmp_path / "kept.db")
    before, gone, said, (hits, evidence, events, state, terms, proof) = found

    assert (gone, said, hits) == ([1], [], [])
    assert SAID not in json.dumps([evidence, events])
    assert (state, terms) == ("done", {"welcom": 1})
    assert held(tmp_path, "Welcome everyone") == []
    assert held(tmp_path, "Something else entirely") == []
    assert held(place.folder, "Ana") != []
    assert proof.sha256 == hashlib.sha256(before).hexdigest()
    assert (proof.lines, proof.at) == (2, ENDED + 90 * DAY_S)
    assert proof.done_at == proof.at


def test_words_stay_by_a_clock_that_discord_does_not_share(tmp_path, track):
    """They would be gone before their time."""

    async def script(place):
        place.clock.advance(4000 * DAY_S)
        gone = await place.look(theirs=lambda: ENDED + DAY_S)
        return gone, len(await place.said())

    assert play(tmp_path, track, script)[1] == ([], 2)


@pytest.mark.parametrize(
    ("keep_days", "after_days", "stays"),
    [(90, 89.99, True), (90, 90, False), (7, 8, False), (0, 4000, True)],
)
def test_time_runs_from_the_end_of_the_space(
    tmp_path, track, keep_days, after_days, stays
):
    """With 0 there is none."""

    async def script(place):
        place.clock.advance(after_days * DAY_S)
        await place.look(keep_days)
        return bool(await place.said())

    assert play(tmp_path, track, script)[1] is stays


@pytest.mark.parametrize("what", ["goes on", "is busy", "is being redacted"])
def test_space_that_is_not_done_with_keeps_its_words(tmp_path, track, what):
    """What is redacted has to be found in the sound first."""

    async def script(place):
        def write(db):
            if what == "goes on":
                db.execute("UPDATE spaces SET ended_at = NULL")
            if what == "is being redacted":
                redactions.redact(db, 1, 1, ANA, ENDED)

        await place.store.write(write)
        place.busy |= {1} if what == "is busy" else set()
        place.clock.advance(100 * DAY_S)
        return await place.look(), len(await place.said())

    assert play(tmp_path, track, script)[1] == ([], 2)


def test_killed_in_between_the_next_process_goes_on(tmp_path, track):
    """The words were gone from the record, not yet from bytes and files."""

    class Refusing(Store):
        async def purge(self):
            raise StoreError("no room")

    async def script(place):
        place.clock.advance(90 * DAY_S)
        refusing = Refusing(":memory:")
        refusing.__dict__.update(place.store.__dict__)
        with pytest.raises(StoreError):
            await place.look(store=refusing)
        open_ = await place.store.read(word_deletions.unsettled)
        left = held(place.folder, "Welcome everyone")
        place.clock.advance(60)
        gone = await place.look(keep_days=0)  # what was begun is finished anyway
        return len(open_), left, gone, await place.look()

    place, (open_, left, gone, again) = play(tmp_path, track, script)

    assert (open_, gone, again) == (1, [1], [])
    assert sorted(left) == ["journal.jsonl", "transcript.json", "transcript.vtt"]
    assert held(place.folder, "Welcome everyone") == []


def test_folder_that_is_gone_holds_nothing_up(tmp_path, track):
    """Somebody deleted it by hand; none is made anew."""

    async def script(place):
        shutil.rmtree(place.folder)
        place.clock.advance(90 * DAY_S)
        return await place.look(), await place.look(), place.folder.exists()

    assert play(tmp_path, track, script)[1] == ([1], [], False)


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "after 90 days. Lines: 2."), ("es", "a los 90 días. Líneas: 2.")],
)
def test_page_shows_the_proof_where_the_transcript_was(tmp_path, track, language, says):
    """And how much was said by whom, which is no words."""

    async def script(place):
        place.clock.advance(90 * DAY_S)
        await place.look()
        tickets = Tickets(b"secret")
        page = Page(place.store, tickets, ManualClock(2000.0))
        server = test_utils.TestServer(page.application())
        async with test_utils.TestClient(server) as client:
            viewer = Viewer(user_id=ANA, guild_id=GUILD, name="A", language=language)
            ticket = tickets.issue(viewer, 2000.0)
            await client.post("/open", data={"ticket": ticket})
            html = await (await client.get("/spaces/1")).text()
        proof = await place.store.read(lambda db: word_deletions.get(db, 1))
        return html, proof.sha256

    _, (html, sha256) = play(tmp_path, track, script)

    assert says in html
    assert f"<code>{sha256}</code>" in html
    assert "Welcome everyone" not in html
    assert "0:03" in html
