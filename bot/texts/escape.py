"""Members' own words and names, made harmless before anybody sees them again.

What comes out never pings, never formats, never turns the direction of the text
around it, never stacks marks over the lines above, and has a bounded length.
"""

import re
import unicodedata

MAX_MARKS = 2
"""Combining marks kept on one letter; no language we know of needs more."""

_MARKDOWN = re.compile(r"([\\*_~`|>#\[\]()<\-])")
_MENTION = re.compile("@")
_SPACE = re.compile(r"\s+")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories that show nothing: controls, bidi overrides, zero widths."""

_JOINER = "‍"
"""Kept: it joins the parts of one emoji, and between letters it does nothing."""


def plain(text: str, limit: int = 200) -> str:
    """Return one clean line of at most ``limit`` characters, without escaping."""
    kept: list[str] = []
    marks = 0
    for char in _SPACE.sub(" ", text).strip():
        category = unicodedata.category(char)
        if category in _HIDDEN and char != _JOINER:
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= MAX_MARKS:
            kept.append(char)
    line = "".join(kept)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def harmless(text: str, limit: int = 200) -> str:
    """Return ``plain`` text that Discord shows as it stands: no markup, no ping."""
    escaped = _MARKDOWN.sub(r"\\\1", plain(text, limit))
    # A zero-width space after the at sign is what keeps @everyone from being one.
    return _MENTION.sub("@​", escaped)
