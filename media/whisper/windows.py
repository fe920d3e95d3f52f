"""Windows: short utterances of one speaker joined up to what the encoder sees anyway.

Rule 1: a window holds sound of one speaker only, so words cannot change mouths.
Rule 2: every sample of a spurt is in exactly one window; pauses between pieces are
digital silence, long enough for the model to end a sentence.
Rule 3: a spurt longer than a window is cut where it is quietest.
Rule 4: a sentence belongs to the piece that its own times lie in. One that lies in
several, because somebody paused in it, is divided word by word. Times move back.

Whisper encodes 30 s however short the clip is: five joined clips cost as much as one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from media.utterance import Word
from media.whisper.jobs import SAMPLE_BYTES, SAMPLE_RATE_HZ, SpurtAudio

PAUSE_S = 0.3
LEAD_S = 0.1
MOST = 0.8
SEARCH_S = 6.0
QUIET_S = 0.1

Numbered = tuple[int, SpurtAudio]
"""A ticket number and its job."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of one Whisper segment, in seconds of the window."""

    words: tuple[Word, ...]
    start: float
    """As the model itself timed the segment, which is more exact than its words."""
    end: float


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one spurt inside a window."""

    ticket: int
    """Which job it belongs to."""
    at: float
    """Where it begins in the window, seconds."""
    seconds: float
    """How long it is."""
    space_time: float
    """Where it begins in the Space, seconds."""


@dataclass(frozen=True, slots=True)
class Window:
    """What one recognition sees."""

    pieces: tuple[Piece, ...]
    pcm: bytes
    """Little-endian int16, 16 kHz, mono."""


def join(jobs: Sequence[Numbered], window_s: float) -> list[Window]:
    """Lay spurts of one speaker, in time order, into as few windows as they need."""
    windows: list[Window] = []
    pieces: list[Piece] = []
    sound = bytearray()
    for ticket, job in jobs:
        for begin, stop in cuts(job.pcm, window_s - 2 * LEAD_S):
            lead = PAUSE_S if sound else LEAD_S
            if pieces and _seconds(len(sound) + stop - begin) + lead > window_s:
                windows.append(Window(tuple(pieces), bytes(sound)))
                pieces, sound, lead = [], bytearray(), LEAD_S
            sound += bytes(_bytes(lead))
            at = _seconds(len(sound))
            space_time = job.heard_from + _seconds(begin)
            pieces.append(Piece(ticket, at, _seconds(stop - begin), space_time))
            sound += job.pcm[begin:stop]
    if pieces:
        windows.append(Window(tuple(pieces), bytes(sound)))
    return windows


def cuts(pcm: bytes, limit_s: float) -> Iterator[tuple[int, int]]:
    """Yield byte ranges of at most ``limit_s`` seconds, cut at the quietest spots."""
    begin, limit = 0, _bytes(limit_s)
    search = _bytes(min(SEARCH_S, limit_s / 2))
    while len(pcm) - begin > limit:
        stop = begin + limit
        stop -= search - _quietest(pcm[stop - search : stop])
        yield begin, stop
        begin = stop
    yield begin, len(pcm)


def place(window: Window, sentences: Sequence[Sentence]) -> dict[int, list[Word]]:
    """Give window-timed words back to their tickets, in seconds of the Space."""
    placed: dict[int, list[Word]] = {piece.ticket: [] for piece in window.pieces}
    for sentence in sentences:
        whose = home(window, sentence)
        for word in sentence.words:
            piece = whose or _nearest(window, word)
            placed[piece.ticket].append(_moved(word, piece))
    return placed


def home(window: Window, sentence: Sentence) -> Piece | None:
    """Return the piece that holds the sentence, or is nearest; None: several do."""
    inside = {
        piece: min(sentence.end, piece.at + piece.seconds)
        - max(sentence.start, piece.at)
        for piece in window.pieces
    }
    held = {piece: seconds for piece, seconds in inside.items() if seconds > 0}
    if not held:
        return _nearest(window, sentence)
    best = max(held, key=lambda piece: held[piece])
    return best if held[best] >= MOST * sum(held.values()) else None


def _nearest(window: Window, said: Word | Sentence) -> Piece:
    middle = (said.start + said.end) / 2
    return min(
        window.pieces,
        key=lambda p: max(p.at - middle, middle - p.at - p.seconds, 0.0),
    )


def _moved(word: Word, piece: Piece) -> Word:
    start = min(max(word.start - piece.at, 0.0), piece.seconds)
    end = min(max(word.end - piece.at, start), piece.seconds)
    return Word(
        word.text, piece.space_time + start, piece.space_time + end, word.probability
    )


def _quietest(pcm: bytes) -> int:
    """Return the byte offset of the middle of the quietest tenth of a second."""
    samples = np.frombuffer(pcm, "<i2").astype(np.float64)
    block = int(QUIET_S * SAMPLE_RATE_HZ)
    blocks = samples[: len(samples) // block * block].reshape(-1, block)
    quietest = int((blocks**2).mean(axis=1).argmin())
    return (quietest * block + block // 2) * SAMPLE_BYTES


def _seconds(size: int) -> float:
    return size / (SAMPLE_BYTES * SAMPLE_RATE_HZ)


def _bytes(seconds: float) -> int:
    return int(seconds * SAMPLE_RATE_HZ) * SAMPLE_BYTES
