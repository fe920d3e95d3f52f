"""Migrations: the whole schema, and steps that run once."""

import sqlite3
from pathlib import Path

from sqlite_utils import Database

from moderation.store.migrations import MIGRATIONS, migrate, schema

EXPECTED = Path(__file__).with_name("expected_schema.sql")


def test_new_database_has_exactly_the_expected_schema(db):
    """Every table, index and trigger is written down; a change of one shows here."""
    assert schema(db.conn) == EXPECTED.read_text("utf-8").splitlines()


def test_steps_make_of_an_empty_file_what_other_tests_begin_with(db, tmp_path):
    """There the steps have run once and were copied; here they run, in a file."""
    made = Database(sqlite3.connect(tmp_path / "new.db"))

    migrate(made)

    assert schema(made.conn) == schema(db.conn)
    assert MIGRATIONS.pending(db) == MIGRATIONS.pending(made) == []
    made.close()


def test_migrating_twice_changes_nothing(db):
    """A step that has run does not run again."""
    before = schema(db.conn)

    migrate(db)

    assert schema(db.conn) == before
    assert MIGRATIONS.pending(db) == []


def test_steps_are_numbered_without_holes():
    """The order of the steps is in their names."""
    names = [step.name for step in MIGRATIONS._migrations]

    assert [int(name[1:4]) for name in names] == list(range(1, len(names) + 1))
