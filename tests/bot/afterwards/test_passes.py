"""The better pass after a Space: when, on what, and whose words stand."""

import asyncio
import errno
import subprocess
from types import SimpleNamespace

import pytest

from bot.afterwards import exports, sound
from bot.afterwards import passes as afterwards
from bot.afterwards.better import improve, parts, transcribed
from bot.afterwards.passes import NO_RECORDING, PATIENCE_S, FinalPasses, note_end
from bot.clock import ManualClock
from bot.config import Config
from bot.house import House
from media.consent import Consent
from media.decode.ffmpeg import find_ffmpeg
from media.utterance import Grade, Utterance, utterance_id
from media.whisper.settings import SpeechSettings
from media.whisper.transcriber import Transcriber
from moderation.store import (
    consents,
    journal,
    missed,
    passes,
    redactions,
    spaces,
    spurts,
    tracks,
    transcripts,
)
from moderation.store.database import Store, StoreError
from moderation.store.transcripts import REDACTED
from tests.media.whisper.fake_process import FakeProcess

GUILD, ANA, BEN = 10, 1, 2
OPENED, ENDED = 1000.0, 1020.0
BETTER = "Better."


class Willing(FakeProcess):
    """A worker that answers every call at once."""

    async def start(self, on_message, on_exit):
        """Be ready at once."""
        await super().start(on_message, on_exit)
        asyncio.get_running_loop().call_soon(self.ready)

    def send(self, header, payload=b""):
        """Answer what was just sent."""
        super().send(header, payload)
        if "call" in header:
            asyncio.get_running_loop().call_soon(self.answer, header, BETTER)


@pytest.fixture
def model(tmp_path):
    """Make a directory that looks like a model; its worker is fake."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text('{"suppress_ids": []}')
    (folder / "tokenizer.json").write_text("{}")
    (folder / "vocabulary.json").write_text("[]")
    (folder / "model.bin").write_bytes(b"\6\0\0\0\x0c\0WhisperSpec\0")
    return folder


@pytest.fixture
def folder(tmp_path):
    """Give a Space's folder with twelve seconds of Ana's sound."""
    tracks = tmp_path / "space" / "tracks"
    tracks.mkdir(parents=True)
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=12"]
    path = tracks / f"{ANA}.opus"
    subprocess.run(
        [find_ffmpeg(), "-v", "error", *tone, "-c:a", "libopus", path], check=True
    )
    return tracks.parent


def fill(db, folder, *, level=2, transcribed=True, began="CaptionsStarted"):
    """Put a Space on record: Ana's line at 1 s, an edited one at 4 s, 8 s missed."""
    space_id = spaces.create(
        db,
        spaces.NewSpace(
            guild_id=GUILD,
            channel_id=5,
            host_id=ANA,
            kind="voice",
            topic="Tea",
            opened_at=OPENED,
        ),
    )
    spaces.set_folder(db, space_id, str(folder))
    if transcribed:
        journal.append(db, space_id, OPENED, began, '{"by": 1}')
    talk = [(1.0, 2.0), (4.0, 5.0), (8.0, 9.0)]
    spurts.record(db, space_id, [spurts.SpurtRow(ANA, a, b) for a, b in talk])
    for start, text in ((1.0, "Bad."), (4.0, "Mine.")):
        transcripts.record(db, space_id, line(start, text), 1010.0)
    edited = transcripts.find(db, space_id, utterance_id(ANA, 4.0))
    transcripts.edit(db, edited.id, 1, "A human's words.", BEN, 1011.0)
    missed.record(db, space_id, missed.MissedRow(ANA, 8.0, 9.0, "queue_full"))
    for at, given in ((OPENED, 2), (1015.0, level)):
        row = consents.ConsentRow(
            guild_id=GUILD,
            user_id=ANA,
            level=given,
            text_version="1",
            source="button",
            at=at,
        )
        consents.record(db, row)
    return space_id


def line(start, text, confidence=0.4):
    """Return a line of Ana's, one second long."""
    return transcripts.NewUtterance(
        uid=utterance_id(ANA, start),
        user_id=ANA,
        start=start,
        end=start + 1.0,
        text=text,
        confidence=confidence,
    )


