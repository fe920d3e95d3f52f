"""The files of an analysis: all of them, or none.

They are written into a hidden folder beside their place and moved when the last one
is whole, so that an analysis that fails leaves what was there before.
"""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.errors import UsageError


def write(out: Path, files: Mapping[str, str]) -> list[Path]:
    """Write ``files`` (name → text) into ``out``; UsageError where the disk refuses."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".analysis-", dir=out) as folder:
            for name, text in files.items():
                (Path(folder) / name).write_text(text, "utf-8")
            return [(Path(folder) / name).replace(out / name) for name in files]
    except OSError as error:
        raise UsageError(f"{out}: {error.strerror or error}") from None


def as_json(value: Any) -> str:
    """Write a value as a JSON file."""
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
