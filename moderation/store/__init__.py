"""The SQLite record: one writer, numbered migrations, plain functions per table."""
