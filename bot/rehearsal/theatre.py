"""A stand-in as the stage of a scenario: its people, its rooms, the bot's buttons."""

from collections.abc import Iterator, Mapping, Sequence

from bot.rehearsal.director import Person
from bot.rehearsal.scenario import Value
from bot.rehearsal.standin.members.errors import MemberError
from bot.rehearsal.standin.members.member import ScriptedMember
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.components import every
from bot.rehearsal.standin.world.interaction import Interaction

MARK = "ter:1"
"""How ids of the bot's buttons begin: mark, version, verb, Space, argument."""


class Theatre:
    """The stage that a director plays on."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._players: dict[str, Player] = {}

    @property
    def bot_id(self) -> int:
        """The bot's user id."""
        return self._stand_in.world.bot.id

    def person(self, name: str) -> Person:
        """Return a member by name."""
        if name not in self._players:
            member = self._stand_in.member(name)
            self._players[name] = Player(self._stand_in, member)
        return self._players[name]

    def channel_id(self, room: str) -> int:
        """Return the stage channel (``stage``) or the voice channel (``voice``)."""
        if room == "stage":
            return self._stand_in.stage_channel_id
        return self._stand_in.voice_channel_id


class Player:
    """One scripted member, with what it remembers of its own doings."""

    def __init__(self, stand_in: StandIn, member: ScriptedMember) -> None:
        self._stand_in = stand_in
        self._member = member
        self._last: Interaction | None = None

    @property
    def id(self) -> int:
        """The user id."""
        return self._member.id

    async def join(self, channel_id: int) -> None:
        """Join a voice or stage channel."""
        await self._member.join(channel_id)

    async def leave(self) -> None:
        """Leave voice."""
        await self._member.leave()

    async def speak(
        self, frames: Sequence[bytes], *, start: float | None = None
    ) -> None:
        """Say Opus frames from ``start`` on the event loop's clock."""
        await self._member.speak(frames, start=start)

    async def command(
        self, name: str, options: Mapping[str, Value], channel_id: int
    ) -> None:
        """Run a slash command."""
        self._last = await self._member.command(
            name, dict(options), channel_id=channel_id
        )

    async def press(self, verb: str, argument: str) -> None:
        """Press the newest button with this verb that the member sees.

        ``argument``: that of the button, without the user id that some begin with;
        "" for any.
        """
        for message, custom_id in self._buttons():
            mark, _, rest = custom_id.partition(f"{MARK}:")
            pressed, _, tail = rest.partition(":")
            given = tail.partition(":")[2].removeprefix(f"{self.id}.")
            if not mark and pressed == verb and argument in ("", given):
                self._last = await self._member.click(int(message["id"]), custom_id)
                return
        raise MemberError(f"sees no button {verb} {argument}".rstrip())

    async def type(self, channel_id: int, content: str) -> None:
        """Write a message."""
        await self._member.type(channel_id, content)

    async def fill(self, values: Mapping[str, str]) -> None:
        """Fill in the modal that this member's last command or button opened."""
        if self._last is None:
            raise MemberError("has opened no modal")
        self._last = await self._member.fill(self._last, dict(values))

    async def raise_hand(self) -> None:
        """Ask to speak on a stage, by Discord's own button."""
        await self._member.raise_hand()

    async def accept(self) -> None:
        """Accept Discord's own invitation to speak."""
        await self._member.accept()

    def _buttons(self) -> Iterator[tuple[Json, str]]:
        """Yield messages that the member sees with their button ids, newest first."""
        shelves = self._stand_in.world.messages.values()
        ids = sorted((one for shelf in shelves for one in shelf), reverse=True)
        for message_id in ids:
            try:
                message = self._member.seen(message_id)
            except MemberError:
                continue  # another's, or in a channel that the member does not see
            for component in every(message["components"]):
                if component.get("custom_id") and not component.get("disabled"):
                    yield message, component["custom_id"]
