"""What a practice room shows: who is there, and how each of them sounds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import discord

from bot.client import Press
from bot.panel.buttons import SpaceButton, row
from bot.replies import LIMIT
from bot.texts.language import Language
from bot.texts.wording import Params, Wording
from bot.voicecheck import one_digit
from media.soundcheck import Finding, Grade, Measured, score
from scheduler.plans import Plan
from scheduler.preflight.practice import End

ME, STOP, AGAIN = "practice_me", "practice_end", "practice_again"
"""Verbs of the buttons; what they carry in place of a Space is the plan."""


class Standing(Enum):
    """How far somebody is."""

    AWAY = "away"
    WAITING = "waiting"
    """There, and has not agreed to be measured."""

    UNHEARD = "unheard"
    """Speaks, and the bot cannot hear it."""

    MEASURED = "measured"
    MUTED = "muted"
    AUDIENCE = "audience"
    QUIET = "quiet"
    """Agreed, and has said too little so far."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one voice, and what it is worth."""

    measured: Measured
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One of the people of a practice."""

    user_id: int
    standing: Standing
    figures: Figures | None = None
    """Only of who is ``MEASURED``."""


def standing(
    *,
    here: bool,
    agreed: bool,
    heard: bool,
    measured: bool,
    muted: bool,
    suppressed: bool,
) -> Standing:
    """Return how far somebody is; ``heard`` is False for who speaks unheard."""
    if not here:
        return Standing.AWAY
    if not agreed:
        return Standing.WAITING
    if not heard:
        return Standing.UNHEARD
    if measured:
        return Standing.MEASURED
    if suppressed:
        return Standing.AUDIENCE
    return Standing.MUTED if muted else Standing.QUIET


def text(
    words: Wording,
    reader: Language,
    plan: Plan,
    people: Sequence[Seen],
    ends_at: float,
) -> str:
    """Word the panel; what is wrong gives way where everybody's would not fit."""
    head: Params = {
        "topic": plan.topic,
        "space_channel": plan.channel_id,
        "ends_at": ends_at,
        "starts_at": plan.starts_at,
    }
    for how in (_advice, _faults, _nothing):
        lines = [words.say(reader, "practice.head", head)]
        lines += [_line(words, reader, one, how) for one in people]
        whole = "\n".join(lines)
        if len(whole) <= LIMIT:
            return whole
    return whole[: LIMIT - 1] + "…"


def buttons(words: Wording, reader: Language, plan_id: int) -> discord.ui.View:
    """Return the buttons while it lasts."""
    return row(
        _button(words, reader, Press(ME, plan_id), discord.ButtonStyle.primary),
        _button(words, reader, Press(STOP, plan_id), discord.ButtonStyle.danger),
    )


def over(
    words: Wording,
    reader: Language,
    topic: str,
    why: End,
    people: Sequence[Seen] = (),
    *,
    offered: bool = False,
) -> str:
    """Word what is left of the panel when it has ended: why, and the last scores.

    ``offered``: there is a button for another one.
    """
    lines = [words.say(reader, f"practice.over.{why.value}", {"topic": topic})]
    if why is End.RESTART and offered:
        lines.append(words.say(reader, "practice.not_continued"))
    lines += [
        words.say(
            reader,
            "practice.last",
            {"user_id": one.user_id, "n": score(one.figures.findings)},
        )
        for one in people
        if one.figures is not None
    ]
    return "\n".join(lines)[:LIMIT]


def again(words: Wording, reader: Language, plan_id: int) -> discord.ui.View:
    """Return the button that opens another one for the same plan."""
    return row(
        _button(words, reader, Press(AGAIN, plan_id), discord.ButtonStyle.secondary)
    )


More = Callable[[Wording, Language, Sequence[Finding]], str]


def _line(words: Wording, reader: Language, one: Seen, more: More) -> str:
    if one.figures is None:
        key = f"practice.person.{one.standing.value}"
        return words.say(reader, key, {"user_id": one.user_id})
    measured, findings = one.figures.measured, one.figures.findings
    said = words.say(
        reader,
        "practice.person.measured",
        {
            "user_id": one.user_id,
            "n": score(findings),
            "lufs": one_digit(measured.loudness_lufs),
            "clipped": one_digit(100 * (measured.clipped or 0.0)),
            "loss": one_digit(100 * (measured.loss or 0.0)),
        },
    )
    wrong = [one for one in findings if one.grade in (Grade.FAIR, Grade.BAD)]
    return f"{said} {more(words, reader, wrong)}".rstrip() if wrong else said


def _advice(words: Wording, reader: Language, wrong: Sequence[Finding]) -> str:
    keys = [f"check.advice.{one.about}.{one.advice}" for one in wrong]
    return " ".join(words.say(reader, key) for key in keys)


def _faults(words: Wording, reader: Language, wrong: Sequence[Finding]) -> str:
    keys = " ".join(f"gonogo.fault.{one.about}" for one in wrong)
    return words.say(reader, "practice.faults", {"fault_keys": keys})


def _nothing(words: Wording, reader: Language, wrong: Sequence[Finding]) -> str:
    return ""


def _button(
    words: Wording, reader: Language, press: Press, style: discord.ButtonStyle
) -> SpaceButton:
    return SpaceButton(press, words.say(reader, f"button.{press.verb}"), style=style)
