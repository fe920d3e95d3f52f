"""A fresh database in memory for all; no test fails because a machine is busy."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import settings
from sqlite_utils import Database

from moderation.store import migrations
from moderation.store.file import connect

# How long an example takes says how busy the machine is.
settings.register_profile("tertulia", deadline=None)
settings.load_profile("tertulia")


@pytest.fixture(scope="session", autouse=True)
def _migrated_once() -> Iterator[None]:
    """Let each new database be a copy of one that the migrations made.

    They take 20 ms, and a thousand tests open one. Whatever holds a table is migrated.
    """
    made = sqlite3.connect(":memory:", check_same_thread=False)
    migrations.migrate(Database(made))

    def migrate(db: Database) -> None:
        if db.execute("SELECT 1 FROM sqlite_master").fetchone():
            migrations.migrate(db)
        else:
            made.backup(db.conn)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("moderation.store.file.migrate", migrate)
        yield
    made.close()


@pytest.fixture
def db() -> Iterator[Database]:
    db = connect(None)
    yield db
    db.close()
