"""WebVTT with speakers: transcripts that every player and screen reader shows.

Rule 1: one cue per utterance, in time order, ``<v Name>`` around the words (W3C
WebVTT, section 4.2.2). People who talk at once have overlapping cues.
Rule 2: names and words are untrusted: ``&``, ``<`` and ``>`` are escaped, line ends
become spaces, and an arrow cannot appear inside a cue.
Rule 3: reading takes any conforming file and skips notes, styles and regions; what
is no WebVTT raises ``TranscriptError`` with the line number.
"""

import html
import re
from collections.abc import Iterable, Iterator

from media.transcript import Line, TranscriptError

SIGNATURE = "WEBVTT"

_CLOCK = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_TIMES = re.compile(rf"\s*{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"<[^>]*>")
_SKIPPED = re.compile(r"(NOTE|STYLE|REGION)(\s|$)")


def write(said: Iterable[Line]) -> str:
    """Write lines as a WebVTT file."""
    cues = [f"{SIGNATURE}\n"]
    ordered = sorted(said, key=lambda line: (line.start, line.end))
    for number, line in enumerate(ordered, 1):
        words = _escaped(line.text)
        voice = f"<v {_escaped(line.speaker)}>{words}</v>" if line.speaker else words
        # A cue must end after it starts (W3C WebVTT, section 3.1).
        end = max(line.end, line.start + 0.001)
        cues.append(f"{number}\n{_clock(line.start)} --> {_clock(end)}\n{voice}\n")
    return "\n".join(cues)


def read(text: str) -> list[Line]:
    """Read the cues of a WebVTT file, in time order. A cue may hold several voices.

    Raises TranscriptError with the number of the line.
    """
    rows = text.removeprefix("\ufeff").splitlines()
    if not rows or rows[0].split(" ")[0].split("\t")[0] != SIGNATURE:
        raise TranscriptError(f"line 1: a WebVTT file begins with {SIGNATURE}")
    found: list[Line] = []
    for first, block in _blocks(rows[1:]):
        if _SKIPPED.match(block[0]):
            continue
        found += _cue(first, block)
    return sorted(found, key=lambda line: (line.start, line.end))


def _blocks(rows: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield runs of lines that are not empty, with the number of their first."""
    block: list[str] = []
    for number, row in enumerate([*rows, ""], 2):
        if row.strip():
            block.append(row)
        elif block:
            yield number - len(block), block
            block = []


def _cue(first: int, block: list[str]) -> Iterator[Line]:
    at = next((n for n, row in enumerate(block[:2]) if "-->" in row), None)
    if at is None:
        # Header lines after the signature and stray text are not cues.
        return
    times = _TIMES.fullmatch(block[at])
    if times is None:
        raise TranscriptError(f"line {first + at}: times that cannot be read")
    start, end = _seconds(times.groups()[:4]), _seconds(times.groups()[4:])
    if end < start:
        raise TranscriptError(f"line {first + at}: it ends before it starts")
    content = " ".join(block[at + 1 :])
    for speaker, words in _voices(content):
        said = _plain(words)
        if said:
            yield Line(_plain(speaker), start, end, said)


def _voices(content: str) -> Iterator[tuple[str, str]]:
    """Split a cue at its voice tags: (name, words); before the first, no name."""
    parts = _VOICE.split(content)
    yield "", parts[0]
    yield from zip(parts[1::2], parts[2::2], strict=True)


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _escaped(text: str) -> str:
    return html.escape(" ".join(text.split()), quote=False)


def _seconds(groups: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int(group or 0) for group in groups)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _clock(seconds: float) -> str:
    thousandths = max(0, round(seconds * 1000))
    minutes, thousandths = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    whole, thousandths = divmod(thousandths, 1000)
    return f"{hours:02}:{minutes:02}:{whole:02}.{thousandths:03}"
