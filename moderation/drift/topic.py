"""What a Space is meant to be about, as drift sees it."""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Topic:
    """The subject that talk is measured against."""

    text: str
    """What the host wrote."""

    language: str = "en"
    """ISO 639-1 code of ``text``."""

    item: str = ""
    """The current item of the agenda; talk about it is on topic as well."""

    accepted: tuple[str, ...] = ()
    """What was said and the host called on topic, newest last."""

    def accepting(self, *lines: str, keep: int = 8) -> Self:
        """Return this topic with more lines that the host called on topic."""
        return replace(self, accepted=(*self.accepted, *lines)[-keep:])

    @property
    def aims(self) -> tuple[str, ...]:
        """The texts of which one is enough to be on topic."""
        return tuple(text for text in (self.text, self.item) if text.strip())
