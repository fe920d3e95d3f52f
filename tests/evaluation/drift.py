"""Drift on real meetings: how well windows on topic are told from windows off it.

Every scorer reads each meeting from its first word to its last, as it would live, once
per title of any meeting (``drift_scores`` says what counts as what). What is usual in a
guild it has learned from the other meetings, from which the baselines take their word
rarity as well; the rows ``first_day`` know nothing yet. The rows ``held_out`` are by
constants that were chosen without the meeting (``drift_heldout``), and the rows
``en_spaces`` are of talk that no constant was chosen on (``drift_spaces``). Delays and
nudges come from splices, on the first day (``drift_splices``).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from moderation.drift.background import Background
from moderation.drift.embedding import EmbeddingModel, EmbeddingScorer
from moderation.drift.fusion import fused
from moderation.drift.lexical import LexicalScorer
from moderation.drift.scorer import Scorer
from moderation.drift.settings import DriftSettings
from moderation.drift.words import stems
from tests.evaluation import drift_heldout, drift_splices
from tests.evaluation.drift_meetings import (
    DATA,
    WINDOW,
    Meeting,
    meetings,
    windows,
)
from tests.evaluation.drift_readers import (
    Cached,
    Settled,
    bm25,
    minilm,
    product,
    rarity,
    tf_idf,
)
from tests.evaluation.drift_scores import Scores, measured, pooled, read, together
from tests.evaluation.drift_spaces import FOLDER, spaces
from tests.figures import SHARED, Figure, NotMeasured

MODEL = SHARED / "models/minilm-en"

SETTINGS = DriftSettings()

MEMORIES = (250.0, SETTINGS.memory_words, 1000.0)
"""Half-lives that the held-out rows choose from."""

TARGETS = {
    "lexical.en.auc_other": 0.84,
    "lexical.en.auc_same": 0.68,
    "embedding.en.auc_other": 0.93,
    "embedding.en.auc_same": 0.69,
    "embedding.en.recall_at_2": 0.60,
    "lexical.es.recall_at_2": 0.80,
    "embedding.es.recall_at_2": 0.80,
}

TO_BEAT = ("tf-idf", "bm25")
"""Whom Spanish is to be above in the same run."""

ABOVE = tuple(
    f"{scorer}.es.{area}"
    for scorer in ("lexical", "embedding")
    for area in ("auc_other", "auc_same")
)

Make = Callable[[], Scorer]
Rivals = Mapping[str, Scores]


def figures() -> Iterator[Figure | NotMeasured]:
    """Measure every scorer that there is data and a model for."""
    model = Cached(EmbeddingModel(MODEL)) if MODEL.is_dir() else None
    if model is None:
        yield NotMeasured("drift.embedding", f"no model in {MODEL}")
    live: list[drift_splices.Spliced] = []
    for language, folder in DATA.items():
        if folder.is_dir():
            yield from _of_language(language, model, live)
        else:
            yield NotMeasured(f"drift in {language}", f"no meetings in {folder}")
    if FOLDER.is_dir() and DATA["en"].is_dir():
        yield from _of_spaces(model)
    else:
        yield NotMeasured("drift in en_spaces", f"no episodes in {FOLDER}")
    if live:
        false = sum(one.alarms for one in live) / sum(one.hours for one in live)
        count = sum(len(one.delays) for one in live)
        yield Figure("nudges.false_per_hour", false, "1/h", "lower", n=count)


def _of_language(
    language: str, model: EmbeddingModel | None, live: list[drift_splices.Spliced]
) -> Iterator[Figure]:
    """Measure one language; what the default scorer did live is added to ``live``."""
    found = meetings(language)
    pasts = [_past([m for m in found if m is not one], language) for one in found]
    rivals = _rivals(found, language, model)
    name, new = f"lexical.{language}", Background(language)
    by_memory = {
        f"{memory:.0f}": _read(found, [_lexical(past, memory) for past in pasts])
        for memory in MEMORIES
    }
    words = by_memory[f"{SETTINGS.memory_words:.0f}"]
    yield from _figures(name, pooled(words), rivals)
    first = pooled(_read(found, [_lexical(new)] * len(found)))
    yield from _figures(f"{name}.first_day", first, rivals)
    held, votes = drift_heldout.chosen(by_memory)
    yield from _figures(f"{name}.held_out", held, {"shipped": pooled(words)})
    mean = sum(float(memory) * n for memory, n in votes.items()) / votes.total()
    yield Figure(
        f"drift.{name}.held_out.memory_words",
        mean,
        "words",
        "higher",
        baselines={f"chosen {memory}": n for memory, n in votes.items()},
        n=votes.total(),
    )
    spliced = drift_splices.splices(found, language, _lexical(new))
    live.append(spliced)
    yield from drift_splices.rows(name, spliced)
    if model is not None:
        yield from _with_model(found, language, model, pasts, words, rivals)


def _with_model(
    found: Sequence[Meeting],
    language: str,
    model: EmbeddingModel,
    pasts: Sequence[Background],
    words: Sequence[Scores],
    rivals: Rivals,
) -> Iterator[Figure]:
    """Measure words and meaning together; ``words`` is what the words alone said."""
    name = f"embedding.{language}"
    spoken = language in SETTINGS.model_languages
    # First, and in this process: it remembers what is embedded for the next reading.
    meaning = (
        _read(found, [_meaning(model)] * len(found), forked=False) if spoken else []
    )
    makes = [_fused(past, model) for past in pasts]
    said = pooled(_read(found, makes))
    yield from _figures(name, said, rivals)
    if spoken:
        held, shares = drift_heldout.fused(words, meaning)
        yield from _figures(f"{name}.held_out", held, {"shipped": said})
        yield Figure(
            f"drift.{name}.held_out.model_weight",
            sum(shares) / len(shares),
            "share",
            "higher",
            baselines={"least": min(shares), "most": max(shares)},
            n=len(shares),
        )
    new = _fused(Background(language), model)
    yield from drift_splices.rows(name, drift_splices.splices(found, language, new))


def _of_spaces(model: EmbeddingModel | None) -> Iterator[Figure]:
    """Measure live Spaces against their own titles and those of the meetings."""
    found, more = spaces(), meetings("en")
    pasts = [_past([m for m in found if m is not one], "en") for one in found]
    rivals = _rivals(found, "en", model, more)
    words = pooled(_read(found, [_lexical(past) for past in pasts], more))
    yield from _figures("lexical.en_spaces", words, rivals)
    lexical = drift_splices.splices(found, "en", _lexical(Background("en")))
    yield from drift_splices.rows("lexical.en_spaces", lexical)
    if model is not None:
        makes = [_fused(past, model) for past in pasts]
        both = pooled(_read(found, makes, more, forked=False))
        yield from _figures("embedding.en_spaces", both, rivals)
        make = _fused(Background("en"), model)
        live = drift_splices.splices(found, "en", make)
        yield from drift_splices.rows("embedding.en_spaces", live)


def _past(others: Sequence[Meeting], language: str) -> Background:
    """Return what a guild has learned in which the other meetings took place."""
    background = Background(language)
    for meeting in others:
        for text in windows(meeting.words):
            background.learn(stems(text, language), WINDOW)
    return background


def _lexical(past: Background, memory: float = SETTINGS.memory_words) -> Make:
    terms, known = past.terms(), dict[str, float]()

    def make() -> Scorer:
        if past.passages:
            return LexicalScorer(Settled(past, terms, known), memory)
        return LexicalScorer(Background(past.language), memory)

    return make


def _meaning(model: EmbeddingModel) -> Make:
    return lambda: EmbeddingScorer(model, SETTINGS.memory_words)


def _fused(past: Background, model: EmbeddingModel) -> Make:
    spoken = past.language in SETTINGS.model_languages
    return lambda: fused(_lexical(past)(), _meaning(model)() if spoken else None)


def _read(
    found: Sequence[Meeting],
    makes: Sequence[Make],
    more: Sequence[Meeting] = (),
    *,
    forked: bool = True,
) -> list[Scores]:
    """Read every meeting by the product's scorer for it."""
    language = found[0].language
    readers = [product(language, make) for make in makes]
    return read(found, readers, more, forked=forked)


