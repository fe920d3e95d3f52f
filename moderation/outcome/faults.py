"""What usually goes wrong with a Space, one small function each.

A fault names its rule and the numbers that its text shows; each text ends with one
suggestion. ``FAULTS`` is in the order in which a host can do something about them:
before the next Space, while it goes on, at its end.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from moderation.effects import Param
from moderation.nudges.settings import NudgeSettings
from moderation.outcome.figures import Figures

SHORT_S = 1800.0
"""Length below which a Space without a plan is too short: 30 to 60 minutes is right."""

OVER_PLAN_S = 300.0
"""Seconds after the planned end that nobody minds."""

ALONE_S = 600.0
"""Seconds of talk of one person alone that make a lecture of a Space."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What is known of the plan that a Space came from."""

    minutes: int
    announcements: int
    """Posts about it before its start."""

    silent_ids: tuple[int, ...] = ()
    """Guests who were asked to speak and never answered."""

    missing_ids: tuple[int, ...] = ()
    """Guests who had confirmed and did not come."""

    wished: int = 0
    """Members who asked to be reminded."""

    came: int = 0
    """Of them, those who came."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that faults are found in."""

    figures: Figures
    settings: NudgeSettings
    plan: Planned | None = None
    """None where it was opened without one."""

    over: bool = True
    """Whether the Space is over; while it goes on its length is no fault."""

    tested: int = 0
    """Of those who spoke, those whose voice had been checked."""

    drifts: int = 0
    """Times that the hosts read that the talk had left its topic, and nobody decided
    about it."""

    promotion: float = 0.0
    """Largest share of promotion that the hosts were told of and did not deny."""

    touches_least: int = 2
    """Announcements below which it is too little promotion."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that went wrong."""

    rule: str
    params: Mapping[str, Param] = field(default_factory=dict)


Rule = Callable[[Outcome], Iterator[Fault]]


def unannounced(outcome: Outcome) -> Iterator[Fault]:
    """Find that hardly anybody could know of it."""
    plan = outcome.plan
    if plan is None:
        yield Fault("unplanned")
    elif not plan.announcements:
        yield Fault("unknown_before")
    elif plan.announcements < outcome.touches_least:
        yield Fault("unannounced", {"n": plan.announcements})


def guests(outcome: Outcome) -> Iterator[Fault]:
    """Find guests who never answered, and those who did not come."""
    if outcome.plan is None:
        return
    if silent := outcome.plan.silent_ids:
        yield Fault("guests_silent", {"guest_ids": " ".join(map(str, silent))})
    if missing := outcome.plan.missing_ids:
        yield Fault("guests_missing", {"guest_ids": " ".join(map(str, missing))})


def untested(outcome: Outcome) -> Iterator[Fault]:
    """Find that nobody who spoke had checked how they sound."""
    if outcome.figures.speakers and not outcome.tested:
        yield Fault("untested")


def unprepared(outcome: Outcome) -> Iterator[Fault]:
    """Find that there was no agenda, or no rules of participation."""
    if not outcome.figures.has_agenda:
        yield Fault("no_agenda")
    if not outcome.figures.has_rules:
        yield Fault("no_rules")


def dominated(outcome: Outcome) -> Iterator[Fault]:
    """Find that one person had most of the talk."""
    figures, limit = outcome.figures, outcome.settings.dominance_share
    many = len(figures.speakers)
    if figures.talk_s < outcome.settings.dominance_talk_s or not many:
        return
    if many == 2:  # one of two has half by nature
        limit += 0.8 * (1.0 - limit)
    params: dict[str, Param] = {
        "user_id": figures.speakers[0],
        "share": figures.top_share,
        "talk_s": figures.talk_s,
    }
    if many == 1 and figures.talk_s >= ALONE_S and len(figures.people) > 1:
        yield Fault("alone", params)
    elif many > 1 and figures.top_share > limit:
        yield Fault("dominated", params)


def drifted(outcome: Outcome) -> Iterator[Fault]:
    """Find that the talk left its topic and nobody said anything to it."""
    if outcome.drifts:
        yield Fault("drifted", {"n": outcome.drifts})


def uninvited(outcome: Outcome) -> Iterator[Fault]:
    """Find that no listener ever got the floor or was asked to it."""
    figures = outcome.figures
    long_enough = figures.length_s >= outcome.settings.listeners_s
    if long_enough and figures.peak_listeners and not figures.brought:
        yield Fault("uninvited", {"n": figures.peak_listeners})


def kept_waiting(outcome: Outcome) -> Iterator[Fault]:
    """Find hands that waited for long, and such as nobody called."""
    figures = outcome.figures
    if outcome.over and figures.uncalled:
        yield Fault("not_called", {"n": figures.uncalled})
    elif (figures.wait_s or 0.0) > outcome.settings.hand_wait_s:
        yield Fault("kept_waiting", {"wait_s": figures.wait_s})


def commercial(outcome: Outcome) -> Iterator[Fault]:
    """Find that it was too much of an advertisement."""
    if outcome.promotion > outcome.settings.promotion_share:
        yield Fault("commercial", {"share": outcome.promotion})


def length(outcome: Outcome) -> Iterator[Fault]:
    """Find that it was longer than planned, or longer or shorter than is good."""
    if not outcome.over:
        return
    open_s, plan = outcome.figures.length_s, outcome.plan
    if plan is not None:
        over_s = open_s - 60.0 * plan.minutes
        if over_s > OVER_PLAN_S:
            yield Fault("over_plan", {"over_s": over_s})
    elif open_s > outcome.settings.long_s:
        yield Fault("too_long", {"open_s": open_s})
    elif open_s < SHORT_S:
        yield Fault("too_short", {"open_s": open_s})


FAULTS: tuple[Rule, ...] = (
    unannounced,
    guests,
    untested,
    unprepared,
    dominated,
    drifted,
    uninvited,
    kept_waiting,
    commercial,
    length,
)


def faults(outcome: Outcome) -> list[Fault]:
    """Return everything that went wrong, in order."""
    return [fault for rule in FAULTS for fault in rule(outcome)]
