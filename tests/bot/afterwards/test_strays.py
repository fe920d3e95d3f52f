"""Sound that the record does not know goes, too."""

import asyncio
import hashlib
import os

import pytest

from bot.afterwards.strays import Strays
from moderation.store import spaces
from scheduler.retention import DAY_S
from tests.bot.afterwards.test_retention import ALL, ENDED, SOUND, play
from tests.bot.guild import HOST, Stage, bot_on, place

WRITTEN = 1_700_000_000.0


@pytest.fixture
def home(tmp_path):
    """Give the folder of a Space, written at one moment."""
    home = tmp_path / "spaces" / "7"
    (home / "tracks").mkdir(parents=True)
    for name in ("tracks/1.opus", "tracks/1.gaps.jsonl", "mix.ogg", "notes.txt"):
        (home / name).write_bytes(SOUND)
        os.utime(home / name, (WRITTEN, WRITTEN))
    return home


def left(home):
    return sorted(one.name for one in home.rglob("*") if one.is_file())


def test_unknown_sound_goes_when_its_time_is_over(home, tmp_path, caplog):
    """The log has the proof, as no row can; what is no sound stays."""
    strays = Strays(tmp_path, 30)

    early = strays.clear({1}, WRITTEN + 30 * DAY_S - 1)
    there = left(home)
    gone = strays.clear({1}, WRITTEN + 30 * DAY_S)

    assert (early, there) == (
        [],
        ["1.gaps.jsonl", "1.opus", "mix.ogg", "notes.txt"],
    )
    assert gone == [home / "tracks" / "1.opus", home / "mix.ogg"]
    assert left(home) == ["notes.txt"]
    assert caplog.text.count(hashlib.sha256(SOUND).hexdigest()) == 2


def test_what_the_record_knows_and_what_is_no_space_stays(home, tmp_path):
    """Only folders that the bot makes are looked into."""
    other = tmp_path / "spaces" / "backup"
    home.rename(other)
    strays = Strays(tmp_path, 30)

    assert strays.clear(set(), WRITTEN + 300 * DAY_S) == []
    other.rename(home)
    assert strays.clear({7}, WRITTEN + 300 * DAY_S) == []
    assert len(left(home)) == 4


def test_what_cannot_go_is_told_once(home, tmp_path, caplog, monkeypatch):
    """And tried at every look."""

    def refused(path):
        raise PermissionError(13, "Permission denied")

    strays = Strays(tmp_path, 30)
    with monkeypatch.context() as patched:
        patched.setattr("bot.afterwards.deletion.remove", refused)
        for _ in range(3):
            assert strays.clear(set(), WRITTEN + 31 * DAY_S) == []
    (path, *_) = strays.clear(set(), WRITTEN + 31 * DAY_S)

    assert path == home / "tracks" / "1.opus"
    assert caplog.text.count("cannot be deleted: ") == 2  # the track and the mix


def test_where_nothing_was_recorded_there_is_nothing(tmp_path):
    """The folder is made with the first Space."""
    assert Strays(tmp_path, 30).clear(set(), WRITTEN) == []


def test_retention_looks_for_them(tmp_path):
    """A record that was lost: its Spaces are unknown to the new one."""

    async def script(place):
        space_id = await place.space()
        for path in place.folder(space_id).rglob("*"):
            os.utime(path, (ENDED, ENDED))
        await place.store.write(lambda db: db.execute("DELETE FROM spaces"))
        place.clock.advance(29 * DAY_S)
        await place.look()
        before = place.left(space_id)
        place.clock.advance(DAY_S)
        await place.look()
        return before, place.left(space_id)

    assert play(tmp_path, script) == (ALL, ["transcript.vtt"])


def test_folder_that_a_space_has_just_made_is_young(home, tmp_path):
    """Also where its row came after the look began."""
    os.utime(home / "mix.ogg", (WRITTEN + 30 * DAY_S, WRITTEN + 30 * DAY_S))

    gone = asyncio.run(
        asyncio.to_thread(Strays(tmp_path, 30).clear, set(), WRITTEN + 30 * DAY_S)
    )

    assert gone == [home / "tracks" / "1.opus"]


def test_no_space_gets_the_folder_of_one_that_the_record_lost(home, tmp_path):
    """Or a guild would find the voices of another among its own, kept anew."""

    async def main():
        async with place() as standin, bot_on(standin, tmp_path) as bot:
            stage = Stage(standin, bot)
            await stage.enter(HOST)
            room = await stage.opened()
            return room.space_id

    (tmp_path / "spaces" / "99x").mkdir()

    assert asyncio.run(main()) == 8


def test_ids_go_on_where_folders_are_fewer(db):
    """A record in order gives the ids that it would give anyhow."""
    new = spaces.NewSpace(
        guild_id=1, channel_id=2, host_id=3, kind="voice", topic="Tea", opened_at=1.0
    )

    spaces.count_from(db, 0)
    first = spaces.create(db, new)
    spaces.count_from(db, 1)
    second = spaces.create(db, new)
    spaces.count_from(db, 1)

    assert [first, second, spaces.create(db, new)] == [1, 2, 3]
