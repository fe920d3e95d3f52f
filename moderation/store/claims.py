"""Keys that are claimed once and for ever: what ``sends`` and ``errands`` share."""

from collections.abc import Iterable
from dataclasses import astuple, fields
from typing import Any, ClassVar, Protocol

from sqlite_utils import Database


class Claimed(Protocol):
    """A row, a dataclass whose fields are the columns of its table."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def key(self) -> str:
        """What it is; the same thing has the same key."""


def claim(db: Database, table: str, rows: Iterable[Claimed]) -> list[str]:
    """Add these rows and return the keys that nobody had claimed before."""
    claimed = []
    for row in rows:
        names = [field.name for field in fields(row)]
        marks = ", ".join("?" for _ in names)
        cursor = db.execute(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 - our own constants
            " ON CONFLICT (key) DO NOTHING",
            list(astuple(row)),
        )
        if cursor.rowcount:
            claimed.append(row.key)
    return claimed
