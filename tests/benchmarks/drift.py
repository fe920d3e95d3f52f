"""What drift costs per utterance, without a model, late in a long Space."""

import random
import time
from collections.abc import Iterator

from moderation.drift.background import Background
from moderation.drift.lexical import LexicalScorer
from moderation.drift.monitor import DriftMonitor
from moderation.drift.settings import DriftSettings
from moderation.drift.topic import Topic
from tests.figures import Figure

UTTERANCES = 2000
"""About three hours of talk."""

WORDS = 15
"""Words per utterance."""


def figures() -> Iterator[Figure]:
    """Measure the mean over the last quarter of a Space, in processor time."""
    chance = random.Random(1)
    vocabulary = [
        "".join(chance.choices("abcdeilmnorstu", k=chance.randint(3, 10)))
        for _ in range(8000)
    ]
    settings = DriftSettings()
    scorer = LexicalScorer(Background("en"), settings.memory_words)
    topic = Topic(" ".join(vocabulary[:6]))
    monitor = DriftMonitor(settings, scorer, topic)
    begin = 0.0
    for n in range(UTTERANCES):
        # Zipf: some words all the time, most of them once.
        said = (vocabulary[int(8000 ** chance.random())] for _ in range(WORDS))
        line = " ".join(said)
        if n == UTTERANCES * 3 // 4:
            begin = time.process_time()
        monitor.hear(line, 5.0 * n, 5.0 * n + 4.0, language="en")
    spent = time.process_time() - begin
    count = UTTERANCES // 4
    yield Figure(
        "drift.ms_per_utterance", 1000 * spent / count, "ms", "lower", 5.0, n=count
    )
