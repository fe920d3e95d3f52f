"""One Space in the database."""

import pytest
from sqlite_utils import Database

from moderation.store import spaces


@pytest.fixture
def space_id(db: Database) -> int:
    return spaces.create(
        db,
        spaces.NewSpace(
            guild_id=1, channel_id=2, host_id=3, kind="stage", topic="Tea", opened_at=10
        ),
    )
