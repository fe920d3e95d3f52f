"""What the panel and the answers say about a room, as lines of text. Pure."""

from collections.abc import Sequence

from bot.rooms.observation import RoomView
from bot.texts.escape import harmless
from bot.texts.language import Language
from bot.texts.wording import Params, Wording
from moderation.questions import Question, QuestionStatus
from moderation.requests import RequestKind
from moderation.roles import Role
from moderation.store.cases import CaseRow
from moderation.view import HandView, SeatView

ROLE_SIGNS = {Role.HOST: "👑", Role.COHOST: "⭐", Role.SPEAKER: "🎙️", Role.LISTENER: ""}

QUEUE_SHOWN = 10
"""Hands listed; the number of others is a line of its own."""

QUIET_SHOWN = 30
"""Silent members listed."""

QUESTIONS_SHOWN = 3
"""Questions on the panel."""


def stage_lines(words: Wording, language: Language, view: RoomView) -> str:
    """Say who has the floor, since when, and how long the turn still lasts."""
    lines = [_seat(words, language, view, seat) for seat in view.space.stage]
    lines += [
        words.say(
            language,
            "panel.invited",
            {"user_id": one.user_id, "until_at": one.until},
        )
        for one in view.space.invited
    ]
    return "\n".join(lines) or words.say(language, "panel.nobody_on_stage")


def queue_lines(
    words: Wording,
    language: Language,
    view: RoomView,
    me: int | None = None,
    limit: int | None = None,
) -> str:
    """Say who waits, in order, for how long and with what; ``me`` wherever I stand.

    Within ``limit`` characters fewer hands are listed; those left out are counted.
    """
    for count in range(QUEUE_SHOWN, 0, -1):
        text = _queue(words, language, view, me, count)
        if limit is None or len(text) <= limit:
            return text
    return _queue(words, language, view, me, 0)


def _queue(
    words: Wording, language: Language, view: RoomView, me: int | None, count: int
) -> str:
    space = view.space
    lines = [_hand(words, language, hand) for hand in space.queue[:count]]
    more = len(space.queue) - count
    if more > 0:
        lines.append(words.say(language, "panel.more_hands", {"n": more}))
    lines += [
        _hand(words, language, hand)
        for hand in space.queue[count:]
        if hand.user_id == me
    ]
    if not lines:
        lines.append(words.say(language, "panel.nobody_waits"))
    if not space.queue_open:
        lines.append(words.say(language, "panel.queue_closed"))
    return "\n".join(lines)


def time_lines(
    words: Wording, language: Language, view: RoomView, me: int | None = None
) -> str:
    """Say who has talked how long, most first; ``me`` first of all."""
    lines = []
    if me is not None:
        own = next((one for one in view.shares if one.user_id == me), None)
        params = {
            "talk_s": own.seconds if own else 0.0,
            "percent": round(100 * own.share) if own else 0,
        }
        lines.append(words.say(language, "time.mine", params))
        lines += _mine(words, language, view, me)
    lines += [
        words.say(
            language,
            "time.one",
            {
                "user_id": one.user_id,
                "talk_s": one.seconds,
                "percent": round(100 * one.share),
            },
        )
        for one in view.shares[:QUEUE_SHOWN]
    ]
    if not view.shares:
        lines.append(words.say(language, "time.nobody"))
    if not view.hearing:
        lines.append(words.say(language, "time.deaf"))
    return "\n".join(lines)


def quiet_lines(
    words: Wording, language: Language, view: RoomView, here: Sequence[int]
) -> str:
    """Say who of those ``here`` has not spoken yet; a cough is no speech."""
    least = view.space.settings.real_speech_s
    heard = {one.user_id for one in view.shares if one.seconds >= least}
    quiet = [user_id for user_id in here if user_id not in heard]
    if not quiet:
        return words.say(language, "talk.nobody_quiet")
    names = [f"<@{user_id}>" for user_id in quiet[:QUIET_SHOWN]]
    if len(quiet) > QUIET_SHOWN:
        names.append("…")
    lines = [words.say(language, "talk.quiet", {"n": len(quiet)}), " ".join(names)]
    if not view.hearing:
        lines.append(words.say(language, "time.deaf"))
    return "\n".join(lines)


def _mine(words: Wording, language: Language, view: RoomView, me: int) -> list[str]:
    """Say how long one's own turn lasts, or where one stands in the queue."""
    for seat in view.space.stage:
        if seat.user_id == me and seat.ends_at is not None:
            return [words.say(language, "time.turn", {"ends_at": seat.ends_at})]
    for hand in view.space.queue:
        if hand.user_id == me:
            place: Params = {"n": hand.position, "wait_s": hand.wait_s}
            key = "hand.position" if hand.wait_s >= 1.0 else "hand.place"
            return [words.say(language, key, place)]
    return []


