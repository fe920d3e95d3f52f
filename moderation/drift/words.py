"""From a line of speech to the stems that carry its subject.

Case and accents are folded, so that recognised and typed text meet; stop words are
dropped; the rest is stemmed by Snowball in the language of the line. A language
without a stemmer here keeps its words whole.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import snowballstemmer

from moderation.drift.stopwords import COMMON, LANGUAGES, STOP

_WORD = re.compile(r"[^\W_]+")
_STEMMERS = {
    language: snowballstemmer.stemmer(name)
    for language, name in zip(LANGUAGES, ("english", "spanish"), strict=True)
}


def fold(text: str) -> str:
    """Return ``text`` in one case and without accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """Return the folded words of ``text``, in order."""
    return _WORD.findall(fold(text.replace("'", " ").replace("’", " ")))


def stems(text: str, language: str) -> list[str]:
    """Return the stems of the words in ``text`` that are not stop words, in order."""
    stop = STOP.get(language, frozenset())
    return [
        stem(word, language)
        for word in words(text)
        if len(word) > 1 and word not in stop
    ]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the stem of one folded word."""
    stemmer = _STEMMERS.get(language)
    return word if stemmer is None else str(stemmer.stemWord(word))


@lru_cache(maxsize=2)
def common_stems(language: str) -> frozenset[str]:
    """Return the stems that are usual whatever the subject."""
    return frozenset(stem(word, language) for word in COMMON.get(language, ()))


@lru_cache(maxsize=50_000)
def alike(one: str, other: str) -> float:
    """Return how much two stems share of their letter pairs and ends, 0 to 1 (Dice).

    Finds one word in two derivations (*transcrib*, *transcript*), in two languages
    (*navig*, *naveg*), or slightly misheard.
    """
    if one == other:
        return 1.0
    if one[:2] != other[:2]:  # words that only end alike are other words
        return 0.0
    first, second = _grams(one), _grams(other)
    return 2 * len(first & second) / (len(first) + len(second))


@lru_cache(maxsize=50_000)
def _grams(word: str) -> frozenset[str]:
    padded = f"^{word}"
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def passages(text: str, size: int) -> Sequence[str]:
    """Cut a long text into pieces of at most ``size`` words each."""
    pieces = text.split()
    count = max(1, -(-len(pieces) // size))
    each = -(-len(pieces) // count) or 1
    return [
        " ".join(pieces[start : start + each]) for start in range(0, len(pieces), each)
    ]
