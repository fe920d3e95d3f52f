"""A member's copy as files: ZIPs, none larger than Discord takes.

    about.txt            what this is, in the reader's language
    data.json            everything but sound, by section; times in ISO 8601, UTC
    tracks/space-7.opus  the member's own voice; a long one in parts that play alone

Blocking: run it on a thread of its own.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from media.pieces import cut
from moderation.store.takeout import Takeout

MOST_PARTS: Final = 30
"""Files that are sent at most: an interaction lives for a quarter of an hour."""

OVERHEAD: Final = 1024
"""Bytes that an entry takes in a ZIP besides its content, generously."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What came of it."""

    parts: tuple[Path, ...]
    left_out: int
    """Files of sound that are in no part: too many, or gone."""

    is_whole: bool
    """Whether ``data.json`` itself fits."""


def pack(
    folder: Path,
    takeout: Takeout,
    tracks: Mapping[str, Path],
    about: str,
    *,
    limit: int,
    asked: Mapping[str, Any],
) -> Packed:
    """Write the parts into ``folder``, each of at most ``limit`` bytes.

    ``tracks`` by name in the archive; ``asked`` stands at the head of the data. Raises
    OSError where the disk refuses.
    """
    texts = {"about.txt": about, "data.json": data(takeout, asked)}
    first = folder / _name(1)
    with zipfile.ZipFile(first, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    if first.stat().st_size > limit:
        return Packed((), len(tracks), is_whole=False)
    parts, left_out = [first], 0
    for name, content in _sounds(tracks, limit - 2 * OVERHEAD):
        size = len(content) + OVERHEAD
        if not content or size > limit:
            left_out += 1
            continue
        if parts[-1].stat().st_size + size > limit:
            if len(parts) == MOST_PARTS:
                left_out += 1
                continue
            parts.append(folder / _name(len(parts) + 1))
        with zipfile.ZipFile(parts[-1], "a", zipfile.ZIP_STORED) as archive:
            archive.writestr(name, content)
    return Packed(tuple(parts), left_out, is_whole=True)


def data(takeout: Takeout, asked: Mapping[str, Any]) -> str:
    """Return ``data.json``."""
    said = {**asked, **takeout.rows}
    return json.dumps(_dated(said), ensure_ascii=False, indent=1) + "\n"


def _name(number: int) -> str:
    return "my-data.zip" if number == 1 else f"my-data-{number}.zip"


def _sounds(tracks: Mapping[str, Path], most: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes; one that is gone or no recording is empty."""
    for name, path in tracks.items():
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            yield name, b""
            continue
        if len(content) <= most:
            yield name, content
        else:
            yield from _numbered(name, cut(content, most))


def _numbered(name: str, pieces: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    stem = name.removesuffix(".opus")
    number = 0
    for number, piece in enumerate(pieces, 1):
        yield f"{stem}.part{number}.opus", piece
    if not number:
        yield name, b""


def _dated(value: Any) -> Any:
    """Return JSON with moments (``at``, ``…_at``) that people can read."""
    if isinstance(value, dict):
        return {key: _moment(key, one) for key, one in value.items()}
    if isinstance(value, list):
        return [_dated(one) for one in value]
    return value


def _moment(key: str, value: Any) -> Any:
    is_moment = key == "at" or key.endswith("_at")
    if is_moment and isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
    return _dated(value)
