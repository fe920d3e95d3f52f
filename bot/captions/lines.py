"""Utterances as lines of plain text. Pure.

Rule 1: every line begins with its speaker's name, so that it makes sense by itself when
a screen reader speaks it; no signs, no colours, no markup.
Rule 2: names and words are members' own: they ping nobody and format nothing.
Rule 3: a line that is not certain yet ends in an ellipsis.
"""

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.texts.escape import harmless, plain
from media.utterance import Grade, Utterance

SHOWN = 8
"""Lines of the live post."""

LIMIT = 1800
"""Characters of one message; Discord takes 2000."""

NAME, WORDS = 40, 600
"""Characters of a name and of one line's words; a longer line is cut in the live post,
and goes on under the same name in the history."""

STALE_S = 20.0
"""Seconds after which an uncertain line that nothing replaced is dropped."""


def line(said: Utterance, names: Mapping[int, str]) -> str:
    """Return one utterance under its speaker's name."""
    name = harmless(names.get(said.user_id, "?"), NAME)
    words = harmless(said.text, WORDS)
    unsure = "…" if said.grade is Grade.PARTIAL and not words.endswith("…") else ""
    return f"{name}: {words}{unsure}"


def whole(said: Utterance, names: Mapping[int, str]) -> list[str]:
    """Return one certain utterance with all its words, in as many lines as it takes."""
    return [line(replace(said, text=part), names) for part in parts(said.text)]


def parts(text: str) -> list[str]:
    """Return a line's words in pieces that one line of the history takes each."""
    return textwrap.wrap(plain(text, len(text)), WORDS)


def newest(
    said: Iterable[Utterance], names: Mapping[int, str], now: float
) -> list[str]:
    """Return the lines of the live post, oldest first; ``now`` in Space seconds."""
    kept = [
        one
        for one in said
        if one.grade is not Grade.PARTIAL or now - one.end <= STALE_S
    ]
    ordered = sorted(kept, key=lambda one: (one.start, one.end))
    lines = [line(one, names) for one in ordered[-SHOWN:]]
    while len(lines) > 1 and sum(map(len, lines)) + len(lines) > LIMIT:
        del lines[0]
    return lines


@dataclass(frozen=True, slots=True)
class Page:
    """A message of the history."""

    text: str
    lines: tuple[Utterance, ...]
    """What each line of it is of."""

    ended: int
    """How many utterances have all their words in this page and those before."""


def pages(said: Iterable[Utterance], names: Mapping[int, str]) -> Iterator[Page]:
    """Yield messages that hold every word."""
    page, of, ended = "", list[Utterance](), 0
    for one in said:
        for each in whole(one, names):
            if page and len(page) + 1 + len(each) > LIMIT:
                yield Page(page, tuple(of), ended)
                page, of = "", []
            page = f"{page}\n{each}" if page else each
            of.append(one)
        ended += 1
    if page:
        yield Page(page, tuple(of), ended)
