"""Facts about what is kept of people's voices, and their consent."""

from dataclasses import dataclass

from media.consent import Consent
from media.heard import TrackTrouble
from moderation.events.event import ByStaff, Event


@dataclass(frozen=True, slots=True)
class ConsentGiven(Event):
    """A member answered what may be done with their voice; NOTHING is an answer too."""

    user_id: int
    level: Consent

    text_version: str
    """Version of the text that they were shown."""


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Event):
    """A member took their consent back: nothing more is decoded from now on."""

    user_id: int


@dataclass(frozen=True, slots=True)
class RecordingStarted(ByStaff):
    """Recording was turned on."""


@dataclass(frozen=True, slots=True)
class RecordingPaused(ByStaff):
    """Recording was paused."""


@dataclass(frozen=True, slots=True)
class RecordingResumed(ByStaff):
    """Recording goes on after a pause."""


@dataclass(frozen=True, slots=True)
class RecordingStopped(ByStaff):
    """Recording was turned off."""


@dataclass(frozen=True, slots=True)
class RecordingFailed(Event):
    """Recording stopped because of a fault, not because somebody wanted it."""

    reason_key: str
    """Text key of what went wrong."""


@dataclass(frozen=True, slots=True)
class TrackFailed(Event):
    """One member's track stopped because of a fault; the others' go on."""

    user_id: int
    trouble: TrackTrouble


@dataclass(frozen=True, slots=True)
class TranscriptStarted(ByStaff):
    """Transcription was turned on."""


@dataclass(frozen=True, slots=True)
class TranscriptStopped(ByStaff):
    """Transcription was turned off."""
