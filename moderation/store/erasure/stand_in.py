"""The stand-in that takes a member's place in rows that others need.

A number below zero, drawn anew for each Space and written nowhere else: counts stay
right, and nobody can be found by it, here or across Spaces.
"""

from collections.abc import Mapping

from sqlite_utils import Database

from moderation.traces import replaced

Whose = Mapping[str, float]
"""Parameters of statements: ``user``, ``stand_in``, and what else these ask for."""


def put(db: Database, table: str, column: str, where: str, whose: Whose) -> None:
    """Put the stand-in where a column is the member's id."""
    db.execute(
        f"UPDATE {table} SET {column} = :stand_in"  # noqa: S608 - our own constants
        f" WHERE ({where}) AND {column} = :user",
        dict(whose),
    )


def put_into_json(
    db: Database, table: str, column: str, where: str, whose: Whose
) -> None:
    """Put the stand-in wherever JSON names the member."""
    user_id, stand_in = int(whose["user"]), int(whose["stand_in"])
    found = db.execute(
        f"SELECT rowid, {column} FROM {table}"  # noqa: S608 - our own constants
        f" WHERE ({where}) AND instr({column}, :user) > 0",
        dict(whose),
    ).fetchall()
    for rowid, body in found:
        db.execute(
            f"UPDATE {table} SET {column} = ? WHERE rowid = ?",  # noqa: S608 - our own constants
            [replaced(body, user_id, stand_in), rowid],
        )


def put_into_keys(db: Database, table: str, where: str, whose: Whose) -> None:
    """Put the stand-in into keys that end with whom something is for."""
    db.execute(
        f"UPDATE {table} SET key = replace(key, '/' || :user, '/' || :stand_in)"  # noqa: S608 - our own constants
        f" WHERE ({where}) AND key LIKE '%/' || :user",
        dict(whose),
    )


def put_into_audit(db: Database, where: str, whose: Whose) -> None:
    """Put the stand-in into deeds that the member did, or that were done to them."""
    put(db, "audit", "actor_id", where, whose)
    db.execute(
        "UPDATE audit SET subject = 'member ' || :stand_in"  # noqa: S608 - our own constants
        f" WHERE ({where}) AND subject = 'member ' || :user",
        dict(whose),
    )
    put_into_json(db, "audit", "body", where, whose)
