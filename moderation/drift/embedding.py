"""The scorer by meaning: a local sentence-embedding model, run by onnxruntime.

Reads any directory in the layout of sentence-transformers: ``tokenizer.json`` beside
``model.onnx`` (or ``onnx/model.onnx``). A name that is no directory is looked up on the
model hub, where there is a route to it. Each passage is embedded once; the memory
fades as that of the lexical scorer does.
"""

from collections import deque
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from moderation.drift.scorer import Passage, squash
from moderation.drift.topic import Topic
from moderation.errors import ModerationError

MAX_TOKENS: Final = 256
"""Tokens of one text that the model sees."""

MODEL_FILES: Final = ("model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx")
"""Where a model may lie in its directory."""

MIDDLE: Final = 0.15
"""Cosine at which on and off topic are equally likely (MiniLM)."""

SLOPE: Final = 15.0
"""How fast that changes with the cosine."""

CONTEXT: Final = 0.4
"""Words that are embedded together, as a share of the memory's half-life: a model says
more about a minute of talk than about a sentence."""

Vector = NDArray[np.float32]


class EmbeddingError(ModerationError):
    """The model cannot be used; the message names it and the way out."""


class EmbeddingModel:
    """Texts in, unit vectors out."""

    def __init__(self, name: str | Path) -> None:
        """Load the model. Raises EmbeddingError."""
        folder = _folder(str(name))
        file = next((folder / f for f in MODEL_FILES if (folder / f).is_file()), None)
        words = folder / "tokenizer.json"
        if file is None or not words.is_file():
            raise EmbeddingError(
                f"{folder} is no embedding model: it needs tokenizer.json and"
                " model.onnx; set drift.model to another one, or to none."
            )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(words))
        except Exception as error:
            # Both libraries raise bare Exceptions for a file they cannot read.
            reason = str(error).splitlines()[0]
            raise EmbeddingError(
                f"{folder} cannot be loaded ({reason}); set drift.model to another"
                " one, or to none."
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._inputs = {tensor.name for tensor in self._session.get_inputs()}
        try:
            self.embed("tea " * MAX_TOKENS)
        except Exception as error:
            # What it takes and how much of it shows only now, or in the first Space.
            reason = str(error).splitlines()[0]
            raise EmbeddingError(
                f"{folder} embeds no text ({reason}); set drift.model to another one,"
                " or to none."
            ) from error

    def embed(self, text: str) -> Vector:
        """Return the unit vector of ``text``."""
        encoded = self._tokenizer.encode(text)
        mask = np.array([encoded.attention_mask], dtype=np.int64)
        feed: dict[str, Any] = {
            "input_ids": np.array([encoded.ids], dtype=np.int64),
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(mask),
        }
        feed = {name: value for name, value in feed.items() if name in self._inputs}
        out = np.asarray(self._session.run(None, feed)[0], dtype=np.float32)[0]
        if out.ndim == 2:  # token vectors: mean pooling, as sentence-transformers does
            out = out.mean(axis=0)
        vector: Vector = out / max(float(np.linalg.norm(out)), 1e-9)
        return vector


class EmbeddingScorer:
    """Nearness in meaning, recent talk first."""

    def __init__(self, model: EmbeddingModel, memory_words: float) -> None:
        """``memory_words`` is the half-life: words after which talk counts half."""
        self._model = model
        self._half_life = memory_words
        self._aims: list[Vector] = []
        self._context: deque[Passage] = deque()
        self._memory: Vector | None = None
        self._weight = 0.0

    def aim(self, topic: Topic) -> None:
        """Measure against ``topic`` from now on; what was heard is kept."""
        accepted = [self._model.embed(line) for line in topic.accepted]
        self._aims = []
        for text in topic.aims:
            vector = self._model.embed(text)
            if accepted:
                vector = vector + 0.5 * np.mean(accepted, axis=0)
                vector = vector / np.linalg.norm(vector)
            self._aims.append(vector.astype(np.float32))

    def hear(self, passage: Passage) -> None:
        """Take in one more passage, letting the earlier ones fade."""
        kept = 0.5 ** (passage.words / self._half_life)
        self._context.append(passage)
        while self._words_before_last() >= CONTEXT * self._half_life:
            self._context.popleft()
        text = " ".join(part.text for part in self._context)
        vector = self._model.embed(text) * passage.words
        self._memory = vector if self._memory is None else self._memory * kept + vector
        self._weight = self._weight * kept + passage.words

    def _words_before_last(self) -> int:
        """Return how many words the context has without its oldest passage."""
        return sum(part.words for part in list(self._context)[1:])

    def score(self) -> float | None:
        """Return 0 (off topic) to 1 (on topic); None without topic or talk."""
        if not self._aims or self._memory is None:
            return None
        return squash(self.cosine(), MIDDLE, SLOPE)

    def cosine(self) -> float:
        """Return the mean cosine of the remembered passages to the nearest aim."""
        if self._memory is None or not self._weight:
            return 0.0
        mean = self._memory / self._weight
        return max((float(aim @ mean) for aim in self._aims), default=0.0)

    def nearness(self, passage: Passage) -> float:
        """Return how near one passage by itself is to the topic, 0 to 1."""
        vector = self._model.embed(passage.text)
        return max(0.0, max((float(aim @ vector) for aim in self._aims), default=0.0))


def _folder(name: str) -> Path:
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute() or name.startswith("."):
        raise EmbeddingError(f"{folder} is no directory; set drift.model to another.")
    # Imported here: it is large, and only a name from the hub needs it.
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        patterns = ["tokenizer.json", *MODEL_FILES]
        return Path(snapshot_download(name, allow_patterns=patterns))
    except (OSError, ValueError, HfHubHTTPError, LocalEntryNotFoundError) as error:
        raise EmbeddingError(
            f"The embedding model {name} is not here and cannot be fetched;"
            " set drift.model to a directory, or to none."
        ) from error
