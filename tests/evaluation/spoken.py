"""Sentences that the small model knows, spoken by a free synthesiser."""

import json
import random
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from media.decode.ffmpeg import find_ffmpeg

ROOT = Path(__file__).parents[2]
MODELS = (
    ROOT / "bot/rehearsal/models/whisper-rehearsal",
    ROOT.parent / "shared/models/whisper-rehearsal",
)
VOICES = {
    "en": ("en-us", "en-us+f2", "en-us+m3", "en-us+f4", "en-gb"),
    "es": ("es", "es+f2", "es+m3", "es-419", "es-419+f4"),
}
CONTRACTED = {"es": ((" de el ", " del "), (" a el ", " al "))}


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
        return len(self.sound) / 16_000


def model() -> Path | None:
    """Return the small model's directory, where there is one."""
    return next((path for path in MODELS if path.is_dir()), None)


def can_speak() -> bool:
    """Say whether sentences can be made on this machine."""
    return model() is not None and shutil.which("espeak-ng") is not None


def sentences(count: int, *, seed: int = 1) -> list[Spoken]:
    """Return ``count`` sentences of each language, voices in turn."""
    folder = model()
    if folder is None:
        return []
    known = json.loads((folder / "sentences.json").read_text("utf-8"))
    rng = random.Random(seed)
    said = []
    for language, voices in VOICES.items():
        for number in range(count):
            text = _text(known[language], language, rng)
            voice = voices[number % len(voices)]
            said.append(Spoken(language, voice, text, speech(text, voice)))
    return said


def speech(text: str, voice: str) -> np.ndarray:
    """Say a text as sound."""
    espeak = shutil.which("espeak-ng") or "espeak-ng"
    wave = subprocess.run(
        [espeak, "-v", voice, "-s", "160", "--stdout", text],
        capture_output=True,
        check=True,
    ).stdout
    command = [find_ffmpeg(), "-loglevel", "error", "-i", "-", "-ar", "16000"]
    command += ["-ac", "1", "-f", "s16le", "-"]
    made = subprocess.run(command, input=wave, capture_output=True, check=True).stdout
    return np.frombuffer(made, "<i2").astype(np.float32) / 32768


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


def _text(known: dict, language: str, rng: random.Random) -> str:
    template = rng.choice(known["templates"])
    text = re.sub(
        r"\{(\w+)\}", lambda slot: rng.choice(known["words"][slot[1]]), template
    )
    for apart, together in CONTRACTED.get(language, ()):
        text = text.replace(apart, together)
    return text
