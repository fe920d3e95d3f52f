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


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 80)), max_size=60))
def test_weights_stay_between_faded_and_the_cap(heard):
    """Whatever is said, the memory stays small."""
    memory = FadingMemory(half_life=50, cap=1.5)

    for stem, words in heard:
        memory.hear([stem], words)
        assert memory.weights[stem] <= 1.5
        assert all(weight >= FADED for weight in memory.weights.values())
