"""A fresh database in memory, with one Space in it."""

from collections.abc import Iterator

import pytest
from sqlite_utils import Database

from moderation.store import spaces
from moderation.store.database import connect


@pytest.fixture
def db() -> Iterator[Database]:
    db = connect(None)
    yield db
    db.close()


@pytest.fixture
def space_id(db: Database) -> int:
    return spaces.create(
        db,
        spaces.NewSpace(
            guild_id=1, channel_id=2, host_id=3, kind="stage", topic="Tea", opened_at=10
        ),
    )
