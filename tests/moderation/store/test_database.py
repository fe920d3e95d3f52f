"""The store: one writer, isolated failures, one process per file, clear errors."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from moderation.store import journal, reserve, spaces
from moderation.store.database import Store, StoreError
from moderation.store.file import connect, reader

ROOT = Path(__file__).parents[3]

SPACE = spaces.NewSpace(
    guild_id=1, channel_id=2, host_id=3, kind="voice", topic="Tea", opened_at=1.0
)


def fail(db):
    spaces.create(db, SPACE)
    raise RuntimeError("no")


def in_store(path, scenario):
    """Run ``scenario(store)`` in an event loop of its own."""

    async def run():
        async with Store(path) as store:
            return await scenario(store)

    return asyncio.run(run())


@pytest.mark.parametrize("where", ["memory", "file"])
def test_reader_sees_a_write_that_was_answered(where, tmp_path):
    """A write is answered after its commit, so reads after it see it."""
    path = ":memory:" if where == "memory" else tmp_path / "deep" / "bot.db"

    async def scenario(store):
        space_id = await store.write(lambda db: spaces.create(db, SPACE))
        return await store.read(lambda db: spaces.get(db, space_id))

    assert in_store(path, scenario).topic == "Tea"


def test_writes_in_one_drain_fail_one_by_one(tmp_path):
    """A failing write is undone alone; its neighbours are kept."""

    async def scenario(store):
        writes = [SPACE_WRITE, fail, SPACE_WRITE, BROKEN_SQL]
        answers = await asyncio.gather(
            *(store.write(write) for write in writes), return_exceptions=True
        )
        return answers, await store.read(spaces.live)

    answers, live = in_store(tmp_path / "bot.db", scenario)

    assert answers[0:3:2] == [1, 2]
    assert isinstance(answers[1], RuntimeError)
    assert isinstance(answers[3], sqlite3.OperationalError)
    assert len(live) == 2


def test_what_is_durable_waits_for_the_disk_and_nothing_else_does(tmp_path):
    """With whatever is written beside it; the next write is as before."""

    def synchronous(db):
        return db.execute("PRAGMA synchronous").fetchone()[0]

    async def scenario(store):
        found = [await store.write(synchronous, durable=True)]
        with pytest.raises(sqlite3.OperationalError):
            await store.write(BROKEN_SQL, durable=True)
        return [*found, await store.write(synchronous)]

    assert in_store(tmp_path / "bot.db", scenario) == [2, 1]  # FULL, NORMAL


def SPACE_WRITE(db):  # noqa: N802 - stands in a table of writes
    return spaces.create(db, SPACE)


def BROKEN_SQL(db):  # noqa: N802 - stands in a table of writes
    db.execute("INSERT INTO nowhere VALUES (1)")


def test_writes_keep_their_order():
    """What is written first is in the journal first."""

    async def scenario(store):
        space_id = await store.write(SPACE_WRITE)
        await asyncio.gather(
            *(
                store.write(
                    lambda db, n=n: journal.append(db, space_id, n, f"E{n}", "{}")
                )
                for n in range(500)
            )
        )
        return await store.read(lambda db: journal.read(db, space_id))

    rows = in_store(":memory:", scenario)

    assert [row.name for row in rows] == [f"E{n}" for n in range(500)]
    assert [row.seq for row in rows] == list(range(1, 501))


def test_reader_cannot_write(tmp_path):
    """Readers are read-only; the one writer needs no locks."""

    async def scenario(store):
        await store.read(SPACE_WRITE)

    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        in_store(tmp_path / "bot.db", scenario)


def test_closing_finishes_what_was_queued(tmp_path):
    """Nothing that was asked for is lost by an orderly end."""
    path = tmp_path / "bot.db"

    async def run():
        store = Store(path)
        await store.open()
        waiting = [asyncio.create_task(store.write(SPACE_WRITE)) for _ in range(50)]
        await asyncio.sleep(0)
        await store.close()
        return await asyncio.gather(*waiting)

    assert asyncio.run(run()) == list(range(1, 51))


def test_write_after_close_is_refused():
    """A closed store says so; it does not wait for ever."""

    async def run():
        store = Store(":memory:")
        await store.open()
        await store.close()
        await store.write(SPACE_WRITE)

    with pytest.raises(StoreError, match="closed"):
        asyncio.run(run())


@pytest.mark.parametrize(
    ("damage", "way_out"),
    [
        (lambda path: path.write_bytes(b"This is a shopping list. " * 100), "not an"),
        (lambda path: _overwrite(path, 4096, 40000), "damaged"),
        (lambda path: path.mkdir(), "cannot be written"),
    ],
    ids=["another kind of file", "pages overwritten", "a folder"],
)
def test_broken_file_is_named_with_the_way_out(tmp_path, damage, way_out):
    """A file that cannot be used is one clear line naming it."""
    path = tmp_path / "bot.db"
    damage(path)

    with pytest.raises(StoreError, match=way_out) as caught:
        in_store(path, spaces.live)

    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path):
    """The key is named, not the line of the program."""
    (tmp_path / "file").write_text("", "utf-8")

    with pytest.raises(StoreError, match=r"store\.folder: .*file cannot be made"):
        in_store(tmp_path / "file" / "bot.db", spaces.live)


def _overwrite(path, start, size):
    connect(path).close()
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\x99" * size)


def test_second_process_is_refused_and_comes_in_after_the_first(tmp_path):
    """Two bots on one file would both send every reminder."""
    path = tmp_path / "bot.db"
    second = [
        sys.executable,
        "-c",
        "import asyncio, sys\n"
        "from moderation.store.database import Store, StoreError\n"
        "async def main():\n"
        "    async with Store(sys.argv[1]):\n"
        "        print('open')\n"
        "try:\n"
        "    asyncio.run(main())\n"
        "except StoreError as error:\n"
        "    print(error)\n",
        str(path),
    ]

    async def while_open(store):
        return await asyncio.to_thread(_output, second)

    refused = in_store(path, while_open)

    assert f"{path} is in use by another running bot" in refused
    assert _output(second).strip() == "open"


def _output(command):
    return subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout


def test_cancelled_write_is_not_done():
    """A write that nobody waits for any more, and that has not begun, is dropped."""

    async def scenario(store):
        blocker = asyncio.create_task(store.write(SPACE_WRITE))
        task = asyncio.create_task(store.write(SPACE_WRITE))
        task.cancel()
        await asyncio.gather(blocker, task, return_exceptions=True)
        return await store.read(spaces.live)

    assert len(in_store(":memory:", scenario)) == 1


def test_a_full_disk_is_said_to_whoever_writes(tmp_path):
    """As the store's own error, also in the middle of a write; later it goes on."""

    async def scenario(store):
        await store.write(SPACE_WRITE)
        await store.write(
            lambda db: db.execute(
                f"PRAGMA max_page_count={db.execute('PRAGMA page_count').fetchone()[0]}"
            ).fetchone()
        )

        def long(db):
            journal.append(db, 1, 1.0, "E", "x" * 100_000)

        answers = await asyncio.gather(
            *(store.write(long) for _ in range(3)), return_exceptions=True
        )
        await store.write(lambda db: db.execute("PRAGMA max_page_count=100000"))
        await store.write(long)
        return answers, await store.read(lambda db: journal.read(db, 1))

    answers, kept = in_store(tmp_path / "bot.db", scenario)

    assert [type(each) for each in answers] == [StoreError] * 3
    assert "the disk is full" in str(answers[0])
    assert len(kept) == 1


