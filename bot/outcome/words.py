"""A report in words: the figures first, then what could be better and how."""

from collections.abc import Iterator

import discord

from bot.outcome.reading import Report
from bot.texts.language import Language
from bot.texts.wording import Params, Wording
from moderation.outcome.faults import faults

LIMIT = 4096
"""Characters of an embed's description (Discord, "Embed Limits")."""

TITLE_LIMIT = 256
"""Characters of an embed's title."""

SEVERAL_WISHED = 5
"""Wishes to be reminded from which on it says something how many of them came."""


def embed(words: Wording, reader: Language, report: Report) -> discord.Embed:
    """Return the report as one embed, for ``reader``'s language."""
    lines = ["\n".join(figure_lines(words, reader, report))]
    found = [
        f"• {words.say(reader, f'outcome.fault.{fault.rule}', fault.params)}"
        for fault in faults(report.outcome)
    ]
    head = "outcome.better" if found else "outcome.nothing_wrong"
    lines.append("\n".join([words.say(reader, head), *found]))
    title = words.bare(reader, "outcome.title", {"topic": report.space.topic})
    return discord.Embed(
        title=title[:TITLE_LIMIT], description=_fitting("\n\n".join(lines))
    )


def figure_lines(words: Wording, reader: Language, report: Report) -> Iterator[str]:
    """Say the figures, a line each; what was not there has none."""
    figures, plan = report.outcome.figures, report.outcome.plan

    def say(key: str, params: Params) -> str:
        return words.say(reader, f"outcome.{key}", params)

    over = {"when": report.space.opened_at, "open_s": figures.length_s}
    yield say("when" if report.outcome.over else "so_far", over)
    yield say("people", {"n": len(figures.people), "listeners": figures.peak_listeners})
    yield say("stay", {"stay_s": figures.stay_s, "listening_s": figures.listening_s})
    if report.returning is not None:
        yield say("returning", {"n": report.returning, "new": figures.new})
    elif figures.new:
        yield say("new", {"n": figures.new})
    if figures.speakers:
        top = {
            "n": len(figures.speakers),
            "user_id": figures.speakers[0],
            "share": figures.top_share,
        }
        yield say("talk", top)
    hands = {"n": figures.hands, "served": figures.served, "wait_s": figures.wait_s}
    yield say("hands" if figures.wait_s is None else "hands_waited", hands)
    if figures.questions:
        yield say("questions", {"n": figures.questions, "answered": figures.answered})
    if plan is not None and plan.wished >= SEVERAL_WISHED:
        yield say("wished", {"n": plan.wished, "came": plan.came})


def _fitting(text: str) -> str:
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"
