"""Redactions: what they take out, what remains, and the bytes of the file."""

import asyncio
import json
import random

import pytest

from moderation.events import TopicParked, TopicSet
from moderation.events.rows import to_row
from moderation.store import (
    caption_lines,
    drift,
    journal,
    nudges,
    redactions,
    search,
    spaces,
    transcripts,
)
from moderation.store.database import Store
from moderation.store.transcripts import REDACTED

SPOKEN = "Call me at marmalade street nine, please."
WORDS = [
    (word, 1.0 + n, 1.8 + n, 0.9) for n, word in enumerate(SPOKEN.split())
]  # one word a second


def said(text=SPOKEN, uid="u1", start=1.0, words=()):
    return transcripts.NewUtterance(
        uid=uid,
        user_id=7,
        start=start,
        end=start + 8,
        text=text,
        language="en",
        words=words,
    )


@pytest.fixture
def line(db, space_id):
    return transcripts.record(db, space_id, said(words=WORDS), 1.0)


def span(words, text=SPOKEN):
    start = text.index(words)
    return start, start + len(words)


def test_a_line_goes_whole(db, line):
    """From every wording, from the words and from the search; what was done stays."""
    transcripts.edit(db, line.id, 1, "Call me at Marmalade Street 9.", by=8, at=2.0)

    row = redactions.redact(db, line.id, 2, by=9, at=3.0)

    left = transcripts.get(db, line.id)
    assert (left.text, left.words, left.redacted_at) == (REDACTED, [], 3.0)
    assert {one.text for one in transcripts.versions(db, line.id)} == {REDACTED}
    assert search.search(db, 1, "marmalade") == []
    assert b"armalade" not in db.conn.serialize()
    assert (row.by, row.at, row.settled_at) == (9, 3.0, None)
    assert (row.start, row.end) == (1.0, 9.0)


@pytest.mark.parametrize(
    ("words", "left", "sound"),
    [
        ("marmalade street nine,", f"Call me at {REDACTED} please.", (4.0, 6.8)),
        ("lade street ", f"Call me at {REDACTED} nine, please.", (4.0, 5.8)),
        ("Call", f"{REDACTED} me at marmalade street nine, please.", (1.0, 1.8)),
        ("please.", f"Call me at marmalade street nine, {REDACTED}", (7.0, 7.8)),
        (SPOKEN, REDACTED, (1.0, 9.0)),
    ],
)
def test_a_part_goes_with_every_word_that_it_touches(db, line, words, left, sound):
    """The rest stays, and the sound is that of the words."""
    row = redactions.redact(db, line.id, 1, 9, 3.0, span(words))

    assert transcripts.get(db, line.id).text == left
    assert (row.start, row.end) == pytest.approx(sound)
    first, now = transcripts.versions(db, line.id)
    assert (first.text, now.text, now.by) == (REDACTED, left, 9)


def test_without_times_of_words_the_sound_of_the_whole_line_goes(db, line):
    """After an edit nobody knows when a word was said."""
    transcripts.edit(db, line.id, 1, "Call me at Marmalade Street 9.", by=8, at=2.0)

    row = redactions.redact(db, line.id, 2, 9, 3.0, (11, 20))

    assert (row.start, row.end) == (1.0, 9.0)
    assert transcripts.get(db, line.id).text == f"Call me at {REDACTED} Street 9."


@pytest.mark.parametrize("part", [(3, 3), (5, 4), (-1, 3), (0, 99), (4, 5)])
def test_no_words_are_no_redaction(db, line, part):
    """Nothing chosen, what is not there, a space: the line stands as it is."""
    with pytest.raises(redactions.NothingToRedactError):
        redactions.redact(db, line.id, 1, 9, 3.0, part)

    assert transcripts.get(db, line.id) == line


def test_what_is_redacted_cannot_be_redacted_again(db, line):
    """And nothing of it is counted twice."""
    redactions.redact(db, line.id, 1, by=9, at=3.0)

    with pytest.raises(redactions.NothingToRedactError):
        redactions.redact(db, line.id, 2, by=9, at=4.0)

    assert len(redactions.read(db, line.space_id)) == 1


@pytest.mark.parametrize("left", ["***", "…"])
def test_a_line_that_was_emptied_by_an_edit_can_be_redacted(db, line, left):
    """Its words are still in its history."""
    transcripts.edit(db, line.id, 1, left, by=8, at=2.0)

    row = redactions.redact(db, line.id, 2, by=9, at=3.0)

    assert (row.start, row.end) == (line.start, line.end)
    wordings = {one.text for one in transcripts.versions(db, line.id)}
    assert wordings == {REDACTED}


def test_a_wording_that_nobody_saw_is_not_redacted(db, line):
    """The characters would be others."""
    transcripts.edit(db, line.id, 1, "Ring me.", by=8, at=2.0)

    with pytest.raises(transcripts.StaleError):
        redactions.redact(db, line.id, 1, 9, 3.0, (0, 4))


def test_an_edit_that_was_begun_before_does_not_bring_words_back(db, line):
    """Who had the line open reads what stands now."""
    redactions.redact(db, line.id, 1, 9, 3.0, span("marmalade"))

    with pytest.raises(transcripts.StaleError) as caught:
        transcripts.edit(db, line.id, 1, SPOKEN, by=8, at=4.0)

    assert "marmalade" not in caught.value.row.text


