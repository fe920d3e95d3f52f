"""Files that follow the transcript: texts, tracks, mix, and what a crash leaves."""

import asyncio
import errno
import os
import subprocess

import numpy as np
import pytest

from bot.afterwards import amending, exports
from bot.afterwards.amending import Amendments
from bot.settings import RecordingSettings
from media import ogg
from media.decode.ffmpeg import find_ffmpeg
from media.errors import MediaError
from media.track import OggTrack
from moderation.store import redactions, spaces, spurts, tracks, transcripts
from moderation.store.database import Store
from tests.bot.waiting import until
from tests.media.fakes import close

GUILD, ANA, BEN = 10, 1, 2
NOW = 5000.0
SECRET = "Marmalade street nine."


@pytest.fixture(scope="session")
def tone(tmp_path_factory):
    """Give four seconds of a tone as packets of 20 ms."""
    path = tmp_path_factory.mktemp("tone") / "tone.opus"
    made = ["-f", "lavfi", "-i", "sine=frequency=440:duration=4", "-c:a", "libopus"]
    subprocess.run([find_ffmpeg(), "-v", "error", *made, path], check=True)
    pages = ogg.pages(path.read_bytes())
    return [packet for page in pages for packet in page.packets][2:][:200]


@pytest.fixture
def folder(tmp_path, tone):
    """Give a Space's folder: Ana sounds for eight seconds, Ben for the last four."""
    folder = tmp_path / "space"
    (folder / "tracks").mkdir(parents=True)
    for user, slots in ((ANA, (0, 200)), (BEN, (200,))):
        track = OggTrack(folder / "tracks" / f"{user}.opus", user)
        for slot in slots:
            track.write(slot, tone)
        close(track, 400)
    return folder


def fill(db, folder):
    """Put the Space on record: Ana's secret from 1 to 2 s, Ben's line from 5 s on."""
    space_id = spaces.create(
        db,
        spaces.NewSpace(
            guild_id=GUILD,
            channel_id=5,
            host_id=ANA,
            kind="voice",
            topic="Tea",
            opened_at=1000.0,
        ),
    )
    spaces.set_folder(db, space_id, str(folder))
    spurts.record(db, space_id, [spurts.SpurtRow(ANA, 1.0, 2.0)])
    for user, start, text in ((ANA, 1.0, SECRET), (BEN, 5.0, "Thank you.")):
        new = transcripts.NewUtterance(
            uid=f"u{start}", user_id=user, start=start, end=start + 1, text=text
        )
        transcripts.record(db, space_id, new, 1010.0)
    spaces.end(db, space_id, 1010.0)
    return space_id


def played(tmp_path, folder, play, *, mix=True, busy=False):
    """Run ``play(amendments, store, space_id)`` over the exported Space."""

    async def main():
        async with Store(tmp_path / "bot.db") as store:
            space_id = await store.write(lambda db: fill(db, folder))
            await exports.export(store, space_id, folder, RecordingSettings(mix=mix))
            amendments = Amendments(store, lambda: NOW, lambda _: busy)
            result = await play(amendments, store, space_id)
            await amendments.close()
            return result

    return asyncio.run(main())


async def redact(store):
    await store.write(lambda db: redactions.redact(db, 1, 1, BEN, NOW))


