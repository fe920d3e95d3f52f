"""What a Space takes up from the record after a restart."""

import pytest
from sqlite_utils import Database

from bot.recall import recall
from moderation.effects import Audience
from moderation.events import SpaceOpened, VoiceStateSeen
from moderation.events.rows import to_row
from moderation.settings import RoomKind, SpaceSettings
from moderation.store import journal, missed, nudges, spaces, spurts, transcripts
from moderation.store.migrations import migrate
from moderation.store.missed import MissedRow
from moderation.store.nudges import NewNudge
from moderation.store.spurts import SpurtRow
from moderation.store.transcripts import NewUtterance

HOST, ANA, OPENED = 1, 7, 1000.0
FACTS = (
    (0.0, SpaceOpened(1, 2, 3, RoomKind.STAGE, HOST, "bees", SpaceSettings())),
    (4.0, VoiceStateSeen(ANA, suppressed=True)),
)


@pytest.fixture
def db():
    db = Database(memory=True)
    migrate(db)
    return db


def opened(db):
    """Put a Space on record in which Ana was put into the audience after 4 s."""
    new = spaces.NewSpace(
        guild_id=1,
        channel_id=2,
        host_id=HOST,
        kind="stage",
        topic="bees",
        opened_at=OPENED,
        language="es",
    )
    space_id = spaces.create(db, new)
    for at, event in FACTS:
        journal.append(db, space_id, OPENED + at, *to_row(event))
    return spaces.get(db, space_id)


def test_talk_lines_and_gaps_come_back(db):
    """As the room has them live: muted talk left out, gaps without words counted."""
    space = opened(db)
    spurts.record(db, space.id, [SpurtRow(ANA, 1.0, 6.0)])
    said = NewUtterance(uid="7-1000", user_id=ANA, start=1.0, end=6.0, text="Hola.")
    transcripts.record(db, space.id, said, OPENED + 7)
    missed.record(db, space.id, MissedRow(ANA, 10.0, 12.5, "too_late"))

    found = recall(db, space)

    assert found.ledger.talk(20.0)[ANA] == ((1.0, 4.0),)
    assert found.past.spurts == [(ANA, 1.0, 6.0)]
    (line,) = found.past.lines
    assert (line.id, line.text, line.language) == ("7-1000", "Hola.", "es")
    assert found.missed_s == 2.5


def test_nudges_come_back_with_their_answers(db):
    """Rule, reader, evidence and what a host said to it."""
    space = opened(db)
    new = NewNudge(
        space_id=space.id,
        rule="drift",
        step="hosts",
        at=OPENED + 60,
        evidence={"params": {"topic": "bees"}, "lines": ["a", "b"]},
    )
    nudges.answer(db, nudges.record(db, new), "disagree", HOST, OPENED + 70)
    bare = NewNudge(
        space_id=space.id,
        rule="monologue",
        step="member",
        at=OPENED + 80,
        user_id=ANA,
        evidence={},
    )
    nudges.record(db, bare)

    drift, monologue = recall(db, space).past.nudges

    assert (drift.rule, drift.audience) == ("drift", Audience.HOSTS)
    assert (drift.topic, drift.lines) == ("bees", ["a", "b"])
    assert (drift.answer, drift.answered_at) == ("disagree", OPENED + 70)
    assert (monologue.user_id, monologue.audience) == (ANA, Audience.MEMBER)
    assert (monologue.answer, monologue.lines) == (None, [])
