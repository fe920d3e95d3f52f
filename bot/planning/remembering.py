"""What a member reads who wants to be reminded: when and where, and a menu for when."""

from collections.abc import Iterable, Sequence
from typing import Final

import discord

from bot.panel.selects import SpaceSelect
from bot.texts.language import Language
from bot.texts.markup import Markup, listed
from bot.texts.wording import Params, Wording
from scheduler.plans import Plan
from scheduler.reminders import Place, Wish

OFFSETS: Final = "plan_offsets"
"""Verb of the menu; what is chosen are seconds before the start."""

HOUR_S: Final = 3600.0
DAY_S: Final = 24 * HOUR_S


def text(
    words: Wording, reader: Language, plan: Plan, wishes: Sequence[Wish], now: float
) -> str:
    """Say which reminders are still to come, and where."""
    params: Params = {"topic": plan.topic, "starts_at": plan.starts_at}
    coming = sorted(
        {one.offset_s for one in wishes if _comes(plan, one.offset_s, now)},
        reverse=True,
    )
    if not coming:
        return words.say(reader, "plan.too_soon", params)
    before = listed(Markup(label(words, reader, one)) for one in coming)
    private = plan.post_channel_id is None or wishes[0].place is Place.DM
    where = "plan.where.private" if private else "plan.where.public"
    return words.say(
        reader, "plan.will_remind", {**params, "before": before, "where_key": where}
    )


def menu(
    words: Wording,
    reader: Language,
    plan: Plan,
    wishes: Sequence[Wish],
    offered_min: Iterable[float],
    now: float,
) -> discord.ui.View | None:
    """Return the menu of what can still be chosen; None where there is nothing."""
    chosen = {one.offset_s for one in wishes}
    offered = sorted({60 * minutes for minutes in offered_min} | chosen, reverse=True)
    options = [
        discord.SelectOption(
            label=label(words, reader, offset_s),
            value=f"{offset_s:g}",
            default=offset_s in chosen,
        )
        for offset_s in offered
        if _comes(plan, offset_s, now)
    ]
    if not options:
        return None
    view = discord.ui.View(timeout=None)
    placeholder = words.say(reader, "menu.plan_offsets")
    view.add_item(
        SpaceSelect.of(OFFSETS, plan.id, placeholder, options, most=len(options))
    )
    view.stop()
    return view


def chosen(arg: str) -> list[float]:
    """Return what a choice of the menu means, in seconds."""
    return [float(one) for one in arg.split(",") if one]


def label(words: Wording, reader: Language, offset_s: float) -> str:
    """Word how long before the start something is, in its largest whole unit."""
    for unit, length_s in (("days", DAY_S), ("hours", HOUR_S)):
        if offset_s >= length_s and offset_s % length_s == 0:
            n = round(offset_s / length_s)
            return words.say(reader, f"plan.before.{unit}", {"n": n})
    if offset_s < 60:
        return words.say(reader, "plan.before.start")
    return words.say(reader, "plan.before.minutes", {"n": round(offset_s / 60)})


def _comes(plan: Plan, offset_s: float, now: float) -> bool:
    return plan.starts_at - offset_s > now
