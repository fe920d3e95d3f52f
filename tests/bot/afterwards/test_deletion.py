"""Recorded files that are deleted, and the proof of it."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.afterwards.deletion import Deletions
from moderation.store import spaces, tracks
from moderation.store.database import Store, StoreError
from moderation.store.tracks import ERASED, RETENTION

SOUND = b"OggS" + bytes(range(256)) * 40
HASH = hashlib.sha256(SOUND).hexdigest()
NOW = 5000.0


def on_record(db, path, user_id=7):
    """Put a Space with one file on record; return the file's id."""
    space_id = spaces.create(
        db,
        spaces.NewSpace(
            guild_id=1, channel_id=2, host_id=3, kind="stage", topic="Tea", opened_at=10
        ),
    )
    new = tracks.NewTrack(space_id=space_id, path=str(path), start=0.0, user_id=user_id)
    track_id = tracks.begin(db, new)
    tracks.finish(db, track_id, 6.0, 1)
    return track_id


@pytest.fixture
def recorded(tmp_path):
    """Give a track and what lies beside it."""
    path = tmp_path / "tracks" / "7.opus"
    path.parent.mkdir()
    path.write_bytes(SOUND)
    path.with_suffix(".gaps.jsonl").write_text("{}\n")
    return path


def play(script, path, *, store=None):
    """Run ``script(deletions, store, track_id)`` over a record of ``path``."""

    async def main():
        async with store or Store(":memory:") as kept:
            track_id = await kept.write(lambda db: on_record(db, path))
            return await script(Deletions(kept, lambda: NOW), kept, track_id)

    return asyncio.run(main())


def deleted_once(path, why=RETENTION):
    async def script(deletions, store, track_id):
        return await deletions.delete(track_id, why)

    return play(script, path)


def test_file_goes_and_the_proof_stays(recorded):
    """Hash, size and time of what is gone, and why."""
    row = deleted_once(recorded, ERASED)

    assert list(recorded.parent.iterdir()) == []
    assert (row.state, row.deleted_at, row.why) == ("deleted", NOW, ERASED)
    assert (row.sha256, row.size_bytes, row.trouble) == (HASH, len(SOUND), "")


def test_others_beside_it_stay(recorded):
    """One member's track is not another's."""
    other = recorded.with_name("77.opus")
    other.write_bytes(SOUND)
    other.with_suffix(".gaps.jsonl").write_text("{}\n")

    deleted_once(recorded)

    left = sorted(path.name for path in recorded.parent.iterdir())
    assert left == ["77.gaps.jsonl", "77.opus"]


@pytest.mark.parametrize("gone", ["file", "folder", "folder is a file"])
def test_file_that_is_gone_already_is_no_error(recorded, gone):
    """There is nothing to prove, and the row does not pretend that there was."""
    if gone == "file":
        recorded.unlink()
    else:
        for path in list(recorded.parent.iterdir()):
            path.unlink()
        recorded.parent.rmdir()
        if gone == "folder is a file":
            recorded.parent.write_text("")

    row = deleted_once(recorded)

    assert (row.state, row.sha256, row.trouble) == ("deleted", None, "")


def test_deleting_twice_is_deleting_once(recorded):
    """The first proof stays."""

    async def script(deletions, store, track_id):
        first = await deletions.delete(track_id, RETENTION)
        recorded.write_bytes(b"another file of that name")
        return first, await deletions.delete(track_id, ERASED)

    first, second = play(script, recorded)

    assert first == second
    assert recorded.exists()


def test_file_nobody_knows_is_said_to_be_none(recorded):
    """A wrong id deletes nothing."""

    async def script(deletions, store, track_id):
        with pytest.raises(LookupError):
            await deletions.delete(track_id + 1, RETENTION)

    play(script, recorded)

    assert recorded.exists()


