"""Drift on real meetings: how well windows on topic are told from windows off it.

Every scorer reads each meeting from its first word to its last, as it would live, once
per topic; a window is fifty words. It is on topic where it and the one before lie in
the topic's span. Off topic are the same windows against titles of *other* meetings,
and windows of the *same* meeting that lie in another of its topics. Delays and nudges
come from splices: one topic's words, then another meeting's. The scorers' constants
were chosen by looking at these meetings, so the figures are optimistic for other talk;
the baselines take their word rarity from the other meetings, which the product on its
first day does not have.
"""

import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

import numpy as np

from moderation.drift.background import Background
from moderation.drift.embedding import EmbeddingModel, EmbeddingScorer
from moderation.drift.fusion import fused
from moderation.drift.lexical import LexicalScorer
from moderation.drift.monitor import DriftMonitor, DriftState
from moderation.drift.scorer import Passage, Scorer
from moderation.drift.settings import DriftSettings
from moderation.drift.topic import Topic
from moderation.drift.words import stems
from tests.figures import Figure

SHARED = Path(__file__).parents[2].parent / "shared"
DATA = {
    "en": SHARED / "data/C_topics/qmsum/val",
    "es": SHARED / "data/C_topics/congreso_es",
}
MODEL = SHARED / "models/minilm-en"

WINDOW = 50
"""Words per window."""

MEMORY = 10
"""Windows that the baselines remember: 500 words."""

WORDS_PER_SECOND = 2.5
FOREIGN_TITLES = 4
"""Titles of other meetings against which each meeting is read."""

TARGETS = {
    "lexical.en.auc_other": 0.84,
    "lexical.en.auc_same": 0.68,
    "embedding.en.auc_other": 0.93,
    "embedding.en.auc_same": 0.69,
    "embedding.en.recall_at_2": 0.60,
    "lexical.es.recall_at_2": 0.80,
}

Reader = Callable[[Sequence[str], str], list[float]]
"""The words of a meeting and a title in, a score per window out."""


@dataclass(frozen=True)
class Meeting:
    """One transcript with its topics."""

    words: list[str]
    titles: list[str]
    spans: list[set[int]]
    """For each window, the topics that at least 80 % of its words lie in."""

    def of_topic(self, topic: int) -> list[str]:
        """Return the words of the windows in a topic."""
        inside = [w for w, topics in enumerate(self.spans) if topic in topics]
        return [x for w in inside for x in self.words[w * WINDOW : (w + 1) * WINDOW]]


@dataclass
class Spliced:
    """What the monitor did on splices."""

    delays: list[float]
    """Seconds until drift was noticed; inf: never."""

    alarms: int
    """Changes to ``drifting`` while on topic."""

    hours: float
    """Hours of talk on topic."""


@dataclass
class Scores:
    """What one scorer said."""

    on: list[float]
    other: list[float]
    same: list[float]


def meetings(language: str) -> list[Meeting]:
    """Read the meetings of one language."""
    return [_meeting(path) for path in sorted(DATA[language].glob("*.json"))]


def _meeting(path: Path) -> Meeting:
    document = json.loads(path.read_text("utf-8"))
    words: list[str] = []
    labels: list[set[int]] = []
    for turn, said in enumerate(document["meeting_transcripts"]):
        inside = {
            number
            for number, topic in enumerate(document["topic_list"])
            if any(int(a) <= turn <= int(b) for a, b in topic["relevant_text_span"])
        }
        for word in re.sub(r"\{[^}]*\}", "", said["content"]).split():
            if re.search(r"\w", word):
                words.append(word)
                labels.append(inside)
    spans = []
    for start in range(0, len(words) - WINDOW + 1, WINDOW):
        count = Counter(n for inside in labels[start : start + WINDOW] for n in inside)
        spans.append({n for n, found in count.items() if found >= 0.8 * WINDOW})
    return Meeting(words, [topic["topic"] for topic in document["topic_list"]], spans)


def windows(words: Sequence[str]) -> Iterator[str]:
    """Cut words into whole windows."""
    for start in range(0, len(words) - WINDOW + 1, WINDOW):
        yield " ".join(words[start : start + WINDOW])


def reader(language: str, make: Callable[[], Scorer]) -> Reader:
    """Return a reader by one of the product's own scorers."""

    def read(words: Sequence[str], title: str) -> list[float]:
        scorer = make()
        scorer.aim(Topic(title, language))
        scores = []
        for text in windows(words):
            scorer.hear(Passage(text, language, WINDOW, 0.0, 0.0))
            score = scorer.score()
            scores.append(0.5 if score is None else score)
        return scores

    return read


