"""Keeping order: warnings, mutes, removals, bans, reports."""

from moderation.cases import Case
from moderation.effects import (
    Disconnect,
    Effect,
    OpenCase,
    Params,
    Reconcile,
    ReverseCase,
    TellHosts,
    UpdatePanel,
)
from moderation.events import (
    BanLifted,
    CaseUndone,
    MemberBanned,
    MemberMuted,
    MemberNoted,
    MemberRemoved,
    MemberUnbanned,
    MemberUnmuted,
    MemberWarned,
    ReportFiled,
    SanctionLapsed,
    SanctionsRecalled,
)
from moderation.refused import Refused
from moderation.roles import Role
from moderation.sanction import Action
from moderation.space.people import drop_cohost
from moderation.space.seating import answer, clear_out, explain, until_key
from moderation.space.state import State, Takes

REASON_LIMIT = 500
"""Characters kept of a reason, a note or a report."""


def _open(
    state: State,
    action: Action,
    event: MemberWarned | MemberMuted | MemberRemoved | MemberBanned,
    now: float,
) -> OpenCase:
    until = event.until if isinstance(event, MemberMuted | MemberBanned) else None
    case = Case(
        state.cases.next_number,
        action,
        event.user_id,
        event.by,
        now,
        event.reason[:REASON_LIMIT],
        until,
    )
    return _opened(state, case)


def _opened(state: State, case: Case) -> OpenCase:
    state.cases.open(case)
    return OpenCase(
        case.number, case.action, case.user_id, case.by, case.reason, case.until
    )


def _require_future(until: float | None, now: float) -> None:
    if until is not None and until <= now:
        raise Refused("case.past", until_at=until)


def member_warned(state: State, event: MemberWarned, now: float) -> list[Effect]:
    """Warn a member in private."""
    opened = _open(state, Action.WARN, event, now)
    return [
        answer(event.user_id, "case.you_warned", reason=opened.reason),
        answer(event.by, "case.opened", n=opened.number),
        opened,
    ]


def member_muted(state: State, event: MemberMuted, now: float) -> list[Effect]:
    """Keep a member off the floor for a time; staff keep their seat, unheard."""
    _require_future(event.until, now)
    opened = _open(state, Action.MUTE, event, now)
    staff = state.hosting.is_staff(event.user_id)
    off = [] if staff else clear_out(state, event.user_id, now)
    key, until = until_key("case.muted", event.until)
    told, _ = until_key("case.you_muted", event.until)
    return [
        Reconcile((event.user_id,)),
        *off,
        explain(state, key, event.user_id, event.by, **until),
        answer(event.user_id, told, reason=opened.reason, **until),
        answer(event.by, "case.opened", n=opened.number),
        opened,
        UpdatePanel(),
    ]


def member_removed(state: State, event: MemberRemoved, now: float) -> list[Effect]:
    """Put a member out until the Space ends."""
    return _put_out(state, Action.REMOVE, event, now)


def member_banned(state: State, event: MemberBanned, now: float) -> list[Effect]:
    """Keep a member out of the guild's Spaces."""
    _require_future(event.until, now)
    return _put_out(state, Action.BAN, event, now)


def _put_out(
    state: State, action: Action, event: MemberRemoved | MemberBanned, now: float
) -> list[Effect]:
    user_id = event.user_id
    if state.role_of(user_id) is Role.HOST:
        raise Refused("host.hand_over_first")
    opened = _open(state, action, event, now)
    effects = [*clear_out(state, user_id, now), *drop_cohost(state, user_id, now)]
    key = f"case.{action.value}"
    out = [Disconnect(user_id)] if state.people.is_present(user_id) else []
    shown, until = until_key(key, opened.until)
    told, _ = until_key(f"{key}_told", opened.until)
    return [
        Reconcile((user_id,)),
        *out,
        *effects,
        explain(state, shown, user_id, event.by, **until),
        answer(user_id, told, reason=opened.reason, **until),
        answer(event.by, "case.opened", n=opened.number),
        opened,
        UpdatePanel(),
    ]


def member_unmuted(state: State, event: MemberUnmuted, now: float) -> list[Effect]:
    """Let a member have the floor again."""
    return _let_off(state, Action.MUTE, Action.UNMUTE, event, now)


