"""Files that a crash left unmade."""

import asyncio
import shutil

import pytest

from bot.afterwards.unfinished import SINCE_S, Unfinished
from bot.build import build
from bot.config import Config
from bot.settings import RecordingSettings, StoreSettings
from moderation.store import redactions, spaces, tracks
from moderation.store.database import Store
from tests.bot.guild import HOST, Stage, bot_on, place, until
from tests.bot.page.sample import ANA, fill

NEXT_DAY = 1060.0 + 86_400.0


@pytest.fixture
def folder(tmp_path, track):
    """Give a Space's folder with Ana's track in it and nothing else."""
    (tmp_path / "tracks").mkdir()
    shutil.copy(track, tmp_path / "tracks" / f"{ANA}.opus")
    return tmp_path


def finish(track, folder, *, now=NEXT_DAY, busy=False, between=None, mix=True):
    """Start twice, with what happens ``between``; return what each start made."""

    async def main():
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, track))
            await store.write(lambda db: spaces.set_folder(db, space_id, str(folder)))
            settings = RecordingSettings(mix=mix)
            unfinished = Unfinished(store, settings)
            unfinished.is_busy = lambda _: busy
            first = await unfinished.finish(now)
            if between is not None:
                between()
            return first, await unfinished.finish(now)

    return asyncio.run(main())


def test_what_a_crash_left_unmade_is_made_at_the_next_start(track, folder):
    """All of it, and at the start after that there is nothing left to do."""
    first, second = finish(track, folder)

    assert len(first) == 1
    assert second == []
    assert (folder / "mix.ogg").exists()
    assert (folder / "journal.jsonl").exists()


def test_killed_during_the_mix_it_is_mixed_again(track, folder):
    """The texts were there already; only the mix was on its way."""
    first, second = finish(track, folder, between=lambda: (folder / "mix.ogg").unlink())

    assert first == second
    assert (folder / "mix.ogg").exists()


def test_no_mix_is_missed_where_none_is_wanted(track, folder):
    """Neither by the settings, nor where nothing was recorded."""
    assert finish(track, folder, mix=False)[1] == []
    shutil.rmtree(folder / "tracks")
    (folder / "mix.ogg").unlink(missing_ok=True)
    assert finish(track, folder)[0] == []


@pytest.mark.parametrize("over", ["by its time", "by the record"])
def test_no_mix_is_made_of_what_is_over(track, folder, over):
    """A process that was off for days, or was killed while it deleted."""

    async def main():
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, track))
            await store.write(lambda db: spaces.set_folder(db, space_id, str(folder)))
            by_time = over == "by its time"
            if not by_time:
                await store.write(
                    lambda db: tracks.intend(
                        db, 1, 1.0, tracks.RETENTION, sha256=None, size_bytes=None
                    )
                )
            settings = RecordingSettings(keep_days=1 if by_time else 30)
            unfinished = Unfinished(store, settings)
            return await unfinished.finish(NEXT_DAY)

    assert len(asyncio.run(main())) == 1
    assert (folder / "journal.jsonl").exists()
    assert not (folder / "mix.ogg").exists()


def test_no_mix_is_made_of_sound_with_redacted_words(track, folder):
    """The process died before they were out of it; the texts do not have them."""

    async def main():
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, track))
            await store.write(lambda db: spaces.set_folder(db, space_id, str(folder)))
            await store.write(lambda db: redactions.redact(db, 1, 1, ANA, 1070.0))
            await Unfinished(store, RecordingSettings()).finish(NEXT_DAY)

    asyncio.run(main())

    assert "Welcome" not in (folder / "transcript.vtt").read_text("utf-8")
    assert not (folder / "mix.ogg").exists()


def test_others_are_left_alone(track, folder):
    """What is being made right now, and what ended long ago."""
    assert finish(track, folder, busy=True) == ([], [])
    assert finish(track, folder, now=1060.0 + SINCE_S + 1) == ([], [])
    assert not (folder / "journal.jsonl").exists()


def test_what_cannot_be_mixed_is_logged_and_the_rest_is_there(track, folder, caplog):
    """One broken track keeps no other Space from its files."""
    (folder / "tracks" / f"{ANA}.opus").write_bytes(b"this is no sound")

    assert finish(track, folder) == ([], [])
    assert (folder / "transcript.vtt").exists()
    assert "not complete" in caplog.text


def test_a_bot_looks_for_them_when_it_starts(tmp_path):
    """With the real bot, on a Space whose last file is taken away."""

    async def main():
        async with place() as standin:
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot)
                await stage.enter(HOST)
                room = await stage.opened()
                await stage.command(HOST, "space end")
                await room.ended()
                await until(lambda: not bot.rooms.live())
                [last] = tmp_path.rglob("journal.jsonl")
                last.unlink()
            async with bot_on(standin, tmp_path):
                await until(last.exists)

    asyncio.run(main())


def test_nothing_is_made_of_a_space_that_somebody_is_being_erased_from(tmp_path):
    """The mix would hold their voice after all."""

    async def main():
        bot = build(Config(store=StoreSettings(folder=str(tmp_path))))
        bot._erasing.at_work = 7
        return [bot._unfinished.is_busy(space_id) for space_id in (7, 8)]

    assert asyncio.run(main()) == [True, False]
