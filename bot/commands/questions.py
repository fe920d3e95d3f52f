"""``/ask`` and ``/qa``: questions in writing, with votes, and those who run them."""

from discord import app_commands

from bot.commands.offering import open_questions
from bot.door import Door
from bot.panel.lines import question_lines
from bot.replies import AnyInteraction, answer, language
from moderation.events import (
    QuestionAnswered,
    QuestionApproved,
    QuestionAsked,
    QuestionDismissed,
    QuestionShown,
    QuestionsMerged,
    QuestionVoted,
)
from moderation.refused import Refused

Numbers = list[app_commands.Choice[int]]
"""Questions to choose from."""

ANSWERED_SHOWN = 5
"""Answered questions that the staff's list ends with."""


class AskCommands(app_commands.Group):
    """What a member does with questions."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="ask", description="-")
        self._door = door

    @app_commands.command(description="-")
    async def new(
        self,
        interaction: AnyInteraction,
        text: app_commands.Range[str, 1, 300],
        anonymous: bool = False,
    ) -> None:
        """Ask something in writing."""
        asked = QuestionAsked(interaction.user.id, text, anonymous)
        await self._door.act(interaction, asked)

    @app_commands.command(description="-")
    async def list(self, interaction: AnyInteraction) -> None:
        """Show the open questions, most wanted first."""
        await show(self._door, interaction)

    @app_commands.command(description="-")
    async def vote(
        self,
        interaction: AnyInteraction,
        number: app_commands.Range[int, 1, 999],
        wanted: bool = True,
    ) -> None:
        """Say that a question should be answered, or no longer."""
        voted = QuestionVoted(interaction.user.id, number, wanted)
        await self._door.act(interaction, voted)

    @vote.autocomplete("number")
    async def _numbers(self, interaction: AnyInteraction, typed: str) -> Numbers:
        return open_questions(self._door, interaction, typed)


class QaCommands(app_commands.Group):
    """What those who run the Space do with questions."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="qa", description="-")
        self._door = door

    @app_commands.command(description="-")
    async def queue(self, interaction: AnyInteraction) -> None:
        """Show what is to be decided, and what was answered when, to the staff."""
        room = self._door.room(interaction)
        if interaction.user.id not in room.staff():
            raise Refused("right.missing", right_key="right.run_questions")
        asked = room.space.state.questions
        rows = [*asked.undecided(), *asked.answered()[-ANSWERED_SHOWN:]]
        reader = language(interaction)
        await answer(interaction, question_lines(self._door.wording, reader, rows))

    @app_commands.command(description="-")
    async def approve(
        self, interaction: AnyInteraction, number: app_commands.Range[int, 1, 999]
    ) -> None:
        """Let everybody see a question."""
        event = QuestionApproved(interaction.user.id, number)
        await self._door.act(interaction, event)

    @app_commands.command(description="-")
    async def show(
        self, interaction: AnyInteraction, number: app_commands.Range[int, 1, 999]
    ) -> None:
        """Put a question before the room."""
        event = QuestionShown(interaction.user.id, number)
        await self._door.act(interaction, event)

    @app_commands.command(description="-")
    async def answered(
        self, interaction: AnyInteraction, number: app_commands.Range[int, 1, 999]
    ) -> None:
        """Note that a question was answered."""
        event = QuestionAnswered(interaction.user.id, number)
        await self._door.act(interaction, event)

    @app_commands.command(description="-")
    async def dismiss(
        self, interaction: AnyInteraction, number: app_commands.Range[int, 1, 999]
    ) -> None:
        """Leave a question out."""
        event = QuestionDismissed(interaction.user.id, number)
        await self._door.act(interaction, event)

    @app_commands.command(description="-")
    async def merge(
        self,
        interaction: AnyInteraction,
        number: app_commands.Range[int, 1, 999],
        into: app_commands.Range[int, 1, 999],
    ) -> None:
        """Give a question's votes to another that asks the same."""
        event = QuestionsMerged(interaction.user.id, number, into)
        await self._door.act(interaction, event)

    @approve.autocomplete("number")
    @show.autocomplete("number")
    @answered.autocomplete("number")
    @dismiss.autocomplete("number")
    @merge.autocomplete("number")
    @merge.autocomplete("into")
    async def _numbers(self, interaction: AnyInteraction, typed: str) -> Numbers:
        return open_questions(self._door, interaction, typed)


async def show(door: Door, interaction: AnyInteraction) -> None:
    """Answer with the open questions."""
    room = door.room(interaction)
    questions = room.space.state.questions.ranked()
    reader = language(interaction)
    await answer(interaction, question_lines(door.wording, reader, questions))
