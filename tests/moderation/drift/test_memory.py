"""The fading memory of stems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.drift.memory import FADED, FadingMemory


def test_half_is_left_after_the_half_life():
    """What was said counts half once that many words were spoken."""
    memory = FadingMemory(half_life=100, cap=5)
    memory.hear(["tea"], words=1)

    memory.hear(["cake"], words=100)

    assert memory.weights["tea"] == pytest.approx(0.5)
    assert memory.weights["cake"] == 1.0


def test_word_said_fifty_times_fades_like_any_other():
    """The cap keeps an old subject from ringing on."""
    memory = FadingMemory(half_life=100, cap=2)

    memory.hear(["tea"] * 50, words=100)

    assert memory.weights == {"tea": 2.0}


def test_usual_weight_is_what_a_steady_rate_leaves():
    """A stem in one passage of four, for long, is remembered about that much."""
    memory = FadingMemory(half_life=100, cap=5)

    for n in range(400):
        memory.hear(["tea"] if n % 4 == 0 else [], words=50)
    just_heard = memory.weights["tea"] * 0.5**-1.5

    assert memory.usual(0.25) == pytest.approx(0.85, abs=0.01)
    assert memory.weights["tea"] < memory.usual(0.25) < just_heard
    assert memory.usual(1.0) == pytest.approx(3.41, abs=0.01)
    assert FadingMemory(half_life=500, cap=2).usual(0.5) == 2.0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 80)), max_size=60))
def test_weights_stay_between_faded_and_the_cap(heard):
    """Whatever is said, the memory stays small."""
    memory = FadingMemory(half_life=50, cap=1.5)

    for stem, words in heard:
        memory.hear([stem], words)
        assert memory.weights[stem] <= 1.5
        assert all(weight >= FADED for weight in memory.weights.values())
