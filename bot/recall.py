"""What a Space that goes on after a restart takes up from the record.

Run inside ``Store.read``; it may take a second after hours of talk, on a thread that
nobody waits for but the Space itself.
"""

from dataclasses import dataclass

from sqlite_utils import Database

from media.utterance import Utterance
from moderation.effects import Audience
from moderation.past import GivenNudge, Past
from moderation.retrace import retrace
from moderation.store import journal, missed, nudges, spurts, transcripts
from moderation.store.nudges import NudgeRow
from moderation.store.spaces import SpaceRow
from moderation.store.transcripts import UtteranceRow
from moderation.talktime.ledger import TalkLedger


@dataclass(frozen=True, slots=True)
class Recalled:
    """What an earlier process left."""

    ledger: TalkLedger
    past: Past
    missed_s: float
    """Seconds of talk that could not be recognised."""


def recall(db: Database, space: SpaceRow) -> Recalled:
    """Read everything. Raises ``UnreadableEventError``."""
    rows = [(row.at, row.name, row.body) for row in journal.read(db, space.id)]
    traced = retrace(rows, space.opened_at)
    talked = spurts.read(db, space.id)
    for spurt in talked:
        traced.ledger.heard(spurt.user_id, [(spurt.start, spurt.end)])
    unsaid = missed.open_ones(db, space.id)
    return Recalled(
        traced.ledger,
        Past(
            spurts=[(one.user_id, one.start, one.end) for one in talked],
            lines=[_said(row, space) for row in transcripts.read(db, space.id)],
            nudges=[_given(row) for row in nudges.read(db, space.id)],
            conduct=traced.conduct,
            resumed_at=traced.resumed_at,
            invited_at=traced.invited_at,
            aimed_at=traced.aimed_at,
        ),
        sum(row.end - row.start for row in unsaid),
    )


def _said(row: UtteranceRow, space: SpaceRow) -> Utterance:
    return Utterance(
        id=row.uid,
        user_id=row.user_id,
        start=row.start,
        end=row.end,
        text=row.text,
        language=row.language or space.language,
    )


def _given(row: NudgeRow) -> GivenNudge:
    return GivenNudge(
        rule=row.rule,
        user_id=row.user_id,
        audience=Audience(row.step),
        at=row.at,
        topic=str((row.evidence.get("params") or {}).get("topic", "")),
        lines=[str(line) for line in row.evidence.get("lines") or ()],
        answer=row.answer,
        answered_at=row.answered_at,
    )
