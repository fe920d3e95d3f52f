"""Live audio Spaces with their topics: talk that no constant of drift was chosen on.

Four episodes of a podcast that is recorded in live Spaces. A heading in italics opens a
topic. Titles that are only a number or a version (*LND #6810*) tell nobody what the
talk is about; their talk belongs to no topic.
"""

import re
from pathlib import Path

from tests.evaluation.drift_meetings import Meeting, windows_in
from tests.figures import SHARED

FOLDER = SHARED / "data/C_topics/optech_podcast"

HEADING = re.compile(r"_(.+)_")
NUMBERED = re.compile(r"#\d|\d\.\d")
MARKUP = re.compile(r"\*\*[^*]+\*\*:|\{[%{].*?[%}]\}|\]\([^)]*\)|[`\[\]]")
"""Who speaks, template tags, links."""


def spaces() -> list[Meeting]:
    """Read the episodes."""
    return [_space(path) for path in sorted(FOLDER.glob("*.md"))]


def _space(path: Path) -> Meeting:
    _, _, talk = path.read_text("utf-8").partition("## Transcription")
    words: list[str] = []
    labels: list[set[int]] = []
    titles: list[str] = []
    inside: set[int] = set()
    for line in talk.splitlines():
        heading = HEADING.fullmatch(line.strip())
        if heading is None:
            found = [w for w in MARKUP.sub(" ", line).split() if re.search(r"\w", w)]
            words += found
            labels += [inside] * len(found)
        elif NUMBERED.search(heading[1]):
            inside = set()
        else:
            inside = {len(titles)}
            titles.append(heading[1].replace("`", ""))
    return Meeting("en", "space", words, titles, windows_in(labels))
