"""Which files may be listened to: what the page shows, asked for one of them."""

import shutil
from pathlib import Path

import pytest

from bot.page import review, sounds
from moderation.store import redactions, tracks
from moderation.store.tracks import ERASED
from tests.bot.page.sample import BEN, GUILD, fill

SPACE, HERS, HIS, MIX = 1, 1, 2, 3


@pytest.fixture
def db(db, track, tmp_path):
    """Give a record of one Space with two tracks and their mix."""
    fill(db, track)
    mix = shutil.copy(track, tmp_path / "mix.ogg")
    tracks.begin(
        db, tracks.NewTrack(space_id=SPACE, path=str(mix), start=0.0, kind="mix")
    )
    return db


def heard(db):
    """Return which files may be listened to, asked one by one."""
    found = [one for one in (HERS, HIS, MIX) if sounds.find(db, GUILD, SPACE, one)]
    shown = review.find(db, GUILD, SPACE).sounds
    assert found == [one.id for one in shown if sounds.file_of(one)]
    return found


def redact(db):
    return redactions.redact(db, 1, 1, BEN, 1070.0)


def test_all_may_be_listened_to(db, track):
    """By their ids, and none by another one."""
    assert heard(db) == [HERS, HIS, MIX]
    assert sounds.find(db, GUILD, SPACE, HERS) == Path(track)
    assert sounds.find(db, GUILD, SPACE, 99) is None


def test_nothing_of_another_guild_or_space(db, track):
    """A track is that of its Space, whatever its id is."""
    other = fill(db, track)
    theirs = tracks.read(db, other)[0].id

    assert sounds.find(db, GUILD + 1, SPACE, HERS) is None
    assert sounds.find(db, GUILD, SPACE, theirs) is None
    assert sounds.find(db, GUILD, other, theirs) is not None
    assert sounds.find(db, GUILD, 99, HERS) is None


def test_what_is_redacted_is_withheld_until_the_files_are_without_it(db, tmp_path):
    """Whose words they were, and the mix, which is away until it is made anew."""
    taken = redact(db)
    assert heard(db) == [HIS]

    (tmp_path / "mix.ogg").unlink()
    redactions.settle(db, [taken.id], 1080.0)
    assert heard(db) == [HERS, HIS]
    assert MIX in review.find(db, GUILD, SPACE).withheld

    (tmp_path / "mix.ogg").write_bytes(b"OggS")
    assert heard(db) == [HERS, HIS, MIX]


def test_what_is_to_go_is_not_served_although_it_is_there(db):
    """From the moment on in which it was decided; then, too, when it is gone."""
    tracks.intend(db, HERS, 1070.0, ERASED, sha256="ab", size_bytes=1)
    assert heard(db) == [HIS, MIX]
    assert sounds.file_of(tracks.get(db, HERS)) is not None

    tracks.deleted(db, HERS, 1080.0)
    assert heard(db) == [HIS, MIX]


def test_a_track_whose_file_is_gone_is_not_served(db, tmp_path):
    """The row alone is no sound."""
    (tmp_path / "mix.ogg").unlink()

    assert heard(db) == [HERS, HIS]


def test_a_player_that_seeks_does_not_cost_the_whole_page(db):
    """Of a long Space that was a fifth of a second, for every part of a file."""
    asked = []

    with db.tracer(lambda sql, values: asked.append(sql)):
        assert sounds.find(db, GUILD, SPACE, HERS)

    read = " ".join(asked)
    assert "tracks" in read
    for name in ("utterances", "journal", "spurts", "nudges", "drift_scores"):
        assert name not in read
