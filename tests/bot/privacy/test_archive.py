"""The files of a copy: what is in them, and that none is too large."""

import json
import zipfile

import pytest

from bot.privacy.archive import MOST_PARTS, OVERHEAD, pack
from media import ogg
from moderation.store.takeout import Takeout
from tests.media.test_ogg import stream

ROWS = {"consents": [{"level": 2, "at": 1_800_000_000.0}], "talk": [{"start": 1.5}]}
ASKED = {"user_id": 7, "made_at": 1_800_000_000.5}
LIMIT = 50_000


def recording(path, pages):
    """Write a track of pages of about 2.5 kB."""
    path.write_bytes(stream(*([bytes([n % 256]) * 500] * 5 for n in range(pages))))
    return path


def packed(folder, tracks=(), limit=LIMIT):
    out = folder / "out"
    out.mkdir()
    named = {f"tracks/{path.stem}.opus": path for path in tracks}
    found = Takeout(ROWS, (), {})
    return pack(out, found, named, "About.", limit=limit, asked=ASKED)


def read(part):
    with zipfile.ZipFile(part) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_data_is_readable_with_its_moments(tmp_path):
    """Moments are ISO 8601 in UTC; seconds of the Space stay numbers."""
    (part,) = packed(tmp_path).parts

    files = read(part)
    data = json.loads(files["data.json"])

    assert files["about.txt"] == b"About."
    assert data == {
        "user_id": 7,
        "made_at": "2027-01-15T08:00:00+00:00",
        "consents": [{"level": 2, "at": "2027-01-15T08:00:00+00:00"}],
        "talk": [{"start": 1.5}],
    }


def test_tracks_go_in_as_they_are(tmp_path):
    """Byte for byte, in the first part while they fit."""
    track = recording(tmp_path / "space-1.opus", 4)

    result = packed(tmp_path, [track])

    (part,) = result.parts
    assert read(part)["tracks/space-1.opus"] == track.read_bytes()
    assert (result.left_out, result.is_whole) == (0, True)


def test_no_part_is_too_large_and_nothing_is_missing(tmp_path):
    """What does not fit beside the others goes into the next part."""
    tracks = [recording(tmp_path / f"space-{n}.opus", 10) for n in range(5)]

    result = packed(tmp_path, tracks)

    assert len(result.parts) > 1
    assert all(part.stat().st_size <= LIMIT for part in result.parts)
    files = {name: data for part in result.parts for name, data in read(part).items()}
    for track in tracks:
        assert files[f"tracks/{track.stem}.opus"] == track.read_bytes()


def test_a_long_track_is_cut_into_parts_that_play(tmp_path):
    """Each is a stream of its own; together they are the whole of it."""
    track = recording(tmp_path / "space-1.opus", 60)

    result = packed(tmp_path, [track])

    files = {name: data for part in result.parts for name, data in read(part).items()}
    pieces = sorted(name for name in files if name.startswith("tracks/"))
    assert pieces[0] == "tracks/space-1.part1.opus"
    assert len(pieces) >= 3
    sound = []
    for name in pieces:
        head, _, *pages = list(ogg.pages(files[name]))
        assert not isinstance(ogg.read_head(head.packets[0]), ogg.NotOpus)
        sound += [packet for page in pages for packet in page.packets]
    whole = [p for page in ogg.pages(track.read_bytes()) for p in page.packets]
    assert sound == whole[2:]
    assert all(part.stat().st_size <= LIMIT for part in result.parts)


def test_a_track_that_is_gone_or_no_recording_is_counted(tmp_path):
    """The person is told that something is missing."""
    broken = tmp_path / "space-2.opus"
    broken.write_bytes(bytes(LIMIT + 1))

    result = packed(tmp_path, [tmp_path / "space-1.opus", broken])

    assert result.left_out == 2
    assert result.is_whole


def test_parts_are_not_without_end(tmp_path):
    """What is over the most that is sent is counted as left out."""
    tracks = [recording(tmp_path / "space-1.opus", 18 * (MOST_PARTS + 3))]

    result = packed(tmp_path, tracks)

    assert len(result.parts) == MOST_PARTS
    assert result.left_out > 0


def test_data_that_does_not_fit_is_no_copy(tmp_path):
    """Half a copy would look like a whole one."""
    result = packed(tmp_path, limit=200)

    assert result.parts == ()
    assert not result.is_whole


@pytest.mark.parametrize("limit", [OVERHEAD, 2 * OVERHEAD + 1])
def test_a_limit_below_any_sound_leaves_the_sound_out(tmp_path, limit):
    """The data goes out all the same."""
    result = packed(tmp_path, [recording(tmp_path / "space-1.opus", 2)], limit)

    assert len(result.parts) == 1
    assert result.left_out >= 1
