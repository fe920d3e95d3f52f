"""The go/no-go card: the verdict first, then what stands in the way, then the rest.

Each line begins with its answer in words, so that it can be listened to, and each
that is not a yes ends with what to do about it.
"""

from collections.abc import Sequence
from typing import Final

import discord

from bot.client import Press
from bot.panel.buttons import SpaceButton, row
from bot.replies import LIMIT
from bot.texts.language import Language
from bot.texts.wording import Params, Wording
from scheduler.plans import Plan, PlanState
from scheduler.preflight.readiness import Line, Person, Verdict, goes

AGAIN, SHOW = "gonogo_again", "gonogo_show"
"""Verbs of the buttons; what they carry in place of a Space is the plan."""

NAMED: Final = 6
"""People, or channels, named in one line; of more only the number is told."""

SCORED: Final = ("voice_good", "voice_poor")
"""Lines whose people stand there with their score."""


def text(
    words: Wording, reader: Language, plan: Plan, lines: Sequence[Line], now: float
) -> str:
    """Word the whole card; what a message cannot hold is cut from the yeses."""
    said = [headline(words, reader, plan, lines)]
    said += [_line(words, reader, line) for line in lines]
    looked = words.say(reader, "gonogo.looked", {"looked_at": now})
    room = LIMIT - len(looked) - 1
    whole = "\n".join(said)
    if len(whole) > room:
        whole = whole[: room - 1].rpartition("\n")[0] + "\n…"
    return f"{whole}\n{looked}"


def headline(
    words: Wording, reader: Language, plan: Plan, lines: Sequence[Line]
) -> str:
    """Word the verdict."""
    worst = Verdict.MIND if goes(lines) else Verdict.NO
    params: Params = {
        "topic": plan.topic,
        "starts_at": plan.starts_at,
        "space_channel": plan.channel_id,
        "n": sum(line.verdict is worst for line in lines),
    }
    if not goes(lines):
        return words.say(reader, "gonogo.no_go", params)
    return words.say(reader, "gonogo.go_but" if params["n"] else "gonogo.go", params)


def over(words: Wording, reader: Language, plan: Plan) -> str | None:
    """Word a card whose start is not to come any more; None: it still is."""
    if plan.state is PlanState.SCHEDULED:
        return None
    params: Params = {
        "topic": plan.topic,
        "state_key": f"plan.state.{plan.state.value}",
    }
    return words.say(reader, "gonogo.over", params)


def button(
    words: Wording, reader: Language, plan: Plan, nonce: str = ""
) -> discord.ui.View:
    """Return the button that looks again."""
    label = words.say(reader, f"button.{AGAIN}")
    style = discord.ButtonStyle.primary
    return row(SpaceButton(Press(AGAIN, plan.id, nonce), label, style=style))


def _line(words: Wording, reader: Language, line: Line) -> str:
    mark = words.say(reader, f"gonogo.mark.{line.verdict.value}")
    said = words.say(reader, f"gonogo.line.{line.about}", line.params)
    if line.people or line.places:
        said = f"{said} {_named(words, reader, line)}."
    if line.verdict is Verdict.YES:
        return f"{mark} {said}"
    return f"{mark} {said} {words.say(reader, f'gonogo.do.{line.about}', line.params)}"


def _named(words: Wording, reader: Language, line: Line) -> str:
    scored = line.about in SCORED
    shown = [
        _scored(words, reader, one) if scored else f"<@{one.user_id}>"
        for one in line.people[:NAMED]
    ]
    shown += [f"<#{channel_id}>" for channel_id in line.places[:NAMED]]
    more = len(line.people) + len(line.places) - NAMED
    if more > 0:
        shown.append(words.say(reader, "gonogo.more", {"n": more}))
    return ", ".join(shown)


def _scored(words: Wording, reader: Language, one: Person) -> str:
    params: Params = {"user_id": one.user_id, "n": one.score}
    if not one.faults:
        return words.say(reader, "gonogo.score", params)
    keys = " ".join(f"gonogo.fault.{fault}" for fault in one.faults)
    return words.say(reader, "gonogo.score_faults", {**params, "fault_keys": keys})
