"""A fresh database in memory for all; no test fails because a machine is busy."""

from collections.abc import Iterator

import pytest
from hypothesis import settings
from sqlite_utils import Database

from moderation.store.file import connect

# How long an example takes says how busy the machine is.
settings.register_profile("tertulia", deadline=None)
settings.load_profile("tertulia")


@pytest.fixture
def db() -> Iterator[Database]:
    db = connect(None)
    yield db
    db.close()
