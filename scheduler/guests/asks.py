"""What guests and their host are written, and when.

The policy:

- An invitation goes out at once. A plan that moves invites again, because the answer
  was for another time.
- A silent guest is reminded ``after_h`` hours after the invitation and ``before_h``
  hours before the start, never within ``apart_h`` hours of the message before, and
  never after the start.
- Whoever declined hears nothing more; the host hears of it at once.
- ``host_h`` hours before the start the host hears who is still silent.
- Whoever confirmed is reminded ``ready_min`` minutes before the start.
- A plan that is cancelled is called off with everybody who has not declined. Where
  nobody did so by command (its event or its channel was deleted, nobody came to open
  it) the host hears of it, up to a day after it was to start.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from scheduler.errands import AT_ONCE, Errand, ErrandKind
from scheduler.guests.guest import GONE, Guest, GuestState, standing, unconfirmed
from scheduler.guests.settings import GuestSettings
from scheduler.plans import Plan, PlanState

INVITE, REMIND, READY, CALLED_OFF = "invite", "remind", "ready", "called_off"
DECLINED, SILENT, UNASKED = "declined", "silent", "unasked"
"""Steps; the second row goes to the host."""

HOUR_S = 3600.0


def asks(plan: Plan, guests: Sequence[Guest], settings: GuestSettings) -> list[Errand]:
    """Return every message that the guests of a plan call for, by time."""
    found: list[Errand] = []
    for guest in guests:
        if plan.state is PlanState.CANCELLED and guest.state not in GONE:
            found.append(_to_guest(plan, guest, CALLED_OFF, AT_ONCE, ""))
        elif plan.state is PlanState.SCHEDULED:
            found += _before(plan, guest, settings)
    if plan.state is PlanState.SCHEDULED:
        found += _to_host(plan, guests, settings)
    elif plan.state is PlanState.CANCELLED and plan.unasked:
        what = f"{plan.starts_at:.0f}/host-{UNASKED}"
        late = plan.starts_at + 24 * HOUR_S
        found.append(replace(_host(plan, UNASKED, AT_ONCE, what), until=late))
    return sorted(found, key=lambda errand: (errand.due_at, errand.key))


def _before(plan: Plan, guest: Guest, settings: GuestSettings) -> Iterable[Errand]:
    match standing(plan, guest):
        case GuestState.INVITED:
            yield _to_guest(plan, guest, INVITE, AT_ONCE, "")
            for number, at in enumerate(reminders(plan, guest, settings)):
                yield _to_guest(plan, guest, REMIND, at, str(number))
        case GuestState.CONFIRMED if settings.ready_min:
            at = plan.starts_at - 60 * settings.ready_min
            if guest.answered_at is None or guest.answered_at < at:
                yield _to_guest(plan, guest, READY, at, "")


def reminders(plan: Plan, guest: Guest, settings: GuestSettings) -> list[float]:
    """Return when a silent guest is reminded (Unix seconds), by the policy."""
    wanted = [plan.starts_at - hours * HOUR_S for hours in settings.before_h]
    if settings.after_h:
        wanted.append(guest.invited_at + settings.after_h * HOUR_S)
    last, kept = guest.invited_at, []
    for at in sorted(wanted):
        if at >= last + settings.apart_h * HOUR_S and at < plan.starts_at:
            kept.append(at)
            last = at
    return kept


def _to_guest(plan: Plan, guest: Guest, step: str, due_at: float, more: str) -> Errand:
    # Who is invited again after having declined gets another invitation.
    when = f"{plan.starts_at:.0f}/{guest.invited_at:.0f}"
    return Errand(
        key=f"{plan.id}/{when}/guest-{step}{more}/{guest.user_id}",
        plan_id=plan.id,
        kind=ErrandKind.GUEST,
        step=step,
        target=guest.user_id,
        due_at=due_at,
        starts_at=plan.starts_at,
        until=None if step == CALLED_OFF else plan.starts_at,
        chain=f"{plan.id}/guest/{guest.user_id}" if step in (INVITE, REMIND) else "",
    )


def _to_host(
    plan: Plan, guests: Sequence[Guest], settings: GuestSettings
) -> Iterable[Errand]:
    for guest in guests:
        if guest.state is GuestState.DECLINED and guest.replaced_by is None:
            what = f"{guest.answered_at or 0:.0f}/host-{DECLINED}/{guest.user_id}"
            yield _host(plan, DECLINED, AT_ONCE, what, guest.user_id)
    silent = unconfirmed(plan, guests)
    if silent and settings.host_h:
        at = plan.starts_at - settings.host_h * HOUR_S
        if min(one.invited_at for one in silent) < at:
            yield _host(plan, SILENT, at, f"{plan.starts_at:.0f}/host-{SILENT}")


def _host(
    plan: Plan, step: str, due_at: float, what: str, about_id: int | None = None
) -> Errand:
    return Errand(
        key=f"{plan.id}/{what}",
        plan_id=plan.id,
        kind=ErrandKind.HOST,
        step=step,
        target=plan.host_id,
        due_at=due_at,
        starts_at=plan.starts_at,
        until=plan.starts_at,
        about_id=about_id,
    )
