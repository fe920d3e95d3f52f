"""The truth of a scenario: seconds and words of those who were to be heard."""

import pytest

from bot.rehearsal.director import LINE_PAUSE_S, SILENCE_S
from bot.rehearsal.scenario import load, parse
from bot.rehearsal.truth import said, truth_of
from bot.rehearsal.voices.clip import Clip
from bot.rehearsal.voices.script import recorded
from bot.rehearsal.voices.synthesis import Synthesis

CLIP = Clip((b"\x78",) * 100, ((0.25, 1.0), (1.5, 1.75)))


@pytest.fixture
def scenario():
    return parse(
        {
            "title": "Two lines",
            "members": [{"name": "Anna", "language": "en", "voice": {"name": "en-us"}}],
            "spaces": [
                {
                    "name": "talk",
                    "room": "stage",
                    "lasts": 20.0,
                    "do": [
                        {"at": 3.0, "who": "Anna", "say": ["okay", "okay"]},
                        {"at": 9.0, "who": "Anna", "say": ["okay"], "heard": False},
                    ],
                }
            ],
        }
    )


def test_talk_is_counted_where_it_was_to_be_heard(scenario):
    """Pauses and speech without the floor do not count."""
    truth = truth_of(scenario, lambda step: [CLIP] * len(step.say))["talk"]

    assert truth.talk_s == {"Anna": pytest.approx(2.0)}
    assert truth.lines == {"Anna": ["okay", "okay"]}


def test_when_somebody_speaks(scenario):
    """Lines follow each other as the director plays them."""
    spans = list(said(scenario.spaces[0], lambda step: [CLIP] * len(step.say)))

    again = 3.0 + CLIP.seconds + SILENCE_S + LINE_PAUSE_S
    starts = [3.25, 4.5, again + 0.25, again + 1.5]
    assert [span.start for span in spans] == pytest.approx(starts)
    ends = [4.0, 4.75, again + 1.0, again + 1.75]
    assert [span.end for span in spans] == pytest.approx(ends)


def test_nobody_speaks_across_another_of_the_default_scenario():
    """Speech stays within its Space; each member finishes before speaking again."""
    scenario = load()
    clips = recorded(scenario, Synthesis())

    for space in scenario.spaces:
        ends = {}
        for step in sorted(space.do, key=lambda one: one.at):
            if step.say is None:
                continue
            length = sum(c.seconds + SILENCE_S + LINE_PAUSE_S for c in clips(step))
            assert step.at >= ends.get(step.who, 0.0)
            ends[step.who] = step.at + length
            assert ends[step.who] < space.lasts
