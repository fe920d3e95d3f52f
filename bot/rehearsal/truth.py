"""What a scenario made people say, in seconds and words: the measure of a rehearsal.

Pure: computed from the clean recordings, not from what anybody heard.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.rehearsal.director import LINE_PAUSE_S, SILENCE_S, Clips
from bot.rehearsal.expectation import SpaceTruth
from bot.rehearsal.scenario import Scenario, SpaceScript, Step
from bot.rehearsal.voices.clip import Clip


@dataclass(frozen=True, slots=True)
class Said:
    """One stretch of speech, pauses over 0.2 s left out."""

    who: str
    start: float
    """Seconds from the beginning of the Space's script."""
    end: float


def truth_of(scenario: Scenario, clips: Clips) -> dict[str, SpaceTruth]:
    """Return what each Space's speakers said, those who were to be heard."""
    truths = {}
    for space in scenario.spaces:
        seconds: dict[str, float] = {}
        for one in said(space, clips):
            seconds[one.who] = seconds.get(one.who, 0.0) + one.end - one.start
        lines: dict[str, list[str]] = {}
        for step in _speeches(space):
            lines.setdefault(step.who, []).extend(step.say or ())
        truths[space.name] = SpaceTruth(seconds, lines)
    return truths


def said(space: SpaceScript, clips: Clips) -> Iterator[Said]:
    """Yield when whom was to be heard in a Space, step by step."""
    for step in _speeches(space):
        for at, clip in timed(clips(step), step.at):
            for start, end in clip.spoken:
                yield Said(step.who, at + start, at + end)


def timed(clips: Sequence[Clip], at: float) -> Iterator[tuple[float, Clip]]:
    """Yield each clip of a step with the second at which it begins."""
    for clip in clips:
        yield at, clip
        at += clip.seconds + SILENCE_S + LINE_PAUSE_S


def _speeches(space: SpaceScript) -> Iterator[Step]:
    return (step for step in space.do if step.say is not None and step.heard)