def rarity(others: Iterable[Meeting], language: str) -> Callable[[str], float]:
    """Return the inverse document frequency over windows of other meetings."""
    found: Counter[str] = Counter()
    total = 0
    for meeting in others:
        for text in windows(meeting.words):
            found.update(set(stems(text, language)))
            total += 1
    return lambda stem: math.log(1 + (total - found[stem] + 0.5) / (found[stem] + 0.5))


def tf_idf(language: str, idf: Callable[[str], float]) -> Reader:
    """Return the cosine of TF-IDF over the last 500 words."""

    def read(words: Sequence[str], title: str) -> list[float]:
        target = {stem: idf(stem) for stem in stems(title, language)}
        norm = math.sqrt(sum(x * x for x in target.values())) or 1.0
        scores = []
        for counts in remembered(words, language):
            weighed = {s: (1 + math.log(n)) * idf(s) for s, n in counts.items()}
            own = math.sqrt(sum(x * x for x in weighed.values())) or 1.0
            dot = sum(target[s] * x for s, x in weighed.items() if s in target)
            scores.append(dot / own / norm)
        return scores

    return read


def bm25(language: str, idf: Callable[[str], float], k: float = 1.2) -> Reader:
    """Return BM25 over the last 500 words, as a share of the best there could be."""

    def read(words: Sequence[str], title: str) -> list[float]:
        query = set(stems(title, language))
        best = sum(idf(stem) for stem in query) * (k + 1) or 1.0
        return [
            sum(idf(s) * c[s] * (k + 1) / (c[s] + k) for s in query if s in c) / best
            for c in remembered(words, language)
        ]

    return read


def minilm(model: EmbeddingModel) -> Reader:
    """Return the mean cosine of the embeddings of the last 500 words."""
    known: dict[str, np.ndarray] = {}

    def embed(text: str) -> np.ndarray:
        if text not in known:
            known[text] = model.embed(text)
        return known[text]

    def read(words: Sequence[str], title: str) -> list[float]:
        single = [float(embed(title) @ embed(text)) for text in windows(words)]
        return [
            float(np.mean(single[max(0, n - MEMORY + 1) : n + 1]))
            for n in range(len(single))
        ]

    return read


def remembered(words: Sequence[str], language: str) -> Iterator[Counter[str]]:
    """Yield the stem counts of the last 500 words, window by window."""
    counted = [Counter(stems(text, language)) for text in windows(words)]
    for n in range(len(counted)):
        yield sum(counted[max(0, n - MEMORY + 1) : n + 1], Counter())


def scores(found: Sequence[Meeting], readers: Sequence[Reader]) -> Scores:
    """Read every meeting with its own titles and some of the others'."""
    chance = random.Random(1)
    said = Scores([], [], [])
    for number, meeting in enumerate(found):
        read = readers[number]
        for topic, title in enumerate(meeting.titles):
            for n, score in enumerate(read(meeting.words, title)):
                here = meeting.spans[n], meeting.spans[n - 1]
                if n and topic in here[0] & here[1]:
                    said.on.append(score)
                elif n and here[0] and topic not in here[0] | here[1]:
                    said.same.append(score)
        foreign = [t for m in found if m is not meeting for t in m.titles]
        for title in chance.sample(foreign, FOREIGN_TITLES):
            said.other += read(meeting.words, title)[1:]
    return said


def together(one: Scores, other: Scores, weight: float) -> Scores:
    """Add another scorer's scores at ``weight``, both as standard scores.

    Both must have read the same meetings with the same titles.
    """

    def standard(said: Scores) -> tuple[np.ndarray, ...]:
        every = np.concatenate([said.on, said.other, said.same])
        mean, spread = every.mean(), every.std() or 1.0
        return tuple((np.asarray(x) - mean) / spread for x in astuple(said))

    added = [
        a + weight * b for a, b in zip(standard(one), standard(other), strict=True)
    ]
    return Scores(*(scores.tolist() for scores in added))


def area(on: Sequence[float], off: Sequence[float]) -> float:
    """Return the area under the ROC curve, ties counted half."""
    _, ranks, counts = np.unique([*on, *off], return_inverse=True, return_counts=True)
    middle = (np.cumsum(counts) - (counts - 1) / 2)[ranks]
    wins = middle[: len(on)].sum() - len(on) * (len(on) + 1) / 2
    return float(wins / (len(on) * len(off)))


def recall(on: Sequence[float], off: Sequence[float], alarms: float) -> float:
    """Return the share of off-topic windows found at a share of false alarms."""
    return float((np.asarray(off) < np.quantile(on, alarms)).mean())


