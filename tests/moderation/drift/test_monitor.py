"""The drift monitor: patience, two thresholds, the host's answers, the evidence."""

import pytest

from moderation.drift.monitor import DriftAnswer, DriftMonitor, DriftState
from moderation.drift.settings import DriftSettings
from moderation.drift.topic import Topic

SETTINGS = DriftSettings(
    min_words=40, patience_s=30.0, threshold=0.4, margin=0.2, answer_step=0.1
)
ON, OFF = "tea " * 10, "cat " * 10


class LastWord:
    """A scorer that believes the last passage: 1 for tea, 0 for cat, else 0.5."""

    def __init__(self):
        self.topic = None
        self._score = None

    def aim(self, topic):
        """Note the topic."""
        self.topic = topic

    def hear(self, passage):
        """Take in a passage."""
        self._score = self.nearness(passage)

    def score(self):
        """Return the score."""
        return self._score

    def nearness(self, passage):
        """Return how near it is."""
        return {"tea": 1.0, "cat": 0.0}.get(passage.text.split()[0], 0.5)


class Talk:
    """Says lines of ten seconds each to a monitor."""

    def __init__(self, **changes):
        self.monitor = DriftMonitor(SETTINGS, LastWord(), Topic("Tea"), **changes)
        self.at = 0.0

    def say(self, *lines):
        """Say lines of ten seconds and return the states."""
        states = []
        for line in lines:
            for reading in self.monitor.hear(
                line, self.at, self.at + 10, language="en"
            ):
                states.append(reading.state)
            self.at += 10
        return states


def test_aside_shorter_than_the_patience_is_not_drift():
    """A short aside passes; a long one is drift once the patience is over."""
    talk = Talk()
    talk.say(*[ON] * 5)

    assert DriftState.DRIFTING not in talk.say(OFF, OFF, ON)
    assert talk.say(OFF, OFF, OFF) == [
        DriftState.ON_TOPIC,
        DriftState.ON_TOPIC,
        DriftState.DRIFTING,
    ]


def test_small_talk_at_the_start_is_not_drift():
    """Before the talk was ever on topic, six times as much must be heard."""
    talk = Talk()

    states = talk.say(*[OFF] * 24)

    assert states.index(DriftState.DRIFTING) == 23


def test_a_reading_says_by_which_bar_it_was_judged():
    """The guild's threshold at first, then most of what this Space usually scores."""
    monitor = DriftMonitor(SETTINGS, LastWord(), Topic("Tea"))

    readings = [
        reading
        for at in range(40)
        for reading in monitor.hear(ON, at * 10, at * 10 + 10, language="en")
    ]

    bars = [reading.bar for reading in readings]
    assert bars[0] == SETTINGS.threshold
    assert bars == sorted(bars)
    assert SETTINGS.threshold < bars[-1] <= 0.7


def test_topic_that_was_named_in_every_line_is_left_sooner():
    """What is far below a Space's usual score is drift, though above the threshold."""
    middling = "dog " * 10
    vague, clear = Talk(), Talk()
    vague.say(*[ON] * 5)
    clear.say(*[ON] * 40)

    assert DriftState.DRIFTING not in vague.say(*[middling] * 9)
    assert DriftState.DRIFTING in clear.say(*[middling] * 9)


def test_between_the_thresholds_the_state_stays():
    """Hysteresis: a score in the gap neither starts nor ends drifting."""
    talk = Talk()
    middling = "dog " * 10

    talk.say(*[ON] * 5)
    assert talk.say(*[middling] * 9) == [DriftState.ON_TOPIC] * 9
    talk.say(*[OFF] * 4)
    assert talk.say(*[middling] * 5) == [DriftState.DRIFTING] * 5
    assert talk.say(ON) == [DriftState.ON_TOPIC]


@pytest.mark.parametrize(
    ("answer", "threshold", "accepted"),
    [
        (DriftAnswer.DISAGREE, 0.3, True),
        (DriftAnswer.BACK, 0.425, False),
        (DriftAnswer.PARK, 0.425, False),
        (DriftAnswer.NEW_TOPIC, 0.4, False),
    ],
)
def test_answer_moves_the_threshold_and_teaches(answer, threshold, accepted):
    """Disagreeing makes alarms rarer and what was said on topic; the rest agrees."""
    talk = Talk()
    talk.say(*[ON] * 5, *[OFF] * 4)
    assert talk.monitor.state is DriftState.DRIFTING

    assert talk.monitor.answer(answer) == pytest.approx(threshold)
    assert talk.monitor.state is DriftState.ON_TOPIC
    assert bool(talk.monitor.topic.accepted) == accepted


def test_threshold_stays_within_bounds():
    """However often a host disagrees, drift can still be found."""
    talk = Talk(threshold=0.5)

    for _ in range(50):
        talk.monitor.answer(DriftAnswer.DISAGREE)

    assert 0.0 < talk.monitor.threshold < 0.1


def test_evidence_is_the_two_lines_that_weigh_most():
    """Long, fresh lines far from the topic, in the order they were said."""
    talk = Talk()
    talk.say("cat " * 5, "cat " * 30, ON, "cat " * 20, "cat")

    assert [len(p.text.split()) for p in talk.monitor.evidence()] == [30, 20]


def test_words_that_were_erased_are_no_evidence():
    """Nobody is quoted who had what they said erased; others still are."""
    talk = Talk()
    for user_id, words in ((1, 20), (2, 30), (1, 25)):
        talk.monitor.hear("cat " * words, 0.0, 1.0, user_id=user_id, language="en")

    talk.monitor.forget(1)

    assert [len(p.text.split()) for p in talk.monitor.evidence()] == [30]


def test_no_evidence_against_talk_on_topic():
    """Where nothing is far from the topic there is nothing to show."""
    talk = Talk()
    talk.say(ON, ON)

    assert talk.monitor.evidence() == ()


def test_new_topic_starts_afresh():
    """What was drift from the old topic says nothing about the new one."""
    talk = Talk()
    talk.say(*[ON] * 5, *[OFF] * 4)

    talk.monitor.aim(Topic("Cats"))

    assert talk.monitor.state is DriftState.ON_TOPIC
    assert talk.say(OFF) == [DriftState.ON_TOPIC]


def test_long_utterance_is_read_in_passages():
    """Five minutes of one person give many readings whose times lie inside."""
    monitor = DriftMonitor(SETTINGS, LastWord(), Topic("Tea"))

    readings = monitor.hear("tea " * 700, 10.0, 310.0, language="en")

    assert len(readings) == 14
    assert readings[0].start == 10.0
    assert readings[-1].end == pytest.approx(310.0)


def test_empty_utterance_reads_nothing():
    """A line without words is no passage."""
    assert Talk().say("", "   ") == []
