"""What the page shows of a Space."""

import dataclasses

import pytest

from bot.page import review
from media.heard import TrackTrouble
from moderation.events import MemberJoined, SpaceOpened, TrackFailed, VoiceStateSeen
from moderation.events.rows import to_row
from moderation.settings import RoomKind, SpaceSettings
from moderation.store import (
    guilds,
    journal,
    missed,
    passes,
    spaces,
    spurts,
    transcripts,
)
from moderation.talktime.figures import figures
from moderation.talktime.ledger import TalkLedger
from tests.bot.page.sample import ANA, BEN, GUILD, fill


@pytest.fixture
def db(db, tmp_path):
    track = tmp_path / "ana.ogg"
    track.write_bytes(b"OggS")
    fill(db, track)
    return db


def test_who_talked_most_comes_first():
    """Shares are of all talk, and each figure keeps its intervals."""
    ledger = TalkLedger.replayed([(ANA, 0, 2), (BEN, 1, 4), (ANA, 5, 5.5)])

    found = review.speakers(figures(ledger, 9.0), {ANA: "Ana", BEN: "Ben"})

    assert [(one.name, one.seconds, round(one.share, 3)) for one in found] == [
        ("Ben", 3, 0.545),
        ("Ana", 2.5, 0.455),
    ]
    assert found[1].talk == ((0, 2), (5, 5.5))
    assert [(one.turns, one.longest_s) for one in found] == [
        (((1, 4),), 3),
        (((0, 2),), 2),
    ]
    assert [
        [(one.interrupted, one.start, one.end) for one in speaker.cut_in]
        for speaker in found
    ] == [[(ANA, 1, 2)], []]


def test_nobody_talked():
    """An empty Space has no speakers and divides by nothing."""
    assert review.speakers(figures(TalkLedger(), 0.0), {}) == []


def test_a_space_is_gathered_whole(db):
    """Lines, speakers, nudges and files of one Space, with names."""
    found = review.find(db, GUILD, 1)

    assert found.seconds == 60.0
    assert [line.name for line in found.lines] == ["Ana", "Ben <i>"]
    assert [nudge.rule for nudge in found.nudges] == ["drift"]
    assert len(found.tracks) == 2
    assert found.mix is None
    assert (found.together, found.silence) == ((), ((3.0, 4.0), (5.0, 60.0)))
    assert found.listening == []
    assert found.speakers[0].by_role == {"listener": ((0.0, 3.0),)}


def test_who_listened_is_shown_with_when(db):
    """Also who never said a word; deafened is not listening."""
    cho, space = 3, spaces.get(db, 1)
    guilds.saw_member(db, GUILD, cho, "Cho", 1000.0)
    opened = SpaceOpened(1, GUILD, 5, RoomKind.VOICE, ANA, "tea", SpaceSettings())
    facts = (
        (0.0, opened),
        (0.1, MemberJoined(cho)),
        (2.0, VoiceStateSeen(cho)),
        (9.0, VoiceStateSeen(cho, self_deafened=True)),
    )
    for at, event in facts:
        journal.append(db, 1, space.opened_at + at, *to_row(event))

    (listener,) = review.find(db, GUILD, 1).listening

    assert listener == ("Cho", ((2.0, pytest.approx(9.0)),))


def test_of_whom_nothing_is_kept_is_named(db):
    """No line and no track of somebody who spoke is no loss: it is said."""
    spurts.record(db, 1, [spurts.SpurtRow(7, 6.0, 7.0)])
    guilds.saw_member(db, GUILD, 7, "Carla", 1000.0)

    found = review.find(db, GUILD, 1)

    assert (found.wordless, found.soundless) == (["Carla"], ["Carla"])
    nothing = dataclasses.replace(found, lines=(), tracks=())
    assert (nothing.wordless, nothing.soundless) == ([], [])


def test_a_recording_that_failed_says_so(db):
    """Since when, in seconds of the Space: nobody takes what is there for whole."""
    space = spaces.get(db, 1)
    journal.append(db, 1, space.opened_at + 42.0, "RecordingFailed", "{}")

    assert review.find(db, GUILD, 1).unrecorded_from == [42.0]


def test_a_full_disk_is_told_once_until_recording_is_started_again(db):
    """Every track fails on it; the second time is another one."""
    space = spaces.get(db, 1)
    for at, name in (
        (42.0, "RecordingFailed"),
        (43.0, "RecordingFailed"),
        (50.0, "RecordingStarted"),
        (55.0, "RecordingFailed"),
    ):
        journal.append(db, 1, space.opened_at + at, name, "{}")

    assert review.find(db, GUILD, 1).unrecorded_from == [42.0, 55.0]


def test_a_track_that_failed_is_told_with_its_speaker(db):
    """Also of whom nothing else is on record."""
    space, cho = spaces.get(db, 1), 3
    guilds.saw_member(db, GUILD, cho, "Cho", 1000.0)
    row = to_row(TrackFailed(cho, TrackTrouble.GONE))
    journal.append(db, 1, space.opened_at + 42.0, *row)

    found = review.find(db, GUILD, 1)

    (lost,) = found.lost_tracks
    assert (found.names[lost.user_id], lost.at, lost.trouble) == (
        "Cho",
        42.0,
        TrackTrouble.GONE,
    )
    assert found.unrecorded_from == []


def test_whose_track_failed_is_not_said_to_have_refused(db):
    """That there is no sound of them has another reason, and it is told."""
    space = spaces.get(db, 1)
    spurts.record(db, 1, [spurts.SpurtRow(7, 6.0, 7.0), spurts.SpurtRow(8, 8.0, 9.0)])
    guilds.saw_member(db, GUILD, 7, "Carla", 1000.0)
    row = to_row(TrackFailed(8, TrackTrouble.GONE))
    journal.append(db, 1, space.opened_at + 42.0, *row)

    assert review.find(db, GUILD, 1).soundless == ["Carla"]


def test_another_guilds_space_is_not_found(db):
    """A moderator sees their own guild only."""
    assert review.find(db, GUILD + 1, 1) is None
    assert review.find(db, GUILD, 99) is None


def test_the_page_says_what_the_second_pass_did_and_what_has_no_words(db):
    """An improved line is marked, a human's is not, and talk without words is there."""
    space = spaces.get(db, 1)
    passes.queue(db, 1, "", 1060.0)
    better = transcripts.NewUtterance(
        uid="a", user_id=ANA, start=0.0, end=1.0, text="Welcome all."
    )
    transcripts.record(db, 1, better, 1070.0)
    passes.count(db, 1, improved=1)
    missed.record(db, 1, missed.MissedRow(BEN, 2.0, 3.0, "queue_full"))

    found = review.gather(db, space)

    assert [(one.start, one.said.improved, one.said.missed) for one in found.lines] == [
        (0.0, True, ""),
        (2.0, False, "queue_full"),
        (4.0, False, ""),
    ]
    assert (found.final.state, found.final.improved) == ("waiting", 1)
