"""Changing a whole series: told first, done when the organiser agrees.

What is agreed to is what was shown: where something has happened in between, the new
state is shown again. What waits for an answer is in memory only; after a restart the
button says to ask again.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Final

import discord
from sqlite_utils import Database

from bot.client import Press
from bot.errors import BotError
from bot.panel.buttons import SpaceButton, row
from bot.planning import deeds
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from bot.presses import Answers
from bot.replies import AnyInteraction, answer, change, language, patiently
from bot.texts.language import Language
from bot.texts.wording import Wording
from moderation.store.database import Store
from scheduler.clockwork import records, series
from scheduler.plans import Plan, PlanRefused
from scheduler.revision import Revision, Wanted, revise
from scheduler.settings import SchedulerSettings

AGREE, LEAVE = "series_agree", "series_leave"
"""Verbs of the two buttons."""

WAITING: Final = 200
"""Changes that wait for an answer; the oldest are forgotten."""

WAIT_S: Final = 900.0
"""Seconds for which one waits: Discord's own token lasts no longer."""


class ChangedMeanwhileError(BotError):
    """What was agreed to is not what would happen; ``now`` is."""

    def __init__(self, now: Revision) -> None:
        super().__init__()
        self.now = now


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that somebody has been told of."""

    plan_id: int
    asker: Asker
    wanted: Wanted
    told: tuple[object, ...]
    at: float


def look(
    db: Database,
    plan_id: int,
    asker: Asker,
    wanted: Wanted,
    settings: SchedulerSettings,
    now: float,
) -> Revision:
    """Return what the change would do. Raises PlanRefused."""
    chosen = deeds.theirs(db, plan_id, asker)
    planned = None if chosen.series_id is None else series.get(db, chosen.series_id)
    if planned is None:
        raise PlanRefused("series.none", topic=chosen.topic)
    others = [one for one in records.live(db) if one.guild_id == chosen.guild_id]
    plans = series.plans_of(db, planned.id)
    return revise(planned, plans, chosen, wanted, others, settings, now)


def carry_out(
    db: Database, waiting: Waiting, settings: SchedulerSettings, now: float
) -> list[Plan]:
    """Do what was agreed to, and return every plan that changed.

    Raises ChangedMeanwhileError, and PlanRefused where it can no longer be.
    """
    found = look(db, waiting.plan_id, waiting.asker, waiting.wanted, settings, now)
    if found.told() != waiting.told:
        raise ChangedMeanwhileError(found)
    return keep(db, found)


def keep(db: Database, found: Revision) -> list[Plan]:
    """Write a change down and return every plan that it changed."""
    series.keep(db, found.planned)
    changed = [step for step in found.steps if step.after != step.before]
    for step in changed:
        # Every day is given back before another takes it: no two may have one.
        records.keep(db, replace(step.before, occurrence=f"~{step.before.id}"))
    kept = [records.keep(db, step.after) for step in changed]
    return kept + [records.keep(db, plan) for plan in found.made]


class Revising:
    """Asks and answers about changes of whole series."""

    def __init__(self, store: Store, planner: Planner, words: Wording) -> None:
        self._store = store
        self._planner = planner
        self._words = words
        self._waiting: OrderedDict[str, Waiting] = OrderedDict()

    async def propose(
        self, interaction: AnyInteraction, plan_id: int, asker: Asker, wanted: Wanted
    ) -> None:
        """Tell what a change would do, with a button to have it. Raises PlanRefused."""
        settings, now = self._planner.settings, self._planner.now()
        found = await self._store.read(
            lambda db: look(db, plan_id, asker, wanted, settings, now)
        )
        waiting = Waiting(plan_id, asker, wanted, found.told(), now)
        text, view = self._shown(language(interaction), found, waiting)
        await answer(interaction, text, view)

    def _shown(
        self, reader: Language, found: Revision, waiting: Waiting
    ) -> tuple[str, discord.ui.View]:
        token = secrets.token_hex(8)
        self._waiting[token] = waiting
        while len(self._waiting) > WAITING:
            self._waiting.popitem(last=False)
        agree = SpaceButton(
            Press(AGREE, waiting.plan_id, token),
            self._words.say(reader, "button.series_agree"),
            style=discord.ButtonStyle.primary,
        )
        leave = SpaceButton(
            Press(LEAVE, waiting.plan_id, token),
            self._words.say(reader, "button.series_leave"),
        )
        return told(self._words, reader, found), row(agree, leave)

    def answers(self) -> Answers:
        """Return what the two buttons do."""
        return {AGREE: self._press, LEAVE: self._press}

    async def _press(self, interaction: AnyInteraction, press: Press) -> None:
        reader = language(interaction)
        # Taken out at once: a second click finds nothing to do.
        waiting = self._waiting.pop(press.arg, None)
        settings, now = self._planner.settings, self._planner.now()
        if press.verb == LEAVE:
            await self._say(interaction, "series.left")
            return
        if waiting is None or now - waiting.at > WAIT_S:
            await self._say(interaction, "series.ask_again")
            return
        try:
            work = self._store.write(lambda db: carry_out(db, waiting, settings, now))
            changed = await patiently(interaction, work, in_place=True)
        except ChangedMeanwhileError as error:
            again = Waiting(
                waiting.plan_id, waiting.asker, waiting.wanted, error.now.told(), now
            )
            text, view = self._shown(reader, error.now, again)
            first = self._words.say(reader, "series.meanwhile")
            await change(interaction, f"{first}\n{text}", view)
            return
        await self._say(interaction, "series.changed")
        for plan in changed:
            await self._planner.reread(plan.id)

    async def _say(self, interaction: AnyInteraction, key: str) -> None:
        text = self._words.say(language(interaction), key)
        await change(interaction, text)


SHOWN: Final = 15
"""Occurrences that are told one by one."""


def told(words: Wording, reader: Language, found: Revision) -> str:
    """Word what a change does, one line per occurrence."""
    model = found.planned.model
    lines = [words.say(reader, "series.ask", {"topic": model.topic})]
    fates = [(one.fate.value, one.before, one.after) for one in found.steps]
    fates += [("made", plan, plan) for plan in found.made]
    fates.sort(key=lambda one: one[2].starts_at)
    steps = [_line(words, reader, *one) for one in fates]
    lines += steps[:SHOWN]
    if len(steps) > SHOWN:
        lines.append(words.say(reader, "series.more", {"n": len(steps) - SHOWN}))
    until = found.planned.series.rule.until
    if until is not None:
        lines.append(words.say(reader, "series.ends", {"until": until.isoformat()}))
    lines.append(words.say(reader, "series.later"))
    return "\n".join(lines)


def _line(
    words: Wording, reader: Language, what: str, before: Plan, after: Plan
) -> str:
    # Not by ``say``: it would take our own time marks for a member's.
    return words.catalogue.text(
        reader,
        f"series.fate.{what}",
        before=f"<t:{round(before.starts_at)}:f>",
        after=f"<t:{round(after.starts_at)}:f>",
    )
