"""Whether a recognised segment was said or invented.

Rule 1: what is judged invented is counted by kind and never shown, kept or logged.
Rule 2: the sound decides before the text: words over silence go first, then segments
that the model itself doubts, then loops, then stock phrases.
Rule 3: pure. Thresholds are Whisper's own where it has them (no-speech 0.6 together
with log-probability -1.0, compression 2.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from media.hallucinations import folded, is_doubtful, is_stock_phrase
from media.utterance import Word, mean_probability

NO_SPEECH = 0.6
NO_SPEECH_ALONE = 0.85
LOG_PROBABILITY = -1.0
IMPROBABLE = -1.5
COMPRESSION = 2.4
DOUBT_WORDS = 0.5
SURE_WORDS = 0.75
MAX_WORDS_PER_S = 9.0
MIN_FAST_WORDS = 5
GUESS = 0.2
SHORT_GUESS = 0.35
FEW_WORDS = 3
LOOP_TIMES = 4
LOOP_TIMES_ONE_WORD = 6
LOOP_LENGTH = 8


class Kind(StrEnum):
    """Why something is withheld."""

    NO_SPEECH = "no_speech"
    IMPROBABLE = "improbable"
    REPEATED = "repeated"
    TOO_FAST = "too_fast"
    STOCK_PHRASE = "stock_phrase"


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of Whisper's output, in seconds of its window."""

    text: str
    start: float
    """As the model timed the segment itself."""
    end: float
    words: tuple[Word, ...]
    log_probability: float
    """Mean over the tokens."""
    no_speech: float
    """Probability that there is no speech at all, 0 to 1."""
    compression: float
    """Length of the text over its zlib-compressed length."""


def invented(segment: Segment, language: str) -> Kind | None:
    """Return why the segment is not to be shown, or None if it was said."""
    if not segment.text.strip():
        return Kind.NO_SPEECH
    if segment.no_speech > NO_SPEECH_ALONE or (
        segment.no_speech > NO_SPEECH and segment.log_probability < LOG_PROBABILITY
    ):
        return Kind.NO_SPEECH
    if segment.log_probability < IMPROBABLE or _is_a_guess(segment):
        return Kind.IMPROBABLE
    if segment.compression > COMPRESSION:
        return Kind.REPEATED
    if is_stock_phrase(segment.text):
        return Kind.STOCK_PHRASE
    if is_doubtful(segment.text, language) and _doubted(segment):
        return Kind.STOCK_PHRASE
    return None


def without_loops(segment: Segment) -> Segment:
    """Keep one round of a phrase that goes round and round.

    People repeat themselves too: single words up to five times stay.
    """
    words = list(segment.words)
    for length in range(1, LOOP_LENGTH + 1):
        words = _unrolled(words, length)
    if len(words) == len(segment.words):
        return segment
    text = " ".join(word.text for word in words)
    # The loop is gone, so its compression says nothing about what is left.
    return replace(segment, text=text, words=tuple(words), compression=1.0)


def goes_round(segments: Sequence[Segment]) -> bool:
    """Say whether a phrase comes again and again, inside a segment or as segments.

    Speech that merely packs well, such as a list, does not.
    """
    texts = [folded(segment.text) for segment in segments]
    rows = [len(list(same)) for _, same in groupby(texts)]
    return max(rows, default=0) >= LOOP_TIMES or any(
        without_loops(segment) is not segment for segment in segments
    )


def _unrolled(words: list[Word], length: int) -> list[Word]:
    times = LOOP_TIMES_ONE_WORD if length == 1 else LOOP_TIMES
    keys = [word.text.casefold().strip(".,;:!?¡¿… ") for word in words]
    kept: list[Word] = []
    at = 0
    while at < len(words):
        rounds = 1
        phrase = keys[at : at + length]
        while keys[at + rounds * length : at + (rounds + 1) * length] == phrase:
            rounds += 1
        if rounds >= times:
            kept += words[at : at + length]
            at += rounds * length
        else:
            kept.append(words[at])
            at += 1
    return kept


def _is_a_guess(segment: Segment) -> bool:
    """Say whether the model bets on words that it does not hear."""
    least = GUESS if len(segment.words) > FEW_WORDS else SHORT_GUESS
    return bool(segment.words) and mean_probability(segment.words) < least


def _doubted(segment: Segment) -> bool:
    sureness = mean_probability(segment.words)
    return (
        segment.log_probability < LOG_PROBABILITY
        or sureness < DOUBT_WORDS
        or (segment.no_speech > NO_SPEECH and sureness < SURE_WORDS)
    )


def is_too_fast(words: int, voiced_s: float) -> bool:
    """Say whether nobody can say so many words in so many seconds of voice."""
    return words > MIN_FAST_WORDS and words > MAX_WORDS_PER_S * voiced_s