def test_what_cannot_be_deleted_is_never_noted_as_deleted(tmp_path, caplog):
    """It is said once, however often it is tried, and goes when it can go."""
    stuck = tmp_path / "tracks" / "7.opus"
    (stuck / "inside").mkdir(
        parents=True
    )  # a folder cannot be unlinked, by root either

    async def script(deletions, store, track_id):
        refused = [await deletions.delete(track_id, RETENTION) for _ in range(3)]
        half = await store.read(tracks.half_deleted)
        (stuck / "inside").rmdir()
        stuck.rmdir()
        stuck.write_bytes(SOUND)
        return refused, half, await deletions.delete(track_id, RETENTION)

    refused, half, gone = play(script, stuck)

    assert half == refused[-1:]
    assert {(row.state, row.deleted_at) for row in refused} == {("complete", None)}
    assert all(row.trouble for row in refused)
    (line,) = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert str(stuck) in line
    assert "it is tried again" in line
    assert (gone.state, gone.sha256, gone.trouble) == ("deleted", HASH, "")


def test_file_that_cannot_be_read_goes_without_a_hash(recorded, monkeypatch):
    """The promise to whoever spoke comes before the proof; the row says why."""

    def broken(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("hashlib.file_digest", broken)

    row = deleted_once(recorded)

    assert not recorded.exists()
    assert (row.state, row.sha256) == ("deleted", None)
    assert row.trouble == "Input/output error"


def test_nothing_goes_that_cannot_be_written_down_first(recorded):
    """A record whose disk is full keeps the file, too."""

    class Full(Store):
        async def write(self, run, **how):
            if recorded.exists() and self.full:
                raise StoreError("the disk is full")
            return await super().write(run, **how)

        full = False

    async def script(deletions, store, track_id):
        store.full = True
        with pytest.raises(StoreError):
            await deletions.delete(track_id, RETENTION)
        return await Store.write(store, lambda db: tracks.get(db, track_id))

    row = play(script, recorded, store=Full(":memory:"))

    assert recorded.exists()
    assert row.deleting_at is None


def test_what_a_file_was_is_on_the_disk_before_it_goes(recorded, monkeypatch):
    """A power cut leaves no file that went without a proof."""
    seen, intend = [], tracks.intend

    def look(db, *args, **named):
        (synchronous,) = db.execute("PRAGMA synchronous").fetchone()
        seen.append((synchronous, recorded.exists()))
        intend(db, *args, **named)

    monkeypatch.setattr(tracks, "intend", look)

    async def script(deletions, store, track_id):
        return await deletions.delete(track_id, RETENTION)

    play(script, recorded)

    assert seen == [(2, True)]  # FULL


def test_two_who_delete_the_same_do_it_once(recorded):
    """A member erases it in the moment in which its time is over."""

    async def script(deletions, store, track_id):
        return await asyncio.gather(
            deletions.delete(track_id, RETENTION), deletions.delete(track_id, ERASED)
        )

    first, second = play(script, recorded)

    assert first == second
    assert (first.why, first.sha256) == (RETENTION, HASH)


KILLER = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.afterwards.deletion import Deletions
from moderation.store.database import Store
from moderation.store.tracks import RETENTION
from tests.bot.afterwards.test_deletion import NOW, on_record

file, base, when = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
armed = False

def audit(event, values):
    if not armed or not values:
        return
    name = os.fspath(values[0]) if isinstance(values[0], (str, os.PathLike)) else ""
    now = {
        ("open", str(file)): "hashing",
        ("os.remove", str(file.with_suffix(".gaps.jsonl"))): "intended",
        ("os.remove", str(file)): "half",
        ("open", str(file.parent)): "gone",
    }.get((event, name))
    if now == when:
        os.kill(os.getpid(), signal.SIGKILL)

async def main():
    global armed
    async with Store(base) as store:
        track_id = await store.write(lambda db: on_record(db, file))
        sys.addaudithook(audit)
        armed = True
        await Deletions(store, lambda: NOW).delete(track_id, RETENTION)

asyncio.run(main())
"""
"""A process that kills itself in the midst of deleting a file."""


@pytest.mark.parametrize(
    ("instant", "there", "meant"),
    [
        ("hashing", True, False),
        ("intended", True, True),
        ("half", True, True),
        ("gone", False, True),
    ],
)
def test_killed_between_any_two_steps_it_is_finished(
    recorded, tmp_path, instant, there, meant
):
    """What was meant is in the row, and the proof is the same as without a kill."""
    base = tmp_path / "kept.db"
    died = subprocess.run(
        [sys.executable, "-c", KILLER, str(recorded), str(base), instant],
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert died.returncode == -signal.SIGKILL
    assert recorded.exists() is there

    async def main():
        async with Store(base) as store:
            (before,) = await store.read(lambda db: tracks.read(db, 1))
            row = await Deletions(store, lambda: NOW + 9).delete(before.id, RETENTION)
            return before, row

    before, row = asyncio.run(main())

    assert before.deleted_at is None
    assert (before.deleting_at is not None) is meant
    assert list(recorded.parent.iterdir()) == []
    assert (row.state, row.sha256, row.size_bytes) == ("deleted", HASH, len(SOUND))
    assert row.deleted_at == NOW + 9


MOUNT = 'mount -t tmpfs -o size=6m none "$0" && exec "$@"'
"""Run a program with a small disk of its own at a folder."""

FILLER = """
import asyncio, os, sys
from pathlib import Path
from bot.afterwards.deletion import Deletions
from moderation.store.database import Store, StoreError
from moderation.store.tracks import RETENTION, refused
from tests.bot.afterwards.test_deletion import NOW, on_record

disk = Path(sys.argv[1])

async def main():
    async with Store(disk / "kept.db") as store:
        ids = []
        for number in range(20):
            track = disk / f"{number}.opus"
            track.write_bytes(b"OggS")  # a page of the disk: as little as can be
            ids.append(await store.write(lambda db: on_record(db, track)))
        await store.purge()
        with (disk / "others").open("wb", buffering=0) as file:
            try:
                while file.write(os.urandom(4096)):
                    pass
            except OSError:
                print("full")
        try:
            await store.write(lambda db: refused(db, 1, "x" * 5000))
        except StoreError:
            print("nothing is written")
        for track_id in ids:
            row = await Deletions(store, lambda: NOW).delete(track_id, RETENTION)
            print(row.deleted_at, bool(row.sha256))
    print(len(list(disk.glob("*.opus"))))

asyncio.run(main())
"""
"""A process that fills its disk, and deletes files there."""


def test_on_a_full_disk_files_go_with_their_proof(tmp_path):
    """Nothing else can be written there, and nothing would ever make room."""
    own = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", MOUNT]
    try:
        tried = subprocess.run([*own, tmp_path, "true"], capture_output=True)
    except FileNotFoundError:
        pytest.skip("no unshare on this system")
    if tried.returncode:
        pytest.skip(f"no disk of one's own here: {tried.stderr.decode().strip()}")

    ended = subprocess.run(
        [*own, tmp_path, sys.executable, "-c", FILLER, tmp_path],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
    )

    full, refused, *deleted, left = ended.stdout.splitlines()
    assert (full, refused) == ("full", "nothing is written")
    assert deleted == [f"{NOW} True"] * 20
    assert left == "0"


def test_event_loop_goes_on_while_a_file_is_read(tmp_path):
    """A slow disk holds nobody up."""
    pipe = tmp_path / "7.opus"
    os.mkfifo(pipe)  # reading it blocks until somebody writes

    async def script(deletions, store, track_id):
        deleting = asyncio.create_task(deletions.delete(track_id, RETENTION))
        await asyncio.to_thread(pipe.write_bytes, SOUND)  # opens when it is read
        return await deleting

    row = play(script, pipe)

    assert row.sha256 == HASH
    assert not pipe.exists()
