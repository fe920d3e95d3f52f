"""The sound of Spaces goes when its time is over."""

import asyncio
import hashlib
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.afterwards import sound
from bot.afterwards.deletion import Deletions
from bot.afterwards.doubts import Doubts
from bot.afterwards.retention import Retention
from bot.clock import ManualClock
from bot.config import Config
from bot.settings import RecordingSettings
from moderation.store import spaces, tracks, transcripts
from moderation.store.database import Store, StoreError
from moderation.store.tracks import RETENTION
from scheduler.retention import DAY_S
from tests.bot.guild import HOST, Stage, bot_on, until
from tests.bot.guild import place as standin_place

ANA, BEN = 1, 2
OPENED, ENDED = 1_800_000_000.0, 1_800_003_600.0
SOUND = b"OggS" * 100
HASH = hashlib.sha256(SOUND).hexdigest()


@dataclass
class Place:
    """A data folder, its record, and somebody who looks."""

    root: Path
    store: Store
    clock: ManualClock
    busy: set[int] = field(default_factory=set)
    theirs: ManualClock | None = None
    """Discord's clock, where it is another one."""

    def retention(self, keep_days=30):
        deletions = Deletions(self.store, self.clock.now)
        return Retention(
            self.store,
            self.root,
            deletions,
            keep_days,
            self.clock.now,
            lambda space_id: space_id in self.busy,
            Doubts(self.store, (self.theirs or self.clock).now),
        )

    async def look(self, keep_days=30):
        return await self.retention(keep_days).look()

    async def space(self, *, ended=ENDED, promised=30, voices=(ANA, BEN), mix=True):
        """Record a Space whose files nobody has noted; return its id."""
        new = spaces.NewSpace(
            guild_id=9,
            channel_id=2,
            host_id=3,
            kind="stage",
            topic="Tea",
            opened_at=OPENED,
            keep_days=promised,
        )
        space_id = await self.store.write(lambda db: spaces.create(db, new))
        folder = self.folder(space_id)
        (folder / "tracks").mkdir(parents=True)
        (folder / "transcript.vtt").write_text("WEBVTT\n")
        for user in voices:
            (folder / "tracks" / f"{user}.opus").write_bytes(SOUND)
            (folder / "tracks" / f"{user}.gaps.jsonl").write_text("{}\n")
        if mix:
            (folder / "mix.ogg").write_bytes(SOUND)
        await self.store.write(lambda db: spaces.set_folder(db, space_id, str(folder)))
        if ended is not None:
            await self.store.write(lambda db: spaces.end(db, space_id, ended))
        return space_id

    def folder(self, space_id):
        return self.root / "spaces" / str(space_id)

    def left(self, space_id):
        """Return the names of the files that are there."""
        folder = self.folder(space_id)
        return sorted(one.name for one in folder.rglob("*") if one.is_file())

    async def rows(self, space_id):
        return await self.store.read(lambda db: tracks.read(db, space_id))


ALL = [
    "1.gaps.jsonl",
    "1.opus",
    "2.gaps.jsonl",
    "2.opus",
    "mix.ogg",
    "transcript.vtt",
]


def play(tmp_path, script, *, at=ENDED, base=":memory:"):
    """Run a script over an empty place whose clock shows ``at``."""

    async def main():
        async with Store(base) as store:
            return await script(Place(tmp_path, store, ManualClock(at)))

    return asyncio.run(main())


def test_everything_with_sound_gets_its_time_and_goes_then(tmp_path):
    """Every voice and the mix, with proof; what is text stays."""

    async def script(place):
        space_id = await place.space()
        first = await place.look()
        noted = await place.rows(space_id)
        place.clock.advance(30 * DAY_S - 1)
        early, there = await place.look(), place.left(space_id)
        place.clock.advance(1)
        gone = await place.look()
        return first, noted, early, there, gone, place.left(space_id)

    first, noted, early, there, gone, left = play(tmp_path, script)

    assert first == early == []
    assert there == ALL
    assert [(row.kind, row.user_id) for row in noted] == [
        ("track", ANA),
        ("track", BEN),
        ("mix", None),
    ]
    assert {row.expires_at for row in noted} == {ENDED + 30 * DAY_S}
    assert left == ["transcript.vtt"]
    proofs = {(row.sha256, row.size_bytes, row.deleted_at, row.why) for row in gone}
    assert len(gone) == 3
    assert proofs == {(HASH, len(SOUND), ENDED + 30 * DAY_S, RETENTION)}


