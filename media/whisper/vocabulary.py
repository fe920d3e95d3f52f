"""Hot-words: the names and terms that a Space is likely to say.

Rule 1: they come from the topic, the agenda and the names of who is there, in that
order, each word once; what the Space is about comes before who is in it.
Rule 2: they are untrusted text: only letters, digits and single hyphens pass.
Rule 3: the list is short. A long prompt costs time on every window and makes a
model repeat the prompt.
"""

import re
from collections.abc import Iterable

MAX_WORDS = 40
MAX_LENGTH = 24
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def hotwords(topic: str, agenda: Iterable[str], names: Iterable[str]) -> str:
    """Return the words to listen for, at most ``MAX_WORDS``, separated by spaces."""
    seen: dict[str, str] = {}
    for text in (topic, *agenda, *names):
        for word in _WORD.findall(text):
            if len(word) <= MAX_LENGTH:
                seen.setdefault(word.casefold(), word)
    return " ".join(list(seen.values())[:MAX_WORDS])
