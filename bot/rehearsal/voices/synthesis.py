"""Lines of a scenario → speech, by the free synthesiser espeak-ng.

The lines that are shipped with a scenario were made by this; one that is not shipped is
made when it is first needed, where espeak-ng is installed.
"""

import hashlib
import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UsageError
from bot.rehearsal.scenario import FOLDER, Member, Scenario, Voice
from bot.rehearsal.voices import encoding
from bot.rehearsal.voices.clip import Clip, read_frames
from bot.rehearsal.voices.spoken import Span, spoken

SHIPPED = FOLDER / "voices"
INDEX = "index.json"
TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One line in one voice."""

    voice: Voice
    text: str

    @property
    def name(self) -> str:
        """The name of its recording: the same line in the same voice has the same."""
        words = f"{self.voice.name}/{self.voice.speed}/{self.voice.pitch}/{self.text}"
        return hashlib.sha256(words.encode()).hexdigest()[:16] + ".opus"


class Synthesis:
    """Voices made by espeak-ng: shipped ones first, then made on the spot."""

    def __init__(self, folder: Path = SHIPPED) -> None:
        self._folder = folder
        self._index = _read_index(folder)
        self._made: dict[Line, Clip] = {}

    def clips(self, member: Member, lines: Iterable[str]) -> list[Clip]:
        """Return a clip for each line of a member.

        Raises:
            UsageError: a line is not shipped and espeak-ng is not installed.

        """
        return [self._clip(Line(member.voice, text)) for text in lines]

    def _clip(self, line: Line) -> Clip:
        if line not in self._made:
            spans = self._index.get(line.name)
            if spans is None:
                with tempfile.TemporaryDirectory() as folder:
                    spans = make(line, Path(folder))
                    frames = read_frames(Path(folder) / line.name)
            else:
                frames = read_frames(self._folder / line.name)
            self._made[line] = Clip(frames, tuple(spans))
        return self._made[line]


def make(line: Line, folder: Path) -> list[Span]:
    """Synthesise a line into ``folder``; return when it speaks.

    Raises:
        UsageError: espeak-ng is absent, or has no such voice.

    """
    program = shutil.which("espeak-ng")
    if program is None:
        raise UsageError(
            f"the line {line.text!r} has no recording: install espeak-ng to make it"
        )
    wave = folder / "line.wav"
    voice = line.voice
    done = subprocess.run(  # noqa: S603 (no shell; the text goes in by stdin)
        [
            *(program, "-v", voice.name, "-s", str(voice.speed)),
            *("-p", str(voice.pitch), "-w", str(wave), "--stdin"),
        ],
        input=line.text.encode(),
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if done.returncode != 0 or not wave.is_file():
        said = done.stderr.decode("utf-8", "replace").strip()
        raise UsageError(f"voice {voice.name!r}: espeak-ng cannot speak it: {said}")
    spans = spoken(encoding.encode(wave, folder / line.name), encoding.RATE)
    wave.unlink()
    return spans


def lines(scenario: Scenario) -> Iterator[Line]:
    """Yield every line that is said in a scenario."""
    for space in scenario.spaces:
        for step in space.do:
            for text in step.say or ():
                yield Line(scenario.member(step.who).voice, text)


def ship(scenarios: Iterable[Scenario], folder: Path = SHIPPED) -> int:
    """Make what is missing of the scenarios' lines and delete what none needs.

    Returns the number of recordings made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = dict(_read_index(folder))
    wanted = {line.name: line for scenario in scenarios for line in lines(scenario)}
    made = 0
    for name, line in wanted.items():
        if name not in index or not (folder / name).is_file():
            index[name] = make(line, folder)
            made += 1
    for path in folder.glob("*.opus"):
        if path.name not in wanted:
            path.unlink()
    rows = (f'  "{name}": {json.dumps(index[name])}' for name in sorted(wanted))
    (folder / INDEX).write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")
    return made


def _read_index(folder: Path) -> Mapping[str, list[Span]]:
    """Read when each shipped recording speaks, in seconds."""
    path = folder / INDEX
    if not path.is_file():
        return {}
    try:
        rows = json.loads(path.read_text("utf-8"))
        return {name: [(a, b) for a, b in spans] for name, spans in rows.items()}
    except (ValueError, TypeError, AttributeError) as error:
        raise UsageError(f"{path}: damaged, make the voices again: {error}") from None
