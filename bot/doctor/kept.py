"""Looks at the record for sound that should have been deleted and could not be."""

import contextlib
import sqlite3
from pathlib import Path

from sqlite_utils import Database

from bot.build import DATABASE
from bot.config import Config
from bot.doctor.check import Check, failure, ok, warning
from moderation.store import file, tracks
from moderation.store.tracks import TrackRow

NAME = "deletion"

SHOWN = 3
"""Files that are named."""


def look(config: Config) -> Check:
    """Judge whether everything is gone whose time is over; also beside a running bot.

    A record that an older version wrote is brought up to date by the bot's next start.
    """
    path = Path(config.store.folder) / DATABASE
    if not path.exists():
        return ok(NAME, "nothing was recorded yet")
    try:
        with contextlib.closing(file.reader(path)) as connection:
            left = tracks.half_deleted(Database(connection, recursive_triggers=False))
    except sqlite3.Error as error:
        return unread(path, error)
    return judge([row for row in left if row.trouble])


def unread(path: Path, error: sqlite3.Error) -> Check:
    """Judge a record that cannot be read; one that is no database stops the bot."""
    if file.is_broken(error):
        seen, _, remedy = str(file.explained(error, path)).partition("; ")
        return failure("record", seen, remedy.rstrip("."))
    return warning(NAME, f"{path}: {error}", "start the bot, which says more")


def judge(stuck: list[TrackRow]) -> Check:
    """Judge files that the system refused to delete."""
    if not stuck:
        return ok(NAME, "no file is left that should be gone")
    named = "; ".join(f"{one.path}: {one.trouble}" for one in stuck[:SHOWN])
    more = f"; and {len(stuck) - SHOWN} more" if len(stuck) > SHOWN else ""
    return warning(
        NAME,
        f"should be gone and is there still: {named}{more}",
        "let the bot's user write to their folder, or delete them by hand; the bot"
        " tries again every ten minutes",
    )
