"""A member's copy: something of every table, nothing of anybody else."""

import json

import pytest

from moderation.events import MemberJoined, MemberLeft, MemberNoted, to_row
from moderation.store import cases, journal, takeout, transcripts
from moderation.store.holdings import HOLDINGS
from moderation.store.takeout import SECTIONS
from tests.moderation.store.record import GUILD, ME, OTHER, SAID, fill

OF_TABLE = {
    "members": "member",
    "consents": "consents",
    "spaces": "spaces",
    "journal": "questions",
    "mutes": "mutes",
    "cases": "cases",
    "audit": "deeds",
    "spurts": "talk",
    "utterances": "said",
    "utterance_versions": "wordings",
    "tracks": "tracks",
    "erasures": "erasures",
    "redactions": "redacted",
    "caption_lines": "captions",
    "nudges": "nudges",
    "plans": "plans",
    "reminders": "reminders",
    "sends": "private_messages",
    "missed": "talk_without_words",
    "series": "series",
    "voice_checks": "voice_check",
    "rules": "rules_written",
    "rules_accepted": "rules_accepted",
    "campaigns": "campaigns",
    "guests": "invitations",
    "webhooks": "webhooks",
    "errands": "errands",
    "templates": "templates",
}
"""Where each table's rows are in the copy; others are of nobody, or given by these."""

UNCOPIED = {"utterances_fts", "final_passes", "drift_background"}
"""Tables with words that are in no copy; ``holdings`` says why."""


def personal():
    return [
        name
        for name, holding in HOLDINGS.items()
        if (holding.people or holding.words) and name not in UNCOPIED
    ]


@pytest.mark.parametrize("table", sorted(personal()))
def test_a_row_of_every_table_is_in_the_copy(db, table):
    """What names the member is theirs to read."""
    fill(db, ME)

    rows = takeout.read(db, GUILD, ME).rows

    assert len(rows[OF_TABLE[table]]) == 1


def test_nothing_of_anybody_else_is_in_the_copy(db):
    """Full tables of another member, and of another guild, leave it empty."""
    fill(db, OTHER)

    assert not any(takeout.read(db, GUILD, ME).rows.values())
    assert not any(takeout.read(db, GUILD + 1, OTHER).rows.values())


def test_nobody_is_named_beside_the_member(db):
    """With both in the record, the copy holds the one id only."""
    fill(db, ME)
    fill(db, OTHER)

    found = takeout.read(db, GUILD, ME)

    text = json.dumps(found.rows)
    assert str(OTHER) not in text
    assert str(ME) in text
    assert SAID in text
    assert all(str(OTHER) not in one.path for one in found.tracks)


def test_no_section_is_read_in_vain(db):
    """Each has rows where the record is full of the member: no query is broken."""
    fill(db, ME)
    rows = takeout.read(db, GUILD, ME).rows

    empty = {name for name in SECTIONS if not rows[name]}

    # Of cases about oneself, deeds by oneself: nothing decided, nothing done by others.
    assert empty == {"cases_decided", "done_to_them"}


def test_visits_are_told_with_their_times(db, space_id):
    """Who comes back has two; a second word of the same arrival makes none."""
    for at, event in (
        (10.0, MemberJoined(ME)),
        (12.0, MemberJoined(ME, moderator=True)),
        (11.0, MemberJoined(OTHER)),
        (20.0, MemberLeft(ME)),
        (30.0, MemberJoined(ME)),
    ):
        journal.append(db, space_id, at, *to_row(event))

    (space,) = takeout.read(db, 1, ME).rows["spaces"]

    assert space["topic"] == "Tea"
    assert space["visits"] == [
        {"joined_at": 10.0, "left_at": 20.0},
        {"joined_at": 30.0, "left_at": None},
    ]


def test_notes_and_reports_about_the_member_are_not_told(db, space_id):
    """Neither from the book of cases nor from the journal."""
    for action in ("note", "report", "warn"):
        new = cases.NewCase(
            guild_id=1, user_id=ME, action=action, at=1.0, moderator_id=OTHER
        )
        cases.open_(db, new)
    journal.append(db, space_id, 1.0, *to_row(MemberNoted(OTHER, ME, SAID)))

    rows = takeout.read(db, 1, ME).rows

    assert [one["action"] for one in rows["cases"]] == ["warn"]
    assert SAID not in json.dumps(rows)


def test_a_line_is_told_as_it_stands_with_its_earlier_wordings(db, space_id):
    """Who corrected it is not named; a redacted line stays redacted."""
    new = transcripts.NewUtterance(uid="a", user_id=ME, start=1, end=2, text="teh tea")
    line = transcripts.record(db, space_id, new, 5.0)
    transcripts.edit(db, line.id, line.version, "the tea", OTHER, 6.0)

    mine = takeout.read(db, 1, ME).rows
    theirs = takeout.read(db, 1, OTHER).rows

    assert [one["text"] for one in mine["said"]] == ["the tea"]
    assert [one["text"] for one in mine["wordings"]] == ["teh tea", "the tea"]
    assert theirs["corrections"] == [{"space_id": space_id, "at": 6.0}]
    assert "tea" not in json.dumps(theirs)