def test_what_makes_room_is_written_on_a_full_disk(tmp_path):
    """The room that is kept for it is given up, and kept anew when there is some."""
    kept = tmp_path / "bot.db.reserve"

    def long(db):
        """Write what fits only where the reserve is gone."""
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        most = pages if kept.exists() else 100_000
        db.execute(f"PRAGMA max_page_count={most}").fetchone()
        journal.append(db, 1, 1.0, "E", "x" * 100_000)

    async def scenario(store):
        await store.write(SPACE_WRITE)
        before = kept.stat().st_size
        (refused,) = await asyncio.gather(store.write(long), return_exceptions=True)
        await store.write(long, frees=True, durable=True)
        after = kept.exists()
        await store.write(SPACE_WRITE, frees=True)
        rows = await store.read(lambda db: journal.read(db, 1))
        return refused, before, after, kept.stat().st_size, len(rows)

    refused, before, after, again, rows = in_store(tmp_path / "bot.db", scenario)

    assert isinstance(refused, StoreError)
    assert (before, after, again) == (reserve.SIZE_BYTES, False, reserve.SIZE_BYTES)
    assert rows == 1


@pytest.mark.parametrize("where", ["memory", "file"])
def test_what_makes_room_and_fails_is_undone_and_told(where, tmp_path):
    """As any other write; a disk that is full all the same is the store's own error."""

    def full(db):
        spaces.create(db, SPACE)
        db.execute("PRAGMA max_page_count=1").fetchone()
        journal.append(db, 1, 1.0, "E", "x" * 100_000)

    async def scenario(store):
        answers = await asyncio.gather(
            *(store.write(write, frees=True) for write in (fail, full, BROKEN_SQL)),
            return_exceptions=True,
        )
        await store.write(lambda db: db.execute("PRAGMA max_page_count=100000"))
        await store.write(SPACE_WRITE, frees=True)
        return answers, await store.read(spaces.live)

    path = ":memory:" if where == "memory" else tmp_path / "bot.db"
    answers, live = in_store(path, scenario)

    assert [type(one) for one in answers] == [
        RuntimeError,
        StoreError,
        sqlite3.OperationalError,
    ]
    assert len(live) == 1


