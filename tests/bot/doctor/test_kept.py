"""The doctor's look for sound that should be gone."""

import asyncio
import sqlite3

import pytest

from bot.build import DATABASE
from bot.config import parse
from bot.doctor import kept
from bot.doctor.check import Verdict
from moderation.store import tracks
from moderation.store.database import Store
from tests.bot.afterwards.test_deletion import on_record


@pytest.fixture
def config(tmp_path):
    return parse({"store": {"folder": str(tmp_path)}})


def recorded(folder, trouble):
    """Put a file on record that is to go, and what the system said of that."""

    async def main():
        async with Store(folder / DATABASE) as store:
            track_id = await store.write(lambda db: on_record(db, folder / "7.opus"))

            def write(db):
                tracks.intend(db, track_id, 1.0, "retention", sha256="a", size_bytes=1)
                tracks.refused(db, track_id, trouble)

            await store.write(write)

    asyncio.run(main())


def test_where_nothing_was_recorded_there_is_nothing_to_say(config):
    """The doctor is asked before the first start, too."""
    assert kept.look(config).verdict is Verdict.OK


def test_what_is_just_being_deleted_is_no_trouble(config, tmp_path):
    """A bot may be at it in this moment."""
    recorded(tmp_path, "")

    assert kept.look(config).verdict is Verdict.OK


def test_what_cannot_be_deleted_is_named_with_what_to_do(config, tmp_path):
    """Path, reason and the way out."""
    recorded(tmp_path, "Permission denied")

    check = kept.look(config)

    assert check.verdict is Verdict.WARNING
    assert f"{tmp_path / '7.opus'}: Permission denied" in check.seen
    assert "write to their folder" in check.remedy


def test_a_record_that_the_bot_refuses_is_a_failure(config, tmp_path):
    """The file is named, and the way out; the bot would not start."""
    (tmp_path / DATABASE).write_bytes(b"no database at all" * 100)

    check = kept.look(config)

    assert (check.name, check.verdict) == ("record", Verdict.FAILURE)
    assert str(tmp_path / DATABASE) in check.seen
    assert "store.folder" in check.remedy


def test_a_record_of_another_version_is_brought_up_to_date_by_the_bot(config, tmp_path):
    """It is no reason not to start."""
    sqlite3.connect(tmp_path / DATABASE).close()

    assert kept.look(config).verdict is Verdict.WARNING
