"""Where a speech model is, and whether it is one.

Rule 1: a name is a directory, or a directory under ``models_dir``, or a
faster-whisper name in the hub's cache. Nothing is downloaded unless ``fetch`` asks.
Rule 2: a directory that cannot work is refused with one line before it is loaded.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from faster_whisper.tokenizer import _LANGUAGE_CODES
from faster_whisper.utils import available_models, download_model
from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

from media.errors import MediaError
from media.whisper.settings import SpeechSettings

REQUIRED = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
HEAD_BYTES = 32
SPECIFICATION = b"WhisperSpec"


@dataclass(frozen=True, slots=True)
class Models:
    """The directories that one transcriber works with."""

    live: Path
    smaller: Path
    """The same as ``live`` where none is configured."""
    final: Path
    """The same as ``live`` where none is configured."""


class ModelError(MediaError):
    """A speech model is absent or unusable; the message says which and what to do."""


def names() -> list[str]:
    """List the names that faster-whisper knows."""
    return sorted(str(name) for name in available_models())


def languages() -> frozenset[str]:
    """Return the codes (en, es) of the languages that multilingual models know."""
    return frozenset(str(code) for code in _LANGUAGE_CODES)


def locate(name: str, models_dir: str = "") -> Path:
    """Return the directory of model ``name``, checked; never go to the network.

    Raises ModelError with the way to get it.
    """
    for folder in _candidates(name, models_dir):
        if folder.is_dir():
            check(folder)
            return folder
    if name not in available_models() and "/" not in name.strip("/."):
        raise ModelError(
            f"speech model {name!r}: no such directory, and not a name that"
            " faster-whisper knows (tertulia models list)"
        )
    try:
        folder = Path(download_model(name, local_files_only=True))
    except (LocalEntryNotFoundError, ValueError, OSError):
        raise ModelError(
            f"speech model {name!r} is not on this machine:"
            f" run 'tertulia models fetch {name}' or name a directory"
        ) from None
    check(folder)
    return folder


def locate_all(settings: SpeechSettings) -> Models:
    """Find the models of the settings; ModelError names the first that is absent."""
    live = locate(settings.model, settings.models_dir)
    others = (settings.smaller_model, settings.final_model)
    smaller, final = (
        locate(name, settings.models_dir) if name else live for name in others
    )
    return Models(live, smaller, final)


def fetch(name: str, models_dir: str = "") -> Path:
    """Download model ``name`` from the hub and return its directory.

    What is on this machine already is only checked. Raises ModelError.
    """
    if is_here(name, models_dir):
        return locate(name, models_dir)
    if name not in available_models() and "/" not in name:
        raise ModelError(
            f"speech model {name!r}: not a name that faster-whisper knows"
            " (tertulia models list)"
        )
    target = str(Path(models_dir) / name.replace("/", "--")) if models_dir else None
    try:
        folder = Path(download_model(name, output_dir=target))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        raise ModelError(
            f"speech model {name!r} could not be fetched: no route to the model hub"
            f" ({type(error).__name__}); copy a directory here and name it instead"
        ) from error
    check(folder)
    return folder


def is_here(name: str, models_dir: str = "") -> bool:
    """Say whether model ``name`` can be used without fetching anything."""
    try:
        locate(name, models_dir)
    except ModelError:
        return False
    return True


def check(folder: Path) -> None:
    """Refuse a directory that does not hold a CTranslate2 Whisper model.

    Raises ModelError with what is wrong about it.
    """
    lacking = [name for name in REQUIRED if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in VOCABULARIES):
        lacking.append(VOCABULARIES[0])
    if lacking:
        raise ModelError(f"speech model {folder}: {', '.join(lacking)} is missing")
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
    except (OSError, ValueError):
        raise ModelError(f"speech model {folder}: config.json is unreadable") from None
    if not isinstance(config, dict) or "suppress_ids" not in config:
        raise ModelError(f"speech model {folder}: not a Whisper model for CTranslate2")
    with (folder / "model.bin").open("rb") as binary:
        # CTranslate2: version, length of the specification's name, the name.
        head = binary.read(HEAD_BYTES)
    if SPECIFICATION not in head:
        raise ModelError(f"speech model {folder}: model.bin is broken or not Whisper")


def _candidates(name: str, models_dir: str) -> list[Path]:
    folders = [Path(name).expanduser()]
    if models_dir:
        base = Path(models_dir).expanduser()
        folders += [base / name, base / name.replace("/", "--")]
    return folders
