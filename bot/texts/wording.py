"""From a key and its parameters, as the rules give them, to a sentence.

The name of a parameter says how it is shown:

    <x>_id    a member: a mention that reads as the name (and pings nobody unless
              the sender allows it); below zero somebody who was erased
    <x>_ids   several, with spaces between them
    <x>_channel  a channel, as a link to it
    share     a part of 1, as a percentage
    <x>_s     seconds: ``6 min``, ``1 h 20 min``, ``45 s``
    <x>_at    Unix seconds: Discord's own "in 5 minutes", in each reader's language
    day, when Unix seconds: date and time of day, in each reader's zone and language
    at        Unix seconds: the time of day, likewise
    role      a role: a mention that reads as the name
    <x>_key   a text of its own, worded first
    <x>_keys  several, with spaces between them
    reason    in the words of who gave it; nothing where there is none
    side      a side of a debate: ours are translated, others stand as they are
    n         the number that chooses between ``one`` and ``other``
    others    numbers and text; text is a member's and is made harmless, unless it is
              our own ``Markup``
"""

from collections.abc import Mapping
from typing import Final

from bot.texts.catalogue import Catalogue
from bot.texts.escape import harmless, plain
from bot.texts.language import Language
from bot.texts.markup import Markup

Param = str | int | float | None
Params = Mapping[str, Param]


MOMENTS: Final = {"day": "F", "when": "F", "at": "t"}
"""Styles of Discord's times by the names of parameters."""


class Wording:
    """Says things in a language."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def say(self, language: Language, key: str, params: Params | None = None) -> str:
        """Word ``key`` with ``params``, each shown as its name asks."""
        shown = {
            name: self._show(language, name, value)
            for name, value in (params or {}).items()
        }
        return self.catalogue.text(language, key, **shown).rstrip()

    def say_to(
        self, reader_id: int, language: Language, key: str, params: Params
    ) -> str:
        """Word ``key`` for one reader: what is about themself says "you".

        Such a text stands at ``<key>_you``, for where ``user_id`` is the reader.
        """
        own = f"{key}_you"
        if params.get("user_id") == reader_id and self.catalogue.has(own):
            key = own
        return self.say(language, key, params)

    def side(self, language: Language, side: str) -> str:
        """Word a side of a debate."""
        ours = self.catalogue.find(language, f"side.named.{side}")
        return ours or harmless(side, 50)

    def bare(self, language: Language, key: str, params: Params) -> str:
        """Word ``key`` where members are given by name and nothing is marked up."""
        return self.catalogue.text(
            language,
            key,
            **{
                name: plain(str(value), 32)
                if name.endswith("_id")
                else self._show(language, name, value)
                for name, value in params.items()
            },
        )

    def duration(self, language: Language, seconds: float) -> str:
        """Word a length of time, at most two units of it."""
        whole = max(0, round(seconds))
        hours, rest = divmod(whole, 3600)
        minutes, left = divmod(rest, 60)
        if hours:
            return self.catalogue.text(
                language, "duration.hours", hours=hours, minutes=minutes
            )
        if minutes >= 10 or (minutes and not left):
            return self.catalogue.text(language, "duration.minutes", minutes=minutes)
        if minutes:
            return self.catalogue.text(
                language, "duration.both", minutes=minutes, seconds=left
            )
        return self.catalogue.text(language, "duration.seconds", seconds=left)

    def _member(self, language: Language, value: str | int | float) -> str:
        if isinstance(value, int) and value < 0:  # a stand-in: nobody to mention
            return self.catalogue.text(language, "erased")
        return f"<@{value}>"

    def _show(self, language: Language, name: str, value: Param) -> str | int:
        if value is None:
            return self.catalogue.text(language, "nobody")
        if isinstance(value, Markup):
            return value
        if name.endswith("_id"):
            return self._member(language, value)
        if name.endswith("_ids"):
            return ", ".join(f"<@{int(one)}>" for one in str(value).split())
        if name.endswith("_s") and isinstance(value, int | float):
            return self.duration(language, value)
        if name.endswith("_at") and isinstance(value, int | float):
            return f"<t:{round(value)}:R>"
        if name in MOMENTS and isinstance(value, int | float):
            return f"<t:{round(value)}:{MOMENTS[name]}>"
        if name.endswith("_channel"):
            return f"<#{value}>"
        if name == "role" and isinstance(value, int):
            return f"<@&{value}>"
        if name == "share" and isinstance(value, int | float):
            return f"{round(100 * value)} %"
        if name == "reason":
            words = harmless(str(value), 300)
            quoted = self.catalogue.text(language, "said.reason", words=words)
            return quoted if words else ""
        if name == "side":
            return self.side(language, str(value))
        if name.endswith("_key"):
            return self.catalogue.text(language, str(value))
        if name.endswith("_keys"):
            keys = str(value).split()
            return ", ".join(self.catalogue.text(language, key) for key in keys)
        if isinstance(value, float):
            return round(value)
        return value if isinstance(value, int) else harmless(value, 300)
