"""What each button and menu does: one row of a table per verb.

A button may be older than the Space, pressed twice, or meant for somebody else: each
has its own answer, and none does half of anything.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot import casebook
from bot.client import Press
from bot.door import Door
from bot.panel.asking import Asking
from bot.panel.buttons import offered, row
from bot.panel.facts import BY_NUMBER, CALLS, FACTS, ON_MEMBER, ROOM, SWITCHES
from bot.panel.lines import queue_lines, time_lines
from bot.panel.nudging import Nudging
from bot.panel.person import buttons, card
from bot.panel.writing import WITH_REASON, Writing
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, language, patiently
from bot.rooms.room import Room
from bot.tree import Tree
from moderation.events import (
    Answer,
    Event,
    InvitationAnswered,
    QuestionVoted,
    SideTaken,
)
from moderation.refused import Refused
from moderation.roles import Right, has_right

Deed = Callable[[AnyInteraction, Room, str], Awaitable[None]]


class Clicks:
    """Gives everything pressed or chosen to its verb."""

    def __init__(self, door: Door, tree: Tree) -> None:
        self._door = door
        asking, writing = Asking(door, tree.failed), Writing(door, tree.failed)
        self._asking, self._writing = asking, writing
        self._deeds: Mapping[str, Deed] = {
            "ask": asking.ask,
            "kind": asking.kind,
            "note": asking.note,
            "report": writing.report,
            "question": writing.question,
            "answer": self._answer,
            "side": self._side,
            "vote": self._vote,
            "nudge": Nudging(door, tree).answered,
            "queue": self._queue,
            "time": self._time,
            "more": self._more,
            "room": self._room,
            "end": self._end,
            "person": self._person,
            "history": self._history,
            "read": self._read,
            "accept_rules": self._accept,
            "accept_hand": self._accept,
        }

    async def press(self, interaction: AnyInteraction, press: Press) -> None:
        """Do what a button of a Space asks. Raises Refused or Impossible."""
        room = self._door.rooms.by_id(press.space_id)
        if room is None:
            raise self._door.rooms.lacking("space_over")
        room.courier.met(interaction, language(interaction))
        event = self._fact(interaction, room, press)
        if event is not None:
            await self._door.act(interaction, event, room)
        elif press.verb in self._deeds:
            await self._deeds[press.verb](interaction, room, press.arg)
        elif press.verb in WITH_REASON:
            user_id = _number(press.arg)
            await self._writing.reason(interaction, room, press.verb, user_id)
        else:
            raise Impossible("old_button")

    def _fact(
        self, interaction: AnyInteraction, room: Room, press: Press
    ) -> Event | None:
        me, verb = interaction.user.id, press.verb
        if verb in FACTS:
            return FACTS[verb](me, room.observe().space)
        if verb in CALLS:
            return CALLS[verb](me, _number(press.arg) if press.arg else None)
        if verb in SWITCHES:
            return SWITCHES[verb].fact(me, room.observe().space, press.arg)
        if verb in ON_MEMBER:
            now = room.house.clock.now()
            return ON_MEMBER[verb](me, _number(press.arg), now)
        if verb in BY_NUMBER:
            return BY_NUMBER[verb](me, _number(press.arg))
        return None

    async def _answer(self, interaction: AnyInteraction, room: Room, arg: str) -> None:
        user_id, _, said = arg.partition(".")
        if user_id != str(interaction.user.id):
            raise Impossible("not_your_button")
        event = InvitationAnswered(interaction.user.id, Answer(said))
        await self._door.act(interaction, event, room)

    async def _side(self, interaction: AnyInteraction, room: Room, arg: str) -> None:
        sides = room.space.state.settings.sides
        number = _number(arg)
        if number >= len(sides):
            raise Impossible("old_button")
        taken = SideTaken(interaction.user.id, sides[number])
        await self._door.act(interaction, taken, room)

    async def _vote(self, interaction: AnyInteraction, room: Room, arg: str) -> None:
        me, number = interaction.user.id, _number(arg)
        asked = room.space.state.questions.asked
        voted = number <= len(asked) and me in asked[number - 1].votes
        event = QuestionVoted(me, number, wanted=not voted)
        await self._door.act(interaction, event, room)

    async def _room(self, interaction: AnyInteraction, room: Room, arg: str) -> None:
        if arg not in ROOM:
            raise Impossible("old_button")
        event = ROOM[arg](interaction.user.id, room.observe().space)
        await self._door.act(interaction, event, room)

    async def _end(self, interaction: AnyInteraction, room: Room, _: str) -> None:
        """Ask once more: a Space that is over cannot be taken up again."""
        state, words, reader = (
            room.space.state,
            self._door.wording,
            language(interaction),
        )
        if not has_right(state.standing_of(interaction.user.id), Right.END_ROOM):
            raise Refused("right.missing", right_key=f"right.{Right.END_ROOM.value}")
        text = words.say(reader, "space.end_sure", {"topic": state.agenda.topic})
        sure = offered(room.space_id, words, reader, ["end_now"], None)
        await answer(interaction, text, sure)

    async def _person(self, interaction: AnyInteraction, room: Room, arg: str) -> None:
        if interaction.user.id not in room.staff():
            raise Refused("right.missing", right_key="right.run_queue")
        words, reader = self._door.wording, language(interaction)
        view, user_id = room.observe(), _number(arg)
        text = card(words, reader, view, user_id)
        await answer(interaction, text, row(*buttons(words, reader, view, user_id)))

    async def _history(self, interaction: AnyInteraction, _: Room, arg: str) -> None:
        await casebook.show_history(self._door, interaction, _number(arg))

    async def _accept(self, interaction: AnyInteraction, room: Room, arg: str) -> None:
        accepted = room.rules.accept(interaction.user.id, arg)
        hand = await patiently(interaction, accepted)
        if hand is None:
            await self._door.say(interaction, "rules.accepted")
        else:
            await self._asking.raised(interaction, room, hand)

    async def _queue(self, interaction: AnyInteraction, room: Room, _: str) -> None:
        reader, me = language(interaction), interaction.user.id
        await answer(
            interaction, queue_lines(self._door.wording, reader, room.observe(), me)
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


def _number(arg: str) -> int:
    """Return the number that a button carries; refuse one of another version."""
    if not arg.isdecimal():
        raise Impossible("old_button")
    return int(arg)
