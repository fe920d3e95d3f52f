"""Drift on real meetings: how well windows on topic are told from windows off it.

Every scorer reads each meeting from its first word to its last, as it would live, once
per title of any meeting (``drift_scores`` says what counts as what); delays and nudges
come from splices (``drift_splices``).
"""

from collections.abc import Iterator

from moderation.drift.background import Background
from moderation.drift.embedding import EmbeddingModel, EmbeddingScorer
from moderation.drift.fusion import fused
from moderation.drift.lexical import LexicalScorer
from moderation.drift.scorer import Scorer
from moderation.drift.settings import DriftSettings
from tests.evaluation import drift_splices
from tests.evaluation.drift_meetings import DATA, SHARED, meetings
from tests.evaluation.drift_readers import (
    Cached,
    bm25,
    minilm,
    product,
    rarity,
    tf_idf,
)
from tests.evaluation.drift_scores import Scores, measured, pooled, read, together
from tests.figures import Figure

MODEL = SHARED / "models/minilm-en"

TARGETS = {
    "lexical.en.auc_other": 0.84,
    "lexical.en.auc_same": 0.68,
    "embedding.en.auc_other": 0.93,
    "embedding.en.auc_same": 0.69,
    "embedding.en.recall_at_2": 0.60,
    "lexical.es.recall_at_2": 0.80,
}


def figures() -> Iterator[Figure]:
    """Measure every scorer that there is data and a model for."""
    model = Cached(EmbeddingModel(MODEL)) if MODEL.is_dir() else None
    live: list[drift_splices.Spliced] = []
    for language, folder in DATA.items():
        if folder.is_dir():
            yield from _of_language(language, model, live)
    if live:
        false = sum(one.alarms for one in live) / sum(one.hours for one in live)
        count = sum(len(one.delays) for one in live)
        yield Figure("nudges.false_per_hour", false, "1/h", "lower", n=count)


def _of_language(
    language: str, model: EmbeddingModel | None, live: list[drift_splices.Spliced]
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
        "tf-idf": pooled(read(found, [tf_idf(language, idf) for idf in rarities])),
        "bm25": pooled(read(found, [bm25(language, idf) for idf in rarities])),
    }
    made = {"lexical": lexical}
    if model is not None:
        rivals["minilm"] = pooled(read(found, [minilm(model)] * len(found)))
        rivals["minilm+bm25"] = together(rivals["minilm"], rivals["bm25"], 0.5)
        made["embedding"] = lambda: fused(
            lexical(), EmbeddingScorer(model, memory), language
        )
    for name, make in made.items():
        said = pooled(read(found, [product(language, make)] * len(found)))
        yield from _figures(f"{name}.{language}", said, rivals)
        spliced = drift_splices.splices(found, language, make)
        if name == "lexical":
            live.append(spliced)
        yield from drift_splices.rows(f"{name}.{language}", spliced)


def _figures(name: str, said: Scores, rivals: dict[str, Scores]) -> Iterator[Figure]:
    others = {who: measured(rival) for who, rival in rivals.items()}
    for measure, value in measured(said).items():
        yield Figure(
            f"drift.{name}.{measure}",
            value,
            "share",
            "higher",
            TARGETS.get(f"{name}.{measure}"),
            {who: rival[measure] for who, rival in others.items()},
            len(said.on),
        )
