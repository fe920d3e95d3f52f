"""The messages that the bot keeps editing: panel, host panel, captions."""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class PostRow:
    """Where one such message is."""

    channel_id: int
    message_id: int


def keep(
    db: Database, space_id: int, kind: str, channel_id: int, message_id: int
) -> None:
    """Note where the Space's message of this kind is now."""
    db.execute(
        "INSERT INTO posts (space_id, kind, channel_id, message_id)"
        " VALUES (?, ?, ?, ?) ON CONFLICT (space_id, kind) DO UPDATE SET"
        " channel_id = excluded.channel_id, message_id = excluded.message_id",
        [space_id, kind, channel_id, message_id],
    )


def of_space(db: Database, space_id: int) -> dict[str, PostRow]:
    """Return the Space's messages by kind."""
    rows = db.execute(
        "SELECT kind, channel_id, message_id FROM posts WHERE space_id = ?", [space_id]
    )
    return {kind: PostRow(*where) for kind, *where in rows}


def forget(db: Database, space_id: int, kind: str) -> None:
    """Note that the message is gone."""
    db.execute("DELETE FROM posts WHERE space_id = ? AND kind = ?", [space_id, kind])
