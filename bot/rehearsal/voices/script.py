"""Every recording of a scenario, chosen once before it is played."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from bot.rehearsal.director import Clips
from bot.rehearsal.scenario import Member, Scenario, Step
from bot.rehearsal.voices.clip import Clip


class Voices(Protocol):
    """Where recordings come from: ``Synthesis`` or ``HumanVoices``."""

    def clips(self, member: Member, lines: Iterable[str]) -> list[Clip]:
        """Return a clip for each line of a member."""


def recorded(scenario: Scenario, voices: Voices) -> Clips:
    """Return the clips of each step of a scenario, the same at every call.

    Raises:
        UsageError: a line has no recording.

    """
    chosen: dict[int, Sequence[Clip]] = {}
    for space in scenario.spaces:
        for step in sorted(space.do, key=lambda one: one.at):
            if step.say is not None:
                member = scenario.member(step.who)
                chosen[id(step)] = voices.clips(member, step.say)

    def clips(step: Step) -> Sequence[Clip]:
        return chosen[id(step)]

    return clips
