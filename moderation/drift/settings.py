"""What a host or an organiser may want different about drift."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DriftSettings:
    """How drift is judged. The defaults suit Spaces of half an hour and more."""

    enabled: bool = True
    """Judge whether the talk is on topic."""

    memory_words: float = 500.0
    """Words after which what was said counts half."""

    min_words: int = 200
    """Words heard since the topic was set before anything is called drift."""

    patience_s: float = 60.0
    """Seconds off topic, talk and pauses, before it is called drift; asides are
    shorter."""

    threshold: float = 0.3
    """Score below which talk is off topic, 0 to 1, until the guild has its own."""

    margin: float = 0.05
    """How far above the threshold the score must come to be on topic again."""

    answer_step: float = 0.04
    """How far one *I disagree* lowers the guild's threshold; agreement raises it by
    a quarter of that."""

    model: str = ""
    """Directory or hub name of a sentence-transformers ONNX model; empty for none."""

    model_languages: tuple[str, ...] = ("en",)
    """Languages that the model was made for; in others the words alone are compared."""
