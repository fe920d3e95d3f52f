"""What goes of a member in one Space, and what stays of everybody else."""

import asyncio
import random

import pytest

from moderation.events import (
    HandRaised,
    MemberJoined,
    QuestionAsked,
    TopicParked,
    from_row,
    to_row,
)
from moderation.events import TopicSet as TopicWasSet
from moderation.store import (
    caption_lines,
    drift,
    journal,
    nudges,
    passes,
    search,
    spaces,
    spurts,
    tracks,
    transcripts,
    word_deletions,
)
from moderation.store.database import Store
from moderation.store.drift import BackgroundRow
from moderation.store.erasure import space
from moderation.store.spurts import SpurtRow
from moderation.traces import REDACTED
from tests.moderation.store.record import ME, OTHER, cells, fill

STAND_IN = -77
SAID = "xylophone marmalade at the harbour"


def say(db, space_id, user_id, text, uid, at=1.0):
    line = transcripts.NewUtterance(
        uid=uid, user_id=user_id, start=at, end=at + 1, text=text, language="en"
    )
    return transcripts.record(db, space_id, line, 5.0)


@pytest.fixture
def over(db, space_id):
    spaces.end(db, space_id, 100.0)
    return space_id


def test_nothing_names_the_member_afterwards(db):
    """Every table with a Space's rows is filled with them; none holds their id."""
    fill(db, ME)
    fill(db, OTHER)
    before = cells(db, OTHER)
    ours = [one for (one,) in db.execute("SELECT id FROM spaces ORDER BY id")]

    for space_id in ours:
        space.erase(db, space_id, ME, STAND_IN)

    columns = [
        (table, row[1])
        for (table,) in db.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
        for row in db.execute(f"PRAGMA table_info({table})")
        if row[1] == "space_id"
    ]
    of_spaces = {table for table, _ in columns} - {"cases", "consents", "mutes"}
    assert {table for table, _ in cells(db, ME)} & {*of_spaces, "spaces"} == set()
    assert cells(db, OTHER) == before
    assert not any(space.is_traced(db, one, ME) for one in ours)


def test_a_member_is_found_wherever_they_left_something(db):
    """A Space with a trace in any one table counts as one of theirs."""
    fill(db, ME)
    (space_id,) = [one for (one,) in db.execute("SELECT id FROM spaces")]

    assert space.is_traced(db, space_id, ME)
    assert not space.is_traced(db, space_id, OTHER)
    assert not space.is_traced(db, space_id + 1, ME)


def test_words_go_from_rows_wordings_index_and_quotes(db, over):
    """Others' words stay, and are found."""
    mine = say(db, over, ME, SAID, "a")
    transcripts.edit(db, mine.id, mine.version, SAID + " tonight", OTHER, 6.0)
    say(db, over, OTHER, "the harbour is closed", "b")
    nudges.record(
        db,
        nudges.NewNudge(
            space_id=over,
            rule="drift",
            step="hosts",
            at=1.0,
            evidence={"lines": [SAID]},
        ),
    )
    journal.append(db, over, 1.0, *to_row(TopicParked(OTHER, SAID)))

    erased = space.erase_words(db, over, ME)

    assert erased == 1
    assert [one.user_id for one in transcripts.read(db, over)] == [OTHER]
    assert search.search(db, 1, "xylophone") == []
    assert len(search.search(db, 1, "harbour")) == 1
    assert cells(db, "xylophone") == []
    assert nudges.read(db, over)[0].evidence["lines"] == [REDACTED]


def test_drift_counts_their_words_less(db, over):
    """What others said in the guild counts as before."""
    say(db, over, ME, "marmalade", "a")
    learned = BackgroundRow("en", 5, {"marmalad": 1, "harbour": 3})
    drift.set_background(db, 1, learned, 1.0)

    space.erase_words(db, over, ME)

    (left,) = drift.background(db, 1)
    assert left.terms == {"harbour": 3}


def test_stems_are_those_of_every_wording_of_their_lines(db, over):
    """Once a line: rooms that learned them count them so many times less."""
    line = say(db, over, ME, "marmalade and marmalade", "a")
    transcripts.edit(db, line.id, line.version, "marmalade at harbours", OTHER, 6.0)
    say(db, over, ME, "marmalade", "b", 3.0)
    say(db, over, OTHER, "pumps", "c", 5.0)

    assert space.stems_of(db, over, ME) == ("en", {"marmalad": 2, "harbour": 1})


def test_attendance_stays_as_a_number_of_somebody(db, over):
    """Talk, visits and hands count as before; who it was is nowhere."""
    for event in (
        MemberJoined(ME),
        MemberJoined(OTHER),
        HandRaised(ME, note="about the pump"),
        QuestionAsked(ME, "Why?"),
        QuestionAsked(OTHER, "How?"),
        TopicWasSet(ME, "Harbours"),
    ):
        journal.append(db, over, 20.0, *to_row(event))
    spurts.record(db, over, [SpurtRow(ME, 1.0, 2.0), SpurtRow(OTHER, 2.0, 3.0)])

    space.erase(db, over, ME, STAND_IN)

    events = [from_row(row.name, row.body) for row in journal.read(db, over)]
    assert events == [
        MemberJoined(STAND_IN),
        MemberJoined(OTHER),
        HandRaised(STAND_IN, note=REDACTED),
        QuestionAsked(STAND_IN, REDACTED),
        QuestionAsked(OTHER, "How?"),
        TopicWasSet(STAND_IN, "Harbours"),
    ]
    assert [one.user_id for one in spurts.read(db, over)] == [STAND_IN, OTHER]


