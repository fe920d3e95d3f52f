"""What every event is: a fact in the past tense that a Space is told.

Rule 1: an event is a frozen dataclass of numbers, text, enums, other such dataclasses
and tuples of them, so that it becomes one row of the journal and comes back equal.
Rule 2: names of classes and fields are in journals on people's disks. They are never
renamed; a new field has a default, so that old rows still load.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that a Space is told."""


@dataclass(frozen=True, slots=True)
class ByStaff(Event):
    """A fact that somebody with a right brought about."""

    by: int
    """Who did it: a user id. Their right is checked before anything changes."""
