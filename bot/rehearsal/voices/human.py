"""Real recordings instead of synthesised lines: the same times, other voices.

``manifest.csv`` of the folder names the recordings: path, language, duration_s,
speaker, kind (``speech`` for those of one person; others are left out). Each member
gets a person of its own language as far as there are enough, and speaks as long as its
synthesised line would, so that the scenario's times hold. What is said then has
nothing to do with the script.
"""

import csv
import itertools
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.errors import UsageError
from bot.rehearsal.scenario import Member
from bot.rehearsal.voices import encoding
from bot.rehearsal.voices.clip import FRAME_S, Clip, read_frames
from bot.rehearsal.voices.spoken import spoken
from bot.rehearsal.voices.synthesis import Synthesis

MANIFEST = "manifest.csv"
COLUMNS = {"path", "language", "duration_s", "speaker", "kind"}
KIND = "speech"
LEAST_S, MOST_S = 2.0, 30.0
"""Lengths of recordings that are used, in seconds."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One row of the manifest."""

    path: Path
    language: str
    speaker: str
    seconds: float


class HumanVoices:
    """Members speak with human voices; a context manager, for its temporary files."""

    def __init__(self, folder: Path, members: Iterable[Member]) -> None:
        """Choose recordings; raises ``UsageError`` where there are none to choose."""
        self._scripted = Synthesis()
        self._parts = _shares(read_manifest(folder), tuple(members))
        self._temporary = tempfile.TemporaryDirectory(prefix="voices-")
        self._queue: dict[str, Iterator[Clip]] = {}
        self._rest: dict[str, Clip] = {}
        self._converted: dict[Recording, Clip] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Delete the temporary files."""
        self._temporary.cleanup()

    def clips(self, member: Member, lines: Iterable[str]) -> list[Clip]:
        """Return, for each line, as much of the member's person as the line is long."""
        scripted = self._scripted.clips(member, lines)
        return [self._take(member.name, one.seconds) for one in scripted]

    def _take(self, name: str, seconds: float) -> Clip:
        """Cut the next ``seconds`` from a member's recordings, going round in them."""
        clip = self._rest.pop(name, None) or next(self._endless(name))
        if clip.seconds - seconds >= LEAST_S:
            self._rest[name] = _after(clip, seconds)
        if clip.seconds < seconds:
            more = self._take(name, seconds - clip.seconds)
            return _joined(clip, more)
        return clip.cut(seconds)

    def _endless(self, name: str) -> Iterator[Clip]:
        if name not in self._queue:
            clips = (self._convert(one) for one in itertools.cycle(self._parts[name]))
            self._queue[name] = clips
        return self._queue[name]

    def _convert(self, recording: Recording) -> Clip:
        if recording not in self._converted:
            target = Path(self._temporary.name) / f"{len(self._converted)}.opus"
            samples = encoding.encode(recording.path, target)
            spans = spoken(samples, encoding.RATE)
            self._converted[recording] = Clip(read_frames(target), tuple(spans))
        return self._converted[recording]


def read_manifest(folder: Path) -> list[Recording]:
    """Read the recordings of one person each.

    Raises:
        UsageError: no manifest there, or a row that cannot be read.

    """
    path = folder / MANIFEST
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            missing = COLUMNS - set(rows.fieldnames or ())
            if missing:
                raise UsageError(f"{path}: has no column {', '.join(sorted(missing))}")
            return [
                Recording(
                    folder / row["path"],
                    row["language"],
                    row["speaker"] or Path(row["path"]).parent.name,
                    float(row["duration_s"]),
                )
                for row in rows
                if row["kind"] == KIND and LEAST_S <= float(row["duration_s"]) <= MOST_S
            ]
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    except (KeyError, ValueError, TypeError) as error:
        raise UsageError(f"{path}: not a list of recordings: {error!r}") from None


def _shares(
    recordings: Iterable[Recording], members: tuple[Member, ...]
) -> Mapping[str, list[Recording]]:
    """Give each member a person of its language, the one with most sound first."""
    people: dict[tuple[str, str], list[Recording]] = {}
    for one in recordings:
        people.setdefault((one.language, one.speaker), []).append(one)
    shares: dict[str, list[Recording]] = {}
    for language in sorted({member.language for member in members}):
        speakers = sorted(
            (
                found
                for (spoken_in, _), found in people.items()
                if spoken_in == language
            ),
            key=lambda found: -sum(one.seconds for one in found),
        )
        if not speakers:
            raise UsageError(f"no human recordings in language {language!r}")
        names = [member.name for member in members if member.language == language]
        for name, person in zip(names, itertools.cycle(speakers)):
            shares[name] = person
    return shares


def _after(clip: Clip, seconds: float) -> Clip:
    count = round(seconds / FRAME_S)
    spans = tuple(
        (max(a, seconds) - seconds, b - seconds) for a, b in clip.spoken if b > seconds
    )
    return Clip(clip.frames[count:], spans)


def _joined(first: Clip, second: Clip) -> Clip:
    shift = first.seconds
    spans = tuple((a + shift, b + shift) for a, b in second.spoken)
    return Clip(first.frames + second.frames, first.spoken + spans)
