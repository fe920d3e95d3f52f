"""``/floor``: ask for the floor, and run the queue."""

from typing import Literal

import discord
from discord import app_commands

from bot.door import Door
from bot.panel.lines import queue_lines, time_lines
from bot.replies import AnyInteraction, answer, language
from moderation.events import (
    Answer,
    CapSet,
    Demoted,
    HandDeferred,
    HandRaised,
    HandsCleared,
    HandWithdrawn,
    InvitationAnswered,
    Invited,
    LastWordGiven,
    NextCalled,
    QueueClosed,
    QueueModeSet,
    QueueOpened,
    SpeakersRotated,
    SteppedDown,
    Swapped,
    TurnExtended,
    TurnLengthSet,
)
from moderation.requests import QueueMode, RequestKind, Via

Kind = Literal["new_topic", "reply", "question", "point_of_order"]
Mode = Literal["first_come", "fair", "rounds", "sides", "lottery"]


class FloorCommands(app_commands.Group):
    """Hands, invitations, turns."""

    def __init__(self, door: Door) -> None:
        super().__init__(name="floor", description="-")
        self._door = door

    @app_commands.command(description="-")
    async def ask(
        self,
        interaction: AnyInteraction,
        kind: Kind = "new_topic",
        note: str = "",
    ) -> None:
        """Raise a hand."""
        hand = HandRaised(interaction.user.id, RequestKind(kind), note, Via.COMMAND)
        await self._door.act(interaction, hand)

    @app_commands.command(description="-")
    async def withdraw(self, interaction: AnyInteraction) -> None:
        """Take the hand down."""
        await self._door.act(
            interaction, HandWithdrawn(interaction.user.id, Via.COMMAND)
        )

    @app_commands.command(description="-")
    async def later(self, interaction: AnyInteraction) -> None:
        """Go to the end of the queue."""
        await self._door.act(interaction, HandDeferred(interaction.user.id))

    @app_commands.command(description="-")
    async def queue(self, interaction: AnyInteraction) -> None:
        """Show who waits."""
        view = self._door.room(interaction).observe()
        reader, me = language(interaction), interaction.user.id
        await answer(interaction, queue_lines(self._door.wording, reader, view, me))

    @app_commands.command(description="-")
    async def accept(self, interaction: AnyInteraction) -> None:
        """Accept an invitation."""
        await self._answer(interaction, Answer.ACCEPTED)

    @app_commands.command(description="-")
    async def decline(self, interaction: AnyInteraction) -> None:
        """Decline an invitation."""
        await self._answer(interaction, Answer.DECLINED)

    @app_commands.command(name="step-down", description="-")
    async def step_down(self, interaction: AnyInteraction) -> None:
        """Give the floor back."""
        await self._door.act(interaction, SteppedDown(interaction.user.id))

    @app_commands.command(description="-")
    async def time(self, interaction: AnyInteraction) -> None:
        """Show one's own talk time and the room's."""
        view = self._door.room(interaction).observe()
        reader = language(interaction)
        me = interaction.user.id
        await answer(interaction, time_lines(self._door.wording, reader, view, me))

    @app_commands.command(description="-")
    async def next(self, interaction: AnyInteraction) -> None:
        """Call the next in the queue."""
        await self._door.act(interaction, NextCalled(interaction.user.id))

    @app_commands.command(description="-")
    async def invite(
        self, interaction: AnyInteraction, member: discord.Member, note: str = ""
    ) -> None:
        """Call somebody who waits, or invite who has no hand up."""
        await self._door.act(interaction, Invited(interaction.user.id, member.id, note))

    @app_commands.command(description="-")
    async def demote(self, interaction: AnyInteraction, member: discord.Member) -> None:
        """Send a speaker to the audience."""
        await self._door.act(interaction, Demoted(interaction.user.id, member.id))

    @app_commands.command(description="-")
    async def swap(
        self, interaction: AnyInteraction, member: discord.Member, other: discord.Member
    ) -> None:
        """Put somebody in a speaker's place."""
        swapped = Swapped(interaction.user.id, member.id, other.id)
        await self._door.act(interaction, swapped)

    @app_commands.command(description="-")
    async def rotate(self, interaction: AnyInteraction) -> None:
        """Make room for the next."""
        await self._door.act(interaction, SpeakersRotated(interaction.user.id))

    @app_commands.command(description="-")
    async def mode(self, interaction: AnyInteraction, mode: Mode) -> None:
        """Set the order of the queue."""
        chosen = QueueModeSet(interaction.user.id, QueueMode(mode))
        await self._door.act(interaction, chosen)

    @app_commands.command(description="-")
    async def timer(
        self, interaction: AnyInteraction, seconds: app_commands.Range[int, 0, 3600]
    ) -> None:
        """Set the length of turns."""
        length = TurnLengthSet(interaction.user.id, float(seconds) or None)
        await self._door.act(interaction, length)

    @app_commands.command(description="-")
    async def extend(
        self,
        interaction: AnyInteraction,
        member: discord.Member | None = None,
        seconds: app_commands.Range[int, 10, 900] = 60,
    ) -> None:
        """Give a turn more time, one's own if nobody is named."""
        me = interaction.user.id
        whose = me if member is None else member.id
        await self._door.act(interaction, TurnExtended(me, whose, float(seconds)))

    @app_commands.command(description="-")
    async def cap(
        self, interaction: AnyInteraction, people: app_commands.Range[int, 2, 13]
    ) -> None:
        """Set how many may have the floor."""
        await self._door.act(interaction, CapSet(interaction.user.id, people))

    @app_commands.command(description="-")
    async def open(self, interaction: AnyInteraction) -> None:
        """Open the queue."""
        await self._door.act(interaction, QueueOpened(interaction.user.id))

    @app_commands.command(description="-")
    async def close(self, interaction: AnyInteraction) -> None:
        """Close the queue."""
        await self._door.act(interaction, QueueClosed(interaction.user.id))

    @app_commands.command(name="last-word", description="-")
    async def last_word(
        self, interaction: AnyInteraction, member: discord.Member
    ) -> None:
        """Give somebody the last word."""
        await self._door.act(interaction, LastWordGiven(interaction.user.id, member.id))

    @app_commands.command(name="lower-all", description="-")
    async def lower_all(self, interaction: AnyInteraction) -> None:
        """Lower every hand."""
        await self._door.act(interaction, HandsCleared(interaction.user.id))

    async def _answer(self, interaction: AnyInteraction, said: Answer) -> None:
        await self._door.act(interaction, InvitationAnswered(interaction.user.id, said))