def played(folder, model, play, **filled):
    """Run ``play(passes, store, space_id, rooms)`` over the filled record."""

    async def main():
        clock = ManualClock(ENDED)
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, folder, **filled))
            await store.write(
                lambda db: note_end(db, space_id, ENDED, "tea", wanted=True)
            )
            speech = SpeechSettings(model=str(model))
            transcriber = Transcriber(speech, new_process=Willing)
            house = House(Config(speech=speech), None, clock, store, transcriber, None)
            await transcriber.start()
            rooms = SimpleNamespace(live=list)
            await asyncio.sleep(0)
            result = await play(FinalPasses(house, rooms), store, space_id, rooms)
            await transcriber.stop()
            return result

    return asyncio.run(main())


async def read(store, space_id):
    """Return the texts by second, the pass and what is still without words."""
    said = await store.read(lambda db: transcripts.read(db, space_id))
    row = await store.read(lambda db: passes.get(db, space_id))
    left = await store.read(lambda db: missed.open_ones(db, space_id))
    return {one.start: one.text for one in said}, row, left


def test_lines_get_better_and_what_was_missed_comes_back(folder, model):
    """A human's words stand; the machine's newer wording is kept beside them."""

    async def play(final, store, space_id, rooms):
        did = [await final.do_next(), await final.do_next()]
        texts, row, left = await read(store, space_id)
        edited = await store.read(
            lambda db: transcripts.versions(
                db, transcripts.find(db, space_id, utterance_id(ANA, 4.0)).id
            )
        )
        return did, texts, row, left, [one.text for one in edited]

    did, texts, row, left, versions = played(folder, model, play)

    assert did == [True, False]
    assert texts == {1.0: BETTER, 4.0: "A human's words.", 8.0: BETTER}
    assert (row.state, row.improved, row.added, row.reason) == ("done", 1, 1, "")
    assert left == []
    assert versions == ["Mine.", "A human's words.", BETTER]
    assert BETTER in (folder / "transcript.vtt").read_text("utf-8")


def test_it_waits_while_a_space_is_being_transcribed(folder, model):
    """Live lines need the machine; after hours the pass goes on beside them."""
    talking = SimpleNamespace(
        space_id=99,
        ears=SimpleNamespace(transcribing=True),
        space=SimpleNamespace(is_live=True),
    )

    async def play(final, store, space_id, rooms):
        rooms.live = lambda: [talking]
        waits = await final.do_next()
        final._house.clock.advance(PATIENCE_S)
        return waits, await final.do_next()

    assert played(folder, model, play) == (False, True)


def test_it_waits_for_the_files_of_its_own_space(folder, model):
    """A room that is still closing has tracks that are not noted yet."""

    async def play(final, store, space_id, rooms):
        rooms.live = lambda: [SimpleNamespace(space_id=space_id)]
        return await final.do_next()

    assert played(folder, model, play) is False


def test_a_killed_process_leaves_the_pass_to_the_next(folder, model):
    """What was begun is begun again, and gives up after some times."""

    async def play(final, store, space_id, rooms):
        for _ in range(passes.ATTEMPTS - 1):
            await store.write(lambda db: passes.begin(db, space_id, ENDED))
        left = await store.read(passes.waiting)
        await final.do_next()
        return [one.space_id for one in left] == [space_id], await read(store, space_id)

    was_left, (texts, row, _) = played(folder, model, play)

    assert was_left
    assert (texts[1.0], row.state) == (BETTER, "done")


def test_a_process_that_is_stopped_counts_no_attempt(folder, model, monkeypatch):
    """However often it is restarted in the middle, the pass is not given up."""

    async def play(final, store, space_id, rooms):
        begun, last = asyncio.Event(), afterwards.final_pass

        async def hang(*_, **__):
            begun.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(afterwards, "final_pass", hang)
        for _ in range(passes.ATTEMPTS):
            begun.clear()
            going = asyncio.create_task(final.do_next())
            await begun.wait()
            going.cancel()
            await asyncio.gather(going, return_exceptions=True)
        monkeypatch.setattr(afterwards, "final_pass", last)
        await final.do_next()
        return await read(store, space_id)

    texts, row, _ = played(folder, model, play)

    assert (texts[1.0], row.state) == (BETTER, "done")


