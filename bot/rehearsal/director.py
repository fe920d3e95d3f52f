"""Plays a scenario: every step at its moment, by the member who does it.

Rule 1: steps do not wait for each other; a member who has to press a button that is not
there yet tries again for a while, as a person would.
Rule 2: a step that cannot be done is written down and the rehearsal goes on; the
expectations then say what came of it.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from typing_extensions import override

from bot.errors import BotError
from bot.rehearsal.scenario import Scenario, SpaceScript, Step, Value
from bot.rehearsal.voices.clip import Clip

log = logging.getLogger(__name__)

PATIENCE_S = 5.0
"""How long somebody tries to do what is not possible yet."""
TRY_EVERY_S = 0.1
LINE_PAUSE_S = 0.5
"""Between two lines of one step, after the silence frames of the first."""
SILENCE_S = 0.1
"""Silence frames that end each line."""


class Person(Protocol):
    """What the director needs of a scripted member."""

    @property
    def id(self) -> int:
        """The user id."""

    async def join(self, channel_id: int) -> None:
        """Join a voice or stage channel."""

    async def leave(self) -> None:
        """Leave voice."""

    async def speak(
        self, frames: Sequence[bytes], *, start: float | None = None
    ) -> None:
        """Say Opus frames from ``start`` on the event loop's clock."""

    async def command(
        self, name: str, options: Mapping[str, Value], channel_id: int
    ) -> None:
        """Run a slash command."""

    async def press(self, verb: str, argument: str) -> None:
        """Press the bot's newest button with this verb and argument ("" = any)."""

    async def type(self, channel_id: int, content: str) -> None:
        """Write a message."""

    async def fill(self, values: Mapping[str, str]) -> None:
        """Fill in the modal that this member's last command or button opened."""

    async def raise_hand(self) -> None:
        """Ask to speak on a stage, by Discord's own button."""

    async def accept(self) -> None:
        """Accept Discord's own invitation to speak."""


class Stage(Protocol):
    """Where it is played."""

    @property
    def bot_id(self) -> int:
        """The bot's user id."""

    def person(self, name: str) -> Person:
        """Return a member by name."""

    def channel_id(self, room: str) -> int:
        """Return the stage channel (``stage``) or the voice channel (``voice``)."""


Clips = Callable[[Step], Sequence[Clip]]
"""The recordings of what a step says."""


@dataclass(frozen=True, slots=True)
class StepFailed:
    """Something that a member could not do."""

    space: str
    step: Step
    reason: str

    @override
    def __str__(self) -> str:
        """Say it in one line."""
        step = self.step
        return f"{self.space}, {step.at:g} s: {step.who} {step.deed}: {self.reason}"


class Director:
    """One run of a scenario."""

    def __init__(self, scenario: Scenario, stage: Stage, clips: Clips) -> None:
        self.failures: list[StepFailed] = []
        self.on_step: Callable[[SpaceScript, Step], None] = lambda space, step: None
        """Called when a step begins, for whoever watches."""
        self._scenario = scenario
        self._stage = stage
        self._clips = clips
        self._loop = asyncio.get_running_loop()

    async def run(self) -> list[StepFailed]:
        """Play all Spaces, one after another; return what could not be done."""
        begin = self._loop.time()
        for offset, space in self._scenario.starts():
            start = begin + offset
            async with asyncio.TaskGroup() as tasks:
                for step in space.do:
                    tasks.create_task(self._play(space, step, start + step.at))
                tasks.create_task(self._wait(start + space.lasts))
        return self.failures

    async def _wait(self, until: float) -> None:
        await asyncio.sleep(max(0.0, until - self._loop.time()))

    async def _play(self, space: SpaceScript, step: Step, at: float) -> None:
        await self._wait(at)
        self.on_step(space, step)
        give_up = at + PATIENCE_S
        while True:
            try:
                await self._do(space, step)
                return
            except BotError as error:
                if self._loop.time() > give_up:
                    self.failures.append(StepFailed(space.name, step, str(error)))
                    log.warning("a step of %s failed: %s", space.name, step.deed)
                    return
            await asyncio.sleep(TRY_EVERY_S)

    async def _do(self, space: SpaceScript, step: Step) -> None:
        person = self._stage.person(step.who)
        channel_id = self._stage.channel_id(space.room)
        if step.join is not None:
            await person.join(channel_id)
        elif step.leave is not None:
            await person.leave()
        elif step.say is not None:
            await self._say(person, step)
        elif step.command is not None:
            options = {
                name: self._value(given, space) for name, given in step.options.items()
            }
            await person.command(step.command, options, channel_id)
        elif step.press is not None:
            verb, _, argument = step.press.partition(":")
            await person.press(verb, argument)
        elif step.type is not None:
            content = step.type.replace("{bot}", f"<@{self._stage.bot_id}>")
            await person.type(channel_id, content)
        elif step.fill is not None:
            await person.fill(step.fill)
        elif step.raise_hand is not None:
            await person.raise_hand()
        else:
            await person.accept()

    async def _say(self, person: Person, step: Step) -> None:
        start = self._loop.time()
        for clip in self._clips(step):
            await person.speak(clip.frames, start=start)
            start += clip.seconds + SILENCE_S + LINE_PAUSE_S

    def _value(self, given: Value, space: SpaceScript) -> Value:
        """Put ids where the scenario has names."""
        rooms = {"{room}": space.room, "{stage}": "stage", "{voice}": "voice"}
        if isinstance(given, str) and given in rooms:
            return str(self._stage.channel_id(rooms[given]))
        if isinstance(given, str) and given.startswith("@"):
            return str(self._stage.person(given[1:]).id)
        return given