def test_who_was_off_deletes_what_is_overdue_at_the_first_look(tmp_path):
    """Nobody has to be there at the very moment."""

    async def script(place):
        space_id = await place.space()
        await place.look()
        place.clock.advance(300 * DAY_S)
        running = asyncio.create_task(place.retention().run())
        await until(lambda: place.left(space_id) == ["transcript.vtt"])
        running.cancel()

    play(tmp_path, script)


@pytest.mark.parametrize("state", ["open", "ended and busy"])
def test_space_that_is_not_done_with_loses_nothing(tmp_path, state):
    """It goes on, or is mixed, or heard again; afterwards it goes."""

    async def script(place):
        open_ = state == "open"
        space_id = await place.space(ended=None if open_ else ENDED)
        if not open_:
            place.busy.add(space_id)
        place.clock.advance(100 * DAY_S)
        before, there = await place.look(), place.left(space_id)
        rows = await place.rows(space_id)
        place.busy.clear()
        await place.store.write(lambda db: spaces.end(db, space_id, ENDED))
        return before, there, rows, len(await place.look()), place.left(space_id)

    before, there, rows, gone, left = play(tmp_path, script)

    assert before == rows == []
    assert there == ALL
    assert (gone, left) == (3, ["transcript.vtt"])


def test_space_that_becomes_busy_between_two_files_keeps_the_rest(tmp_path):
    """Its files are asked for one after another."""

    async def script(place):
        space_id = await place.space()
        await place.look()
        place.clock.advance(31 * DAY_S)
        deletions = Deletions(place.store, place.clock.now)
        first = deletions.delete

        async def delete(track_id, why):
            row = await first(track_id, why)
            place.busy.add(space_id)
            return row

        deletions.delete = delete
        watching = place.retention()
        watching._deletions = deletions
        return len(await watching.look()), place.left(space_id)

    gone, left = play(tmp_path, script)

    assert gone == 1
    assert left == ALL[2:]


@pytest.mark.parametrize(("keep_days", "goes_after"), [(7, 7), (90, 30)])
def test_changed_setting_makes_it_sooner_and_never_later(
    tmp_path, keep_days, goes_after
):
    """What members were told when it was recorded binds."""

    async def script(place):
        space_id = await place.space(promised=30)
        await place.look(30)
        place.clock.advance(goes_after * DAY_S - 1)
        early = await place.look(keep_days)
        place.clock.advance(1)
        return early, len(await place.look(keep_days)), place.left(space_id)

    early, gone, left = play(tmp_path, script)

    assert (early, gone, left) == ([], 3, ["transcript.vtt"])


def test_files_of_a_space_go_together(tmp_path):
    """One that is found later goes when the others go, also without a promise."""

    async def script(place):
        space_id = await place.space(promised=None, mix=False)
        await place.look(keep_days=10)
        (place.folder(space_id) / "mix.ogg").write_bytes(SOUND)
        (place.folder(space_id) / ".mix.ogg.partial.ogg").write_bytes(SOUND)
        await place.look(keep_days=30)
        ends = {row.expires_at for row in await place.rows(space_id)}
        place.clock.advance(10 * DAY_S)
        return ends, len(await place.look(keep_days=30)), place.left(space_id)

    ends, gone, left = play(tmp_path, script)

    assert ends == {ENDED + 10 * DAY_S}
    assert (gone, left) == (4, ["transcript.vtt"])


