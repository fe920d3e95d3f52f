"""Everything that a post about a plan is made of, read from the record in one look."""

from dataclasses import dataclass

from sqlite_utils import Database

from moderation.store import spaces, tracks
from moderation.store.spaces import SpaceRow
from scheduler.campaigns.campaign import Campaign
from scheduler.clockwork import errand_records, records
from scheduler.guests.guest import Guest
from scheduler.plans import Plan


@dataclass(frozen=True, slots=True)
class Gathered:
    """A plan with what belongs to it."""

    plan: Plan
    campaign: Campaign | None
    guests: tuple[Guest, ...] = ()
    space: SpaceRow | None = None
    """The Space that the plan became."""

    recorded: bool = False
    """Whether its recording is there."""


def gather(db: Database, plan_id: int) -> Gathered | None:
    """Return the plan with everything, or None where there is no such plan."""
    plan = records.get(db, plan_id)
    if plan is None:
        return None
    space = spaces.of_plan(db, plan_id)
    recorded = space is not None and any(
        row.deleted_at is None for row in tracks.read(db, space.id)
    )
    return Gathered(
        plan=plan,
        campaign=errand_records.campaign(db, plan_id),
        guests=tuple(errand_records.guests(db, plan_id)),
        space=space,
        recorded=recorded,
    )