def test_a_later_pass_does_not_bring_words_back(db, line):
    """Neither under the line's own name nor under another at that time."""
    redactions.redact(db, line.id, 1, by=9, at=3.0)
    transcripts.record(db, line.space_id, said(), 4.0)

    assert transcripts.get(db, line.id).text == REDACTED
    assert redactions.covers(db, line.space_id, 7, 8.5, 12.0)
    assert not redactions.covers(db, line.space_id, 7, 9.0, 12.0)
    assert not redactions.covers(db, line.space_id, 8, 1.0, 9.0)


def test_quotes_go_too(db, line):
    """In nudges, and in a topic that was parked from one; what others said stays."""
    lines = ["me at marmalade street", "Something else entirely."]
    nudge = nudges.NewNudge(
        space_id=line.space_id,
        rule="drift",
        step="hosts",
        at=5.0,
        evidence={"lines": lines, "score": 0.1},
    )
    nudges.record(db, nudge)
    for event in (
        TopicParked(3, "Call me at marmalade str…"),
        TopicParked(3, "street"),
        TopicSet(3, "Marmalade"),
    ):
        journal.append(db, line.space_id, 5.0, *to_row(event))

    redactions.redact(db, line.id, 1, 9, 6.0, span("marmalade"))

    (left,) = nudges.read(db, line.space_id)
    assert left.evidence == {"lines": [REDACTED, lines[1]], "score": 0.1}
    bodies = [json.loads(one.body)["text"] for one in journal.read(db, line.space_id)]
    assert bodies == [REDACTED, "street", "Marmalade"]


def test_drift_unlearns_the_words(db, line):
    """A word that only this line had is in nobody's past; others count once less."""
    terms = {"marmalad": 1, "street": 3, "tea": 2}
    drift.set_background(db, 1, drift.BackgroundRow("en", 9, terms), 1.0)

    redactions.redact(db, line.id, 1, 9, 6.0, span("marmalade street"))

    (learned,) = drift.background(db, 1)
    assert learned.terms == {"street": 2, "tea": 2}


def test_redactions_wait_until_their_files_are_settled(db, line):
    """A process that dies in between leaves word of what is still to do."""
    row = redactions.redact(db, line.id, 1, by=9, at=3.0)
    assert redactions.unsettled(db) == [line.space_id]

    redactions.settle(db, [row.id], 4.0)

    assert redactions.unsettled(db) == []
    assert redactions.read(db, line.space_id)[0].settled_at == 4.0


def _talk(db, space_id):
    """Record and edit 400 lines in random order; return what has to go from which."""
    rng = random.Random(2)  # with it SQLite 3.40 leaves a copy in a page it has split
    gone = {}
    for number in range(400):
        common = [f"w{rng.randrange(2000)}" for _ in range(rng.randrange(1, 60))]
        secret = f"zq{rng.randrange(10**9)}secretish" if rng.random() < 0.2 else ""
        text = " ".join([*common, secret])
        row = transcripts.record(db, space_id, said(text, f"u{number}", number), 1.0)
        if secret:
            gone[row.id] = secret
        old = transcripts.get(db, rng.randint(1, row.id))
        longer = f"{old.text} {'and ' * rng.randrange(30)}"
        transcripts.edit(db, old.id, old.version, longer, by=5, at=2.0)
    return gone


def test_the_bytes_of_the_file_hold_nothing_of_it(tmp_path):
    """Neither rows, nor pages that were split once, nor the index, nor the log."""
    path = tmp_path / "bot.db"

    def raw():
        return b"".join(one.read_bytes() for one in tmp_path.iterdir())

    async def run():
        async with Store(path) as store:
            new = spaces.NewSpace(
                guild_id=1, channel_id=2, host_id=3, kind="stage", topic="", opened_at=1
            )
            space_id = await store.write(lambda db: spaces.create(db, new))
            gone = await store.write(lambda db: _talk(db, space_id))
            await store.write(
                lambda db: [
                    redactions.redact(db, id_, transcripts.get(db, id_).version, 9, 3.0)
                    for id_ in gone
                ]
            )
            before = raw()
            await store.purge()
            return gone.values(), before, raw()

    gone, before, after = asyncio.run(run())

    assert len(gone) > 50
    assert any(word.encode() in before for word in gone)
    # The index keeps what words share with the one before only once.
    assert not any(word[2:].encode() in after for word in gone)
    assert b"secretish" not in after


def test_captions_that_show_the_words_are_noted_with_them(db, space_id, line):
    """In the same write: a process that dies after it knows what is left to do."""
    caption_lines.keep(db, space_id, 5, 6, [(7, "u1"), (8, "u2")])
    caption_lines.keep(db, space_id, 5, 7, [(8, "u3")])

    redactions.redact(db, line.id, 1, by=9, at=3.0)

    shown = [
        (one.uid, one.is_stale)
        for message in caption_lines.of_space(db, space_id)
        for one in message.lines
    ]
    assert shown == [("u1", True), ("u2", False), ("u3", False)]
    assert caption_lines.stale(db) == [space_id]
    caption_lines.shown(db, 6)
    assert caption_lines.stale(db) == []


def test_a_message_of_captions_is_noted_once(db, space_id):
    """What was taken out of it since does not come back."""
    caption_lines.keep(db, space_id, 5, 6, [(7, "u1"), (8, "u2")])
    caption_lines.gone(db, 6, [0])

    caption_lines.keep(db, space_id, 5, 6, [(7, "u1"), (8, "u2")])

    (message,) = caption_lines.of_space(db, space_id)
    assert (message.thread_id, message.id) == (5, 6)
    assert [(one.number, one.user_id) for one in message.lines] == [(1, 8)]