def test_rows_of_older_records_that_have_no_time_get_one(tmp_path):
    """Their Space may have no folder, and no promise either."""

    async def script(place):
        space_id = await place.space(promised=None, voices=(), mix=False)
        path = tmp_path / "elsewhere.ogg"
        path.write_bytes(SOUND)
        new = tracks.NewTrack(space_id=space_id, path=str(path), start=0.0, user_id=ANA)
        await place.store.write(lambda db: tracks.begin(db, new))
        await place.store.write(
            lambda db: db.execute("UPDATE spaces SET folder = NULL")
        )
        await place.look()
        (row,) = await place.rows(space_id)
        place.clock.advance(30 * DAY_S)
        return row.expires_at, len(await place.look()), path.exists()

    assert play(tmp_path, script) == (ENDED + 30 * DAY_S, 1, False)


def test_clock_that_was_wrong_keeps_nothing_for_years(tmp_path):
    """A Space ended in the far future; the clock has been set back since."""

    async def script(place):
        space_id = await place.space(ended=ENDED + 3650 * DAY_S)
        await place.look()
        place.clock.advance(30 * DAY_S)
        return len(await place.look()), place.left(space_id)

    assert play(tmp_path, script) == (3, ["transcript.vtt"])


def test_clock_set_back_after_the_note_changes_nothing(tmp_path):
    """What was noted stays; it goes when the clock is there again."""

    async def script(place):
        space_id = await place.space()
        await place.look()
        place.clock.advance(29 * DAY_S)
        await place.look()
        place.clock.advance(-20 * DAY_S)
        back = await place.look()
        place.clock.advance(21 * DAY_S)
        return back, len(await place.look()), place.left(space_id)

    assert play(tmp_path, script) == ([], 3, ["transcript.vtt"])


def test_clock_that_was_never_set_deletes_nothing_when_it_is(tmp_path, caplog):
    """A machine without a battery begins in 1970 until the network tells it better."""

    async def script(place):
        space_id = await place.space()
        await place.look()
        place.clock = ManualClock(12.0)
        await place.look()
        place.clock = ManualClock(ENDED + 3600)
        gone = await place.look()
        return gone, [row.expires_at for row in await place.rows(space_id)]

    gone, times = play(tmp_path, script)

    assert gone == []
    assert set(times) == {ENDED + 30 * DAY_S}
    assert "nothing is deleted yet" in caplog.text


@pytest.mark.parametrize("days", [400, -40])
def test_a_clock_that_discord_does_not_share_deletes_nothing(tmp_path, caplog, days):
    """Neither at once nor, by what it would have noted, when it is set right."""

    async def script(place):
        space_id = await place.space()
        place.theirs = ManualClock(ENDED + 60)
        place.clock.advance(60 + days * DAY_S)
        there = [await place.look(), place.left(space_id)]
        place.clock.advance(-days * DAY_S)
        return [*there, await place.look(), place.left(space_id)]

    assert play(tmp_path, script) == [[], ALL, [], ALL]
    side = "ahead of" if days > 0 else "behind"
    assert f"is {abs(days)} days {side} Discord's: set it" in caplog.text


def test_what_killed_processes_left_lying_goes_too(tmp_path):
    """A mix that was being made, and lists of gaps without their track."""

    async def script(place):
        space_id = await place.space(voices=(ANA,), mix=False)
        folder = place.folder(space_id)
        (folder / ".mix.ogg.partial.ogg").write_bytes(SOUND)
        (folder / "tracks" / "8.gaps.jsonl").write_text("{}\n")
        await place.look()
        noted = len(await place.rows(space_id))
        place.clock.advance(30 * DAY_S)
        gone = await place.look()
        return noted, {row.sha256 for row in gone}, len(gone), place.left(space_id)

    noted, hashes, gone, left = play(tmp_path, script)

    assert noted == 1  # no player is offered for a half-made mix
    assert (hashes, gone) == ({HASH}, 2)
    assert left == ["transcript.vtt"]


