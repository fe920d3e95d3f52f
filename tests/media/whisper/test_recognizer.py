"""What a window said, where the model loses its place in it."""

from pathlib import Path

import numpy as np
import pytest

from media.utterance import Word
from media.whisper import recognizer
from media.whisper.model import Decoded, Task
from media.whisper.plausibility import Segment
from media.whisper.recognizer import Recognizer
from media.whisper.settings import SpeechSettings
from media.whisper.windows import Piece, Window, place

RATE = 16_000
PIECES = ((0.1, 2.0), (2.4, 2.0), (4.7, 2.0))
"""Three short utterances in one window; the sound of each is its number."""

ONE, TWO, THREE = "raise your hand", "good morning everyone", "david has the floor"


def segment(text, start, end):
    parts = text.split()
    step = (end - start) / len(parts)
    words = tuple(
        Word(part, start + n * step, start + (n + 1) * step, 0.9)
        for n, part in enumerate(parts)
    )
    return Segment(text, start, end, words, -0.2, 0.0, 1.0)


class Model:
    """Writes what it is told to: for the whole window, and for each piece alone."""

    together, alone = (), {}

    def __init__(self, _path, _settings):
        """Load nothing."""

    def decode(self, task, _changes=None):
        if len(task.pieces) > 1:
            return Decoded(tuple(segment(*each) for each in self.together), "en", False)
        number = round(float(task.sound[len(task.sound) // 2]) * 10)
        text = self.alone[number]
        found = (segment(text, 0.2, 1.8),) if text else ()
        return Decoded(found, "en", False)


class Gate:
    """Hears a voice everywhere."""

    voiced_s = 60.0

    def __init__(self, _sound):
        """Listen to nothing."""

    def has_voice(self, _start, _end):
        return True

    def is_silent(self, _start, _end):
        return False


@pytest.fixture
def said(monkeypatch):
    """Return a function: what the model writes → the words of each piece."""
    monkeypatch.setattr(recognizer, "SpeechGate", Gate)

    def recognised(together, alone):
        class Scripted(Model):
            pass

        Scripted.together, Scripted.alone = together, alone
        monkeypatch.setattr(recognizer, "SpeechModel", Scripted)
        sound = np.zeros(7 * RATE, np.float32)
        for number, (at, seconds) in enumerate(PIECES, 1):
            sound[int(at * RATE) : int((at + seconds) * RATE)] = number / 10
        task = Task(sound, PIECES, "en", "", 5)
        (found,) = Recognizer(Path(), SpeechSettings()).recognise([task])
        pieces = tuple(Piece(n, *piece, 0.0) for n, piece in enumerate(PIECES))
        placed = place(Window(pieces, b""), found.sentences)
        return [" ".join(word.text for word in words) for words in placed.values()]

    return recognised


ALONE = {1: ONE, 2: TWO, 3: THREE}


def test_a_window_that_is_heard_well_is_left_alone(said):
    """Nothing is decoded twice: alone, these pieces would say something else."""
    together = [(ONE, 0.2, 2.0), (TWO, 2.5, 4.3), (THREE, 4.8, 6.5)]

    assert said(together, {}) == [ONE, TWO, THREE]


def test_a_sentence_that_was_skipped_is_decoded_alone(said):
    """Its piece has a voice and no words."""
    together = [(ONE, 0.2, 2.0), (THREE, 4.8, 6.5)]

    assert said(together, ALONE) == [ONE, TWO, THREE]


def test_a_sentence_written_twice_stands_once(said):
    """Its echo in the pause before it went to the one who spoke before."""
    together = [(ONE, 0.2, 1.9), (TWO, 2.12, 2.2), (TWO, 2.5, 4.3), (THREE, 4.8, 6.5)]

    assert said(together, ALONE) == [ONE, TWO, THREE]


def test_a_sentence_written_under_the_next_piece_comes_home(said):
    """And what was really said there comes back."""
    together = [(ONE, 0.2, 2.0), (TWO, 4.8, 6.0)]

    assert said(together, ALONE) == [ONE, TWO, THREE]


def test_people_may_say_the_same_twice(said):
    """Alone, each piece says so again."""
    together = [(ONE, 0.2, 2.0), (TWO, 2.5, 4.3), (TWO, 4.8, 6.5)]

    assert said(together, {1: ONE, 2: TWO, 3: TWO}) == [ONE, TWO, TWO]


def test_what_alone_says_nothing_keeps_its_words(said):
    """A doubt is no reason to lose a line; short answers are no doubt at all."""
    together = [(ONE, 0.2, 2.0), (TWO, 2.5, 4.3), (TWO, 4.8, 6.5)]

    assert said(together, {1: "", 2: "", 3: ""}) == [ONE, TWO, TWO]
    assert said([("yes yes", 0.2, 1), ("yes yes", 2.5, 3), (TWO, 4.8, 6)], {}) == [
        "yes yes",
        "yes yes",
        TWO,
    ]
