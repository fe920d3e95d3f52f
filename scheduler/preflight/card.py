"""When the go/no-go card goes out, and what becomes of a late one.

Rules:

- One card for each start of a plan, ``before_min`` minutes before it. A plan that is
  moved gets another one for its new start.
- A plan that is made, or moved, within those minutes gets its card at once. So does a
  plan whose time came while the bot was off, until the start. From the start on the
  card is dropped: whoever opens the Space then is told what it lacks.
- A plan that is open, over or called off gets none.
"""

from typing import Final

from scheduler.plans import Plan, PlanState
from scheduler.preflight.settings import PreflightSettings
from scheduler.sends import Send

KIND: Final = "preflight"


def key(plan: Plan) -> str:
    """Return the name of the card for the plan's start as it is now."""
    return f"{plan.id}/{plan.starts_at:.0f}/{KIND}"


def cards(plan: Plan, settings: PreflightSettings) -> list[Send]:
    """Return the card that the plan calls for, if it does."""
    if plan.state is not PlanState.SCHEDULED or settings.before_min <= 0:
        return []
    send = Send(
        key=key(plan),
        plan_id=plan.id,
        kind=KIND,
        due_at=plan.starts_at - 60 * settings.before_min,
        starts_at=plan.starts_at,
        late_until=plan.starts_at,
        user_ids=(plan.host_id,),
    )
    return [send]
