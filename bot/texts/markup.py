"""Discord's own markup as a parameter of a text: made here, never from members' words.

Every reader sees a moment in their own time zone and language (Discord, "Message
Formatting", timestamps).
"""

from collections.abc import Iterable


class Markup(str):
    """A piece of markup that is shown as it stands, where text is made harmless."""

    __slots__ = ()


def short(at: float) -> Markup:
    """Return a moment with its date; Unix seconds."""
    return Markup(f"<t:{round(at)}:f>")


def listed(pieces: Iterable[Markup]) -> Markup:
    """Return several with commas between them."""
    return Markup(", ".join(pieces))