def test_a_pass_that_always_dies_is_given_up(folder, model):
    """A track that kills the worker must not be tried for ever."""

    async def play(final, store, space_id, rooms):
        for _ in range(passes.ATTEMPTS):
            await store.write(lambda db: passes.begin(db, space_id, ENDED))
        await final.do_next()
        return await read(store, space_id)

    texts, row, _ = played(folder, model, play)

    assert (texts[1.0], row.state) == ("Bad.", "failed")


def test_who_took_their_consent_back_is_not_heard_again(folder, model):
    """Late consent is not retroactive; withdrawn consent is."""

    async def play(final, store, space_id, rooms):
        await final.do_next()
        return await read(store, space_id)

    texts, row, _ = played(folder, model, play, level=0)

    assert texts[1.0] == "Bad."
    assert (row.state, row.reason) == ("done", NO_RECORDING)


def test_who_takes_their_consent_back_meanwhile_is_heard_no_further(folder, model):
    """What is on its way to the recogniser then changes no line, and adds none."""
    answered = asyncio.Event()

    async def play(final, store, space_id, rooms):
        async def take_back(line):
            row = consents.ConsentRow(
                guild_id=GUILD,
                user_id=ANA,
                level=0,
                text_version="1",
                source="command",
                at=ENDED + 1.0,
            )
            await store.write(lambda db: consents.record(db, row))
            answered.set()

        heard = final._house.transcriber
        submit, jobs = heard.submit, []

        def taking(job):
            jobs.append(job)
            if len(jobs) == 1:
                writes.append(asyncio.ensure_future(take_back(job)))
            submit(job)

        writes = []
        heard.submit = taking
        await final.do_next()
        return jobs, await read(store, space_id)

    jobs, (texts, row, left) = played(folder, model, play)

    assert texts == {1.0: "Bad.", 4.0: "A human's words."}
    assert [one.start for one in left] == [8.0]
    assert len(jobs) < 3
    assert row.state == "done"


def test_a_better_wording_of_who_took_consent_back_is_not_kept(tmp_path):
    """It may have been in the recogniser at that moment."""
    said = Utterance("x", ANA, 8.0, 9.0, "New.", "en", (), 0.9, Grade.FINAL)

    async def main():
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, tmp_path, level=0))
            await store.write(
                lambda db: improve(db, space_id, said, ENDED, another=True)
            )
            return (await read(store, space_id))[0]

    assert asyncio.run(main()) == {1.0: "Bad.", 4.0: "A human's words."}


def test_a_space_without_a_transcript_gets_none_afterwards(folder, model):
    """A recording alone is no wish for words."""

    async def play(final, store, space_id, rooms):
        return await read(store, space_id)

    assert played(folder, model, play, transcribed=False)[1] is None


def test_a_broken_track_is_told_and_the_pass_is_done(folder, model):
    """One line; the live lines stand."""
    (folder / "tracks" / f"{ANA}.opus").write_bytes(b"no sound at all")

    async def play(final, store, space_id, rooms):
        await final.do_next()
        return await read(store, space_id)

    texts, row, left = played(folder, model, play)

    assert texts[1.0] == "Bad."
    assert row.state == "done"
    assert f"{ANA}.opus" in row.reason
    assert "\n" not in row.reason
    assert len(left) == 1


def test_a_redacted_line_is_not_heard_again(folder):
    """Its words are gone for good, and its talk is not taken for missed talk."""

    async def main():
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, folder))
            hidden = await store.read(
                lambda db: transcripts.find(db, space_id, utterance_id(ANA, 1.0))
            )
            await store.write(
                lambda db: redactions.redact(db, hidden.id, 1, BEN, ENDED)
            )
            await store.write(lambda db: spaces.end(db, space_id, ENDED))
            await sound.note_tracks(store, space_id, folder, Config().recording)
            return await store.read(lambda db: exports.read(db, space_id))

    kept = asyncio.run(main())

    (part,) = parts(kept, {ANA: Consent.AUDIO})
    assert part.spans == ((4.0, 5.0), (8.0, 9.0))
    assert transcribed(kept) == ((0.0, 20.0),)