def _bytes_of(path):
    return b"".join(one.read_bytes() for one in path.parent.iterdir())


def test_a_purge_leaves_nothing_of_what_was_deleted(tmp_path):
    """Neither in the file nor in the log beside it, and the store goes on."""
    path = tmp_path / "bot.db"

    async def scenario(store):
        await store.write(SPACE_WRITE)
        await store.write(lambda db: journal.append(db, 1, 1.0, "E", "marmalade"))
        await store.write(lambda db: db.execute("DELETE FROM journal"))
        before = _bytes_of(path)
        writes = store.write(SPACE_WRITE), store.purge(), store.write(SPACE_WRITE)
        await asyncio.gather(*writes)
        return before, _bytes_of(path), len(await store.read(spaces.live))

    before, after, live = in_store(path, scenario)

    assert b"marmalade" in before
    assert b"marmalade" not in after
    assert live == 3


def test_a_purge_that_a_reader_is_in_the_way_of_says_so(tmp_path):
    """What somebody still reads stays in the log: nobody is told that it is gone."""
    path = tmp_path / "bot.db"

    async def scenario(store):
        await store.write(lambda db: db.execute("PRAGMA busy_timeout=0").fetchone())
        await store.write(SPACE_WRITE)
        reading = reader(path)
        reading.execute("BEGIN")
        reading.execute("SELECT * FROM spaces").fetchall()
        with pytest.raises(StoreError, match="it is being read"):
            await store.purge()
        reading.close()
        await store.purge()

    in_store(path, scenario)


HUNGRY = """
import resource, sys
from pathlib import Path
from moderation.store.file import connect, purge
def peak():
    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale
db = connect(Path(sys.argv[1]))
db.execute("PRAGMA cache_size=-1000")
db.execute("CREATE TABLE sounds (body)")
for _ in range(100):
    with db.atomic():
        db.execute("INSERT INTO sounds VALUES (randomblob(500000))")
before = peak()
purge(db)
print(peak() - before)
"""


def test_a_purge_does_not_take_the_record_into_memory(tmp_path):
    """Of 50 MB only pages: a large record would have the system kill the bot."""
    run = subprocess.run(
        [sys.executable, "-c", HUNGRY, str(tmp_path / "bot.db")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(run.stdout) < 20_000_000


def test_what_a_purge_copies_lies_beside_the_record(tmp_path, monkeypatch):
    """Not in a folder of the system's that may be memory, small or anybody's."""
    monkeypatch.delenv("SQLITE_TMPDIR", raising=False)

    connect(tmp_path / "bot.db").close()

    assert os.environ["SQLITE_TMPDIR"] == str(tmp_path)


def test_nothing_is_to_purge_in_memory():
    """There is no file; once closed, it says so as any write does."""

    async def run():
        async with Store(":memory:") as store:
            await store.purge()
        await store.purge()

    with pytest.raises(StoreError, match="closed"):
        asyncio.run(run())
