"""A card about one member, for who runs the Space: how they stand, what can be done.

Pure. It offers what makes sense at the moment; whoever presses is checked as ever.
"""

from collections.abc import Iterator

from bot.client import Press
from bot.panel.buttons import STYLES, SpaceButton, Style
from bot.rooms.observation import RoomView
from bot.texts.language import Language
from bot.texts.wording import Params, Wording
from moderation.roles import Role


def card(words: Wording, language: Language, view: RoomView, user_id: int) -> str:
    """Say how a member stands: role, place, talk time."""
    space = view.space
    seat = next((one for one in space.stage if one.user_id == user_id), None)
    hand = next((one for one in space.queue if one.user_id == user_id), None)
    share = next((one for one in view.shares if one.user_id == user_id), None)
    role = seat.role if seat is not None else Role.LISTENER
    params: Params = {
        "user_id": user_id,
        "role_key": f"role.{role.value}",
        "talk_s": share.seconds if share else 0.0,
        "share": share.share if share else 0.0,
    }
    lines = [words.say(language, "person.card", params)]
    if hand is not None:
        why = words.say(language, hand.reason_key, hand.reason_params)
        lines.append(
            words.catalogue.text(language, "person.hand", n=hand.position, why=why)
        )
    if user_id in space.muted_ids:
        lines.append(words.say(language, "person.muted"))
    return "\n".join(lines)


def buttons(
    words: Wording, language: Language, view: RoomView, user_id: int
) -> tuple[SpaceButton, ...]:
    """Return what can be done to a member at the moment."""
    return tuple(
        SpaceButton(
            Press(verb, view.space.space_id, str(user_id)),
            words.say(language, f"button.{verb}"),
            style=STYLES.get(verb, Style.secondary),
        )
        for verb in _verbs(view, user_id)
    )


def _verbs(view: RoomView, user_id: int) -> Iterator[str]:
    space = view.space
    seat = next((one for one in space.stage if one.user_id == user_id), None)
    if seat is not None:
        if seat.ends_at is not None or seat.over_time:
            yield "extend"
        if seat.role is not Role.HOST:
            yield "end_turn"
    elif any(one.user_id == user_id for one in space.invited):
        yield "uninvite"
    else:
        yield "call"
    if any(one.user_id == user_id for one in space.queue):
        yield from ("first", "lower")
    yield "last_word"
    yield "cohost_remove" if user_id in space.cohost_ids else "cohost_add"
    yield "unmute" if user_id in space.muted_ids else "mute"
    yield from ("warn", "remove", "ban", "person_note", "history")
