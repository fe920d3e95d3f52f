"""What is decided of one table."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One table."""

    people: tuple[str, ...] = ()
    """Columns that hold a member's id."""

    words: tuple[str, ...] = ()
    """Columns with speech, text or names, and JSON or keys that may name somebody."""

    plain: tuple[str, ...]
    """Columns that hold nothing of a person's."""

    copied: str
    """What of it a member's copy has; why nothing, where it has nothing."""

    erased: str = ""
    """What of it goes when a member is erased, and what stays and why."""


NOBODY: Final = "Nothing: it is about nobody."