def parked_lines(words: Wording, language: Language, view: RoomView) -> str:
    """List what was put aside."""
    if not view.space.parked:
        return words.say(language, "topic.nothing_parked")
    return "\n".join(f"• {harmless(text)}" for text in view.space.parked)


def agenda_lines(words: Wording, language: Language, view: RoomView) -> str:
    """List the agenda, with a sign at the current item."""
    space = view.space
    if not space.agenda:
        return words.say(language, "topic.no_agenda")
    return "\n".join(
        f"{'▶️' if number == space.agenda_number else '▫️'} {number}. {harmless(text)}"
        for number, text in enumerate(space.agenda, 1)
    )


def question_lines(
    words: Wording, language: Language, questions: Sequence[Question]
) -> str:
    """List questions, most wanted first; an anonymous one names nobody."""
    if not questions:
        return words.say(language, "question.none")
    return "\n".join(_question(words, language, one) for one in questions[:QUEUE_SHOWN])


def _question(words: Wording, language: Language, one: Question) -> str:
    line = f"{one.number}. {harmless(one.text)} (+{len(one.votes)})"
    if not one.anonymous:
        line += f" — <@{one.user_id}>"
    if one.answered_at is not None:
        answered = {"answered_at": one.answered_at}
        return f"{line} · " + words.say(language, "question.answered_when", answered)
    if one.status is not QuestionStatus.OPEN:
        line += " · " + words.say(language, f"question.status.{one.status.value}")
    return line


def asked_lines(words: Wording, language: Language, view: RoomView) -> str:
    """Show the question being answered, and those most wanted, to everybody."""
    return "\n".join(
        ("❓ " if one.shown else "")
        + f"{one.number}. {harmless(one.text, 120)} (+{one.votes})"
        for one in view.space.questions[:QUESTIONS_SHOWN]
    )


def case_lines(words: Wording, language: Language, rows: Sequence[CaseRow]) -> str:
    """List what was done about somebody, newest first."""
    if not rows:
        return words.say(language, "case.none")
    return "\n".join(
        words.say(
            language,
            "case.line",
            {
                "at_at": row.at,
                "number": row.body.get("number", row.id),
                "action_key": f"action.{row.action}",
                "by_id": row.moderator_id,
                "reason": row.reason,
            },
        )
        + _rest_of_case(words, language, row)
        for row in reversed(rows[-QUEUE_SHOWN:])
    )


def _rest_of_case(words: Wording, language: Language, row: CaseRow) -> str:
    if row.reversed_by is not None:
        undone = {"by_id": row.reversed_by}
        return " · " + words.say(language, "case.line_undone", undone)
    if row.expires_at is not None:
        until = {"until_at": row.expires_at}
        return " · " + words.say(language, "case.line_until", until)
    return ""


def _seat(words: Wording, language: Language, view: RoomView, seat: SeatView) -> str:
    parts = [f"{ROLE_SIGNS[seat.role]} <@{seat.user_id}>"]
    share = next((one for one in view.shares if one.user_id == seat.user_id), None)
    if share is not None:
        parts.append(f"{round(100 * share.share)} %")
    if seat.hand is not None:
        parts.append("✋")
    if seat.over_time:
        parts.append(words.say(language, "panel.over_time"))
    elif seat.ends_at is not None:
        parts.append(words.say(language, "panel.turn_ends", {"ends_at": seat.ends_at}))
    if not seat.present:
        parts.append(words.say(language, "panel.away"))
    elif not seat.may_speak:
        parts.append(words.say(language, "panel.silenced"))
    return " · ".join(parts)


def _hand(words: Wording, language: Language, hand: HandView) -> str:
    parts = [f"{hand.position}. <@{hand.user_id}>"]
    goes_first = hand.reason_key == f"why.{hand.kind.value}"
    if hand.kind is not RequestKind.NEW_TOPIC and not goes_first:
        parts.append(words.say(language, f"kind.{hand.kind.value}"))
    parts.append(words.say(language, hand.reason_key, hand.reason_params))
    if hand.wait_s >= 1.0:
        parts.append(f"~{words.duration(language, hand.wait_s)}")
    if not hand.present:
        parts.append(words.say(language, "panel.away"))
    note = f" — {harmless(hand.note, 140)}" if hand.note else ""
    return " · ".join(parts) + note