def test_the_proof_of_a_deleted_track_does_not_name_whose_it_was(db, over):
    """Hash, size and time stay; the name of the file was their id."""
    new = tracks.NewTrack(
        space_id=over, user_id=ME, path=f"spaces/1/tracks/{ME}.opus", start=0.0
    )
    track_id = tracks.begin(db, new)
    tracks.intend(db, track_id, 9.0, tracks.ERASED, sha256="ab", size_bytes=5)
    tracks.deleted(db, track_id, 9.0)

    space.erase(db, over, ME, STAND_IN)

    (row,) = tracks.read(db, over)
    assert (row.sha256, row.size_bytes, row.deleted_at) == ("ab", 5, 9.0)
    assert (row.user_id, row.path) == (STAND_IN, f"spaces/1/tracks/{STAND_IN}.opus")


def test_a_waiting_pass_forgets_the_name(db, over):
    """Words that a better pass is given hold what people are called."""
    db.execute("INSERT INTO members VALUES (1, ?, 'Ana', NULL, NULL, 1.0)", [ME])
    passes.queue(db, over, "Harbours, Ana, Luis", 1.0)

    space.erase(db, over, ME, STAND_IN)

    assert passes.get(db, over).hotwords == "Harbours, , Luis"


def test_erasing_again_changes_nothing(db):
    """A process that was killed in between may do it once more."""
    fill(db, ME)
    fill(db, OTHER)
    space.erase(db, 1, ME, STAND_IN)
    once = list(db.conn.iterdump())

    space.erase(db, 1, ME, STAND_IN - 1)

    assert list(db.conn.iterdump()) == once


def test_spaces_up_to_the_asking_are_concerned(db, space_id):
    """One that was opened later is none of it; a practice room is."""
    for at, practice in ((20.0, True), (30.0, False)):
        new = spaces.NewSpace(
            guild_id=1,
            channel_id=2,
            host_id=3,
            kind="stage",
            topic="Tea",
            opened_at=at,
            practice=practice,
        )
        spaces.create(db, new)
    spaces.end(db, space_id, 15.0)

    found = [(one.id, one.is_over) for one in space.until(db, 1, space_id + 1)]
    assert found == [(space_id, True), (space_id + 1, False)]
    assert space.until(db, 2, space_id + 1) == []


def test_the_bytes_of_the_file_hold_no_word_of_theirs(tmp_path):
    """Not in free pages, not in the search index, not in the log beside the file."""
    path = tmp_path / "tertulia.db"
    draw = random.Random(4)
    theirs = []
    vocabulary = [f"w{number:x}" for number in range(4000, 4400)]

    def talk(db):
        new = spaces.NewSpace(
            guild_id=1, channel_id=2, host_id=3, kind="stage", topic="Tea", opened_at=10
        )
        space_id = spaces.create(db, new)
        for number in range(400):
            user_id = draw.choice([ME, OTHER])
            said = " ".join(draw.sample(vocabulary, 12))
            if user_id == ME:
                word = "".join(draw.choices("bcdfghjkmnpqrtvwxz", k=9))
                theirs.append(word.encode())
                said += f" {word}"
            line = say(db, space_id, user_id, said, f"u{number}", float(number))
            if draw.random() < 0.3:
                transcripts.edit(db, line.id, 1, said + " harbour", OTHER, 6.0)
        spaces.end(db, space_id, 500.0)

    async def main():
        async with Store(path) as store:
            await store.write(talk)
            before = there()
            await store.write(lambda db: space.erase(db, 1, ME, STAND_IN))
            await store.purge()
            left = await store.read(lambda db: len(transcripts.read(db, 1)))
            return before, there(), left

    def there():
        files = [one.read_bytes() for one in tmp_path.glob("tertulia.db*")]
        # The index keeps of a word what the one before it does not begin with.
        return sum(word[1:] in one for one in files for word in theirs)

    before, after, left = asyncio.run(main())

    assert before > 0
    assert after == 0
    assert left > 100


def test_captions_that_discord_kept_are_a_stand_ins(db, over):
    """Their place among the lines of others stays known; whose they are is not."""
    lines = [(ME, f"{ME}-1000"), (OTHER, f"{OTHER}-2000")]
    caption_lines.keep(db, over, 5, 6, lines)

    space.erase(db, over, ME, STAND_IN)

    (message,) = caption_lines.of_space(db, over)
    assert [(one.user_id, one.uid) for one in message.lines] == [
        (STAND_IN, ""),
        (OTHER, f"{OTHER}-2000"),
    ]


def test_a_member_is_found_in_captions_whose_words_are_gone(db, over):
    """Retention takes words out of the record, and leaves where they stand."""
    say(db, over, ME, SAID, "a")
    caption_lines.keep(db, over, 5, 6, [(ME, "a")])
    word_deletions.forget(db, over, 9.0, "")

    assert transcripts.read(db, over) == []
    assert space.is_traced(db, over, ME)
