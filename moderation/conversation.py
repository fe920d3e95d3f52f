"""The conversation of one Space: what was heard, as shares, drift and nudges.

It is told what was heard (in seconds of the Space) and what the room looks like, and
it says whom to nudge. It decides nothing about the floor. What it needs to go on after
a restart is in the record, and comes back as a ``Past``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from media.intervals import Interval
from media.utterance import Grade, Utterance
from moderation.drift.background import Background
from moderation.drift.fusion import fused
from moderation.drift.lexical import LexicalScorer
from moderation.drift.monitor import (
    UNANCHORED,
    DriftAnswer,
    DriftMonitor,
    DriftReading,
    DriftState,
)
from moderation.drift.scorer import Scorer
from moderation.drift.settings import DriftSettings
from moderation.drift.topic import Topic
from moderation.effects import Audience, Nudge
from moderation.nudges.facts import Drifting, NudgeFacts
from moderation.nudges.policy import NudgePolicy
from moderation.nudges.promotion import Promotion
from moderation.nudges.recent import RecentTalk
from moderation.nudges.settings import NudgeSettings
from moderation.past import Past
from moderation.view import Phase, SpaceView

ASK_ROOM, NOT_PROMOTION = "ask_room", "not_promotion"
"""Answers that change what is counted."""

RECALLED_MEMORIES = 2
"""How many times what drift remembers is heard again after a restart, at least; and
enough to call talk drift that was never on topic."""

_DRIFT_ANSWERS = frozenset(choice.value for choice in DriftAnswer)


@dataclass(frozen=True, slots=True)
class ConversationSettings:
    """How a conversation is followed."""

    drift: DriftSettings = field(default_factory=DriftSettings)
    nudges: NudgeSettings = field(default_factory=NudgeSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a guild's past Spaces taught; ``moderation.store.drift`` keeps it."""

    threshold: float | None = None
    """The guild's own drift threshold; None for the default."""

    background: Background | None = None
    """How usual words are in this guild; None for the first day's knowledge."""

    model: Scorer | None = None
    """A scorer by meaning, where an embedding model is there."""


