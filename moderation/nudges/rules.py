"""The reasons for a nudge, one small function each: facts in, a finding or nothing out.

A finding names its rule, whom it is about, and the numbers that its text shows. Rules
do not know when they last spoke; ``policy`` does. ``RULES`` is in order of urgency.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from moderation.effects import Param
from moderation.nudges.facts import NudgeFacts
from moderation.nudges.settings import NudgeSettings

NOT_HELPFUL = "not_helpful"
"""The answer that every nudge offers: this rule should keep quiet."""

DRIFT_CHOICES = ("back_to_topic", "new_topic", "park", "disagree")
"""The answers to a drift nudge; ``moderation.drift.monitor.DriftAnswer``."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason to nudge."""

    rule: str
    user_id: int | None = None
    """Whom it is about; None for the room."""

    params: Mapping[str, Param] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    """Answers beside *not helpful*."""

    score: float | None = None
    evidence: tuple[str, ...] = ()


Rule = Callable[[NudgeFacts, NudgeSettings], Finding | None]


def unheard(facts: NudgeFacts, settings: NudgeSettings) -> Finding | None:
    """Find whom the bot cannot hear, the longest first."""
    found = _longest(facts.unheard, facts.now, settings.unheard_s)
    if found is None:
        return None
    user_id, seconds = found
    return Finding("unheard", user_id, {"user_id": user_id, "silence_s": seconds})


def drift(facts: NudgeFacts, settings: NudgeSettings) -> Finding | None:
    """Find that the talk has left its topic."""
    if facts.drifting is None:
        return None
    return Finding(
        "drift",
        params={"topic": facts.drifting.topic},
        choices=DRIFT_CHOICES,
        score=facts.drifting.score,
        evidence=facts.drifting.lines,
    )


def monologue(facts: NudgeFacts, settings: NudgeSettings) -> Finding | None:
    """Find who talks on and on while others are there to talk to."""
    run = facts.monologue
    if run is None or run.seconds < settings.monologue_s or len(facts.speakers) < 2:
        return None
    return Finding(
        "monologue",
        run.user_id,
        {"user_id": run.user_id, "talk_s": run.seconds},
        choices=("give_floor",),
    )


def dominance(facts: NudgeFacts, settings: NudgeSettings) -> Finding | None:
    """Find who takes more than their share of the recent talk."""
    total = sum(facts.talk_s.values())
    if total < settings.dominance_talk_s or len(facts.speakers) < 2:
        return None
    user_id, seconds = max(facts.talk_s.items(), key=lambda item: (item[1], item[0]))
    limit = settings.dominance_share
    if len(facts.speakers) == 2:  # one of two has half by nature
        limit += 0.8 * (1.0 - limit)
    share = seconds / total
    if share <= limit:
        return None
    return Finding(
        "dominance", user_id, {"user_id": user_id, "share": share, "talk_s": seconds}
    )


def hand(facts: NudgeFacts, settings: NudgeSettings) -> Finding | None:
    """Find whose hand has been up too long."""
    found = _longest(facts.hands, facts.now, settings.hand_wait_s)
    if found is None:
        return None
    user_id, seconds = found
    return Finding(
        "hand", user_id, {"user_id": user_id, "wait_s": seconds}, choices=("invite",)
    )


def silent_guest(facts: NudgeFacts, settings: NudgeSettings) -> Finding | None:
    """Find who was brought to the floor and has not said a word for long."""
    quiet = {
        user_id: max(since, facts.spoke_at.get(user_id, since))
        for user_id, since in facts.speakers.items()
        if user_id not in facts.host_ids and user_id not in facts.unheard
    }
    found = _longest(quiet, facts.now, settings.silent_guest_s)
    if found is None:
        return None
    user_id, seconds = found
    return Finding("silent_guest", user_id, {"user_id": user_id, "silence_s": seconds})


def listeners(facts: NudgeFacts, settings: NudgeSettings) -> Finding | None:
    """Find that no listener was asked in for long."""
    waited = facts.now - max(facts.invited_at, facts.opened_at)
    if facts.listeners == 0 or waited < settings.listeners_s:
        return None
    params = {"n": facts.listeners, "wait_s": waited}
    return Finding("listeners", params=params, choices=("ask_room",))


def length(facts: NudgeFacts, settings: NudgeSettings) -> Finding | None:
    """Find that the Space is about to be, or is, longer than is good for it."""
    ends_at = facts.ends_at or facts.opened_at + settings.long_s
    left = ends_at - facts.now
    if left > settings.closing_s:
        return None
    open_s = facts.now - facts.opened_at
    rule = "too_long" if left <= 0 else "closing"
    return Finding(rule, params={"open_s": open_s, "left_s": max(0.0, left)})


def agenda(facts: NudgeFacts, settings: NudgeSettings) -> Finding | None:
    """Find that the Space runs without a plan."""
    late = facts.now - facts.opened_at >= settings.agenda_s > 0
    if not late or facts.has_agenda:
        return None
    rule = "no_agenda" if facts.has_topic else "no_topic"
    return Finding(rule, choices=("add_agenda",))


def commercial(facts: NudgeFacts, settings: NudgeSettings) -> Finding | None:
    """Find that too much of what is said is promotion."""
    if facts.words < settings.promotion_words:
        return None
    share = facts.promotion / facts.words
    if share <= settings.promotion_share:
        return None
    return Finding(
        "commercial", params={"share": share}, choices=("not_promotion",), score=share
    )


RULES: tuple[Rule, ...] = (
    unheard,
    drift,
    monologue,
    dominance,
    hand,
    silent_guest,
    listeners,
    length,
    agenda,
    commercial,
)
"""Every rule, the most urgent first."""


def _longest(
    since: Mapping[int, float], now: float, least: float
) -> tuple[int, float] | None:
    """Return who has waited longest and how long, if that is ``least`` or more."""
    if not since:
        return None
    user_id, start = min(since.items(), key=lambda item: (item[1], item[0]))
    return (user_id, now - start) if now - start >= least else None
