"""Utterances: identity across passes and what their figures mean."""

from media.utterance import Utterance, Word, mean_probability, utterance_id


def test_the_same_spurt_has_the_same_id_in_every_pass():
    """A better pass replaces the line, so its id must not depend on the words."""
    assert utterance_id(7, 12.3456) == utterance_id(7, 12.3457)
    assert utterance_id(7, 12.3456) != utterance_id(8, 12.3456)
    assert utterance_id(7, 12.3456) != utterance_id(7, 12.5)


def test_confidence_is_the_mean_of_the_words():
    """Every word weighs the same, and no words mean no confidence."""
    words = [Word("hello", 0.0, 0.5, 0.5), Word("all", 0.5, 0.7, 1.0)]

    assert mean_probability(words) == 0.75
    assert mean_probability([]) == 0.0


def test_seconds_are_those_of_the_spurt():
    """An utterance lasts as long as its spurt, not as its words."""
    utterance = Utterance("1-2000", 1, 2.0, 5.0, "Hello.", "en")

    assert utterance.seconds == 3.0
