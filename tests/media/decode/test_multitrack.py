"""Taking Craig's archives apart, and those of somebody less kind."""

import zipfile

import pytest

from media.decode.multitrack import ArchiveError, is_archive, speaker, unpack


def archive(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def test_tracks_come_out_under_our_names(tmp_path):
    """Each audio member is one speaker; notes and info are left alone."""
    path = archive(
        tmp_path / "craig.zip",
        **{"1-ana.flac": b"a", "2-ben_0001.flac": b"bb", "info.txt": b"x"},
    )
    out = tmp_path / "out"
    out.mkdir()

    tracks = unpack(path, out)

    assert [(t.speaker, t.path.read_bytes()) for t in tracks] == [
        ("ana", b"a"),
        ("ben", b"bb"),
    ]
    assert sorted(p.name for p in out.iterdir()) == ["track-1.flac", "track-2.flac"]


@pytest.mark.parametrize(
    "name", ["../../evil.flac", "/etc/evil.flac", "..\\evil.flac", "a/../../b.flac"]
)
def test_nothing_is_written_where_the_archive_asks(tmp_path, name):
    """A path in an archive is a name for a person, not a place on the disk."""
    path = archive(tmp_path / "evil.zip", **{name: b"sound"})
    out = tmp_path / "deep" / "out"
    out.mkdir(parents=True)

    (track,) = unpack(path, out)

    assert track.path == out / "track-1.flac"
    assert {p.name for p in tmp_path.rglob("*.flac")} == {"track-1.flac"}


def test_a_bomb_is_defused_by_its_real_size(tmp_path):
    """What the archive says about its size is not believed."""
    path = archive(tmp_path / "bomb.zip", **{"1-a.flac": b"\0" * 50_000_000})

    with pytest.raises(ArchiveError, match="more than 1000000 bytes"):
        unpack(path, tmp_path, max_bytes=1_000_000)

    assert (tmp_path / "track-1.flac").stat().st_size < 3_000_000


BROKEN = [
    ("empty.zip", b"", "not a zip"),
    ("text.zip", b"hello", "not a zip"),
]


@pytest.mark.parametrize(("name", "content", "says"), BROKEN)
def test_a_broken_archive_is_one_line(tmp_path, name, content, says):
    """The line names the archive."""
    path = tmp_path / name
    path.write_bytes(content)

    with pytest.raises(ArchiveError, match=says) as caught:
        unpack(path, tmp_path)

    assert str(path) in str(caught.value)


def test_a_truncated_archive_is_one_line(tmp_path):
    """Half a download is refused as a whole."""
    path = archive(tmp_path / "half.zip", **{"1-a.flac": bytes(range(256)) * 1000})
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(ArchiveError, match="not a zip"):
        unpack(path, tmp_path)


def test_an_archive_without_sound_is_refused(tmp_path):
    """Nothing to analyse is an error and not an empty result."""
    path = archive(tmp_path / "notes.zip", **{"info.txt": b"x"})

    with pytest.raises(ArchiveError, match="no audio tracks"):
        unpack(path, tmp_path)


def test_too_many_tracks_are_refused(tmp_path):
    """A Space has some dozens of speakers, not thousands."""
    path = archive(tmp_path / "many.zip", **{f"{n}-a.flac": b"a" for n in range(300)})

    with pytest.raises(ArchiveError, match="more than 256 tracks"):
        unpack(path, tmp_path)


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("1-ana.flac", "ana"),
        ("12-Ben Smith_0001.ogg", "Ben Smith"),
        ("folder/3-cho#1234.aac", "cho"),
        ("solo.wav", "solo"),
        ("1-\x1b[31mred.flac", "[31mred"),
        (".flac", ".flac"),
    ],
)
def test_the_name_says_who_it_is(name, who):
    """Craig's numbers and Discord's old tags are not part of a name."""
    assert speaker(name) == who


def test_archives_are_known_by_content_or_name(tmp_path):
    """A zip without its suffix is still a zip; a broken one is still meant as one."""
    path = archive(tmp_path / "craig.bin", **{"1-a.flac": b"a"})
    (tmp_path / "a.wav").write_bytes(b"RIFF")

    assert is_archive(path)
    assert is_archive(tmp_path / "whatever.zip")
    assert not is_archive(tmp_path / "a.wav")
