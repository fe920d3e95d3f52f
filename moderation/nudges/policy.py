"""One policy for all nudges: what is said now, and to whom.

Rules:

- A finding about the same person or thing is said again only after its cooldown.
- How somebody takes up the room is for that person, in private; what follows if they
  go on is the ladder of ``moderation.ladder``. Everything else is for the hosts, so
  that nobody is put on the spot.
- The hosts get at most one nudge per ``host_gap_s``, the most urgent first, whoever
  brings it: what the ladder has for them waits and counts like the rest. One member
  gets at most one per ``member_gap_s``. What has to wait is looked at afresh later.
- *Not helpful* doubles the rule's cooldown; said twice, the rule is quiet for good.
- What was said and answered is in the record; ``given`` and ``answered`` take it up
  again after a restart.
"""

from typing import Final

from moderation.effects import Audience, Nudge
from moderation.nudges.facts import NudgeFacts
from moderation.nudges.rules import NOT_HELPFUL, RULES, Finding
from moderation.nudges.settings import NudgeSettings

CONDUCT: Final = frozenset({"monologue", "dominance"})
"""Rules about how one person takes up the room; the ladder takes them further."""

QUIET_AFTER: Final = 2
"""*Not helpful* answers after which a rule is quiet for the rest of the Space."""


class NudgePolicy:
    """The pace of one Space's nudges."""

    def __init__(self, settings: NudgeSettings) -> None:
        self._settings = settings
        self._said_at: dict[tuple[str, int | None], float] = {}
        self._unhelpful: dict[str, int] = {}
        self._heard_at: dict[int | Audience, float] = {}

    def consider(self, facts: NudgeFacts) -> list[Nudge]:
        """Return the nudges to give now, having noted that they are given."""
        if not self._settings.enabled:
            return []
        findings = (one for rule in RULES for one in rule(facts, self._settings))
        given = (self._give(finding, facts) for finding in findings)
        return [nudge for nudge in given if nudge is not None]

    def given(
        self, rule: str, user_id: int | None, audience: Audience, at: float
    ) -> None:
        """Take that a nudge was given at ``at``, here or by an earlier process."""
        about = (rule, user_id)
        self._said_at[about] = max(at, self._said_at.get(about, at))
        reader = user_id if audience is Audience.MEMBER else audience
        if reader is not None:
            self._heard_at[reader] = max(at, self._heard_at.get(reader, at))

    def answered(self, rule: str, answer: str) -> None:
        """Take an answer to a nudge of ``rule``."""
        if answer == NOT_HELPFUL:
            self._unhelpful[rule] = self._unhelpful.get(rule, 0) + 1

    def _give(self, finding: Finding, facts: NudgeFacts) -> Nudge | None:
        if not self._allowed(finding.rule):
            return None
        about = (finding.rule, finding.user_id)
        said_at = self._said_at.get(about)
        cooldown = self._cooldown(finding.rule)
        if said_at is not None and facts.now - said_at < cooldown:
            return None
        private = finding.rule in CONDUCT and finding.user_id not in facts.host_ids
        audience = Audience.MEMBER if private else Audience.HOSTS
        reported = private and finding.user_id in facts.reported_next
        if not self._is_time(audience, finding.user_id, facts.now) or (
            reported and not self._is_time(Audience.HOSTS, None, facts.now)
        ):
            return None
        self.given(finding.rule, finding.user_id, audience, facts.now)
        if reported:
            self.given(finding.rule, finding.user_id, Audience.HOSTS, facts.now)
        return Nudge(
            f"nudge.{finding.rule}.{audience.value}",
            params=finding.params,
            rule=finding.rule,
            audience=audience,
            user_id=finding.user_id,
            choices=(*finding.choices, NOT_HELPFUL),
            score=finding.score,
            evidence=finding.evidence,
        )

    def _allowed(self, rule: str) -> bool:
        return (
            rule not in self._settings.off
            and self._unhelpful.get(rule, 0) < QUIET_AFTER
        )

    def _cooldown(self, rule: str) -> float:
        return float(self._settings.cooldown_s * 2 ** self._unhelpful.get(rule, 0))

    def _is_time(self, audience: Audience, user_id: int | None, now: float) -> bool:
        """Say whether whoever would read the nudge has had time since the last."""
        reader: int | Audience = audience
        gap = self._settings.host_gap_s
        if audience is Audience.MEMBER and user_id is not None:
            reader, gap = user_id, self._settings.member_gap_s
        last = self._heard_at.get(reader)
        return last is None or now - last >= gap
