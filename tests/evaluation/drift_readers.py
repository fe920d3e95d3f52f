"""Who reads the meetings: the product's scorers, and the baselines beside them.

The baselines remember the last 500 words and take their word rarity from the other
meetings, which the product on its first day does not have.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from moderation.drift.background import FIRST_DAY_PASSAGES, Background
from moderation.drift.embedding import EmbeddingModel
from moderation.drift.scorer import Passage, Scorer
from moderation.drift.topic import Topic
from moderation.drift.words import stems
from tests.evaluation.drift_meetings import WINDOW, Meeting, windows

MEMORY = 10
"""Windows that the baselines remember: 500 words."""

Reader = Callable[[Sequence[str], Sequence[str]], np.ndarray]
"""The words of a meeting and titles in, a row per window and a column per title out."""

Rarity = Callable[[str], float]


def product(language: str, make: Callable[[], Scorer]) -> Reader:
    """Return a reader by one of the product's own scorers, afresh for each title."""

    def column(words: Sequence[str], title: str) -> list[float]:
        scorer = make()
        scorer.aim(Topic(title, language))
        scores = []
        for text in windows(words):
            scorer.hear(Passage(text, language, WINDOW, 0.0, 0.0))
            score = scorer.score()
            scores.append(0.5 if score is None else score)
        return scores

    return lambda words, titles: np.array([column(words, t) for t in titles]).T


def rarity(others: Iterable[Meeting], language: str) -> Rarity:
    """Return the inverse document frequency over windows of other meetings."""
    found: Counter[str] = Counter()
    total = 0
    for meeting in others:
        for text in windows(meeting.words):
            found.update(set(stems(text, language)))
            total += 1
    return lambda stem: math.log(1 + (total - found[stem] + 0.5) / (found[stem] + 0.5))


def tf_idf(language: str, idf: Rarity) -> Reader:
    """Return the cosine of TF-IDF over the last 500 words."""

    def read(words: Sequence[str], titles: Sequence[str]) -> np.ndarray:
        targets = [{s: idf(s) for s in stems(title, language)} for title in titles]
        norms = [_norm(target) for target in targets]
        rows = []
        for counts in remembered(words, language):
            weighed = {s: (1 + math.log(n)) * idf(s) for s, n in counts.items()}
            own = _norm(weighed)
            rows.append(
                [
                    sum(x * weighed.get(s, 0.0) for s, x in target.items()) / own / norm
                    for target, norm in zip(targets, norms, strict=True)
                ]
            )
        return np.array(rows)

    return read


def bm25(language: str, idf: Rarity, k: float = 1.2) -> Reader:
    """Return BM25 over the last 500 words, as a share of the best there could be."""

    def read(words: Sequence[str], titles: Sequence[str]) -> np.ndarray:
        queries = [dict.fromkeys(stems(title, language)) for title in titles]
        best = [sum(map(idf, query)) * (k + 1) or 1.0 for query in queries]
        return np.array(
            [
                [
                    sum(idf(s) * c[s] * (k + 1) / (c[s] + k) for s in query if s in c)
                    / most
                    for query, most in zip(queries, best, strict=True)
                ]
                for c in remembered(words, language)
            ]
        )

    return read


def minilm(model: EmbeddingModel) -> Reader:
    """Return the mean cosine of the embeddings of the last 500 words."""

    def read(words: Sequence[str], titles: Sequence[str]) -> np.ndarray:
        aims = np.array([model.embed(title) for title in titles])
        single = np.array([model.embed(text) for text in windows(words)]) @ aims.T
        return np.array(
            [
                single[max(0, n - MEMORY + 1) : n + 1].mean(axis=0)
                for n in range(len(single))
            ]
        )

    return read


def remembered(words: Sequence[str], language: str) -> Iterator[Counter[str]]:
    """Yield the stem counts of the last 500 words, window by window."""
    counted = [Counter(stems(text, language)) for text in windows(words)]
    for n in range(len(counted)):
        yield sum(counted[max(0, n - MEMORY + 1) : n + 1], Counter())


def _norm(weights: dict[str, float]) -> float:
    return math.sqrt(sum(x * x for x in weights.values())) or 1.0


class Settled(Background):
    """A guild's past whose rarities are reckoned once for the titles of a meeting.

    They stand still while it is read, as a past of this length does not learn.
    """

    def __init__(
        self, past: Background, terms: dict[str, int], known: dict[str, float]
    ) -> None:
        super().__init__(past.language, past.passages, terms)
        if past.passages < FIRST_DAY_PASSAGES:
            raise ValueError("a past as short as this is still learning")
        self._known = known

    def rarity(self, stem: str) -> float:
        """Return the inverse document frequency of ``stem``."""
        if stem not in self._known:
            self._known[stem] = super().rarity(stem)
        return self._known[stem]


class Cached(EmbeddingModel):
    """The same text is embedded once: meetings are read again for every title."""

    def __init__(self, model: EmbeddingModel) -> None:
        self._model = model
        self._known: dict[str, np.ndarray] = {}

    def embed(self, text: str) -> np.ndarray:
        """Return the unit vector of ``text``."""
        if text not in self._known:
            self._known[text] = self._model.embed(text)
        return self._known[text]
