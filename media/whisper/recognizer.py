"""From windows to what was said in them, and nothing else.

Rule 1: stretches without a voice never reach the model (``SpeechGate``); words that
come back over silence are withheld.
Rule 2: a window that loops is decoded once more with repetition forbidden, and that
counts if the model believes it: people do repeat themselves. Loops inside a segment
are cut.
Rule 3: a piece with a voice for which nothing came back is decoded once more, alone:
a model that skips a sentence of a full window does not skip it by itself.
Rule 4: where two neighbouring pieces hold the same sentence, each is decoded alone: a
model that loses its place in a full window writes a sentence of one under the other.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from media.hallucinations import folded
from media.utterance import Word
from media.whisper.jobs import SAMPLE_RATE_HZ
from media.whisper.model import Decoded, SpeechModel, Task
from media.whisper.plausibility import (
    Kind,
    Segment,
    invented,
    is_too_fast,
    without_loops,
)
from media.whisper.settings import SpeechSettings
from media.whisper.speech import SpeechGate, silenced
from media.whisper.windows import Piece, Sentence, Window, home, place

STRICT = {"repetition_penalty": 1.2, "no_repeat_ngram_size": 4}
TAIL_S = 2.0
ECHO = 3
"""Words from which on a sentence is not said twice in a row as a matter of course."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What one window said."""

    sentences: tuple[Sentence, ...]
    """In seconds of the window, in time order."""
    language: str
    withheld: Counter[str]
    """Invented segments by kind."""


class Recognizer:
    """One model with the checks around it. Safe to call from several threads."""

    def __init__(self, path: Path, settings: SpeechSettings) -> None:
        """Load the model; RuntimeError or ValueError if CTranslate2 cannot."""
        self._model = SpeechModel(path, settings)

    def recognise(self, tasks: Sequence[Task]) -> list[Recognised]:
        """Recognise windows that share language, hot-words and beam."""
        gates = [SpeechGate(task.sound) for task in tasks]
        withheld: list[Counter[str]] = [Counter() for _ in tasks]
        voiced = [_gated(*each) for each in zip(tasks, gates, withheld, strict=True)]
        live = [task for task in voiced if task is not None]
        decoded = iter(self._decoded(live))
        return [
            Recognised((), task.language, counts)
            if heard is None
            else self._judged(heard, next(decoded), gate, counts)
            for task, heard, gate, counts in zip(
                tasks, voiced, gates, withheld, strict=True
            )
        ]

    def _decoded(self, tasks: Sequence[Task]) -> list[Decoded]:
        if len(tasks) < 2 or not all(task.language for task in tasks):
            return [self._carefully(task) for task in tasks]
        # Without the sequential loop nothing decodes what a row was cut short of.
        return [
            self._carefully(task) if _cut_short(task, row.segments) else row
            for task, row in zip(tasks, self._model.decode_together(tasks), strict=True)
        ]

    def _carefully(self, task: Task) -> Decoded:
        """Decode one window, once more where the text speaks against itself."""
        decoded = self._model.decode(task)
        if task.hotwords and not decoded.is_likely:
            # A prompt can silence a small model; the sound counts more than the hint.
            bare = self._model.decode(replace(task, hotwords=""))
            decoded = max(decoded, bare, key=Decoded.credit)
        if decoded.loops:
            strict = self._model.decode(task, STRICT)
            decoded = strict if strict.is_likely else decoded
        return decoded

    def _judged(
        self, task: Task, decoded: Decoded, gate: SpeechGate, withheld: Counter[str]
    ) -> Recognised:
        said = _said(decoded.segments, decoded.language, gate, withheld)
        if len(task.pieces) > 1:
            skipped = _skipped(task, said)
            for piece in skipped:
                said += self._alone(task, *piece, gate, withheld)
            for piece, echoes in _echoed(task, said):
                if piece not in skipped:
                    heard = self._alone(task, *piece, gate, withheld)
                    kept = [each for each in said if each not in echoes]
                    said = [*kept, *heard] if heard else said
        if is_too_fast(sum(len(each.words) for each in said), gate.voiced_s):
            withheld[Kind.TOO_FAST] += len(said)
            said = []
        said.sort(key=lambda sentence: sentence.start)
        return Recognised(tuple(said), decoded.language, withheld)

    def _alone(
        self,
        task: Task,
        at: float,
        seconds: float,
        gate: SpeechGate,
        withheld: Counter[str],
    ) -> list[Sentence]:
        first = int(at * SAMPLE_RATE_HZ)
        sound = task.sound[first : first + int(seconds * SAMPLE_RATE_HZ)]
        piece = replace(task, sound=sound, pieces=((0.0, seconds),))
        decoded = self._carefully(piece)
        moved = [_moved(segment, at) for segment in decoded.segments]
        return _said(moved, decoded.language, gate, withheld)