def splices(
    found: Sequence[Meeting], language: str, make: Callable[[], Scorer]
) -> Spliced:
    """Read splices; in the first part every change to ``drifting`` is a false one."""
    chance = random.Random(2)
    delays, alarms, hours = [], 0, 0.0
    for number, meeting in enumerate(found):
        for topic, title in enumerate(meeting.titles):
            on = meeting.of_topic(topic)[-1500:]
            if len(on) < 300:
                continue
            another = chance.choice([m for n, m in enumerate(found) if n != number])
            begin = chance.randrange(max(1, len(another.words) - 1500))
            off = another.words[begin : begin + 1500]
            monitor = DriftMonitor(DriftSettings(), make(), Topic(title, language))
            states = _states(monitor, on + off, language)
            at = len(on) / WORDS_PER_SECOND
            before = [state for end, state in states if end <= at]
            alarms += sum(
                now is DriftState.DRIFTING and then is DriftState.ON_TOPIC
                for then, now in pairwise(before)
            )
            hours += at / 3600
            late = [end for end, s in states if end > at and s is DriftState.DRIFTING]
            delays.append(late[0] - at if late else math.inf)
    return Spliced(delays, alarms, hours)


def _states(
    monitor: DriftMonitor, words: Sequence[str], language: str
) -> list[tuple[float, DriftState]]:
    states = []
    for n, text in enumerate(windows(words)):
        start = n * WINDOW / WORDS_PER_SECOND
        end = start + WINDOW / WORDS_PER_SECOND
        for reading in monitor.hear(text, start, end, language=language):
            states.append((reading.end, reading.state))
    return states


def figures() -> Iterator[Figure]:
    """Measure every scorer that there is data and a model for."""
    model = EmbeddingModel(MODEL) if MODEL.is_dir() else None
    live: list[Spliced] = []
    for language, folder in DATA.items():
        if folder.is_dir():
            yield from _of_language(language, model, live)
    if live:
        false = sum(one.alarms for one in live) / sum(one.hours for one in live)
        count = sum(len(one.delays) for one in live)
        yield Figure("nudges.false_per_hour", false, "1/h", "lower", n=count)


def _of_language(
    language: str, model: EmbeddingModel | None, live: list[Spliced]
) -> Iterator[Figure]:
    """Measure one language; what the default scorer did live is added to ``live``."""
    found = meetings(language)
    memory = DriftSettings().memory_words

    def lexical() -> Scorer:
        return LexicalScorer(Background(language), memory)

    rarities = [
        rarity([m for m in found if m is not meeting], language) for meeting in found
    ]
    rivals = {
        "tf-idf": scores(found, [tf_idf(language, idf) for idf in rarities]),
        "bm25": scores(found, [bm25(language, idf) for idf in rarities]),
    }
    made = {"lexical": lexical}
    if model is not None:
        cached = _Cached(model)
        rivals["minilm"] = scores(found, [minilm(cached)] * len(found))
        rivals["minilm+bm25"] = together(rivals["minilm"], rivals["bm25"], 0.5)
        made["embedding"] = lambda: fused(
            lexical(), EmbeddingScorer(cached, memory), language
        )
    for name, make in made.items():
        said = scores(found, [reader(language, make)] * len(found))
        yield from _figures(f"{name}.{language}", said, rivals)
        spliced = splices(found, language, make)
        if name == "lexical":
            live.append(spliced)
        yield from _live(f"{name}.{language}", spliced)


class _Cached(EmbeddingModel):
    """The same text is embedded once: meetings are read again for every title."""

    def __init__(self, model: EmbeddingModel) -> None:
        self._model = model
        self._known: dict[str, np.ndarray] = {}

    def embed(self, text: str) -> np.ndarray:
        if text not in self._known:
            self._known[text] = self._model.embed(text)
        return self._known[text]


def _figures(name: str, said: Scores, rivals: dict[str, Scores]) -> Iterator[Figure]:
    measures: dict[str, Callable[[Scores], float]] = {
        "auc_other": lambda s: area(s.on, s.other),
        "auc_same": lambda s: area(s.on, s.same),
        "recall_at_2": lambda s: recall(s.on, s.other, 0.02),
        "recall_at_5": lambda s: recall(s.on, s.other, 0.05),
    }
    for measure, of in measures.items():
        yield Figure(
            f"drift.{name}.{measure}",
            of(said),
            "share",
            "higher",
            TARGETS.get(f"{name}.{measure}"),
            {who: of(rival) for who, rival in rivals.items()},
            len(said.on),
        )


def _live(name: str, found: Spliced) -> Iterator[Figure]:
    ends = [min(delay, 600.0) for delay in found.delays]
    share = sum(map(math.isfinite, found.delays)) / len(ends)
    false = found.alarms / found.hours
    yield Figure(f"drift.{name}.delay_s", median(ends), "s", "lower", n=len(ends))
    yield Figure(f"drift.{name}.noticed", share, "share", "higher", n=len(ends))
    yield Figure(f"drift.{name}.false_per_hour", false, "1/h", "lower", n=len(ends))
