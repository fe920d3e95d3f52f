"""The reasons for a nudge, one small function each: facts in, findings out.

A finding names its rule, whom it is about, and the numbers that its text shows; a rule
that finds several people names them all, the longest waiting first. Rules do not know
when they last spoke; ``policy`` does. ``RULES`` is in order of urgency.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from moderation.effects import Param
from moderation.nudges.facts import NudgeFacts
from moderation.nudges.settings import NudgeSettings

NOT_HELPFUL = "not_helpful"
"""The answer that every nudge offers: this rule should keep quiet."""

CLOSING_SHARE = 0.2
"""Share of the planned length that is left when a short Space comes to its end."""

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


Rule = Callable[[NudgeFacts, NudgeSettings], Iterator[Finding]]


def unheard(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find whom the bot cannot hear."""
    for user_id, seconds in _waiting(facts.unheard, facts.now, settings.unheard_s):
        params: dict[str, Param] = {"user_id": user_id, "silence_s": seconds}
        yield Finding("unheard", user_id, params)


def drift(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find that the talk has left its topic."""
    if facts.drifting is not None:
        yield Finding(
            "drift",
            params={"topic": facts.drifting.topic},
            choices=DRIFT_CHOICES,
            score=facts.drifting.score,
            evidence=facts.drifting.lines,
        )


def monologue(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find who talks on and on while others are there to talk to."""
    run = facts.monologue
    if run is None or run.seconds < settings.monologue_s or len(facts.speakers) < 2:
        return
    params: dict[str, Param] = {"user_id": run.user_id, "talk_s": run.seconds}
    yield Finding("monologue", run.user_id, params, choices=("give_floor",))


def dominance(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find who takes more than their share of the recent talk."""
    total = sum(facts.talk_s.values())
    if total < settings.dominance_talk_s or len(facts.speakers) < 2:
        return
    user_id, seconds = max(facts.talk_s.items(), key=lambda item: (item[1], item[0]))
    limit = settings.dominance_share
    if len(facts.speakers) == 2:  # one of two has half by nature
        limit += 0.8 * (1.0 - limit)
    share = seconds / total
    if share > limit:
        params = {"user_id": user_id, "share": share, "talk_s": seconds}
        yield Finding("dominance", user_id, params)


def hand(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find whose hand has been up too long."""
    for user_id, seconds in _waiting(facts.hands, facts.now, settings.hand_wait_s):
        params: dict[str, Param] = {"user_id": user_id, "wait_s": seconds}
        yield Finding("hand", user_id, params, choices=("invite",))


def silent_guest(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find who was brought to the floor and has not said a word for long."""
    quiet = {
        user_id: max(since, facts.resumed_at, facts.spoke_at.get(user_id, since))
        for user_id, since in facts.speakers.items()
        if user_id not in facts.host_ids and user_id not in facts.unheard
    }
    for user_id, seconds in _waiting(quiet, facts.now, settings.silent_guest_s):
        params: dict[str, Param] = {"user_id": user_id, "silence_s": seconds}
        yield Finding("silent_guest", user_id, params, choices=("encourage",))


def guest_off_floor(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find who had said that they would speak, and never came to the floor."""
    yield from _off_floor("guest_off_floor", facts.guests, facts, settings)


def guest_unconfirmed(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find who was asked to speak, never answered, and is not on the floor."""
    yield from _off_floor("guest_unconfirmed", facts.unconfirmed, facts, settings)


def _off_floor(
    rule: str, guests: frozenset[int], facts: NudgeFacts, settings: NudgeSettings
) -> Iterator[Finding]:
    off = guests - facts.speakers.keys() - facts.spoke_at.keys() - facts.host_ids
    since = dict.fromkeys(off, facts.opened_at)
    for user_id, seconds in _waiting(since, facts.now, settings.silent_guest_s):
        params: dict[str, Param] = {"user_id": user_id, "open_s": seconds}
        yield Finding(rule, user_id, params, choices=("invite",))


def listeners(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find that no listener was asked in for long."""
    since = max(facts.invited_at, facts.resumed_at, facts.opened_at)
    waited = facts.now - since
    if facts.listeners > 0 and waited >= settings.listeners_s:
        params = {"n": facts.listeners, "wait_s": waited}
        yield Finding("listeners", params=params, choices=("ask_room",))


def length(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find that the Space is about to be, or is, longer than planned or than is good.

    A plan's end counts where there is one; a short plan is told of late, so that what
    is left is a fifth of it and not all of it.
    """
    planned, closing_s = facts.ends_at is not None, settings.closing_s
    ends_at = facts.ends_at or facts.opened_at + settings.long_s
    if planned:
        closing_s = min(closing_s, CLOSING_SHARE * (ends_at - facts.opened_at))
    left = ends_at - facts.now
    if left > closing_s:
        return
    params = {"open_s": facts.now - facts.opened_at}
    if left > 0:
        yield Finding("closing", params={**params, "left_s": left})
    elif planned:
        yield Finding("over_plan", params={**params, "over_s": -left})
    else:
        yield Finding("too_long", params=params)


def agenda(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find that the Space runs without a plan."""
    late = facts.now - facts.opened_at >= settings.agenda_s > 0
    if late and not facts.has_agenda:
        rule = "no_agenda" if facts.has_topic else "no_topic"
        yield Finding(rule, choices=("add_agenda",))


def commercial(facts: NudgeFacts, settings: NudgeSettings) -> Iterator[Finding]:
    """Find that too much of what is said is promotion."""
    if facts.words < settings.promotion_words:
        return
    share = facts.promotion / facts.words
    if share > settings.promotion_share:
        yield Finding(
            "commercial",
            params={"share": share},
            choices=("not_promotion",),
            score=share,
            evidence=facts.promoted_by,
        )


RULES: tuple[Rule, ...] = (
    unheard,
    drift,
    monologue,
    dominance,
    hand,
    silent_guest,
    guest_off_floor,
    guest_unconfirmed,
    listeners,
    length,
    agenda,
    commercial,
)
"""Every rule, the most urgent first."""


def _waiting(
    since: Mapping[int, float], now: float, least: float
) -> Iterator[tuple[int, float]]:
    """Yield who has waited ``least`` or more, and how long, the longest first."""
    for user_id, start in sorted(since.items(), key=lambda item: (item[1], item[0])):
        if now - start >= least:
            yield user_id, now - start
