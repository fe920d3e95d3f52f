"""Who agreed to what, and whether the room is recorded or transcribed.

Rule 1: without an answer the level is NOTHING.
Rule 2: recording and transcript are off until somebody with the right turns them on.
Rule 3: taking consent back works at once, whatever else goes on.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from media.consent import Consent
from moderation.view import Keeping


@dataclass(slots=True)
class Consents:
    """The answers in one Space and what is kept of it."""

    answers: dict[int, Consent] = field(default_factory=dict)
    recording: Keeping = Keeping.OFF
    unrecorded: set[int] = field(default_factory=set)
    """Whose track failed since recording was last turned on."""

    transcript: bool = False
    captions: bool = False

    def level(self, user_id: int) -> Consent:
        """Return what may be done with a member's voice."""
        return self.answers.get(user_id, Consent.NOTHING)

    def answer(self, user_id: int, level: Consent) -> None:
        """Take a member's answer; a new one is a new start for their track."""
        if level is not self.level(user_id):
            self.unrecorded.discard(user_id)
        self.answers[user_id] = level

    def record(self, recording: Keeping) -> None:
        """Turn recording on or off: everybody's track gets a new start."""
        self.recording = recording
        self.unrecorded.clear()

    def unanswered(self, user_ids: Iterable[int]) -> tuple[int, ...]:
        """Return who of these was never asked, while something is kept."""
        if self.recording is Keeping.OFF and not self.transcript:
            return ()
        return tuple(user for user in user_ids if user not in self.answers)

    def counts(self, user_ids: Iterable[int]) -> Mapping[Consent, int]:
        """Count the answers of these members by level."""
        levels = (self.answers.get(user) for user in user_ids)
        return Counter(level for level in levels if level is not None)