def test_what_others_put_there_stays(tmp_path):
    """Only files that the bot writes are the bot's to delete."""

    async def script(place):
        space_id = await place.space(voices=())
        for name in ("tracks/Ana.opus", "best of.mp3"):
            (place.folder(space_id) / name).write_bytes(b"mine")
        place.clock.advance(31 * DAY_S)
        await place.look()
        return place.left(space_id)

    assert play(tmp_path, script) == ["Ana.opus", "best of.mp3", "transcript.vtt"]


def test_file_that_cannot_go_holds_nothing_else_up(tmp_path, caplog):
    """It is on record as there, is tried at every look, and is told once."""

    async def script(place):
        space_id = await place.space(voices=(BEN,), mix=False)
        stuck = place.folder(space_id) / "tracks" / f"{ANA}.opus"
        stuck.write_bytes(SOUND)
        await place.look()
        stuck.unlink()
        (stuck / "inside").mkdir(parents=True)  # no user can unlink a folder
        place.clock.advance(30 * DAY_S)
        gone = [await place.look() for _ in range(3)]
        rows = await place.rows(space_id)
        (stuck / "inside").rmdir()
        stuck.rmdir()
        stuck.write_bytes(SOUND)
        return gone, rows, await place.look()

    gone, rows, at_last = play(tmp_path, script)

    assert [[row.user_id for row in one] for one in gone] == [[BEN], [], []]
    states = {row.user_id: (row.state, row.deleted_at) for row in rows}
    assert states[ANA] == ("complete", None)
    errors = [one for one in caplog.records if one.levelname == "ERROR"]
    assert len(errors) == 1
    assert [(row.user_id, row.sha256) for row in at_last] == [(ANA, HASH)]


def test_folder_that_cannot_be_looked_into_holds_nothing_else_up(tmp_path, caplog):
    """It is told once, however often somebody looks."""

    async def script(place):
        closed = await place.space(mix=False)
        fine = await place.space()
        nowhere = str(tmp_path / ("x" * 300))  # no system looks into such a one
        await place.store.write(lambda db: spaces.set_folder(db, closed, nowhere))
        place.root = tmp_path / "elsewhere"
        place.clock.advance(31 * DAY_S)
        watching = place.retention()
        gone = [len(await watching.look()) for _ in range(3)]
        place.root = tmp_path
        return gone, place.left(fine)

    gone, left = play(tmp_path, script)

    assert (gone, left) == ([3, 0, 0], ["transcript.vtt"])
    assert caplog.text.count("no look at its files") == 1


def test_what_an_earlier_process_began_is_finished_first(tmp_path):
    """Also where its time is not over: somebody wanted their voice erased."""

    async def script(place):
        space_id = await place.space()
        await place.look()
        ana = (await place.rows(space_id))[0].id
        await place.store.write(
            lambda db: tracks.intend(
                db, ana, ENDED, "erased", sha256=HASH, size_bytes=len(SOUND)
            )
        )
        gone = await place.look()
        return [(row.user_id, row.why) for row in gone], place.left(space_id)

    gone, left = play(tmp_path, script)

    assert gone == [(ANA, "erased")]
    assert left == ALL[2:]


def test_record_that_takes_nothing_ends_no_loop(tmp_path, caplog):
    """A full disk is one line, and there is a next look."""

    class Full(Store):
        async def write(self, run, **how):
            raise StoreError("the disk is full")

    async def main():
        clock = ManualClock(ENDED)
        store = Full(":memory:")
        watching = Retention(
            store,
            tmp_path,
            Deletions(store, clock.now),
            30,
            clock.now,
            {9}.__contains__,
            Doubts(store, clock.now),
        )
        running = asyncio.create_task(watching.run())
        await until(lambda: "the disk is full" in caplog.text)
        assert not running.done()
        running.cancel()

    asyncio.run(main())


