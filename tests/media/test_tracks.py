"""The folder of tracks: one file per member, synced, continued."""

import os
import threading

import pytest

from media.ports import TrackError
from media.tracks import OggFolder
from tests.media.packets import SPEECH


def test_one_file_per_member(tmp_path):
    """Named by id, in a directory made when the first is needed."""
    folder = OggFolder(tmp_path / "space" / "tracks")
    for user_id in (1, 2):
        folder.track(user_id).close(0)
    folder.close()

    assert sorted(path.name for path in folder.directory.iterdir()) == [
        "1.opus",
        "2.opus",
    ]


def test_directory_that_cannot_be_made(tmp_path):
    """A file in the way is said as the system says it."""
    (tmp_path / "tracks").write_text("in the way")

    with pytest.raises(TrackError, match="tracks"):
        OggFolder(tmp_path / "tracks").track(1)


def test_open_tracks_are_synced(tmp_path, monkeypatch):
    """A thread of the folder asks the system to write, again and again."""
    synced = threading.Semaphore(0)
    monkeypatch.setattr(os, "fsync", lambda file: synced.release())
    folder = OggFolder(tmp_path, sync_every_s=0.001)
    track = folder.track(1)
    track.write(0, [SPEECH])

    assert all(synced.acquire(timeout=10) for _ in range(3))
    track.close(1)
    folder.close()


def test_thread_ends_with_the_last_track(tmp_path):
    """A Space that is over leaves no thread, though nobody closes its folder."""
    folder = OggFolder(tmp_path, sync_every_s=0.001)
    folder.track(1).close(0)
    syncing = folder._syncing

    if syncing is not None:
        syncing.join(timeout=10)
    folder.track(2).close(0)

    assert syncing is None or not syncing.is_alive()
    folder.close()


def test_sync_that_fails_stops_the_track(tmp_path, monkeypatch):
    """What the disk refuses later is not taken for written."""
    folder = OggFolder(tmp_path, sync_every_s=999)
    track = folder.track(1)

    def refuse(file):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    track.sync()
    track.write(0, [SPEECH])

    with pytest.raises(TrackError, match="Input/output error"):
        track.flush()
    track.close(1)
    folder.close()


def test_track_after_restart_goes_on(tmp_path):
    """The same member's file is continued by another process."""
    first = OggFolder(tmp_path)
    track = first.track(1)
    track.write(0, [SPEECH])
    track.close(10)
    first.close()

    again = OggFolder(tmp_path).track(1)

    assert again.next_slot == 10
    again.close(10)