def loudness(path):
    """Return how loud each second is."""
    raw = ["-f", "s16le", "-ac", "1", "-ar", "16000", "-"]
    run = subprocess.run(
        [find_ffmpeg(), "-v", "error", "-i", path, *raw],
        check=True,
        capture_output=True,
    )
    sound = np.frombuffer(run.stdout, "<i2").astype(float)
    seconds = sound[: len(sound) // 16000 * 16000].reshape(-1, 16000)
    return np.sqrt((seconds**2).mean(axis=1))


def test_redacted_words_are_in_no_file_and_not_to_be_heard(tmp_path, folder):
    """Texts, the speaker's track, the mix, the record: looked for in every byte."""

    async def play(amendments, store, space_id):
        mixed = loudness(folder / "mix.ogg")
        ben = (folder / "tracks" / f"{BEN}.opus").read_bytes()
        await redact(store)
        await amendments.redacted(space_id)
        there = [one for one in tmp_path.rglob("*") if one.is_file()]
        bytes_ = b"".join(one.read_bytes() for one in there)
        await amendments.done()
        kept = await store.read(lambda db: redactions.read(db, space_id))
        rows = await store.read(lambda db: tracks.read(db, space_id))
        assert (folder / "tracks" / f"{BEN}.opus").read_bytes() == ben
        return mixed, bytes_, kept, next(one for one in rows if one.kind == "mix")

    mixed, bytes_, (kept,), mix = played(tmp_path, folder, play)

    assert b"armalade" not in bytes_
    assert "█████" in (folder / "transcript.vtt").read_text("utf-8")
    ana = loudness(folder / "tracks" / f"{ANA}.opus")
    assert ana[1] < 1 < 1000 < ana[3:].min()
    again = loudness(folder / "mix.ogg")
    assert again[1] < 1 < 1000 < mixed[1]
    assert again[4:7] == pytest.approx(mixed[4:7], rel=0.3)
    assert (kept.settled_at, mix.size_bytes) == (
        NOW,
        (folder / "mix.ogg").stat().st_size,
    )


def test_until_the_mix_is_made_anew_there_is_none(tmp_path, folder, monkeypatch):
    """Nobody is given the old one; a mix that fails stays away."""
    seen, working = [], []

    async def refuse(voices, target):
        seen.append((target.exists(), working[0].at_work))
        raise MediaError("no ffmpeg")

    async def play(amendments, store, space_id):
        working.append(amendments)
        await redact(store)
        monkeypatch.setattr(amending.render, "mix", refuse)
        await amendments.redacted(space_id)
        await amendments.done()
        seen.append(amendments.at_work)

    played(tmp_path, folder, play)

    assert seen == [(False, (1,)), ()]
    assert not (folder / "mix.ogg").exists()


def test_a_mix_that_cannot_be_made_anew_is_known_until_it_is(
    tmp_path, folder, monkeypatch
):
    """Whoever looks is not told to wait for it."""
    mix, known = amending.render.mix, []

    async def refuse(voices, target):
        raise MediaError("no ffmpeg")

    async def play(amendments, store, space_id):
        await redact(store)
        monkeypatch.setattr(amending.render, "mix", refuse)
        await amendments.redacted(space_id)
        known.append(amendments.is_unmixed(space_id))
        await amendments.done()
        known.append(amendments.is_unmixed(space_id))
        monkeypatch.setattr(amending.render, "mix", mix)
        await amendments.finish()
        await amendments.done()
        known.append(amendments.is_unmixed(space_id))

    played(tmp_path, folder, play)

    assert known == [False, True, False]


def test_a_mix_of_voices_that_are_gone_is_not_waited_for(tmp_path, folder):
    """Nothing is left to make it of."""

    async def play(amendments, store, space_id):
        await redact(store)
        for voice in (folder / "tracks").glob("*.opus"):
            voice.unlink()
        await amendments.redacted(space_id)
        await amendments.done()
        return amendments.is_unmixed(space_id)

    assert played(tmp_path, folder, play)


def test_what_a_crash_left_is_finished_at_the_next_start(tmp_path, folder):
    """A redaction that is in the record alone, and a mix that was never made."""

    async def play(amendments, store, space_id):
        await redact(store)
        await amendments.finish()
        await amendments.done()
        first = loudness(folder / "mix.ogg")
        (folder / "mix.ogg").unlink()
        await amendments.finish()
        await amendments.done()
        left = await store.read(redactions.unsettled)
        return first, loudness(folder / "mix.ogg"), left

    first, second, left = played(tmp_path, folder, play)

    assert first[1] < 1
    assert second == pytest.approx(first)
    assert left == []


def test_what_a_disk_refused_is_tried_again(tmp_path, folder, monkeypatch):
    """While the bot runs: nobody has to start it anew."""
    monkeypatch.setattr(amending, "LOOK_S", 0.01)
    fsync = amending.os.fsync
    refusals = [OSError(errno.EIO, "Input/output error")]

    def refuse_once(descriptor):
        if refusals:
            raise refusals.pop()
        fsync(descriptor)

    async def play(amendments, store, space_id):
        await redact(store)
        monkeypatch.setattr(amending.os, "fsync", refuse_once)
        running = asyncio.create_task(amendments.run())
        await until(lambda: not refusals and (folder / "mix.ogg").exists())
        running.cancel()
        return await store.read(redactions.unsettled)

    assert played(tmp_path, folder, play) == []
    assert refusals == []
    assert loudness(folder / "mix.ogg")[1] < 1


def test_a_busy_space_is_left_alone(tmp_path, folder):
    """Its files are still being made; the next start finds what is left to do."""

    async def play(amendments, store, space_id):
        await redact(store)
        await amendments.finish()
        return await store.read(redactions.unsettled)

    assert played(tmp_path, folder, play, mix=False, busy=True) == [1]


def test_a_track_that_cannot_be_silenced_is_still_to_be_done(
    tmp_path, folder, monkeypatch
):
    """Nothing is called settled that is not; the mix is away already."""

    def refuse(descriptor):
        raise OSError(errno.EIO, "Input/output error")

    async def play(amendments, store, space_id):
        await redact(store)
        monkeypatch.setattr(amending.os, "fsync", refuse)
        with pytest.raises(OSError, match="Input/output"):
            await amendments.redacted(space_id)
        return await store.read(redactions.unsettled)

    assert played(tmp_path, folder, play) == [1]
    assert not (folder / "mix.ogg").exists()


def test_what_a_track_refuses_keeps_words_nowhere_else(tmp_path, folder, monkeypatch):
    """Texts and record are without them; no mix is made of what still has them."""

    def refuse(path, spans):
        raise OSError(errno.EIO, "Input/output error")

    async def play(amendments, store, space_id):
        await redact(store)
        monkeypatch.setattr(amending, "_silence", refuse)
        await amendments.finish()
        await amendments.done()
        assert await store.read(redactions.unsettled) == [space_id]
        texts = [folder / "transcript.vtt", *tmp_path.glob("bot.db*")]
        return b"".join(one.read_bytes() for one in texts)

    assert b"armalade" not in played(tmp_path, folder, play)
    assert not (folder / "mix.ogg").exists()


def test_texts_that_are_not_whole_are_written_without_the_words(tmp_path, folder):
    """An export that was killed, or that the disk refused, left them."""

    async def play(amendments, store, space_id):
        vtt = folder / "transcript.vtt"
        exports.remove_texts(folder)
        vtt.with_name(f".{vtt.name}.partial").write_text(SECRET, "utf-8")
        await redact(store)
        await amendments.redacted(space_id)

    played(tmp_path, folder, play, mix=False)

    there = [one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()]
    assert b"armalade" not in b"".join(there)


def test_sound_that_is_not_on_record_is_silenced_too(tmp_path, folder):
    """It would be noted later, and played as it is."""

    async def play(amendments, store, space_id):
        await store.write(lambda db: db.execute("DELETE FROM tracks"))
        await redact(store)
        await amendments.redacted(space_id)
        await amendments.done()

    played(tmp_path, folder, play)

    assert loudness(folder / "tracks" / f"{ANA}.opus")[1] < 1
    assert not (folder / "mix.ogg").exists()


@pytest.mark.parametrize("wrote", [NOW - 1, NOW + 1])
def test_texts_that_are_older_than_an_edit_are_written_anew(tmp_path, folder, wrote):
    """The process died before they followed, or they were busy; once is enough."""

    async def play(amendments, store, space_id):
        (folder / "transcript.vtt").write_text("old", "utf-8")
        os.utime(folder / exports.LAST, (wrote, wrote))
        await store.write(lambda db: transcripts.edit(db, 2, 1, "Thanks.", ANA, NOW))
        await amendments.finish()

    played(tmp_path, folder, play, mix=False)

    text = (folder / "transcript.vtt").read_text("utf-8")
    assert ("Thanks." in text) == (wrote < NOW)


def test_an_edit_is_in_the_texts_soon(tmp_path, folder):
    """Two edits at once are one more writing; sound stays as it is."""

    async def play(amendments, store, space_id):
        mix = (folder / "mix.ogg").read_bytes()
        for version, text in ((1, "Thanks."), (2, "Thanks a lot.")):
            await store.write(
                lambda db, v=version, t=text: transcripts.edit(db, 2, v, t, ANA, NOW)
            )
            amendments.edited(space_id)
        await amendments.done()
        assert (folder / "mix.ogg").read_bytes() == mix

    played(tmp_path, folder, play)

    text = (folder / "transcript.vtt").read_text("utf-8")
    assert "Thanks a lot." in text
    assert "Thank you." not in text


def test_a_space_without_files_gets_none(tmp_path, folder):
    """What was never exported is not begun by an edit."""

    async def play(amendments, store, space_id):
        exports.remove_texts(folder)
        amendments.edited(space_id)
        await amendments.done()

    played(tmp_path, folder, play, mix=False)

    assert not (folder / "transcript.vtt").exists()
