"""Joining spurts of one speaker and giving the words back."""

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.utterance import Word
from media.whisper.jobs import SpurtAudio
from media.whisper.windows import PAUSE_S, Sentence, cuts, join, place

WINDOW_S = 28.0
RATE = 16_000


def job(start, seconds, *, user_id=1, level=1000):
    samples = np.full(round(seconds * RATE), level, "<i2")
    return SpurtAudio(9, user_id, start, start + seconds, samples.tobytes(), "en")


def sentence(word):
    """Make a sentence of one word."""
    return Sentence((word,), word.start, word.end)


def test_short_spurts_share_one_window():
    """The encoder sees 30 s anyway, so five short clips cost as much as one."""
    jobs = [(n, job(10.0 * n, 2.0)) for n in range(5)]

    (window,) = join(jobs, WINDOW_S)

    assert [piece.ticket for piece in window.pieces] == [0, 1, 2, 3, 4]
    assert [piece.space_time for piece in window.pieces] == [0, 10, 20, 30, 40]


def test_pieces_are_apart_by_a_pause_of_silence():
    """The model ends its sentence where it hears a pause."""
    (window,) = join([(1, job(0.0, 1.0)), (2, job(5.0, 1.0))], WINDOW_S)
    first, second = window.pieces

    pause = window.pcm[round((first.at + 1.0) * RATE) * 2 : round(second.at * RATE) * 2]

    assert second.at - first.at - 1.0 == pytest.approx(PAUSE_S)
    assert not any(pause)


@pytest.mark.parametrize("limit_s", [0.8, 3.0, 5.9, 6.0, 8.0])
def test_windows_may_be_short(limit_s):
    """Whatever is configured, cutting ends, and no piece is too long or lost."""
    pcm = job(0.0, 20.0).pcm

    pieces = list(islice(cuts(pcm, limit_s), 100))

    assert [stop for _, stop in pieces[:-1]] == [begin for begin, _ in pieces[1:]]
    assert (pieces[0][0], pieces[-1][1]) == (0, len(pcm))
    assert all(0 < stop - begin <= limit_s * RATE * 2 for begin, stop in pieces)


def test_a_long_spurt_is_cut_where_it_is_quietest():
    """A cut inside a word would lose the word."""
    loud, quiet = np.full(24 * RATE, 9000, "<i2"), np.zeros(RATE // 2, "<i2")
    pcm = np.concatenate([loud, quiet, loud]).tobytes()

    stops = [stop / RATE / 2 for _, stop in cuts(pcm, WINDOW_S)]

    assert 24.0 <= stops[0] <= 24.5
    assert stops[-1] == 48.5


@given(
    st.lists(st.floats(0.05, 70.0), min_size=1, max_size=8),
)
def test_every_sample_is_in_exactly_one_window(lengths):
    """Joining and cutting neither lose sound nor repeat it, and keep to the limit."""
    jobs = [(n, job(100.0 * n, length)) for n, length in enumerate(lengths)]

    windows = join(jobs, WINDOW_S)

    for number, one in jobs:
        pieces = [p for w in windows for p in w.pieces if p.ticket == number]
        assert sum(p.seconds for p in pieces) == pytest.approx(one.seconds, abs=0.001)
        starts = [p.space_time for p in pieces]
        assert starts == sorted(starts)
    assert all(len(w.pcm) / 2 / RATE <= WINDOW_S + 0.01 for w in windows)


def test_words_move_back_to_the_time_of_their_spurt():
    """A word's time in the window is a time of the Space again."""
    (window,) = join([(1, job(100.0, 2.0)), (2, job(200.0, 2.0))], WINDOW_S)
    second = window.pieces[1]
    hello = Word("Hello", window.pieces[0].at + 0.5, window.pieces[0].at + 1.0)
    bye = Word("bye", second.at + 0.5, second.at + 0.9)

    placed = place(window, [sentence(hello), sentence(bye)])

    assert placed[1] == [Word("Hello", 100.5, 101.0)]
    assert [(w.text, round(w.start, 3)) for w in placed[2]] == [("bye", 200.5)]


def test_a_sentence_stays_whole_though_its_words_are_timed_badly():
    """Word times are coarse near a pause; the model times its sentences better."""
    (window,) = join([(1, job(0.0, 2.0)), (2, job(50.0, 2.0))], WINDOW_S)
    seam = window.pieces[1].at
    first = (Word("before", 0.5, 1.0), Word("Monday.", seam + 0.1, seam + 0.1))
    second = (Word("The", 1.2, 1.3), Word("server", seam + 0.8, seam + 1.2))

    placed = place(
        window, [Sentence(first, 0.1, 2.0), Sentence(second, seam, seam + 1.5)]
    )

    assert [word.text for word in placed[1]] == ["before", "Monday."]
    assert [word.text for word in placed[2]] == ["The", "server"]


def test_a_sentence_with_a_pause_in_it_is_divided():
    """Who pauses in a sentence has two spurts, each with its own words."""
    (window,) = join([(1, job(0.0, 2.0)), (2, job(3.0, 2.0))], WINDOW_S)
    seam = window.pieces[1].at
    words = (Word("we", 0.5, 0.9), Word("agree", seam + 0.5, seam + 0.9))

    placed = place(window, [Sentence(words, 0.1, seam + 1.9)])

    assert [word.text for word in placed[1]] == ["we"]
    assert [word.text for word in placed[2]] == ["agree"]


@given(st.lists(st.floats(-5, 40), min_size=1, max_size=20))
def test_placed_words_lie_inside_their_spurt(times):
    """Whatever times a model makes up, a word stays inside its own spurt."""
    jobs = [(1, job(100.0, 3.0)), (2, job(200.0, 0.5))]
    (window,) = join(jobs, WINDOW_S)

    words = tuple(Word("x", t, t + 0.3) for t in times)
    placed = place(window, [Sentence(words, min(times), max(times))])

    assert sum(map(len, placed.values())) == len(times)
    assert all(100.0 <= w.start <= w.end <= 103.001 for w in placed[1])
    assert all(200.0 <= w.start <= w.end <= 200.501 for w in placed[2])