@pytest.mark.parametrize("copied", [False, True])
def test_data_folder_that_was_moved_is_followed(tmp_path, copied):
    """The record went with it; the paths in it are those of before.

    What it was copied from belongs to another bot.
    """

    async def script(place):
        space_id = await place.space()
        await place.look()
        old, new = tmp_path / "spaces", tmp_path / "elsewhere" / "spaces"
        (shutil.copytree if copied else shutil.move)(old, new)
        place.root = new.parent
        place.clock.advance(29 * DAY_S)
        await place.look()
        rows = await place.rows(space_id)
        paths = {row.path.startswith(str(new)) for row in rows}
        place.clock.advance(DAY_S)
        gone = await place.look()
        there = sum(one.is_file() for one in old.rglob("*"))
        return paths, {row.sha256 for row in gone}, place.left(space_id), there

    paths, hashes, left, there = play(tmp_path, script)

    assert paths == {True}
    assert (hashes, left) == ({HASH}, ["transcript.vtt"])
    assert there == (len(ALL) if copied else 0)


def test_words_stay_readable(tmp_path):
    """The transcript has a life of its own."""

    async def script(place):
        space_id = await place.space()
        line = transcripts.NewUtterance(
            uid="a", user_id=ANA, start=0.0, end=1.0, text="Hello."
        )
        await place.store.write(
            lambda db: transcripts.record(db, space_id, line, ENDED)
        )
        place.clock.advance(31 * DAY_S)
        await place.look()
        said = await place.store.read(lambda db: transcripts.read(db, space_id))
        return [row.text for row in said]

    assert play(tmp_path, script) == ["Hello."]


def test_a_file_is_noted_once_until_it_is_gone(tmp_path):
    """A mix that is made anew after the old one was deleted is another file."""

    async def script(place):
        space_id = await place.space(voices=())
        mix = place.folder(space_id) / sound.MIX
        await place.look()
        await place.look()
        (row,) = await place.rows(space_id)
        await Deletions(place.store, place.clock.now).delete(row.id, "erased")
        mix.write_bytes(b"without Ana")
        await place.look()
        rows = await place.rows(space_id)
        place.clock.advance(30 * DAY_S)
        gone = await place.look()
        return [one.state for one in rows], len(gone), mix.exists()

    assert play(tmp_path, script) == (["deleted", "complete"], 1, False)


def test_a_bot_deletes_what_is_overdue_when_it_starts(tmp_path):
    """With the real bot: recorded a month ago, and off when its time was over."""

    async def main():
        async with standin_place() as standin:
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot)
                await stage.enter(HOST)
                room = await stage.opened()
                await stage.command(HOST, "space end")
                await room.ended()
                await until(lambda: not bot.rooms.live())
                row = await bot.store.read(lambda db: spaces.get(db, room.space_id))
                await bot.store.write(
                    lambda db: db.execute("UPDATE spaces SET ended_at = 1700000000")
                )
            track = Path(row.folder) / sound.TRACKS / "5.opus"
            track.parent.mkdir(exist_ok=True)
            track.write_bytes(SOUND)
            async with bot_on(standin, tmp_path) as bot:
                await until(lambda: not track.exists())
                await until(lambda: bot.client.timekeeper.now())
            return row.keep_days, (Path(row.folder) / "transcript.vtt").exists()

    assert asyncio.run(main()) == (30, True)


def test_what_goes_on_over_a_restart_keeps_the_smaller_number(tmp_path):
    """Whoever agreed before was told it; a longer time is for later Spaces."""

    async def main():
        kept = []
        async with standin_place() as standin:
            for days in (30, 7, 90):
                config = Config(recording=RecordingSettings(keep_days=days))
                async with bot_on(standin, tmp_path, config) as bot:
                    stage = Stage(standin, bot)
                    if not bot.rooms.live():
                        await stage.enter(HOST)
                        await stage.opened()
                    (row,) = await bot.store.read(spaces.live)
                    kept.append(row.keep_days)
        return kept

    assert asyncio.run(main()) == [30, 7, 7]
