"""Scores of drift go wherever the words go that they were found after."""

import pytest

from moderation.drift.monitor import DriftReading, DriftState
from moderation.store import drift_scores, redactions, transcripts, word_deletions
from moderation.store.drift_scores import ScoreRow
from moderation.store.erasure import space

ANA, BEN = 7, 8
ON, OFF = DriftState.ON_TOPIC, DriftState.DRIFTING


def say(db, space_id, user_id, uid, start, *readings):
    line = transcripts.NewUtterance(
        uid=uid, user_id=user_id, start=start, end=start + 8, text="Tea is late today."
    )
    row = transcripts.record(db, space_id, line, 1.0)
    drift_scores.record(db, row.id, readings)
    return row


@pytest.fixture
def lines(db, space_id):
    """Two passages of Ana, then one of Ben."""
    ana = say(
        db,
        space_id,
        ANA,
        "a",
        0.0,
        DriftReading(0.0, 4.0, 0.7, ON, 0.3),
        DriftReading(4.0, 8.0, 0.2, OFF, 0.35),
    )
    return ana, say(db, space_id, BEN, "b", 9.0, DriftReading(9.0, 17.0, 0.5, ON, 0.3))


def whose(db, space_id):
    return [row.utterance_id for row in drift_scores.read(db, space_id)]


def test_what_was_found_is_kept_as_it_was(db, space_id, lines):
    """Each Space has its own."""
    ana, ben = lines

    assert drift_scores.read(db, space_id) == [
        ScoreRow(ana.id, 0.0, 4.0, 0.7, 0.3, drifting=False),
        ScoreRow(ana.id, 4.0, 8.0, 0.2, 0.35, drifting=True),
        ScoreRow(ben.id, 9.0, 17.0, 0.5, 0.3, drifting=False),
    ]
    assert drift_scores.read(db, space_id + 1) == []


def test_they_are_read_in_the_order_in_which_it_was_said(db, space_id, lines):
    """Words that were recognised late lie where they were said."""
    ana, ben = lines
    late = say(db, space_id, BEN, "c", 2.0, DriftReading(2.0, 3.0, 0.4, ON, 0.3))

    assert whose(db, space_id) == [ana.id, late.id, ana.id, ben.id]


def test_an_erasure_takes_those_of_the_members_lines(db, space_id, lines):
    """Others' stay."""
    space.erase_words(db, space_id, ANA)

    assert whose(db, space_id) == [lines[1].id]


def test_a_redaction_of_one_word_takes_those_of_the_line(db, space_id, lines):
    """They were made of that word, too."""
    redactions.redact(db, lines[0].id, 1, BEN, 5.0, part=(0, 3))

    assert whose(db, space_id) == [lines[1].id]


def test_a_transcript_whose_time_is_over_takes_all(db, space_id, lines):
    """A curve of words that are gone would be a trace of them."""
    word_deletions.forget(db, space_id, 5.0, "0" * 64)

    assert whose(db, space_id) == []


def test_a_better_wording_leaves_what_was_found_live(db, space_id, lines):
    """The page says how the talk was judged while it went on."""
    better = transcripts.NewUtterance(
        uid="b", user_id=BEN, start=9.0, end=17.0, text="The tea is late today."
    )
    transcripts.record(db, space_id, better, 6.0)

    assert len(whose(db, space_id)) == 3
