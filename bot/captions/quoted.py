"""Messages of captions without what is gone: which lines, and what stands there. Pure.

A line is known by what was noted of its message when it was written (``Owners``), or,
where nothing was, by its words and its name.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.captions.lines import NAME, WORDS, parts
from bot.texts.escape import harmless
from moderation.drift.words import words
from moderation.store.caption_lines import NOBODY, CaptionLine
from moderation.store.transcripts import REDACTED

SURE_WORDS = 4
"""Words from which a caption is the line's even under another name: members rename
themselves."""

LONGEST = 2000
"""Characters that Discord takes."""

Owners = Sequence[CaptionLine]
"""What is known of the lines of one message, in their order; empty: nothing."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A line that was redacted, or all lines of a member who is erased."""

    space_id: int
    name: str
    """Whose it was; empty where nobody knows."""

    at: float
    """When it was said, Unix seconds."""

    wordings: tuple[str, ...]
    """Everything that it ever read."""

    left: str
    """What it reads now."""

    user_id: int = NOBODY
    uid: str = ""
    """Of the utterance; empty for all of a member's."""


def holders(message: str, gone: Gone) -> list[tuple[int, str]]:
    """Return for each line of a message whose and of which utterance it is.

    By words and name; the others are nobody's.
    """
    said, names = _said(gone), {harmless(gone.name, NAME)}
    return [
        (NOBODY, "") if _name(line, said, names) is None else (gone.user_id, gone.uid)
        for line in message.split("\n")
    ]


def without(message: str, gone: Gone) -> str:
    """Return a message of captions without those of a redacted line, by its words."""
    said, names = _said(gone), {harmless(gone.name, NAME)}
    left = harmless(gone.left, WORDS)
    lines = ((line, _name(line, said, names)) for line in message.split("\n"))
    return "\n".join(
        line if name is None else f"{name}: {left}" for line, name in lines
    )


def corrected(
    message: str, owners: Owners, stands: Mapping[str, tuple[str, str]]
) -> str | None:
    """Return a message whose stale lines are what the record has.

    ``stands``: name and words of utterances as they are now, by uid; of one that is not
    there nothing is left. None where the message is not what was noted.
    """
    lines = message.split("\n")
    if len(lines) != len(owners):
        return None
    pieces: dict[str, Iterator[str]] = {}
    for at, owner in enumerate(owners):
        if owner.is_stale:
            name, left = stands.get(owner.uid, ("", REDACTED))
            rest = pieces.setdefault(owner.uid, iter(_shown(left)))
            name = _prefix(lines[at], name)
            lines[at] = f"{name}: {next(rest, REDACTED)}"
    text = "\n".join(lines)
    if len(text) <= LONGEST:
        return text
    # An edit had made the line longer than its message has room for.
    for at, owner in enumerate(owners):
        if owner.is_stale:
            lines[at] = f"{_prefix(lines[at], '')}: {REDACTED}"
    return "\n".join(lines)


def forgotten(
    messages: Sequence[str], gone: Gone, owners: Sequence[Owners] = ()
) -> list[str]:
    """Return messages of captions without a member's lines, "" for none left.

    ``owners`` of each message. Of what nobody noted, every line goes that stands under
    a name that a line of theirs stands under that is surely theirs.
    """
    said, names = _said(gone), {harmless(gone.name, NAME)}
    pages = [message.split("\n") for message in messages]
    known = [
        _whose(page, one, gone)
        for page, one in zip(pages, owners or [()] * len(pages), strict=True)
    ]
    unsure = [
        (line, whose)
        for page, whole in zip(pages, known, strict=True)
        for line, whose in zip(page, whole, strict=True)
    ]
    sure = (_name(line, said, ()) for line, whose in unsure if whose is None)
    names |= {name for name in sure if name is not None}

    def stays(line: str, whose: bool | None) -> bool:
        return not whose if whose is not None else _name(line, said, names) is None

    return [
        "\n".join(
            line for line, one in zip(page, whose, strict=True) if stays(line, one)
        )
        for page, whose in zip(pages, known, strict=True)
    ]


def _whose(page: Sequence[str], owners: Owners, gone: Gone) -> list[bool | None]:
    """Say of each line whether it is the member's; None: its words have to say."""
    if len(owners) != len(page):
        others = [one for one in owners if one.user_id != gone.user_id]
        # A killed process had taken the lines out, and not lived to note it.
        return [False if len(others) == len(page) else None] * len(page)
    return [
        None if one.user_id == NOBODY else one.user_id == gone.user_id for one in owners
    ]


def _prefix(line: str, name: str) -> str:
    """Return the name that a caption stands under, which is ``name`` as a rule."""
    shown = harmless(name, NAME)
    return shown if line.startswith(f"{shown}: ") else line.split(": ", 1)[0]


def _said(gone: Gone) -> set[str]:
    """Return the words of the lines as captions have them."""
    return {part for one in gone.wordings for part in _shown(one)}


def _name(line: str, said: Collection[str], names: Collection[str]) -> str | None:
    """Return under which name a caption is one of the lines; None where it is not."""
    for between in re.finditer(": ", line):
        name, text = line[: between.start()], line[between.end() :]
        if text in said and (name in names or len(words(text)) >= SURE_WORDS):
            return name
    return None


def _shown(wording: str) -> list[str]:
    return [harmless(part, WORDS) for part in parts(wording)]