class Conversation:
    """What is said in one live Space, and what to nudge about."""

    def __init__(
        self,
        settings: ConversationSettings,
        topic: Topic,
        *,
        opened_at: float,
        learned: Learned | None = None,
    ) -> None:
        """``opened_at`` is second 0 of the Space, in Unix seconds."""
        learned = learned or Learned()
        self._settings = settings
        self._opened_at = opened_at
        self.background = learned.background or Background(topic.language)
        lexical = LexicalScorer(self.background, settings.drift.memory_words)
        scorer = fused(lexical, learned.model)
        self.drift = DriftMonitor(settings.drift, scorer, topic, learned.threshold)
        self.readings: list[DriftReading] = []
        self._recent = RecentTalk(settings.nudges.dominance_window_s)
        self._policy = NudgePolicy(settings.nudges)
        self._room: SpaceView | None = None
        self._invited_at = self._resumed_at = opened_at
        self._unheard: dict[int, float] = {}
        self._heard: set[str] = set()
        self._promotion = Promotion()
        self._ends_at: float | None = None
        self._confirmed: frozenset[int] = frozenset()
        self._unconfirmed: frozenset[int] = frozenset()
        self._looked_at = opened_at

    def see(self, room: SpaceView, now: float) -> None:
        """Take the room as it is now; call it whenever the Space has changed."""
        self._follow_topic(room)
        if self._room is not None:
            if _guests(room) - _guests(self._room):
                self._invited_at = now
            if (self._room.phase, room.phase) == (Phase.PAUSED, Phase.LIVE):
                self._resumed_at = now
        self._room = room

    def recall(self, past: Past, room: SpaceView, now: float) -> None:
        """Go on from what an earlier process heard and said; call it first of all."""
        self.see(room, now)
        self._invited_at = past.invited_at or self._opened_at
        self._resumed_at = past.resumed_at or self._opened_at
        for user_id, talk in past.spurts:
            self.heard_talk(user_id, talk)
        for user_id, rule, at in past.conduct:
            self._policy.given(rule, user_id, Audience.MEMBER, at)
        for nudge in past.nudges:
            self._policy.given(nudge.rule, nudge.user_id, nudge.audience, nudge.at)
            if nudge.answer is not None:
                self._policy.answered(nudge.rule, nudge.answer)
            if nudge.answer == ASK_ROOM and nudge.answered_at is not None:
                self._invited_at = max(self._invited_at, nudge.answered_at)
        self._recall_promotion(past)
        self._recall_drift(past)

    def heard_talk(self, user_id: int, talk: Sequence[Interval]) -> None:
        """Take in what counts of one talk spurt, in seconds of the Space."""
        self._recent.hear(user_id, talk)

    def heard_utterance(self, utterance: Utterance) -> list[DriftReading]:
        """Take in recognised words once; partial lines and later passes are ignored."""
        if utterance.grade is Grade.PARTIAL or utterance.id in self._heard:
            return []
        self._heard.add(utterance.id)
        self._promotion.hear(utterance.text, self._room.links if self._room else ())
        return self._hear_drift(utterance)

    def _hear_drift(self, utterance: Utterance) -> list[DriftReading]:
        if not self._settings.drift.enabled:
            return []
        readings = self.drift.hear(
            utterance.text,
            utterance.start,
            utterance.end,
            user_id=utterance.user_id,
            language=utterance.language,
        )
        self.readings.extend(readings)
        return readings

    def unheard(self, user_id: int, since: float | None) -> None:
        """Note that the bot cannot hear a speaker since ``since`` (Unix), or can."""
        if since is None:
            self._unheard.pop(user_id, None)
        else:
            self._unheard.setdefault(user_id, since)

    def plan(
        self,
        ends_at: float | None,
        guests: frozenset[int],
        unconfirmed: frozenset[int] = frozenset(),
    ) -> None:
        """Note the planned end (Unix seconds), and who was asked to come and speak.

        ``guests`` said that they would; ``unconfirmed`` never answered.
        """
        self._ends_at = ends_at
        self._confirmed = guests
        self._unconfirmed = unconfirmed

    def given(self, nudge: Nudge, now: float) -> None:
        """Take that a nudge was given, the ladder's among them: they share a pace."""
        self._policy.given(nudge.rule, nudge.user_id, nudge.audience, now)

    def told_unheard(self, user_id: int, now: float) -> None:
        """Take that the hosts were told at once of somebody who is not heard."""
        self._policy.given("unheard", user_id, Audience.HOSTS, now)

    def answered(self, rule: str, answer: str, now: float) -> None:
        """Take an answer to a nudge of ``rule``; drift's moves ``drift.threshold``."""
        self._policy.answered(rule, answer)
        if rule == "drift" and answer in _DRIFT_ANSWERS:
            self.drift.answer(DriftAnswer(answer))
        if rule == "commercial" and answer == NOT_PROMOTION:
            self._promotion.let_pass()
        if answer == ASK_ROOM:  # whoever listens has been asked in
            self._invited_at = now

    def shares(self, now: float) -> Mapping[int, float]:
        """Return each speaker's share of the recent talk, 0 to 1."""
        seconds = self._recent.seconds(now - self._opened_at)
        total = sum(seconds.values())
        return {user: s / total for user, s in seconds.items()} if total else {}

    def deadline(self) -> float | None:
        """Return when to look at the room again (Unix seconds); None: not now."""
        if self._room is None or self._room.phase is not Phase.LIVE:
            return None
        return self._looked_at + self._settings.nudges.check_s

    def on_deadline(self, now: float) -> list[Nudge]:
        """Look at the room and return the nudges to give."""
        self._looked_at = now
        room = self._room
        if room is None or room.phase is not Phase.LIVE:
            return []
        return self._policy.consider(self._facts(room, now))

    def _follow_topic(self, room: SpaceView) -> None:
        item = ""
        if 1 <= room.agenda_number <= len(room.agenda):
            item = room.agenda[room.agenda_number - 1]
        topic = self.drift.topic
        if (room.topic, item) != (topic.text, topic.item):
            self.drift.aim(Topic(room.topic, topic.language, item))

    def _recall_promotion(self, past: Past) -> None:
        """Hear every line again, and let pass what hosts let pass, in that order."""
        passed = sorted(
            nudge.answered_at - self._opened_at
            for nudge in past.nudges
            if nudge.answer == NOT_PROMOTION and nudge.answered_at is not None
        )
        links = self._room.links if self._room else ()
        for line in sorted(past.lines, key=lambda line: line.end):
            while passed and passed[0] < line.end:
                self._promotion.let_pass()
                del passed[0]
            self._heard.add(line.id)
            self._promotion.hear(line.text, links)
        if passed:
            self._promotion.let_pass()

    def _recall_drift(self, past: Past) -> None:
        """Hear again what drift would remember: all since the topic or an answer."""
        since = past.aimed_at or self._opened_at
        for nudge in past.nudges:
            answered_at = nudge.answered_at or 0.0
            if nudge.answer not in _DRIFT_ANSWERS or answered_at < since:
                continue
            since = answered_at
            if nudge.answer == "disagree" and nudge.topic == self.drift.topic.text:
                self.drift.aim(self.drift.topic.accepting(*nudge.lines))
        drift, recent = self._settings.drift, []
        words = max(
            RECALLED_MEMORIES * drift.memory_words, UNANCHORED * drift.min_words
        )
        for line in sorted(past.lines, key=lambda line: line.end, reverse=True):
            if words <= 0 or self._opened_at + line.start < since:
                break
            recent.append(line)
            words -= len(line.text.split())
        for line in reversed(recent):
            self._hear_drift(line)

    def _facts(self, room: SpaceView, now: float) -> NudgeFacts:
        at = now - self._opened_at
        last = self._recent.last_heard()
        return NudgeFacts(
            now=now,
            opened_at=self._opened_at,
            host_ids=frozenset({room.host_id, *room.cohost_ids}),
            speakers={seat.user_id: seat.since for seat in room.stage if seat.present},
            listeners=max(0, room.present - len(room.stage)),
            hands={hand.user_id: hand.since for hand in room.queue if hand.present},
            invited_at=self._invited_at,
            resumed_at=self._resumed_at,
            has_topic=bool(room.topic.strip()),
            has_agenda=bool(room.agenda),
            ends_at=self._ends_at,
            guests=self._confirmed,
            unconfirmed=self._unconfirmed,
            reported_next=room.reported_next,
            talk_s=self._recent.seconds(at),
            spoke_at={user: self._opened_at + s for user, s in last.items()},
            monologue=self._recent.monologue(at),
            drifting=self._drifting(),
            words=self._promotion.words,
            promotion=self._promotion.promoting,
            promoted_by=self._promotion.phrases(),
            unheard=self._unheard,
        )

    def _drifting(self) -> Drifting | None:
        if self.drift.state is not DriftState.DRIFTING:
            return None
        lines = tuple(passage.text for passage in self.drift.evidence())
        return Drifting(self.readings[-1].score, self.drift.topic.text, lines)


def _guests(room: SpaceView) -> frozenset[int]:
    """Return everybody on the floor or asked to it, the hosts left out."""
    asked = {invitation.user_id for invitation in room.invited}
    seated = {seat.user_id for seat in room.stage}
    return frozenset((asked | seated) - {room.host_id, *room.cohost_ids})
