"""What holds for all tests: processes, order, and a fresh database in memory.

No test fails because a machine is busy.
"""

import gc
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlite_utils import Database

from moderation.store import migrations
from moderation.store.file import connect

# How long an example takes says how busy the machine is.
settings.register_profile("tertulia", deadline=None)
settings.load_profile("tertulia")

MOST_PROCESSES = 4
"""With more, the longest file is what all wait for."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Say how many processes run the tests; 0: this one alone does, for one file.

    Half of the time the tests wait for sockets and processes: so one more than cores.
    """
    asked = config.option.file_or_dir
    if len(asked) == 1 and Path(asked[0].partition("::")[0]).is_file():
        return 0
    linux = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if linux else os.cpu_count() or 1
    return min(cores + 1, MOST_PROCESSES)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long: the others fill up what is left."""
    items.sort(key=lambda one: one.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from walking over every test, again and again."""
    gc.freeze()


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
