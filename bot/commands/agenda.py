"""``/topic agenda-import``: a whole agenda in one form, one line per item.

Of the live Space it adds to what is there; of a planned one, or of its series, it is
the agenda: the form shows it as it is, and an empty one takes it away.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands
from typing_extensions import override

from bot.commands.plan import asker_of, suggestions
from bot.door import Door
from bot.modal import TITLE, Failed, Modal
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from bot.planning.revising import Revising
from bot.replies import AnyInteraction, answer, defer, language, patiently
from bot.texts.escape import plain
from moderation.agenda_text import LONGEST_TITLE, Written, read, written
from moderation.events import AgendaItemAdded
from scheduler.plans import Plan, PlanRefused
from scheduler.revision import Wanted

AnyCommand = app_commands.Command[Any, ..., Any]
Take = Callable[[AnyInteraction, list[Written]], Awaitable[None]]

TEXT_LIMIT = 4000
"""Characters that the form takes: as many as Discord's do."""


def agenda_import(
    door: Door, failed: Failed, planner: Planner, revising: Revising
) -> AnyCommand:
    """Return the command; ``failed`` explains what the form could not do."""

    @app_commands.command(name="agenda-import", description="-")
    async def command(
        interaction: AnyInteraction,
        plan: int | None = None,
        whole_series: bool = False,
    ) -> None:
        """Open the form."""
        if plan is None:
            door.room(interaction)
            form = AgendaForm(interaction, door, failed, _live(door))
        else:
            found = await planner.theirs(plan, asker_of(interaction))
            if whole_series and found.series_id is None:
                raise PlanRefused("series.none", topic=found.topic)
            take = _planned(door, planner, revising, found, whole=whole_series)
            lines = "\n".join(found.agenda)
            form = AgendaForm(interaction, door, failed, take, lines)
        await form.show(interaction)

    command.autocomplete("plan")(suggestions(planner))
    return command


def _live(door: Door) -> Take:
    """Return what adds the items to the live Space."""

    async def take(interaction: AnyInteraction, items: list[Written]) -> None:
        room = door.room(interaction)
        await defer(interaction)  # each item is a fact of its own
        await door.introduce(interaction, room)
        me = interaction.user.id
        for item in items:
            title = plain(item.title, LONGEST_TITLE)
            added = AgendaItemAdded(me, title, item.minutes)
            await room.tell(added, shown_to=me)
        await door.say(interaction, "agenda.import.added", n=len(items))

    return take


def _planned(
    door: Door, planner: Planner, revising: Revising, plan: Plan, *, whole: bool
) -> Take:
    """Return what makes the items the agenda of a plan, or of all that follow too."""

    async def take(interaction: AnyInteraction, items: list[Written]) -> None:
        agenda = tuple(plain(written(item), LONGEST_TITLE + 10) for item in items)
        asker: Asker = asker_of(interaction)
        if whole:
            await revising.propose(interaction, plan.id, asker, Wanted(agenda=agenda))
            return
        edited = planner.edit(plan.id, asker, {"agenda": agenda})
        await patiently(interaction, edited)
        key = "agenda.import.planned" if agenda else "agenda.import.emptied"
        await door.say(interaction, key, n=len(items), topic=plan.topic)

    return take


class AgendaForm(Modal):
    """Takes the lines; with a mistake in one of them it takes none."""

    def __init__(
        self,
        interaction: AnyInteraction,
        door: Door,
        failed: Failed,
        take: Take,
        given: str | None = None,
    ) -> None:
        """``given`` is the agenda so far; with one, an empty form is an answer."""
        words, reader = door.wording, language(interaction)
        super().__init__(words.say(reader, "agenda.import.title"), failed)
        self._door, self._take, self._may_be_empty = door, take, given is not None
        self._lines: discord.ui.TextInput[AgendaForm] = discord.ui.TextInput(
            style=discord.TextStyle.paragraph,
            max_length=TEXT_LIMIT,
            required=not self._may_be_empty,
            default=given or None,
            placeholder=words.say(reader, "agenda.import.example")[:100],
        )
        label = words.say(reader, "agenda.import.label")[:TITLE]
        self.add_item(discord.ui.Label(text=label, component=self._lines))

    @override
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        words, reader = self._door.wording, language(interaction)
        items, mistakes = read(self._lines.value)
        if self._may_be_empty and not items:
            mistakes = []
        if mistakes:
            told = [
                words.say(
                    reader,
                    f"agenda.import.{one.key}",
                    {"line": one.line, "limit": one.limit},
                )
                for one in mistakes
            ]
            text = words.say(reader, "agenda.import.refused")
            await answer(interaction, "\n".join([text, *told]))
            return
        await self._take(interaction, items)
