"""What was understood of a plan, as its host reads it before anything is made."""

from datetime import datetime
from typing import Final

import discord

from bot.client import Press
from bot.panel.buttons import SpaceButton, row
from bot.planning.card import opens_by_itself
from bot.planning.drafts import Draft
from bot.planning.outlook import Outlook
from bot.texts import markup
from bot.texts.language import Language
from bot.texts.markup import Markup
from bot.texts.wording import Params, Wording
from scheduler.plans import Plan
from scheduler.when.zones import zone

CONFIRM, CHANGE, DROP, MEANT = "plan_confirm", "plan_change", "plan_drop", "plan_meant"
"""Verbs of the buttons; what they carry in place of a Space is the draft."""

DATES: Final = 4
"""Further dates of a series that are listed; the others are counted."""

READINGS: Final = 2
"""Other meanings of a time that get a button."""


def text(
    words: Wording,
    reader: Language,
    draft: Draft,
    outlook: Outlook,
    *,
    unseen: bool = False,
) -> str:
    """Say what was understood, and what stands in the way.

    ``unseen`` says that the bot may not write where the card would be.
    """
    plan = outlook.plan
    params: Params = {
        "topic": plan.topic,
        "when": plan.starts_at,
        "starts_at": plan.starts_at,
        "n": plan.minutes,
        "space_channel": plan.channel_id,
        "clock": Markup(f"{local(plan, plan.starts_at):%H:%M}"),
        "zone": Markup(plan.zone),
    }
    lines = [words.say(reader, "plan.ask.what", params)]
    if draft.repeat is not None:
        lines.append(_series(words, reader, draft.repeat, outlook))
    if outlook.times:
        end: Params = {"n": outlook.times, "when": outlook.last}
        lines.append(words.say(reader, "plan.ask.until", end))
    if plan.auto_start:
        lines.append(opens_by_itself(words, reader, plan))
    if draft.note:
        lines.append(draft.note)
    for refused in outlook.clashes:
        lines.append(f"⚠️ {words.say(reader, refused.key, refused.params)}")
    if unseen:
        where: Params = {"post_channel": plan.post_channel_id}
        lines.append(words.say(reader, "plan.ask.unseen", where))
    key = "plan.ask.in_the_way" if outlook.clashes else "plan.ask.question"
    lines.append(words.say(reader, key, {"post_channel": plan.post_channel_id}))
    return "\n".join(lines)


def _series(words: Wording, reader: Language, repeat: str, outlook: Outlook) -> str:
    said: Params = {
        "repeat_key": f"choices.{repeat}",
        "dates": _dates(words, reader, outlook.later),
        "n": len(outlook.later),
    }
    if outlook.times == 1:
        return words.say(reader, "plan.ask.once", said)
    key = "plan.ask.series" if outlook.later else "plan.ask.series_far"
    line = words.say(reader, key, said)
    if not outlook.left_out:
        return line
    skipped = _dates(words, reader, outlook.left_out)
    return f"{line}\n⚠️ {words.say(reader, 'plan.ask.left_out', {'dates': skipped})}"


def _dates(words: Wording, reader: Language, starts: tuple[float, ...]) -> Markup:
    shown = [markup.short(at) for at in starts[:DATES]]
    if len(starts) > DATES:
        more = words.say(reader, "plan.ask.more", {"n": len(starts) - DATES})
        shown.append(Markup(more))
    return markup.listed(shown)


def buttons(
    words: Wording, reader: Language, draft: Draft, outlook: Outlook
) -> discord.ui.View:
    """Return the buttons: no way to confirm what cannot be planned."""
    made = [
        SpaceButton(
            Press(CONFIRM, draft.id),
            words.say(reader, "button.plan_confirm"),
            style=discord.ButtonStyle.success,
            disabled=bool(outlook.clashes),
        )
    ]
    for number, at in enumerate(draft.others[:READINGS]):
        then = {"then": Markup(f"{local(outlook.plan, at):%d.%m. %H:%M}")}
        label = words.say(reader, "button.plan_meant", then)
        made.append(SpaceButton(Press(MEANT, draft.id, str(number)), label))
    for verb in (CHANGE, DROP):
        made.append(
            SpaceButton(Press(verb, draft.id), words.say(reader, f"button.{verb}"))
        )
    return row(*made)


def local(plan: Plan, at: float) -> datetime:
    """Return a moment on the clock that the host thinks of; Unix seconds."""
    return datetime.fromtimestamp(at, zone(plan.zone))
