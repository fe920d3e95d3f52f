"""A guest of a plan: invited with a slot, confirmed or declined, perhaps replaced.

Rules:

- An answer is for one start. When the plan moves, whoever had confirmed is asked again.
- A guest may change the answer until the plan is open or over.
- Who declined or was taken off may be replaced once; the slot goes to the new one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from scheduler.guests.settings import GuestSettings
from scheduler.plans import Plan, PlanRefused, PlanState


class GuestState(Enum):
    """What a guest has answered."""

    INVITED = "invited"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """The host took the invitation back."""


GONE: Final = (GuestState.DECLINED, GuestState.WITHDRAWN)
"""States of guests who are not going to speak."""


@dataclass(frozen=True, slots=True)
class Slot:
    """When a guest is to speak."""

    kind: str = ""
    """``minute``, ``item`` or empty for any time."""

    value: int = 0
    """Minutes after the start, or the number of the agenda item from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One guest of one plan."""

    plan_id: int
    user_id: int
    state: GuestState = GuestState.INVITED
    slot: Slot = Slot()
    language: str = "en"
    """In which the guest is written to."""

    invited_by: int
    invited_at: float
    """Unix seconds."""

    answered_at: float | None = None
    answered_for: float | None = None
    """The start that the answer was for, Unix seconds."""

    replaced_by: int | None = None


def invite(plan: Plan, guests: Sequence[Guest], new: Guest, most: int) -> Guest:
    """Return ``new`` if it may be invited beside ``guests``. Raises PlanRefused.

    Who declined, or was taken off, may be invited again.
    """
    require_open(plan)
    if new.user_id == plan.host_id:
        raise PlanRefused("guest.is_host")
    here = [one for one in guests if one.state not in GONE]
    if any(one.user_id == new.user_id for one in here):
        raise PlanRefused("guest.already", user_id=new.user_id)
    if len(here) >= most:
        raise PlanRefused("guest.too_many", n=most)
    check_slot(plan, new.slot)
    return new


def check_slot(plan: Plan, slot: Slot) -> None:
    """Refuse a slot that the plan does not have. Raises PlanRefused."""
    if slot.kind == "item" and not 1 <= slot.value <= len(plan.agenda):
        key = "guest.no_item" if plan.agenda else "guest.no_agenda"
        raise PlanRefused(key, n=len(plan.agenda))
    if slot.kind == "minute" and not 0 <= slot.value < plan.minutes:
        raise PlanRefused("guest.no_minute", n=plan.minutes)


def answer(plan: Plan, guest: Guest | None, *, comes: bool, now: float) -> Guest:
    """Return the guest with an answer. Raises PlanRefused.

    The same answer given twice is one: nobody hears of it again.
    """
    require_open(plan)
    if guest is None or guest.state is GuestState.WITHDRAWN:
        raise PlanRefused("guest.not_invited")
    if guest.replaced_by is not None:
        raise PlanRefused("guest.was_replaced", user_id=guest.replaced_by)
    state = GuestState.CONFIRMED if comes else GuestState.DECLINED
    holds = not comes or guest.answered_for == plan.starts_at
    if guest.state is state and holds:
        return guest
    return replace(
        guest,
        state=state,
        answered_at=now,
        answered_for=plan.starts_at,
    )


def withdraw(plan: Plan, guest: Guest | None) -> Guest:
    """Return the guest taken off by the host. Raises PlanRefused."""
    require_open(plan)
    if guest is None or guest.state is GuestState.WITHDRAWN:
        raise PlanRefused("guest.not_a_guest")
    return replace(guest, state=GuestState.WITHDRAWN)


def replaced(plan: Plan, guest: Guest | None, by: int) -> Guest:
    """Return the guest as replaced by member ``by``. Raises PlanRefused.

    Whoever has not declined is taken off with it.
    """
    if guest is None:
        raise PlanRefused("guest.not_a_guest")
    if guest.replaced_by is not None:
        raise PlanRefused("guest.was_replaced", user_id=guest.replaced_by)
    if guest.user_id == by:
        raise PlanRefused("guest.already", user_id=by)
    state = guest.state
    if state is not GuestState.DECLINED:
        state = withdraw(plan, guest).state
    return replace(guest, state=state, replaced_by=by)


def standing(plan: Plan, guest: Guest) -> GuestState:
    """Return what the guest's answer is worth for the plan as it is now."""
    confirmed = guest.state is GuestState.CONFIRMED
    if confirmed and guest.answered_for != plan.starts_at:
        return GuestState.INVITED
    return guest.state


def confirmed(plan: Plan, guests: Iterable[Guest]) -> list[Guest]:
    """Return who is going to speak, the earliest invited first."""
    return [one for one in guests if standing(plan, one) is GuestState.CONFIRMED]


def unconfirmed(plan: Plan, guests: Iterable[Guest]) -> list[Guest]:
    """Return who has not answered for the plan as it is now."""
    return [one for one in guests if standing(plan, one) is GuestState.INVITED]


def speaks_at(plan: Plan, slot: Slot) -> float:
    """Return when the guest is to be there at the latest, Unix seconds."""
    return plan.starts_at + (60 * slot.value if slot.kind == "minute" else 0)


def require_open(plan: Plan) -> None:
    """Refuse what only makes sense before the start. Raises PlanRefused."""
    if plan.state is not PlanState.SCHEDULED:
        raise PlanRefused(
            "plan.state", topic=plan.topic, state_key=f"plan.state.{plan.state.value}"
        )


def room_left(settings: GuestSettings, guests: Iterable[Guest]) -> int:
    """Return how many more guests may be invited."""
    return settings.most - sum(one.state not in GONE for one in guests)
