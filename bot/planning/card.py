"""The card of a plan: what, when in each reader's own time, and its buttons."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import discord

from bot.client import Press
from bot.panel.buttons import SpaceButton, row
from bot.replies import LIMIT
from bot.texts import markup
from bot.texts.language import Language
from bot.texts.wording import Params, Wording
from scheduler.plans import Plan, PlanState

REMIND, DIRECT, FORGET = "plan_remind", "plan_direct", "plan_forget"
"""Verbs of the buttons; what they carry in place of a Space is the plan."""

OPEN_NOW: Final = "auto_open"
"""Verb of the button that opens a plan's Space; it carries the plan too."""

NAMELESS: Final = "nameless"
"""How a series comes back for which there is no short word."""

AGENDA: Final = 8
"""Items of the agenda that a card has room for."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as everybody sees it."""

    text: str
    view: discord.ui.View | None
    """None where nothing is left to press."""


def text(words: Wording, language: Language, plan: Plan) -> str:
    """Word a plan; Discord shows ``<t:…>`` in the reader's time zone and language."""
    params: Params = {
        "topic": plan.topic,
        "when": plan.starts_at,
        "starts_at": plan.starts_at,
        "space_channel": plan.channel_id,
        "host_id": plan.host_id,
        "n": plan.minutes,
        "reason": plan.reason,
    }
    return words.say(language, f"plan.shown.{plan.state.value}", params)


def opens_by_itself(words: Wording, language: Language, plan: Plan) -> str:
    """Say when the plan opens by itself, and what happens without its host."""
    params: Params = {"cohost_ids": " ".join(map(str, plan.cohost_ids))}
    said = words.say(language, f"auto.card.{plan.absent or 'cancel'}", params)
    if plan.wait_s is None:
        return said
    minutes: Params = {"n": round(plan.wait_s / 60)}
    return f"{said} {words.say(language, 'auto.waits', minutes)}"


def shown(
    words: Wording,
    language: Language,
    plan: Plan,
    first_at: float,
    nonce: str,
    repeat: str | None = None,
) -> Shown:
    """Return the whole card.

    ``first_at`` is the start that it showed first (Unix seconds): whoever read that
    one sees that it has moved. ``nonce`` is what the card is found by. ``repeat`` is
    how often the plan's series comes back, ``NAMELESS`` or one of the choices; None
    where nothing comes after this plan.
    """
    lines = [text(words, language, plan)]
    if plan.state is not PlanState.SCHEDULED:
        return Shown(lines[0], None)
    if round(first_at) != round(plan.starts_at):
        was = {"was": markup.short(first_at)}
        lines.append(words.say(language, "plan.shown.moved", was))
    if repeat is not None:
        lines.append(_series(words, language, repeat))
    if plan.auto_start:
        lines.append(opens_by_itself(words, language, plan))
    for item in plan.agenda[:AGENDA]:
        lines.append(words.say(language, "plan.shown.item", {"item": item}))
    return Shown("\n".join(lines), buttons(words, language, plan, nonce))


def _series(words: Wording, language: Language, repeat: str) -> str:
    if repeat == NAMELESS:
        return words.say(language, "plan.shown.nameless")
    often = {"repeat_key": f"choices.{repeat}"}
    return words.say(language, "plan.shown.series", often)


def buttons(
    words: Wording, language: Language, plan: Plan, nonce: str
) -> discord.ui.View:
    """Return the buttons that go with the card of a plan that is to come."""
    return row(
        SpaceButton(
            Press(REMIND, plan.id, nonce),
            words.say(language, "button.plan_remind"),
            style=discord.ButtonStyle.primary,
        ),
        SpaceButton(Press(DIRECT, plan.id), words.say(language, "button.plan_direct")),
        SpaceButton(Press(FORGET, plan.id), words.say(language, "button.plan_forget")),
    )


def listing(words: Wording, reader: Language, plans: Sequence[Plan]) -> str:
    """Return the plans as one message; those that do not fit are counted."""
    if not plans:
        return words.say(reader, "plan.none")
    lines = [text(words, reader, plan) for plan in plans]
    for fitting in range(len(lines), 0, -1):
        left = len(lines) - fitting
        more = [words.say(reader, "plan.more", {"n": left})] if left else []
        said = "\n".join([*lines[:fitting], *more])
        if len(said) <= LIMIT:
            break
    return said


def digest(plan: Plan, repeat: str | None = None) -> str:
    """Return what a card of the plan depends on, in short: other plan, other card."""
    parts: tuple[object, ...] = (
        plan.state.value,
        plan.topic,
        round(plan.starts_at),
        plan.minutes,
        plan.channel_id,
        plan.host_id,
        plan.reason,
        plan.language,
        plan.agenda,
        (plan.absent, plan.cohost_ids) if plan.auto_start else None,
    )
    if repeat is not None:
        parts += (repeat,)
    if plan.auto_start and plan.wait_s is not None:
        parts += (plan.wait_s,)
    return hashlib.blake2s(repr(parts).encode(), digest_size=8).hexdigest()