def _gated(task: Task, gate: SpeechGate, withheld: Counter[str]) -> Task | None:
    """Silence the pieces without a voice; None where no piece has one."""
    heard = [(at, s) for at, s in task.pieces if gate.has_voice(at, at + s)]
    mute = [piece for piece in task.pieces if piece not in heard]
    withheld[Kind.NO_SPEECH] += len(mute)
    if not heard:
        return None
    stretches = [(at, at + seconds) for at, seconds in mute]
    sound = silenced(task.sound, stretches) if mute else task.sound
    return replace(task, sound=sound, pieces=tuple(heard))


def _said(
    segments: Iterable[Segment],
    language: str,
    gate: SpeechGate,
    withheld: Counter[str],
) -> list[Sentence]:
    said: list[Sentence] = []
    for segment in map(without_loops, segments):
        kind = invented(segment, language)
        if kind is None and gate.is_silent(segment.start, segment.end):
            kind = Kind.NO_SPEECH
        if kind is None:
            said.append(Sentence(segment.words, segment.start, segment.end))
        else:
            withheld[kind] += 1
    return said


def _skipped(task: Task, said: Sequence[Sentence]) -> list[tuple[float, float]]:
    """List the pieces of a window that no word was placed in."""
    pieces = tuple(Piece(n, *piece, 0.0) for n, piece in enumerate(task.pieces))
    placed = place(Window(pieces, b""), said)
    return [task.pieces[number] for number, words in placed.items() if not words]


def _echoed(
    task: Task, said: Sequence[Sentence]
) -> list[tuple[tuple[float, float], list[Sentence]]]:
    """List the pieces that hold a neighbour's sentence, each with all that it holds."""
    pieces = tuple(Piece(n, *piece, 0.0) for n, piece in enumerate(task.pieces))
    window = Window(pieces, b"")
    held: list[list[Sentence]] = [[] for _ in pieces]
    for sentence in said:
        whose = home(window, sentence)
        if whose is not None:
            held[whose.ticket].append(sentence)
    texts = [{_text(each) for each in one if len(each.words) >= ECHO} for one in held]
    found = {n for n in range(1, len(texts)) if texts[n - 1] & texts[n]}
    found |= {n - 1 for n in found}
    return [(task.pieces[n], held[n]) for n in sorted(found)]


def _text(sentence: Sentence) -> str:
    return folded(" ".join(word.text for word in sentence.words))


def _moved(segment: Segment, by: float) -> Segment:
    words = tuple(
        Word(word.text, word.start + by, word.end + by, word.probability)
        for word in segment.words
    )
    return replace(segment, words=words, start=segment.start + by, end=segment.end + by)


def _cut_short(task: Task, segments: Sequence[Segment]) -> bool:
    """Say whether a batched row ends well before its speech does."""
    at, seconds = task.pieces[-1]
    heard_to = max((segment.end for segment in segments), default=0.0)
    return at + seconds - heard_to > TAIL_S
