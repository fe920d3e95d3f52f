"""What is withheld because nobody said it."""

from dataclasses import replace

import pytest

from media.utterance import Word
from media.whisper.plausibility import (
    Kind,
    Segment,
    goes_round,
    invented,
    is_too_fast,
    without_loops,
)


def segment(text, *, seconds=4.0, probability=0.9, **changes):
    parts = text.split()
    step = seconds / max(len(parts), 1)
    words = tuple(
        Word(part, n * step, (n + 1) * step, probability)
        for n, part in enumerate(parts)
    )
    return replace(Segment(text, 0.0, seconds, words, -0.3, 0.05, 1.2), **changes)


INVENTED = [
    (segment(""), Kind.NO_SPEECH),
    (segment("Budget", no_speech=0.92), Kind.NO_SPEECH),
    (segment("Nine budget", no_speech=0.7, log_probability=-1.2), Kind.NO_SPEECH),
    (segment("Nine budget me me gusta", log_probability=-2.4), Kind.IMPROBABLE),
    (segment("a b c d e f", compression=3.0), Kind.REPEATED),
    (segment("Thanks for watching!"), Kind.STOCK_PHRASE),
    (segment("Thank you.", probability=0.4), Kind.STOCK_PHRASE),
    (segment("back.", probability=0.17), Kind.IMPROBABLE),
    (segment("the server is my dog is the server", probability=0.1), Kind.IMPROBABLE),
]


@pytest.mark.parametrize(("given", "kind"), INVENTED)
def test_invented_segments_are_withheld_by_kind(given, kind):
    """Each kind of invention is recognised and counted apart."""
    assert invented(given, "en") is kind


@pytest.mark.parametrize(
    "given",
    [
        segment("Thank you."),
        segment("We need to review the budget."),
        segment("No no no."),
        segment("Okay", no_speech=0.7),
        segment("What a noisy line this is", log_probability=-1.2),
    ],
)
def test_what_was_said_is_kept(given):
    """One weak sign alone does not silence a person."""
    assert invented(given, "en") is None


def test_a_loop_is_cut_to_one_round():
    """A model that goes round and round says its phrase once."""
    looped = without_loops(segment("so the budget " * 6 + "is late", compression=4.0))

    assert [w.text for w in looped.words] == ["so", "the", "budget", "is", "late"]
    assert invented(looped, "en") is None


def test_a_list_packs_well_and_goes_nowhere_round():
    """Sentences of one pattern are not a loop; the same sentence four times is."""
    names = ["Anna", "Ben", "Carla", "David"]
    pattern = [segment(f"{name} will finish the report.") for name in names]

    assert not goes_round(pattern)
    assert goes_round(pattern[:1] * 4)


def test_people_may_repeat_a_word():
    """Five times no is emphasis, not a loop."""
    given = segment("no no no no no")

    assert without_loops(given) is given


@pytest.mark.parametrize(
    ("words", "voiced_s", "fast"),
    [(12, 4.0, False), (12, 1.0, True), (3, 0.2, False), (100, 10.0, True)],
)
def test_nobody_speaks_ten_words_a_second(words, voiced_s, fast):
    """More words than the voice has time for were not said."""
    assert is_too_fast(words, voiced_s) is fast
