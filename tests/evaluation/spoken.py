"""Sentences that the small model knows, and how they sound.

They lie here as they were made, so that a run needs no synthesiser and every machine
hears the same: one Ogg Opus file per language, beside it who says what and when. To
make them again (needs espeak-ng):

    python -m tests.evaluation.spoken
"""

import json
import random
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from media.decode.ffmpeg import find_ffmpeg
from media.decode.sound import RATE_HZ, pcm

FOLDER = Path(__file__).parent / "sentences"
MODEL = Path(__file__).parents[2] / "bot/rehearsal/models/whisper-rehearsal"
VOICES = {
    "en": ("en-us", "en-us+f2", "en-us+m3", "en-us+f4", "en-gb"),
    "es": ("es", "es+f2", "es+m3", "es-419", "es-419+f4"),
}
CONTRACTED = {"es": ((" de el ", " del "), (" a el ", " al "))}
COUNT = 60
"""Sentences of each language, voices in turn."""

SEED = 1
APART_S = 0.5
"""Silence between two sentences in a file."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence, said."""

    language: str
    voice: str
    text: str
    sound: np.ndarray
    """Mono, 16 kHz, -1 to 1."""

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.sound) / RATE_HZ


def sentences(language: str) -> list[Spoken]:
    """Return the sentences of a language with their sound."""
    rows = json.loads((FOLDER / f"{language}.json").read_text("utf-8"))
    sound = np.frombuffer(pcm(FOLDER / f"{language}.opus"), "<i2") / np.float32(32768)
    return [
        Spoken(language, row["voice"], row["text"], sound[row["start"] : row["end"]])
        for row in rows
    ]


def word_errors(reference: str, heard: str) -> int:
    """Count the words to change, add or drop (Levenshtein over words)."""
    expected, found = reference.split(), heard.split()
    row = list(range(len(found) + 1))
    for i, word in enumerate(expected, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(found, 1):
            diagonal, row[j] = (
                row[j],
                min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other)),
            )
    return row[-1]


def make() -> None:
    """Say the sentences of both languages and write the files."""
    known = json.loads((MODEL / "sentences.json").read_text("utf-8"))
    rng = random.Random(SEED)
    FOLDER.mkdir(exist_ok=True)
    for language, voices in VOICES.items():
        texts = list(_texts(known[language], language, rng))
        rows, parts, at = [], [], 0
        for number, text in enumerate(texts):
            voice = voices[number % len(voices)]
            sound = _said(text, voice)
            end = at + len(sound)
            rows.append({"voice": voice, "text": text, "start": at, "end": end})
            gap = np.zeros(int(APART_S * RATE_HZ), "<i2")
            parts += [sound, gap]
            at = end + len(gap)
        _encode(np.concatenate(parts), FOLDER / f"{language}.opus")
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (FOLDER / f"{language}.json").write_text(f"[\n{lines}\n]\n", "utf-8")


def _texts(known: dict, language: str, rng: random.Random) -> Iterator[str]:
    """Yield texts from the templates that the model was taught with."""
    for _ in range(COUNT):
        template = rng.choice(known["templates"])
        text = re.sub(
            r"\{(\w+)\}", lambda slot: rng.choice(known["words"][slot[1]]), template
        )
        for apart, together in CONTRACTED.get(language, ()):
            text = text.replace(apart, together)
        yield text


def _said(text: str, voice: str) -> np.ndarray:
    """Say a text; int16 at 16 kHz."""
    wave = _output(["espeak-ng", "-v", voice, "-s", "160", "--stdout", text], b"")
    command = [find_ffmpeg(), "-loglevel", "error", "-i", "-", "-ar", str(RATE_HZ)]
    made = _output([*command, "-ac", "1", "-f", "s16le", "-"], wave)
    return np.frombuffer(made, "<i2")


def _encode(sound: np.ndarray, path: Path) -> None:
    """Write 16 kHz int16 as Opus, the same for the same sound."""
    command = [find_ffmpeg(), "-loglevel", "error", "-y", "-f", "s16le"]
    command += ["-ar", str(RATE_HZ), "-ac", "1", "-i", "-", "-c:a", "libopus"]
    command += ["-b:a", "24k", "-application", "voip", "-map_metadata", "-1"]
    command += ["-fflags", "+bitexact", "-flags", "+bitexact", str(path)]
    _output(command, sound.tobytes())


def _output(command: list[str], given: bytes) -> bytes:
    done = subprocess.run(command, input=given, capture_output=True, check=True)
    return done.stdout


if __name__ == "__main__":
    make()
