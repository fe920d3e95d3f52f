"""Drift: from utterances to ``on_topic`` or ``drifting``, with the reasons.

Rules:

- Nothing is called drift before enough was heard: small talk at the start passes. As
  long as the talk has never been on topic, six times as much is wanted: then the
  topic may simply be worded in other words than the talk.
- The bar is the guild's threshold, or most of what this Space usually scores,
  if that is higher: a topic that was named in every line is left sooner.
- Two thresholds: below the lower one for ``patience_s`` it drifts; it is back only
  above the higher one.
- The host's answer moves the threshold and, when the host disagrees, what was said
  becomes part of the topic.
- Evidence is the two recent passages that weigh most: long, fresh, far from the topic.

*Drift* is a product word: the talk has left the topic that the Space was opened on.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

from moderation.drift.background import PASSAGE_WORDS
from moderation.drift.scorer import Passage, Scorer
from moderation.drift.settings import DriftSettings
from moderation.drift.topic import Topic
from moderation.drift.words import passages

UNANCHORED: Final = 6
"""How many times more must be heard while the talk has never been on topic."""

EVIDENCE_PASSAGES: Final = 12
"""Recent passages that evidence is chosen from."""

USUAL_SHARE: Final = 0.7
"""Below this share of its usual score the talk is off topic, however high that is."""

USUAL_PASSAGES: Final = 20
"""Passages over which the usual score is averaged."""

LOWEST, HIGHEST = 0.05, 0.7
"""Bounds of the threshold, however often a host answers."""


class DriftState(Enum):
    """Where the talk is."""

    ON_TOPIC = "on_topic"
    DRIFTING = "drifting"


class DriftAnswer(Enum):
    """What a host may answer to a drift nudge."""

    BACK = "back_to_topic"
    NEW_TOPIC = "new_topic"
    PARK = "park"
    DISAGREE = "disagree"


@dataclass(frozen=True, slots=True)
class DriftReading:
    """What was found after one passage."""

    start: float
    """Seconds of the Space at which the passage begins."""

    end: float
    """Seconds of the Space."""

    score: float
    """1 is on topic, 0 is off, over the remembered talk."""

    state: DriftState

    bar: float
    """Score below which the talk counted as off topic, 0 to 1."""


class DriftMonitor:
    """One Space's drift."""

    def __init__(
        self,
        settings: DriftSettings,
        scorer: Scorer,
        topic: Topic,
        threshold: float | None = None,
    ) -> None:
        """``threshold`` is the guild's own, where answers have moved it."""
        self._settings = settings
        self._scorer = scorer
        self.threshold = settings.threshold if threshold is None else threshold
        self.state = DriftState.ON_TOPIC
        self.topic = topic
        self._heard_words = 0
        self._off_since: float | None = None
        self._anchored = False
        self._usual = 0.0
        self._recent: deque[Passage] = deque(maxlen=EVIDENCE_PASSAGES)
        scorer.aim(topic)

    def aim(self, topic: Topic) -> None:
        """Take another topic or agenda item; judging starts afresh."""
        self.topic = topic
        self._scorer.aim(topic)
        self._start_afresh()

    def hear(
        self, text: str, start: float, end: float, *, user_id: int = 0, language: str
    ) -> list[DriftReading]:
        """Take in one utterance and return a reading for each passage of it.

        Times are seconds of the Space. Nothing comes back where no scorer can tell.
        """
        heard = _passages(text, start, end, user_id=user_id, language=language)
        readings = (self._hear(passage) for passage in heard)
        return [reading for reading in readings if reading is not None]

    def evidence(self, count: int = 2) -> tuple[Passage, ...]:
        """Return the recent passages that weigh most against the topic, in order."""
        weighed = sorted(
            (self._weight(passage, age), age, passage)
            for age, passage in enumerate(reversed(self._recent))
        )
        chosen = [passage for weight, _, passage in weighed[-count:] if weight > 0]
        return tuple(sorted(chosen, key=lambda passage: passage.start))

    def forget(self, user_id: int) -> None:
        """Give none of a member's words as evidence any more."""
        left = (one for one in self._recent if one.user_id != user_id)
        self._recent = deque(left, maxlen=EVIDENCE_PASSAGES)

    def answer(self, answer: DriftAnswer) -> float:
        """Take the host's answer to a nudge and return the threshold from now on."""
        step = self._settings.answer_step
        match answer:
            case DriftAnswer.DISAGREE:
                self.threshold = max(LOWEST, self.threshold - step)
                lines = [passage.text for passage in self.evidence()]
                self.topic = self.topic.accepting(*lines)
                self._scorer.aim(self.topic)
            case DriftAnswer.BACK | DriftAnswer.PARK:
                self.threshold = min(HIGHEST, self.threshold + step / 4)
            case DriftAnswer.NEW_TOPIC:
                pass  # the new topic comes with its own fact
        self._start_afresh()
        return self.threshold

    def _start_afresh(self) -> None:
        self.state = DriftState.ON_TOPIC
        self._off_since = None
        self._heard_words = 0
        self._anchored = False
        self._usual = 0.0

    def _hear(self, passage: Passage) -> DriftReading | None:
        self._scorer.hear(passage)
        self._recent.append(passage)
        self._heard_words += passage.words
        score = self._scorer.score()
        if score is None:
            return None
        bar = max(self.threshold, USUAL_SHARE * self._usual)
        self._judge(score, bar, passage)
        return DriftReading(passage.start, passage.end, score, self.state, bar)

    def _judge(self, score: float, bar: float, passage: Passage) -> None:
        if score >= bar + self._settings.margin:
            self._anchored = True
            self._usual += (score - self._usual) / USUAL_PASSAGES
            self._off_since = None
            self.state = DriftState.ON_TOPIC
            return
        if score >= bar and self.state is DriftState.ON_TOPIC:
            self._off_since = None
            return
        if self._off_since is None:
            self._off_since = passage.start
        wanted = self._settings.min_words * (1 if self._anchored else UNANCHORED)
        patient = passage.end - self._off_since < self._settings.patience_s
        if self._heard_words >= wanted and not patient:
            self.state = DriftState.DRIFTING

    def _weight(self, passage: Passage, age: int) -> float:
        far = 1.0 - self._scorer.nearness(passage)
        return float(passage.words * far * 0.9**age)


def _passages(
    text: str, start: float, end: float, *, user_id: int, language: str
) -> Iterable[Passage]:
    """Cut an utterance into passages, its time in proportion to its words."""
    pieces = passages(text, PASSAGE_WORDS)
    total = sum(len(piece.split()) for piece in pieces)
    at = start
    for piece in pieces:
        words = len(piece.split())
        until = at + (end - start) * words / total
        yield Passage(piece, language, words, at, until, user_id)
        at = until
