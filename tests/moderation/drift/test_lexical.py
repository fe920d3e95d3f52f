"""The lexical scorer: words in common, recent ones first."""

import pytest

from moderation.drift.background import Background
from moderation.drift.lexical import LexicalScorer
from moderation.drift.scorer import Passage
from moderation.drift.topic import Topic

TALK = {
    "en": (
        "The battery of the remote control",
        "which battery lasts and how much current the remote control draws",
        "my sister went to the beach with a dog and it rained on the hotel",
    ),
    "es": (
        "La batería del mando a distancia",
        "qué baterías duran y cuánta corriente gasta el mando",
        "mi hermana fue a la playa con un perro y llovió en el hotel",
    ),
}


def passage(text, language="en"):
    return Passage(text, language, len(text.split()), 0.0, 1.0)


def scorer(topic, memory_words=50.0):
    made = LexicalScorer(Background(topic.language), memory_words)
    made.aim(topic)
    return made


@pytest.mark.parametrize("language", TALK)
def test_talk_about_the_topic_scores_higher(language):
    """Words of the topic in any form raise the score; other talk lowers it."""
    title, on, off = TALK[language]
    scores = scorer(Topic(title, language))

    scores.hear(passage(on, language))
    high = scores.score()
    for _ in range(20):
        scores.hear(passage(off, language))

    assert high > 0.9
    assert scores.score() < 0.3


def test_agenda_item_is_on_topic_as_well():
    """Talk about the current item needs no word of the whole topic."""
    scores = scorer(Topic("Remote control", item="Beach hotels"))

    scores.hear(passage(TALK["en"][2]))

    assert scores.score() > 0.5


def test_what_the_host_accepted_is_on_topic():
    """After *I disagree* the same kind of talk scores higher than before."""
    topic = Topic("Remote control")
    plain, taught = scorer(topic), scorer(topic.accepting(TALK["en"][2]))

    for each in (plain, taught):
        each.hear(passage("a dog at the beach"))

    assert taught.score() > plain.score()


def test_without_topic_or_words_there_is_no_score():
    """A topic without a word, or nothing said yet, cannot be judged."""
    assert scorer(Topic("🎉")).score() is None
    silent = scorer(Topic("Tea"))
    assert silent.score() is None
    silent.hear(passage("uh yeah okay"))
    assert silent.score() is None


def test_topic_of_stop_words_alone_is_taken_as_it_is():
    """A topic such as *Now and then* still has words to look for."""
    scores = scorer(Topic("Now and then"))
    scores.hear(passage("tea and cake"))

    assert scores.score() is not None


def test_new_topic_is_measured_against_what_was_already_said():
    """Changing the topic keeps the memory: the talk may already be there."""
    scores = scorer(Topic("Remote control"))
    scores.hear(passage(TALK["en"][2]))

    scores.aim(Topic("A week at the beach"))

    assert scores.score() > 0.5


def test_naming_more_of_the_topic_scores_higher():
    """Two of the topic's words are worth more than one of them twice."""
    once, twice = (scorer(Topic("Remote battery")) for _ in range(2))

    once.hear(passage("battery battery dog hotel beach"))
    twice.hear(passage("battery remote dog hotel beach"))

    assert twice.score() > once.score()


def test_words_usual_in_the_guild_are_met_by_chance():
    """With a past, usual words of a topic say less than its rare ones."""
    past = Background("en", 1000, {"budget": 500, "council": 500, "bridg": 5})

    def measure(said):
        scores = LexicalScorer(past, 500.0)
        scores.aim(Topic("Budget of the council bridge"))
        scores.hear(passage(said + " dog hotel beach weather rain"))
        return scores.measure()

    assert measure("council budget") < 0.1 * measure("bridge")


def test_talk_in_usual_words_alone_can_be_on_topic():
    """A topic of nothing but usual words is still told from talk without them."""
    past = Background("en", 1000, {"budget": 500})
    scores = LexicalScorer(past, 50.0)
    scores.aim(Topic("Budget"))

    scores.hear(passage("the budget and our budget"))
    named = scores.score()
    for _ in range(20):
        scores.hear(passage("my sister went to the beach with a dog"))

    assert scores.score() < named > 0.5
