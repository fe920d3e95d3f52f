"""The meetings that drift is measured on: words, topics, and what they are about.

The files are in the form of QMSum: turns, and topics as ranges of turns. A window is
fifty words; it lies in a topic that at least 80 % of its words lie in.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.figures import SHARED

DATA = {
    "en": SHARED / "data/C_topics/qmsum/val",
    "es": SHARED / "data/C_topics/congreso_es",
}

WINDOW = 50
"""Words per window."""

WORDS_PER_SECOND = 2.5

DOMAINS = {
    "academic": r"B[a-z]{2}\d",
    "product": r"(ES|IS|TS|IN|EN|IB)\d{4}",
    "committee": r"(covid|education)_",
}
"""How the recordings are named: research group, design team, committee."""


@dataclass(frozen=True)
class Meeting:
    """One transcript with its topics."""

    language: str
    domain: str
    """What kind of meeting it is; titles of the same kind are hard to tell apart."""

    words: list[str]
    titles: list[str]
    spans: list[set[int]]
    """For each window, the topics that it lies in."""

    def of_topic(self, topic: int) -> list[str]:
        """Return the words of the windows in a topic."""
        inside = [w for w, topics in enumerate(self.spans) if topic in topics]
        return [x for w in inside for x in self.words[w * WINDOW : (w + 1) * WINDOW]]


def meetings(language: str) -> list[Meeting]:
    """Read the meetings of one language."""
    return [meeting(path, language) for path in sorted(DATA[language].glob("*.json"))]


def meeting(path: Path, language: str) -> Meeting:
    """Read one meeting."""
    document = json.loads(path.read_text("utf-8"))
    words: list[str] = []
    labels: list[set[int]] = []
    for turn, said in enumerate(document["meeting_transcripts"]):
        inside = {
            number
            for number, topic in enumerate(document["topic_list"])
            if any(int(a) <= turn <= int(b) for a, b in topic["relevant_text_span"])
        }
        for word in re.sub(r"\{[^}]*\}", "", said["content"]).split():
            if re.search(r"\w", word):
                words.append(word)
                labels.append(inside)
    titles = [topic["topic"] for topic in document["topic_list"]]
    return Meeting(language, _domain(path.name), words, titles, windows_in(labels))


def windows_in(labels: Sequence[set[int]]) -> list[set[int]]:
    """Return the topics of each window from the topics of each word."""
    spans = []
    for start in range(0, len(labels) - WINDOW + 1, WINDOW):
        count = Counter(n for inside in labels[start : start + WINDOW] for n in inside)
        spans.append({n for n, found in count.items() if found >= 0.8 * WINDOW})
    return spans


def _domain(name: str) -> str:
    found = (domain for domain, form in DOMAINS.items() if re.match(form, name))
    return next(found, "")


def windows(words: Sequence[str]) -> Iterator[str]:
    """Cut words into whole windows."""
    for start in range(0, len(words) - WINDOW + 1, WINDOW):
        yield " ".join(words[start : start + WINDOW])
