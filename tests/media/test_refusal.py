"""What the system refuses, and whose trouble that is."""

import errno
import os

import pytest

from media.heard import TrackTrouble
from media.refusal import Disk, refused


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (errno.ENOSPC, TrackTrouble.DISK),
        (errno.EROFS, TrackTrouble.DISK),
        (errno.EIO, TrackTrouble.FAILING),
        (errno.ENODEV, TrackTrouble.BROKEN),
        (errno.ENXIO, TrackTrouble.BROKEN),
        (errno.ENOENT, TrackTrouble.GONE),
        (errno.ENOTDIR, TrackTrouble.GONE),
        (errno.EACCES, TrackTrouble.REFUSED),
    ],
)
def test_what_the_system_says(tmp_path, number, trouble):
    """Its words go on, under the name of the file and with whose trouble it is."""
    said = refused(tmp_path / "1.opus", OSError(number, os.strerror(number)))

    assert said.trouble is trouble
    assert str(said) == f"1.opus: {os.strerror(number)}"


def test_the_folder_is_gone(tmp_path):
    """No other track can be written either."""
    error = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    assert refused(tmp_path / "gone" / "1.opus", error).trouble.is_everybodys


@pytest.mark.parametrize("works", [False, True])
def test_errors_on_one_file_after_another(tmp_path, works):
    """The second is the disk's, unless that has taken something in between."""
    disk, error = Disk(), OSError(errno.EIO, os.strerror(errno.EIO))

    first = [disk.refused(tmp_path / "1.opus", error).trouble for _ in range(2)]
    if works:
        disk.works()
    second = disk.refused(tmp_path / "2.opus", error).trouble

    assert first == [TrackTrouble.FAILING] * 2
    assert second is (TrackTrouble.FAILING if works else TrackTrouble.BROKEN)
    assert second.is_everybodys is not works