def test_what_is_to_be_deleted_is_not_heard_again(folder):
    """Also where the system refuses: the file is there still."""

    async def main():
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, folder))
            await store.write(lambda db: spaces.end(db, space_id, ENDED))
            await sound.note_tracks(store, space_id, folder, Config().recording)
            before = await store.read(lambda db: exports.read(db, space_id))
            await store.write(
                lambda db: [
                    tracks.intend(db, one.id, ENDED, "erased", sha256="a", size_bytes=1)
                    for one in tracks.read(db, space_id)
                ]
            )
            return before, await store.read(lambda db: exports.read(db, space_id))

    before, after = asyncio.run(main())

    assert len(parts(before, {ANA: Consent.AUDIO})) == 1
    assert parts(after, {ANA: Consent.AUDIO}) == []


def test_what_was_heard_before_a_redaction_is_no_new_line(tmp_path):
    """The sound may have been on its way to the recogniser when it was silenced."""
    said = Utterance("x", ANA, 1.5, 3.0, "Bad.", "en", (), 0.9, Grade.FINAL)

    async def main():
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, tmp_path))
            await store.write(lambda db: redactions.redact(db, 1, 1, BEN, ENDED))
            await store.write(
                lambda db: improve(db, space_id, said, ENDED, another=True)
            )
            return (await read(store, space_id))[0]

    assert asyncio.run(main()) == {1.0: REDACTED, 4.0: "A human's words."}


@pytest.mark.parametrize(
    ("confidence", "another", "text"),
    [(0.9, False, "New."), (0.1, False, "Bad."), (0.1, True, "New.")],
)
def test_the_same_model_has_to_be_surer(tmp_path, confidence, another, text):
    """Another model's sureness cannot be compared: it is chosen for being better."""
    said = Utterance(
        utterance_id(ANA, 1.0), ANA, 1.0, 2.0, "New.", "en", (), confidence, Grade.FINAL
    )

    async def main():
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, tmp_path))
            await store.write(
                lambda db: improve(db, space_id, said, ENDED, another=another)
            )
            return (await read(store, space_id))[0][1.0]

    assert asyncio.run(main()) == text


@pytest.mark.parametrize(
    ("heard", "another", "text"),
    [
        ("Raise your hand.", False, "Raise your hand of want speak."),
        ("Raise your hand.", True, "Raise your hand."),
        ("Raise your hand to speak.", False, "Raise your hand to speak."),
    ],
)
def test_a_wording_that_skips_half_is_not_better(tmp_path, heard, another, text):
    """What is left of a sentence always looks surer."""
    said = Utterance(
        utterance_id(ANA, 12.0), ANA, 12.0, 13.0, heard, "en", (), 0.9, Grade.FINAL
    )
    before = line(12.0, "Raise your hand of want speak.")

    async def main():
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, tmp_path))
            await store.write(lambda db: transcripts.record(db, space_id, before, 1.0))
            await store.write(
                lambda db: improve(db, space_id, said, ENDED, another=another)
            )
            return (await read(store, space_id))[0][12.0]

    assert asyncio.run(main()) == text


def test_a_full_disk_under_the_record_lets_the_pass_wait(folder, model, monkeypatch):
    """A line that cannot be kept is heard again once there is room."""

    def full(*_, **__):
        raise StoreError("database or disk is full")

    async def play(final, store, space_id, rooms):
        with monkeypatch.context() as patched:
            patched.setattr(afterwards, "improve", full)
            with pytest.raises(StoreError):
                await final.do_next()
        before = await read(store, space_id)
        await final.do_next()
        return before, await read(store, space_id)

    before, after = played(folder, model, play)

    assert (before[1].state, before[0][1.0]) == ("waiting", "Bad.")
    assert (after[1].state, after[0][1.0], after[2]) == ("done", BETTER, [])


def test_a_full_disk_under_the_files_keeps_the_old_ones(folder, model, monkeypatch):
    """The record has the better lines; the pass says in one line what it lacked."""

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    (folder / "transcript.vtt").write_text("old")

    async def play(final, store, space_id, rooms):
        monkeypatch.setattr(exports, "_write_all", full)
        await final.do_next()
        return await read(store, space_id)

    texts, row, left = played(folder, model, play)

    assert (texts[1.0], left) == (BETTER, [])
    assert (row.state, row.hotwords) == ("failed", "")
    assert "No space left on device" in row.reason
    assert (folder / "transcript.vtt").read_text() == "old"
