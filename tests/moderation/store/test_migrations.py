"""Migrations: the whole schema, and steps that run once."""

from pathlib import Path

from moderation.store.migrations import MIGRATIONS, migrate, schema

EXPECTED = Path(__file__).with_name("expected_schema.sql")


def test_new_database_has_exactly_the_expected_schema(db):
    """Every table, index and trigger is written down; a change of one shows here."""
    assert schema(db.conn) == EXPECTED.read_text("utf-8").splitlines()


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
