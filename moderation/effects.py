"""What a Space wants done: imperative, for the edge to carry out, never replayed.

Rule 1: an effect carries a text key and parameters, never prose; the edge's catalogues
word it in the reader's language.
Rule 2: an effect is safe to repeat and safe to lose: after a restart the edge
reconciles, updates the panel and asks what is still open.

Parameters are named so that the edge can show them: ``<x>_id`` a user id, ``<x>_s``
seconds, ``<x>_at`` Unix seconds, ``<x>_key`` a text key of its own, ``n`` a count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from media.consent import Consent
from moderation.events import Answer, EndReason
from moderation.sanction import Action

Param = str | int | float | None
Params = Mapping[str, Param]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to be done outside."""


@dataclass(frozen=True, slots=True)
class _Words(Effect):
    key: str
    """Text key."""

    params: Params = field(default_factory=dict, kw_only=True)


@dataclass(frozen=True, slots=True)
class Explained(_Words):
    """Write down why the floor changed, in one sentence: panel, audit, history.

    Every change of roles, seats, queue or phase comes with at least one.
    """

    user_id: int | None = field(default=None, kw_only=True)
    """Whom the change is about."""

    by: int | None = field(default=None, kw_only=True)
    """Who brought it about; None for a rule of the Space."""


@dataclass(frozen=True, slots=True)
class Tell(_Words):
    """Tell one member in private: the ephemeral answer where they caused it."""

    user_id: int = field(kw_only=True)

    offers: tuple[str, ...] = field(default=(), kw_only=True)
    """Buttons that go with it, by the edge's names for what they do."""


@dataclass(frozen=True, slots=True)
class TellHosts(_Words):
    """Tell the host and co-hosts, where only they read it."""

    urgent: bool = field(default=False, kw_only=True)
    """Worth a ping of the acting host."""

    hidden_from: int | None = field(default=None, kw_only=True)
    """Who must not read it, even if they run the Space."""

    offers: tuple[str, ...] = field(default=(), kw_only=True)
    """Buttons that go with it, by the edge's names for what they do."""

    target: int | None = field(default=None, kw_only=True)
    """What the buttons act on: a member's id, or the number of a question."""


@dataclass(frozen=True, slots=True)
class WishRefused(Effect):
    """Write down that what a member wished in Discord's own interface was refused.

    Wishes that come by the bot's own doors raise ``Refused`` instead.
    """

    reason_key: str
    """Text key of why."""

    user_id: int


@dataclass(frozen=True, slots=True)
class Announce(_Words):
    """Say one line to the whole room."""

    ping: int | None = field(default=None, kw_only=True)
    """The one member who may be pinged by it."""

    offers: tuple[str, ...] = field(default=(), kw_only=True)
    """Buttons that go with it, by the edge's names for what they do."""


@dataclass(frozen=True, slots=True)
class PromptInvitation(Effect):
    """Ask a member whether they take the floor, with a button for each answer."""

    user_id: int
    by: int | None
    """Who invites; None where the queue moves on by itself."""

    until: float
    """Unix seconds when the invitation expires."""

    note: str = ""
    answers: tuple[Answer, ...] = tuple(Answer)


@dataclass(frozen=True, slots=True)
class DropInvitation(Effect):
    """Take an invitation's buttons away: it was answered, withdrawn or expired."""

    user_id: int


@dataclass(frozen=True, slots=True)
class Reconcile(Effect):
    """Compare what Discord shows with who has the floor, and put it right."""

    user_ids: tuple[int, ...] | None = None
    """Members to look at; None for everybody in the room."""


@dataclass(frozen=True, slots=True)
class UpdatePanel(Effect):
    """Show the live panel and the host panel afresh; the edge paces it."""


@dataclass(frozen=True, slots=True)
class Disconnect(Effect):
    """Put a member out of the channel: removed or banned."""

    user_id: int


class Tone(Enum):
    """A soft sound in the room."""

    NUDGE = "nudge"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class PlayTone(Effect):
    """Play a soft tone, where the bot is in the room with sound."""

    tone: Tone


@dataclass(frozen=True, slots=True)
class SetConsent(Effect):
    """Pass a member's level of consent on to the hearing, at once."""

    user_id: int
    level: Consent


@dataclass(frozen=True, slots=True)
class AskConsent(Effect):
    """Ask these members what may be done with their voice."""

    user_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StartRecording(Effect):
    """Record the tracks of everybody who consented, from now."""


@dataclass(frozen=True, slots=True)
class PauseRecording(Effect):
    """Stop writing tracks for now."""


@dataclass(frozen=True, slots=True)
class StopRecording(Effect):
    """Close the tracks; the render may begin."""


@dataclass(frozen=True, slots=True)
class StartTranscript(Effect):
    """Recognise what is said by everybody who consented, from now."""


@dataclass(frozen=True, slots=True)
class StopTranscript(Effect):
    """Recognise nothing more."""


@dataclass(frozen=True, slots=True)
class StartCaptions(Effect):
    """Show what is said, as it is recognised."""

    channel_id: int | None = None
    """Text channel whose thread keeps their history; None where the bot chooses."""


@dataclass(frozen=True, slots=True)
class StopCaptions(Effect):
    """Show no more of it."""


@dataclass(frozen=True, slots=True)
class ShowTopic(Effect):
    """Show the topic where Discord does: stage instance or voice-channel status."""

    topic: str


@dataclass(frozen=True, slots=True)
class OpenCase(Effect):
    """Keep a case: what was done to whom, by whom, why and until when."""

    number: int
    """1 for the first case of the Space; ``CaseUndone`` names it."""

    action: Action
    user_id: int

    by: int | None
    """Who acted; None for the bot."""

    reason: str = ""

    until: float | None = None
    """Unix seconds."""


@dataclass(frozen=True, slots=True)
class ReverseCase(Effect):
    """Mark a case of this Space as undone."""

    number: int
    by: int


@dataclass(frozen=True, slots=True)
class EndRoom(Effect):
    """Lift what the bot did in the room, close it, and start the report."""

    reason: EndReason


class Audience(Enum):
    """Who reads a nudge."""

    MEMBER = "member"
    HOSTS = "hosts"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Nudge(_Words):
    """Nudge a member, the hosts or the room, with a button for each choice."""

    rule: str = field(kw_only=True)
    """Which rule found a reason, e.g. ``drift`` or ``monologue``."""

    audience: Audience = field(kw_only=True)

    user_id: int | None = field(default=None, kw_only=True)
    """Whom it is about."""

    choices: tuple[str, ...] = field(default=(), kw_only=True)
    """Names of the answers offered; the edge has a text for each."""

    score: float | None = field(default=None, kw_only=True)
    """What the rule measured, 0 to 1."""

    evidence: tuple[str, ...] = field(default=(), kw_only=True)
    """Lines of the transcript that show why; speech, so never logged."""
