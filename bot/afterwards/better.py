"""What a better pass hears again of an ended Space, and when its words are better.

Rule 1: only what was said while transcription was on, only recorded voices, and only
of members who have not taken their consent back since, or do so while it goes on.
Rule 2: a better wording replaces the machine's own, never a human's, and nothing
replaces redacted words. With one and the same model, better means that it is surer
and skips nothing: the fewer words of a sentence, the surer they look.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from sqlite_utils import Database

from bot.afterwards import exports
from bot.afterwards.exports import Kept
from bot.talk.talk import as_kept
from media.consent import Consent
from media.intervals import Interval, Intervals, intersection
from media.utterance import Utterance
from media.whisper.final_pass import Part, spans
from media.whisper.settings import SpeechSettings
from moderation.events import CaptionsStarted, TranscriptStarted, TranscriptStopped
from moderation.store import consents, passes, redactions, spaces, transcripts
from moderation.store.erasure import rows as erasures
from moderation.store.spaces import SpaceRow
from moderation.store.transcripts import UtteranceRow

BEGAN = (TranscriptStarted.__name__, CaptionsStarted.__name__)
"""Facts that turn transcription on: captions do, where it was off."""


KEPT_WORDS = 0.8
"""Share of a line's words that a surer wording has at least."""


def uses_another_model(settings: SpeechSettings) -> bool:
    """Say whether the pass hears with another model than the live lines did."""
    return settings.final_model not in ("", settings.model)


def improve(
    db: Database, space_id: int, said: Utterance, at: float, *, another: bool
) -> None:
    """Put a line of the better pass where it is better, and count it.

    ``another``: it comes from another model, whose sureness cannot be compared.
    """
    if erasures.covers(db, space_id, said.user_id, said.start):
        return  # what was heard before its sound was erased
    if not may_hear(db, space_id, said.user_id):
        return  # what was heard before that was taken back
    known = transcripts.find(db, space_id, said.id)
    if known is not None and not another and not _is_better(said, known):
        return
    if known is None and redactions.covers(
        db, space_id, said.user_id, said.start, said.end
    ):
        return  # what was heard before the sound went
    row = transcripts.record(db, space_id, as_kept(said), at)
    if known is None:
        passes.count(db, space_id, added=1)
    elif row.version > known.version:
        passes.count(db, space_id, improved=1)


def _is_better(said: Utterance, known: UtteranceRow) -> bool:
    surer = said.confidence > (known.confidence or 0.0)
    words, before = len(said.text.split()), len(known.text.split())
    edited = known.edited_at is not None  # ours is kept beside the human's words
    return surer and (edited or words >= KEPT_WORDS * before)


def parts(kept: Kept, levels: Mapping[int, Consent]) -> list[Part]:
    """Return what is worth hearing again: recorded, transcribed, still allowed."""
    while_on = transcribed(kept)
    talk = {one.user_id: one.talk for one in kept.talk.speakers}
    found = []
    for track in kept.tracks:
        user_id = track.user_id
        going = (track.deleting_at or track.deleted_at) is not None
        gone = going or not Path(track.path).is_file()
        if user_id is None or gone or levels.get(user_id, Consent.NOTHING) == 0:
            continue
        said = [line for line in kept.lines if line.user_id == user_id]
        hidden = {
            (line.start, line.end) for line in said if line.redacted_at is not None
        }
        heard = intersection(talk.get(user_id, ()), while_on)
        wanted = spans(((line.start, line.end) for line in said), heard)
        left = tuple(span for span in wanted if span not in hidden)
        if left:
            language = _language(kept, user_id)
            found.append(Part(user_id, Path(track.path), left, language))
    return found


def transcribed(kept: Kept) -> Intervals:
    """Return when transcription was on, in seconds of the Space."""
    times: list[Interval] = []
    since: float | None = None
    for row in kept.journal:
        at = row.at - kept.space.opened_at
        if row.name in BEGAN:
            since = at if since is None else since
        elif row.name == TranscriptStopped.__name__ and since is not None:
            times.append((since, at))
            since = None
    if since is not None:
        times.append((since, kept.seconds))
    return tuple(times)


def _language(kept: Kept, user_id: int) -> str:
    """Return the language that most of a member's lines are in."""
    spoken = Counter(
        line.language or kept.space.language
        for line in kept.lines
        if line.user_id == user_id
    )
    most = spoken.most_common(1)
    return most[0][0] if most else kept.space.language


def look(db: Database, space_id: int) -> tuple[Kept, dict[int, Consent]]:
    """Read a Space and what its speakers allow now."""
    kept = exports.read(db, space_id)
    whose = {track.user_id for track in kept.tracks if track.user_id is not None}
    return kept, {user_id: _level(db, kept.space, user_id) for user_id in whose}


def may_hear(db: Database, space_id: int, user_id: int) -> bool:
    """Say whether a member allows at this moment that they are heard again."""
    space = spaces.get(db, space_id)
    return space is not None and _level(db, space, user_id) > Consent.NOTHING


def _level(db: Database, space: SpaceRow, user_id: int) -> Consent:
    answers = consents.history(db, space.guild_id, user_id)
    return Consent(answers[-1].level) if answers else Consent.NOTHING
