"""What the record knows of a Space's talk: to go on after a restart, and to be counted.

Run inside ``Store.read``: after hours of talk it takes a fifth of a second, on a thread
that nobody else waits for.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.talk import broken
from media.intervals import Interval, Intervals
from media.spurts import SpurtSettings
from media.utterance import Utterance
from moderation.effects import Audience
from moderation.events import UnreadableEventError
from moderation.past import GivenNudge, Past
from moderation.refused import Refused
from moderation.retrace import retrace
from moderation.store import journal, missed, nudges, spaces, spurts, transcripts
from moderation.store.journal import JournalRow
from moderation.store.missed import MissedRow
from moderation.store.nudges import NudgeRow
from moderation.store.spaces import SpaceRow
from moderation.store.spurts import SpurtRow
from moderation.store.transcripts import UtteranceRow
from moderation.talktime.figures import TalkFigures, figures
from moderation.talktime.following import Following
from moderation.talktime.ledger import TalkLedger

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recalled:
    """What an earlier process left."""

    ledger: TalkLedger
    following: Following
    past: Past
    missed_s: float
    """Seconds of talk that could not be recognised."""

    broken: Sequence[SpurtRow]
    """Talk that went on when the process was killed; it has no rows yet."""

    wordless: Sequence[MissedRow]
    """Talk that has no words for the same reason; it has no rows yet."""


def recall(db: Database, space: SpaceRow) -> Recalled:
    """Read everything. Raises ``UnreadableEventError``."""
    rows = [(row.at, row.name, row.body) for row in journal.read(db, space.id)]
    traced = retrace(rows, space.opened_at)
    alive_at = max(spaces.last_beat(db, space.id) or 0.0, rows[-1][0] if rows else 0.0)
    until = alive_at - space.opened_at
    talked = spurts.read(db, space.id)
    cut = broken.unfinished(traced.talking, talked, until)
    talked += cut
    counted = [
        (row.user_id, traced.ledger.heard(row.user_id, [(row.start, row.end)]))
        for row in talked
    ]
    heard = as_spurts(counted)
    lines = [_said(row, space) for row in transcripts.read(db, space.id)]
    unsaid = missed.open_ones(db, space.id)
    answered = [(line.user_id, line.start, line.end) for line in lines]
    answered += [(gap.user_id, gap.start, gap.end) for gap in unsaid]
    lag_s = spaces.last_lag(db, space.id)
    silent = broken.wordless(heard, answered, traced.transcribed, until, lag_s)
    return Recalled(
        traced.ledger,
        traced.following,
        Past(
            spurts=heard,
            lines=lines,
            nudges=[_given(row) for row in nudges.read(db, space.id)],
            conduct=traced.conduct,
            resumed_at=traced.resumed_at,
            invited_at=traced.invited_at,
            aimed_at=traced.aimed_at,
        ),
        sum(row.end - row.start for row in (*unsaid, *silent)),
        cut,
        silent,
    )


def mend(db: Database, space_id: int, found: Recalled) -> None:
    """Put on record what the process before was killed over."""
    spurts.record(db, space_id, found.broken)
    for row in found.wordless:
        missed.record(db, space_id, row)


def as_spurts(
    talked: Iterable[tuple[int, Intervals]],
) -> list[tuple[int, Intervals]]:
    """Put talk together as it was heard: rows are stretches, spurts have pauses.

    Takes who talked when, in order; returns it in the order in which spurts ended.
    """
    found: list[tuple[int, list[Interval]]] = []
    open_of: dict[int, list[Interval]] = {}
    for user_id, talk in talked:
        for start, end in talk:
            spurt = open_of.get(user_id)
            if spurt is None or start - spurt[-1][1] >= SpurtSettings().hangover_s:
                spurt = open_of[user_id] = []
                found.append((user_id, spurt))
            spurt.append((start, end))
    ended = sorted(found, key=lambda spurt: spurt[1][-1][1])
    return [(user_id, tuple(spurt)) for user_id, spurt in ended]


def counted(
    space: SpaceRow, happened: Iterable[JournalRow], talked: Iterable[SpurtRow]
) -> TalkFigures:
    """Count a Space's talk as its room did; up to the last word where it is live.

    A journal that cannot be read costs the roles and what was muted, not the talk.
    """
    rows = ((row.at, row.name, row.body) for row in happened)
    try:
        ledger = retrace(rows, space.opened_at).ledger
    except (UnreadableEventError, Refused) as error:
        log.warning("space %s: talk is counted without roles: %s", space.id, error)
        ledger = TalkLedger()
    end = 0.0 if space.ended_at is None else space.ended_at - space.opened_at
    for row in talked:
        ledger.heard(row.user_id, [(row.start, row.end)])
        end = max(end, row.end)
    return figures(ledger, end)


def counted_last(db: Database, channel_id: int) -> tuple[SpaceRow, TalkFigures] | None:
    """Count the talk of the newest Space that is over in a channel; None without."""
    space = spaces.last_in(db, channel_id)
    if space is None:
        return None
    talk = counted(space, journal.read(db, space.id), spurts.read(db, space.id))
    return space, talk


def _said(row: UtteranceRow, space: SpaceRow) -> Utterance:
    return Utterance(
        id=row.uid,
        user_id=row.user_id,
        start=row.start,
        end=row.end,
        text=row.text,
        language=row.language or space.language,
    )


_AUDIENCES = {audience.value: audience for audience in Audience}
"""By the step of a row; one that another version wrote is the hosts'."""


def _given(row: NudgeRow) -> GivenNudge:
    return GivenNudge(
        rule=row.rule,
        user_id=row.user_id,
        audience=_AUDIENCES.get(row.step, Audience.HOSTS),
        at=row.at,
        topic=str((row.evidence.get("params") or {}).get("topic", "")),
        lines=[str(line) for line in row.evidence.get("lines") or ()],
        answer=row.answer,
        answered_at=row.answered_at,
    )
