"""An agenda as people type it: one item a line, with minutes where they say so.

Taken as they are: ``10 min Title``, ``10' Title``, ``Title (10 min)``, ``Title - 10
min``, ``Title``, with a bullet or a number before it. Empty lines are nothing. All
mistakes are found at once, each with the number of its line; with one of them nothing
is taken.
"""

import re
from dataclasses import dataclass
from typing import Final

MOST_ITEMS: Final = 25
LONGEST_TITLE: Final = 120
LONGEST_MIN: Final = 240

_BULLET = re.compile(r"^(?:[-*•–—]\s+|\d{1,2}[.)]\s+)")
_UNIT = r"(?:min(?:ute|uto)?s?\b\.?|m\b|['′’])"
_BEFORE = re.compile(rf"^(\d+)\s*{_UNIT}\s*[-–—:,.]?\s*(.*)$", re.IGNORECASE)
_AFTER = re.compile(
    rf"^(.*?)\s*(?:[(\[]\s*(\d+)\s*{_UNIT}\s*[)\]]|[-–—:,]\s*(\d+)\s*{_UNIT})$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """One item as somebody wrote it."""

    title: str
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one line."""

    line: int
    """1 for the first."""

    key: str
    """Key of the text that says so, under ``agenda.import``."""

    limit: int = 0
    """The number that the text names."""


def read(text: str) -> tuple[list[Written], list[Mistake]]:
    """Return the items of ``text``, and what is wrong with it."""
    items: list[Written] = []
    mistakes: list[Mistake] = []
    for number, line in enumerate(text.splitlines(), start=1):
        clean = " ".join(line.split())
        if not clean:
            continue
        item = _item(_BULLET.sub("", clean))
        mistake = _wrong(item, number, len(items))
        if mistake is not None:
            mistakes.append(mistake)
        items.append(item)
    if not items:
        mistakes.append(Mistake(1, "nothing"))
    return items, mistakes


def written(item: Written) -> str:
    """Return an item of ``read`` as a line that it takes for the same again."""
    if item.minutes is None:
        ways = [item.title, f"- {item.title}"]
    else:
        minutes, after = f"{item.minutes:g} min", f"{item.title} ({item.minutes:g} min)"
        ways = [f"{minutes} {item.title}", after, f"- {after}"]
    # A title may itself begin like minutes or a number.
    return next((way for way in ways if read(way)[0] == [item]), ways[0])


def _item(line: str) -> Written:
    before = _BEFORE.match(line)
    if before:
        return Written(before[2], float(before[1]))
    after = _AFTER.match(line)
    if after:
        return Written(after[1], float(after[2] or after[3]))
    return Written(line, None)


def _wrong(item: Written, line: int, before: int) -> Mistake | None:
    if before >= MOST_ITEMS:
        return Mistake(line, "too_many", MOST_ITEMS)
    if not item.title:
        return Mistake(line, "no_title")
    if len(item.title) > LONGEST_TITLE:
        return Mistake(line, "long_title", LONGEST_TITLE)
    if item.minutes is not None and not 1 <= item.minutes <= LONGEST_MIN:
        return Mistake(line, "minutes", LONGEST_MIN)
    return None
