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
    transcript: bool = False
    captions: bool = False

    def level(self, user_id: int) -> Consent:
        """Return what may be done with a member's voice."""
        return self.answers.get(user_id, Consent.NOTHING)

    def unanswered(self, user_ids: Iterable[int]) -> tuple[int, ...]:
        """Return who of these was never asked, while something is kept."""
        if self.recording is Keeping.OFF and not self.transcript:
            return ()
        return tuple(user for user in user_ids if user not in self.answers)

    def counts(self, user_ids: Iterable[int]) -> Mapping[Consent, int]:
        """Count the answers of these members by level."""
        levels = (self.answers.get(user) for user in user_ids)
        return Counter(level for level in levels if level is not None)
