"""What the record knows of a Space, put together for its report.

Run inside ``Store.read``: after hours of talk it takes a fifth of a second.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from bot.config import Config
from bot.talk.recall import counted
from moderation.effects import Audience
from moderation.outcome.faults import Outcome, Planned
from moderation.outcome.figures import Figures, reckon
from moderation.store import (
    errands,
    guests,
    guilds,
    journal,
    nudges,
    reminders,
    spaces,
    spurts,
    voice_checks,
)
from moderation.store.nudges import NudgeRow
from moderation.store.spaces import SpaceRow
from moderation.talktime.figures import TalkFigures
from scheduler.clockwork import records
from scheduler.errands import ErrandKind
from scheduler.guests.guest import GuestState

DAY_S = 86400.0

DENIED = ("disagree", "not_helpful", "not_promotion")
"""Answers by which a host says that a nudge was wrong."""


@dataclass(frozen=True, slots=True)
class Report:
    """One Space and what came of it."""

    space: SpaceRow
    outcome: Outcome

    returning: int | None
    """People who had been in an earlier Space of this server; None for its first."""

    talk: TalkFigures
    names: Mapping[int, str]
    """Of the people, as the server knows them; who was erased has none."""

    wished: frozenset[int] = frozenset()
    """Who had asked to be reminded of it."""


def read(db: Database, space: SpaceRow, config: Config, now: float) -> Report:
    """Read everything about a Space, up to ``now`` (Unix seconds) where it goes on.

    Raises ``UnreadableEventError`` and ``Refused`` where its journal is broken.
    """
    happened = journal.read(db, space.id)
    talk = counted(space, happened, spurts.read(db, space.id))
    until = now if space.ended_at is None else space.ended_at
    rows = ((row.at, row.name, row.body) for row in happened)
    figures = reckon(rows, space.opened_at, until, talk)
    told = nudges.read(db, space.id)
    outcome = Outcome(
        figures=figures,
        settings=config.nudges,
        plan=_planned(db, space, figures.people),
        over=space.ended_at is not None,
        tested=_tested(db, space, figures, config.preflight.check_days * DAY_S),
        drifts=sum(row.answer is None for row in _to_hosts(told, "drift")),
        promotion=max(
            (_share(row) for row in _to_hosts(told, "commercial")), default=0.0
        ),
        touches_least=config.campaigns.touches_least,
    )
    known = guilds.members(db, space.guild_id, figures.people)
    return Report(
        space,
        outcome,
        _returning(db, space, figures),
        talk,
        {user: row.name for user, row in known.items()},
        frozenset() if space.plan_id is None else _wished(db, space.plan_id),
    )


def _wished(db: Database, plan_id: int) -> frozenset[int]:
    return frozenset(row.user_id for row in reminders.of_plans(db, [plan_id]))


def _to_hosts(told: list[NudgeRow], rule: str) -> list[NudgeRow]:
    return [
        row
        for row in told
        if (row.rule, row.step) == (rule, Audience.HOSTS.value)
        and row.answer not in DENIED
    ]


def _share(row: NudgeRow) -> float:
    return float((row.evidence.get("params") or {}).get("share") or 0.0)


def _planned(db: Database, space: SpaceRow, people: frozenset[int]) -> Planned | None:
    plan = None if space.plan_id is None else records.get(db, space.plan_id)
    if plan is None:
        return None
    asked = guests.of_plan(db, plan.id)
    wished = _wished(db, plan.id)
    return Planned(
        minutes=plan.minutes,
        announcements=sum(
            row.kind == ErrandKind.ANNOUNCE.value
            and row.state == "sent"
            and row.claimed_at < space.opened_at
            for row in errands.of_plan(db, plan.id)
        ),
        silent_ids=tuple(
            row.user_id for row in asked if row.state == GuestState.INVITED.value
        ),
        missing_ids=tuple(
            row.user_id
            for row in asked
            if row.state == GuestState.CONFIRMED.value and row.user_id not in people
        ),
        wished=len(wished),
        came=len(wished & people),
    )


def _tested(db: Database, space: SpaceRow, figures: Figures, within_s: float) -> int:
    """Return how many of those who spoke have a check that was not too old then."""
    checks = voice_checks.of_members(db, space.guild_id, figures.speakers)
    return sum(row.at >= space.opened_at - within_s for row in checks.values())


def _returning(db: Database, space: SpaceRow, figures: Figures) -> int | None:
    before = spaces.visitors_before(db, space.guild_id, space.opened_at)
    return None if before is None else len(figures.people & before)
