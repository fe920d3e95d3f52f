"""Synthesised voices: shipped for every shipped line, made for others."""

import json
import re
import shutil

import pytest

from bot.errors import UsageError
from bot.rehearsal.scenario import FOLDER, Member, Voice, load
from bot.rehearsal.voices import synthesis
from bot.rehearsal.voices.synthesis import INDEX, SHIPPED, Line, Synthesis, lines

SCENARIOS = [load(path) for path in sorted(FOLDER.glob("*.toml"))]
SENTENCES = FOLDER.parent / "models" / "whisper-rehearsal" / "sentences.json"
ANNA = Member("Anna", "en", Voice("en-us", 160, 50))


def test_every_line_is_shipped_and_nothing_else():
    """The repository has the voices of its scenarios, a few MB at most."""
    wanted = {line.name for scenario in SCENARIOS for line in lines(scenario)}

    there = {path.name for path in SHIPPED.glob("*.opus")}
    assert there == wanted == set(json.loads((SHIPPED / INDEX).read_text("utf-8")))
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 4_000_000


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_line_is_made_of_known_sentences(language):
    """The speech model recognises its own templates and words only."""
    known = json.loads(SENTENCES.read_text("utf-8"))[language]
    slots = {
        name: "|".join(map(re.escape, words)) for name, words in known["words"].items()
    }
    patterns = [
        re.sub(r"\{(\w+)\}", lambda slot: f"(?:{slots[slot[1]]})", template.strip("¿?"))
        for template in known["templates"]
    ]
    said = {
        text
        for scenario in SCENARIOS
        for space in scenario.spaces
        for step in space.do
        for text in step.say or ()
        if scenario.member(step.who).language == language
    }

    assert said
    assert [
        text for text in said if not any(re.fullmatch(p, text) for p in patterns)
    ] == []


def test_the_same_line_in_another_voice_is_another_recording():
    """Voice, speed, pitch and text name a recording together."""
    names = {
        Line(Voice(voice, speed, pitch), text).name
        for voice in ("en-us", "es")
        for speed in (150, 160)
        for pitch in (40, 50)
        for text in ("okay", "please be brief")
    }

    assert len(names) == 16


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is absent")
def test_a_line_that_is_not_shipped(tmp_path):
    """It is made on the spot, and speaks most of its time."""
    (clip,) = Synthesis(tmp_path).clips(ANNA, ["please be brief"])

    assert 0.5 < clip.talk_s < clip.seconds < 3.0


def test_without_a_synthesiser(tmp_path, monkeypatch):
    """The line names the text and what to install."""
    monkeypatch.setattr(synthesis.shutil, "which", lambda _: None)

    with pytest.raises(UsageError, match=r"'okay'.*install espeak-ng"):
        Synthesis(tmp_path).clips(ANNA, ["okay"])


def test_a_damaged_index(tmp_path):
    """The line names the file."""
    (tmp_path / INDEX).write_text('{"x": 3}')

    with pytest.raises(UsageError, match=r"index\.json: damaged"):
        Synthesis(tmp_path)