def _rivals(
    found: Sequence[Meeting],
    language: str,
    model: EmbeddingModel | None,
    more: Sequence[Meeting] = (),
) -> dict[str, Scores]:
    rarities = [
        rarity([m for m in found if m is not meeting], language) for meeting in found
    ]
    readers = {
        "tf-idf": [tf_idf(language, idf) for idf in rarities],
        "bm25": [bm25(language, idf) for idf in rarities],
    }
    if model is not None:
        readers["minilm"] = [minilm(model)] * len(found)
    rivals = {who: pooled(read(found, by, more)) for who, by in readers.items()}
    if model is not None:
        rivals["minilm+bm25"] = together(rivals["minilm"], rivals["bm25"], 0.5)
    return rivals


def _figures(name: str, said: Scores, rivals: Rivals) -> Iterator[Figure]:
    others = {who: measured(rival) for who, rival in rivals.items()}
    for measure, value in measured(said).items():
        target = TARGETS.get(f"{name}.{measure}")
        if f"{name}.{measure}" in ABOVE:
            target = max(others[who][measure] for who in TO_BEAT)
        yield Figure(
            f"drift.{name}.{measure}",
            value,
            "share",
            "higher",
            target,
            {who: rival[measure] for who, rival in others.items()},
            len(said.on),
        )