def member_unbanned(state: State, event: MemberUnbanned, now: float) -> list[Effect]:
    """Let a member into Spaces again."""
    return _let_off(state, Action.BAN, Action.UNBAN, event, now)


def _let_off(
    state: State,
    stands: Action,
    action: Action,
    event: MemberUnmuted | MemberUnbanned,
    now: float,
) -> list[Effect]:
    if state.cases.stands(event.user_id, stands) is None:
        raise Refused(f"case.no_{stands.value}", user_id=event.user_id)
    number = state.cases.next_number
    opened = _opened(state, Case(number, action, event.user_id, event.by, now))
    key = f"case.{action.value}"
    return [
        Reconcile((event.user_id,)),
        explain(state, key, event.user_id, event.by),
        answer(event.user_id, f"{key}_told"),
        answer(event.by, "case.opened", n=number),
        opened,
        UpdatePanel(),
    ]


def member_noted(state: State, event: MemberNoted, now: float) -> list[Effect]:
    """Write a note about a member down."""
    text = event.text.strip()[:REASON_LIMIT]
    if not text:
        raise Refused("text.empty")
    number = state.cases.next_number
    case = Case(number, Action.NOTE, event.user_id, event.by, now, text)
    return [_opened(state, case), answer(event.by, "case.opened", n=number)]


def case_undone(state: State, event: CaseUndone, now: float) -> list[Effect]:
    """Undo a case."""
    case = state.cases.undo(event.number, event.by)
    return [
        Reconcile((case.user_id,)),
        explain(state, "case.undone", case.user_id, event.by, n=case.number),
        ReverseCase(case.number, event.by),
        UpdatePanel(),
    ]


def sanctions_recalled(
    state: State, event: SanctionsRecalled, now: float
) -> list[Effect]:
    """Take over what stands from earlier Spaces."""
    state.cases.recall(event.sanctions)
    barred = [
        sanction.user_id
        for sanction in event.sanctions
        if state.people.is_present(sanction.user_id)
        and state.cases.bars_entry(sanction.user_id)
    ]
    return [Reconcile(), *(Disconnect(user_id) for user_id in barred)]


def sanction_lapsed(state: State, event: SanctionLapsed, now: float) -> list[Effect]:
    """Let what stood only until now stand no longer."""
    effects: list[Effect] = []
    for sanction in state.cases.lapsing():
        over = sanction.until is not None and sanction.until <= now
        if sanction.user_id == event.user_id and over:
            state.cases.lift(sanction.user_id, sanction.action)
            key = f"case.{sanction.action.value}_over"
            effects.append(explain(state, key, event.user_id))
            effects.append(answer(event.user_id, f"{key}_told"))
    if not effects:
        return []
    return [Reconcile((event.user_id,)), *effects, UpdatePanel()]


def ban_lifted(state: State, event: BanLifted, now: float) -> list[Effect]:
    """Let a member in again whom the guild has let off."""
    if not state.cases.lift(event.user_id, Action.BAN):
        return []
    explained = explain(state, "case.ban_over", event.user_id)
    return [Reconcile((event.user_id,)), explained, UpdatePanel()]


def report_filed(state: State, event: ReportFiled, now: float) -> list[Effect]:
    """Bring a member's report before the hosts."""
    if event.user_id == event.about_id:
        raise Refused("report.self")
    number, reason = state.cases.next_number, event.reason.strip()[:REASON_LIMIT]
    case = Case(number, Action.REPORT, event.about_id, event.user_id, now, reason)
    params: Params = {"n": number, "about_id": event.about_id, "reason": reason}
    return [
        _opened(state, case),
        answer(event.user_id, "report.thanks"),
        TellHosts(
            "report.filed", params=params, urgent=True, hidden_from=event.about_id
        ),
    ]


TAKES: Takes = {
    MemberWarned: member_warned,
    MemberMuted: member_muted,
    MemberUnmuted: member_unmuted,
    MemberRemoved: member_removed,
    MemberBanned: member_banned,
    MemberUnbanned: member_unbanned,
    MemberNoted: member_noted,
    CaseUndone: case_undone,
    SanctionsRecalled: sanctions_recalled,
    SanctionLapsed: sanction_lapsed,
    BanLifted: ban_lifted,
    ReportFiled: report_filed,
}
