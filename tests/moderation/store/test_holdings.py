"""Every table and column of the record is decided, or this fails by its name."""

import pytest

from moderation.store.holdings import HOLDINGS

ID_LIKE = ("user_id", "host_id", "moderator_id", "actor_id", "by", "by_id", "target")
"""Names that columns with a member's id have had so far; see also ``…_by``."""


def tables(db):
    """Return the columns of every table that we made."""
    names = [
        name
        for (name,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'utterances_fts_%'"
            " AND name NOT LIKE '\\_%' ESCAPE '\\'"
        )
    ]
    return {
        name: {row[1] for row in db.execute(f"PRAGMA table_info({name})")}
        for name in names
    }


def test_every_table_is_decided(db):
    """A new table has to say what of it is whose."""
    assert set(HOLDINGS) == set(tables(db))


@pytest.mark.parametrize("name", sorted(HOLDINGS))
def test_every_column_is_decided_once(db, name):
    """A new column is somebody's id, somebody's words, or neither."""
    holding = HOLDINGS[name]
    columns = [*holding.people, *holding.words, *holding.plain]

    assert sorted(columns) == sorted(tables(db)[name])
    assert holding.copied


@pytest.mark.parametrize("name", sorted(HOLDINGS))
def test_what_is_called_like_a_member_is_one(name):
    """No column with a member's id passes for plain."""
    people = [
        column
        for column in HOLDINGS[name].plain
        if column in ID_LIKE or column.endswith("_by")
    ]

    assert people == []


@pytest.mark.parametrize("name", sorted(HOLDINGS))
def test_what_holds_something_of_a_member_says_what_an_erasure_does(name):
    """A table of people or words without an answer is one that was forgotten."""
    holding = HOLDINGS[name]

    assert holding.erased or not (holding.people or holding.words)
