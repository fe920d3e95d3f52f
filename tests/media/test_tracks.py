"""The folder of tracks: one file per member, synced, continued."""

import errno
import os
import threading
from pathlib import Path

import pytest

from media.heard import TrackTrouble
from media.ports import TrackError
from media.tracks import OggFolder
from tests.media.fakes import LateFolder, close
from tests.media.packets import SPEECH


def test_one_file_per_member(tmp_path):
    """Named by id, in a directory made when the first is needed."""
    folder = OggFolder(tmp_path / "space" / "tracks")
    for user_id in (1, 2):
        close(folder.track(user_id), 0)
    folder.close()

    assert sorted(path.name for path in folder.directory.iterdir()) == [
        "1.opus",
        "2.opus",
    ]


def test_directory_that_cannot_be_made(tmp_path):
    """A file in the way is said as the system says it."""
    (tmp_path / "tracks").write_text("in the way")

    with pytest.raises(TrackError, match="tracks") as refused:
        OggFolder(tmp_path / "tracks").track(1)
    assert refused.value.trouble is TrackTrouble.FOLDER


def test_directory_that_a_full_disk_does_not_take(tmp_path, monkeypatch):
    """That is no matter of the folder."""

    def refuse(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", refuse)

    with pytest.raises(TrackError, match="No space left") as refused:
        OggFolder(tmp_path / "tracks").track(1)
    assert refused.value.trouble is TrackTrouble.DISK


def test_open_tracks_are_synced(tmp_path, monkeypatch):
    """A thread of the folder asks the system to write, again and again."""
    synced = threading.Semaphore(0)
    monkeypatch.setattr(os, "fsync", lambda file: synced.release())
    folder = OggFolder(tmp_path, sync_every_s=0.001)
    track = folder.track(1)
    track.write(0, [SPEECH])

    assert all(synced.acquire(timeout=10) for _ in range(3))
    close(track, 1)
    folder.close()


def test_thread_ends_with_the_last_track(tmp_path):
    """A Space that is over leaves no thread, though nobody closes its folder."""
    folder = OggFolder(tmp_path, sync_every_s=0.001)
    close(folder.track(1), 0)
    syncing = folder._syncing

    if syncing is not None:
        syncing.join(timeout=10)
    close(folder.track(2), 0)

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
    close(track, 1)
    folder.close()


@pytest.mark.parametrize("sound", [False, True])
def test_errors_of_a_disk_are_told_from_those_of_a_file(tmp_path, monkeypatch, sound):
    """Once a second file fails it is the disk, but for what that has taken since."""
    folder, put = OggFolder(tmp_path, sync_every_s=999), os.fsync
    first, second, third = (folder.track(user_id) for user_id in (1, 2, 3))
    for track in (first, second, third):
        track.write(0, [SPEECH])
        track.flush()

    def refuse(file):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", refuse)
    first.sync()
    if sound:
        monkeypatch.setattr(os, "fsync", put)
        third.sync()
        monkeypatch.setattr(os, "fsync", refuse)
    second.sync()
    monkeypatch.setattr(os, "fsync", put)
    told = []
    for track in (first, second):
        with pytest.raises(TrackError) as refused:
            close(track, 1)
        told.append(refused.value.trouble)
    close(third, 1)
    folder.close()

    broken = TrackTrouble.FAILING if sound else TrackTrouble.BROKEN
    assert told == [TrackTrouble.FAILING, broken]


def test_track_after_restart_goes_on(tmp_path):
    """The same member's file is continued by another process."""
    first = OggFolder(tmp_path)
    track = first.track(1)
    track.write(0, [SPEECH])
    close(track, 10)
    first.close()

    again = OggFolder(tmp_path).track(1)

    assert again.next_slot == 10
    close(again, 10)


@pytest.fixture
def slow(tmp_path):
    """Return a folder whose files open when ``slow.open_now`` is set."""
    folder = LateFolder(tmp_path / "tracks")
    yield folder
    folder.open_now.set()
    folder.close()


def test_slow_disk_is_not_waited_for(slow):
    """Asked again, it answers once the file is open."""
    before = [slow.ready(1), slow.ready(1)]
    slow.open_now.set()
    slow._openings[1].ended.wait()

    track = slow.ready(1)

    assert before == [None, None]
    track.write(0, [SPEECH])
    close(track, 1)


def test_end_takes_the_track_that_is_being_opened(slow):
    """One file is opened once."""
    slow.ready(1)
    slow.open_now.set()

    track = slow.track(1)

    assert not track.is_closed
    assert slow._openings == {}
    close(track, 0)


def test_failure_is_told_whoever_asks(slow):
    """A file in the way shows when the directory is made."""
    slow.directory.write_text("in the way")
    slow.ready(1)
    slow.open_now.set()
    slow._openings[1].ended.wait()

    with pytest.raises(TrackError, match="tracks"):
        slow.ready(1)


@pytest.mark.parametrize("opened", [False, True])
def test_completed_track_ends_by_itself(slow, opened):
    """Before it is open or after; the next one goes on where it ends."""

    def finish(track):
        track.write(3, [SPEECH])
        track.end(5)

    slow.ready(1)
    if opened:
        slow.open_now.set()
        slow._openings[1].ended.wait()

    ending = slow.complete(1, finish)
    slow.abandon(1)
    before = slow.ready(1)
    slow.open_now.set()
    ending.settle()
    slow._openings[1].ended.wait()
    again = slow.ready(1)

    assert before is None
    assert again.next_slot == 5
    close(again, 5)


@pytest.mark.parametrize("opened", [False, True])
def test_what_completing_meets_is_told_whoever_settles(slow, opened):
    """Nobody else waits for it."""

    def refuse(track):
        track.end(0)
        raise TrackError("Input/output error")

    slow.ready(1)
    if opened:
        slow.open_now.set()
        slow._openings[1].ended.wait()
    ending = slow.complete(1, refuse)
    slow.open_now.set()

    with pytest.raises(TrackError, match="Input/output error"):
        ending.settle()


@pytest.mark.parametrize("opened", [False, True])
def test_abandoned_track_is_closed(slow, opened):
    """Before it is open or after: no file stays open."""
    slow.ready(1)
    opening = slow._openings[1]
    if opened:
        slow.open_now.set()
        opening.ended.wait()

    slow.abandon(1)
    slow.open_now.set()
    opening.ended.wait()

    track = opening.take()
    track.settle()
    assert track.is_closed
    again = slow.track(1)
    assert again is not track
    close(again, 0)


def test_track_that_nobody_took_is_closed_with_the_folder(slow):
    """Its member stopped to be recorded before a packet of theirs was in order."""
    slow.ready(1)
    opening = slow._openings[1]

    slow.close()
    slow.open_now.set()

    track = opening.take()
    track.settle()
    assert track.is_closed
