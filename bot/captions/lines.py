"""Utterances as lines of plain text. Pure.

Rule 1: every line begins with its speaker's name, so that it makes sense by itself when
a screen reader speaks it; no signs, no colours, no markup.
Rule 2: names and words are members' own: they ping nobody and format nothing.
Rule 3: a line that is not certain yet ends in an ellipsis.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.texts.escape import harmless
from media.utterance import Grade, Utterance

SHOWN = 8
"""Lines of the live post."""

LIMIT = 1800
"""Characters of one message; Discord takes 2000."""

NAME, WORDS = 40, 600
"""Characters of a name and of one line's words."""

STALE_S = 20.0
"""Seconds after which an uncertain line that nothing replaced is dropped."""


def line(said: Utterance, names: Mapping[int, str]) -> str:
    """Return one utterance under its speaker's name."""
    name = harmless(names.get(said.user_id, "?"), NAME)
    words = harmless(said.text, WORDS)
    unsure = "…" if said.grade is Grade.PARTIAL and not words.endswith("…") else ""
    return f"{name}: {words}{unsure}"


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


def pages(lines: Sequence[str]) -> Iterator[str]:
    """Yield messages that hold the lines, each within the limit."""
    page = ""
    for one in lines:
        if page and len(page) + 1 + len(one) > LIMIT:
            yield page
            page = ""
        page = f"{page}\n{one}" if page else one
    if page:
        yield page
