"""What a reminder says and which buttons fit it, by what it is for."""

from collections.abc import Sequence
from typing import Final

import discord

from bot.client import Press
from bot.panel.buttons import SpaceButton, row
from bot.planning.card import FORGET, OPEN_NOW
from bot.texts.language import Language
from bot.texts.wording import Wording
from scheduler.clockwork.deliveries import Notice
from scheduler.reminders import Kind

WHEN, MOVE, CALL_OFF, AGAIN = "plan_when", "plan_move", "plan_call_off", "plan_again"
"""Verbs of the buttons; what they carry in place of a Space is the plan."""

PRIVATE: Final = frozenset({Kind.DIRECT.value, Kind.HOST.value})
"""Kinds that go to one person."""

_KEYS: Final[dict[str, str]] = {
    Kind.MEMBERS: "plan.remind.members",
    Kind.DIRECT: "plan.remind.members",
    Kind.HOST: "plan.remind.host",
    Kind.START: "plan.start",
    Kind.MISSED: "plan.missed",
}

_VERBS: Final[dict[str, tuple[str, ...]]] = {
    Kind.MEMBERS: (WHEN, FORGET),
    Kind.DIRECT: (WHEN, FORGET),
    Kind.HOST: (MOVE, CALL_OFF),
    Kind.START: (OPEN_NOW, MOVE, CALL_OFF),
    Kind.MISSED: (AGAIN,),
}


def named(notice: Notice) -> Sequence[int]:
    """Return whom it names, and pings where it is public."""
    return notice.send.user_ids or (notice.plan.host_id,)


def text(
    words: Wording, language: Language, notice: Notice, now: float, *, public: bool
) -> str:
    """Word a reminder; where it is public it names whom it is for."""
    plan, kind = notice.plan, notice.send.kind
    key = _KEYS[kind]
    if plan.auto_start and kind == Kind.HOST:
        key = "plan.remind.auto"
    if key.startswith("plan.remind") and now > plan.starts_at + 1.0:
        key += "_late"
    said = words.say(
        language,
        key,
        {
            "topic": plan.topic,
            "starts_at": plan.starts_at,
            "space_channel": plan.channel_id,
            "host_id": plan.host_id,
        },
    )
    if not public or not notice.send.user_ids:
        return said
    return f"{said}\n{' '.join(f'<@{user}>' for user in notice.send.user_ids)}"


def buttons(words: Wording, language: Language, notice: Notice) -> discord.ui.View:
    """Return the buttons; each carries the nonce, by which the message is found."""
    return row(
        *(
            SpaceButton(
                Press(verb, notice.plan.id, notice.nonce),
                words.say(language, f"button.{verb}"),
            )
            for verb in _VERBS[notice.send.kind]
        )
    )
