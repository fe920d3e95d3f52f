"""What each button does: one row of the table per verb.

A button may be older than the Space, pressed twice, or meant for somebody else: each
has its own answer, and none does half of anything.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot import consent
from bot.client import Press
from bot.door import Door
from bot.panel.lines import queue_lines, time_lines
from bot.panel.nudging import Nudging
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, language
from bot.room import Room
from bot.tree import Tree
from media.consent import Consent
from moderation.events import (
    Answer,
    Event,
    HandRaised,
    HandWithdrawn,
    HostClaimed,
    InvitationAnswered,
    NextCalled,
    QueueClosed,
    QueueOpened,
    RecordingStarted,
    RecordingStopped,
    RoomHushed,
    RoomUnhushed,
    SpaceEnded,
    SpeakersRotated,
    SteppedDown,
    TopicRecalled,
    TranscriptStarted,
    TranscriptStopped,
    TurnExtended,
)
from moderation.view import Keeping, SpaceView

Fact = Callable[[int, SpaceView], Event]
Deed = Callable[[AnyInteraction, Room, str], Awaitable[None]]

FACTS: Mapping[str, Fact] = {
    "ask": lambda user, _: HandRaised(user),
    "withdraw": lambda user, _: HandWithdrawn(user),
    "step_down": lambda user, _: SteppedDown(user),
    "plus": lambda user, _: TurnExtended(user, user),
    "claim": lambda user, _: HostClaimed(user),
    "next": lambda user, _: NextCalled(user),
    "rotate": lambda user, _: SpeakersRotated(user),
    "back": lambda user, _: TopicRecalled(user),
    "end": lambda user, _: SpaceEnded(user),
    "hush": lambda user, space: (
        RoomUnhushed(user) if space.hushed else RoomHushed(user)
    ),
    "queue_toggle": lambda user, space: (
        QueueClosed(user) if space.queue_open else QueueOpened(user)
    ),
    "record": lambda user, space: (
        RecordingStarted(user)
        if space.recording is Keeping.OFF
        else RecordingStopped(user)
    ),
    "transcript": lambda user, space: (
        TranscriptStopped(user) if space.transcript else TranscriptStarted(user)
    ),
}
"""Buttons that state a fact about whoever pressed them."""


class Clicks:
    """Gives every pressed button to its verb."""

    def __init__(self, door: Door, tree: Tree) -> None:
        self._door = door
        self._tree = tree
        self._deeds: Mapping[str, Deed] = {
            "answer": self._answer,
            "consent": self._consent,
            "level": self._level,
            "nudge": Nudging(door, tree).answered,
            "queue": self._queue,
            "time": self._time,
            "more": self._more,
            "read": self._read,
        }

    async def press(self, interaction: AnyInteraction, press: Press) -> None:
        """Do what a button asks; every failure is one sentence to who pressed it."""
        try:
            await self._press(interaction, press)
        except Exception as error:  # noqa: BLE001 (the button's side of tree.on_error: explained or logged there)
            await self._tree.failed(interaction, error)

    async def _press(self, interaction: AnyInteraction, press: Press) -> None:
        room = self._door.rooms.by_id(press.space_id)
        if room is None:
            raise Impossible("space_over")
        room.courier.met(interaction, language(interaction))
        fact = FACTS.get(press.verb)
        if fact is not None:
            event = fact(interaction.user.id, room.observe().space)
            await self._door.act(interaction, event, room)
        elif press.verb in self._deeds:
            await self._deeds[press.verb](interaction, room, press.arg)
        else:
            raise Impossible("old_button")

    async def _answer(self, interaction: AnyInteraction, room: Room, arg: str) -> None:
        user_id, _, said = arg.partition(".")
        if user_id != str(interaction.user.id):
            raise Impossible("not_your_button")
        event = InvitationAnswered(interaction.user.id, Answer(said))
        await self._door.act(interaction, event, room)

    async def _consent(self, interaction: AnyInteraction, room: Room, _: str) -> None:
        await consent.ask(interaction, room, self._door.wording)

    async def _level(self, interaction: AnyInteraction, room: Room, arg: str) -> None:
        await consent.give(interaction, room, Consent(int(arg)), "button")

    async def _queue(self, interaction: AnyInteraction, room: Room, _: str) -> None:
        reader = language(interaction)
        await answer(
            interaction, queue_lines(self._door.wording, reader, room.observe())
        )

    async def _time(self, interaction: AnyInteraction, room: Room, _: str) -> None:
        reader, me = language(interaction), interaction.user.id
        await answer(
            interaction, time_lines(self._door.wording, reader, room.observe(), me)
        )

    async def _more(self, interaction: AnyInteraction, room: Room, _: str) -> None:
        await room.host_panels.show(interaction)

    async def _read(self, interaction: AnyInteraction, room: Room, arg: str) -> None:
        if arg != str(interaction.user.id):
            raise Impossible("not_your_button")
        waiting = room.courier.collect(interaction.user.id)
        nothing = self._door.wording.say(language(interaction), "line.nothing_waits")
        await answer(interaction, "\n\n".join(waiting) or nothing)
