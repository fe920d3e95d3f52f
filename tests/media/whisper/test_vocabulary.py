"""Hot-words from topic, agenda and names."""

from media.whisper.vocabulary import MAX_WORDS, hotwords


def test_topic_comes_before_agenda_and_names():
    """What the Space is about matters more than who is in it; words come once."""
    assert hotwords("The new budget", ["Budget review"], ["Ana", "the"]) == (
        "The new budget review Ana"
    )


def test_untrusted_text_is_reduced_to_words():
    """Mentions, links and control tokens do not reach the prompt."""
    assert hotwords("<|nospeech|> a\nb", ["<@123>"], ["Zoë-María", "x" * 60]) == (
        "nospeech a b 123 Zoë-María"
    )


def test_the_list_is_short():
    """A long prompt costs time on every window."""
    names = [f"name{n}" for n in range(500)]

    assert len(hotwords("", [], names).split()) == MAX_WORDS
