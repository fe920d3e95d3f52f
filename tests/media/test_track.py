"""Tracks on disk: alignment, crash, repair, gaps, a disk that refuses."""

import errno
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from media import ogg
from media import track as track_module
from media.decode.ffmpeg import find_ffmpeg
from media.heard import SILENCE, TrackTrouble
from media.ports import TrackError
from media.track import OggTrack
from tests.media.fakes import close
from tests.media.packets import SPEECH

ROOT = Path(__file__).parents[2]


def packets(path):
    """Return all packets of a track but its headers."""
    found = [
        packet
        for page in ogg.pages(path.read_bytes())
        if isinstance(page, ogg.Page)
        for packet in page.packets
    ]
    return found[2:]


def pages(path):
    return [p for p in ogg.pages(path.read_bytes()) if isinstance(p, ogg.Page)]


def fill(track, until):
    for slot in range(track.next_slot, until):
        track.write(slot, [SPEECH])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "1.opus"


def test_packets_are_at_their_slots(path):
    """What is written at slot n is packet n of the file; silence lies between."""
    track = OggTrack(path, 1)
    track.write(3, [SPEECH + b"a"])
    track.write(4, [SPEECH + b"b"])
    track.write(400, [SPEECH + b"c"])
    close(track, 402)

    found = packets(path)

    assert len(found) == 402
    assert (found[3], found[4], found[400]) == (
        SPEECH + b"a",
        SPEECH + b"b",
        SPEECH + b"c",
    )
    assert set(found[:3] + found[5:400] + found[401:]) == {SILENCE}
    assert pages(path)[-1].granule == 402 * 960


def test_granules_and_sequences_have_no_hole(path):
    """Each page begins where the one before ended."""
    track = OggTrack(path, 1)
    for slot in [*range(120), *range(700, 760), 2000]:
        track.write(slot, [SPEECH])
    close(track, 2001)

    found = pages(path)

    assert [page.sequence for page in found] == list(range(len(found)))
    granules = [page.granule for page in found]
    lengths = [960 * len(page.packets) for page in found]
    assert granules[2:] == list(np.cumsum(lengths[2:]))


def test_somebody_speaks_after_hours(path, monkeypatch):
    """The silence before is written at once, not page by page: a thread waits."""
    writes = []
    pwrite = os.pwrite

    def count(*what):
        writes.append(what)
        return pwrite(*what)

    monkeypatch.setattr(track_module.os, "pwrite", count)
    track = OggTrack(path, 1)
    track.write(2 * 60 * 60 * 50 + 3, [SPEECH])
    close(track, 2 * 60 * 60 * 50 + 4)

    found = pages(path)
    assert len(writes) <= 30
    assert [page.sequence for page in found] == list(range(len(found)))
    lengths = np.cumsum([len(page.packets) for page in found[2:]])
    assert [page.granule for page in found[2:]] == list(960 * lengths)
    assert packets(path) == [SILENCE] * (2 * 60 * 60 * 50 + 3) + [SPEECH]


def test_a_page_is_shorter_than_a_second(path):
    """So that a killed process loses no second; silence alone may be longer."""
    track = OggTrack(path, 1)
    for slot in range(260):
        track.write(slot, [SPEECH])
        assert track.next_slot - 50 <= pages(path)[-1].granule // 960 + 50
    close(track, 260)

    assert max(len(page.packets) for page in pages(path)[2:]) == 25


def test_large_packets_fill_a_page_early(path):
    """A page has 255 lacing values; 1,200-byte packets take five each."""
    track = OggTrack(path, 1)
    large = b"\xfc" + bytes(1200)
    for slot in range(100):
        track.write(slot, [large])
    close(track, 100)

    assert packets(path) == [large] * 100


def test_many_large_packets_at_once_fill_pages_too(path):
    """Up to what a datagram holds; a longer packet stands alone."""
    large, long = b"\xfc" + bytes(2000), b"\xfd" + bytes(2000)
    track = OggTrack(path, 1)
    track.write(0, [large] * 60)
    track.write(60, [long])
    track.write(62, [large] * 3)
    close(track, 65)

    assert packets(path) == [*[large] * 60, long, *[large] * 3]


def test_short_loss_is_left_to_the_decoder_to_conceal(path):
    """Up to 100 ms without data of the last packet's kind (RFC 7845 4.1)."""
    track = OggTrack(path, 1)
    track.write(0, [SPEECH])
    track.lose(1, 3, 2)
    track.write(3, [SPEECH])
    close(track, 4)

    assert packets(path) == [SPEECH, b"\x78", b"\x78", SPEECH]


def test_long_loss_is_silence(path):
    """Half a second cannot be concealed."""
    track = OggTrack(path, 1)
    track.write(0, [SPEECH])
    track.lose(1, 26, 25)
    track.write(26, [SPEECH])
    close(track, 27)

    assert packets(path) == [SPEECH, *[SILENCE] * 25, SPEECH]


def test_gaps_are_listed_beside_it(path):
    """Every loss is a line: start, end, frames."""
    track = OggTrack(path, 1)
    track.write(50, [SPEECH])
    track.lose(51, 53, 2)
    track.lose(60, 90, 7)
    track.write(90, [SPEECH])
    close(track, 91)

    lines = (path.parent / "1.gaps.jsonl").read_text().splitlines()

    assert [json.loads(line) for line in lines] == [
        {"start": 1.02, "end": 1.06, "frames": 2},
        {"start": 1.2, "end": 1.8, "frames": 7},
    ]


class Killed(BaseException):
    """The process ends."""


def test_a_loss_is_listed_before_its_page_is_written(path, monkeypatch):
    """Killed between the two, a track never holds a loss that its list does not."""
    track = OggTrack(path, 1)
    track.write(0, [SPEECH])
    track.lose(1, 3, 2)
    track.write(3, [SPEECH])

    def killed(*_):
        raise Killed

    monkeypatch.setattr(os, "pwrite", killed)
    with pytest.raises(Killed):
        track.flush()

    listed = json.loads((path.parent / "1.gaps.jsonl").read_text())
    assert listed == {"start": 0.02, "end": 0.06, "frames": 2}


def test_nothing_is_written_twice(path):
    """A slot that the file holds is refused."""
    track = OggTrack(path, 1)
    track.write(5, [SPEECH])

    with pytest.raises(TrackError, match="slot 4 is already written"):
        track.write(4, [SPEECH])
    close(track, 6)


def test_continued_after_a_crash(path):
    """A torn file is cut to its last page and goes on: serial, sequence, granule."""
    track = OggTrack(path, 1)
    for slot in range(120):
        track.write(slot, [SPEECH + bytes([slot])])
    track.flush()
    close(track, 0)
    size = path.stat().st_size
    with path.open("ab") as file:
        file.write(path.read_bytes()[-700:-300])

    again = OggTrack(path, 1)
    assert path.stat().st_size == size
    assert again.next_slot == 120
    again.write(200, [SPEECH + b"z"])
    close(again, 201)

    found = pages(path)
    assert len({page.serial for page in found}) == 1
    assert [page.sequence for page in found] == list(range(len(found)))
    assert packets(path)[119] == SPEECH + bytes([119])
    assert packets(path)[200] == SPEECH + b"z"


@pytest.mark.parametrize("size", [0, 1, 30, 60, 100])
def test_file_torn_in_its_headers_starts_over(path, size):
    """Without a page of sound there is nothing to keep."""
    close(OggTrack(path, 1), 0)
    os.truncate(path, size)

    track = OggTrack(path, 1)
    track.write(0, [SPEECH])
    close(track, 1)

    assert packets(path) == [SPEECH]


def test_file_of_somebody_else_is_not_touched(path):
    """A file of another stream is refused and stays as it is."""
    track = OggTrack(path, 1)
    track.write(0, [SPEECH])
    close(track, 1)
    before = path.read_bytes()

    with pytest.raises(TrackError, match="not a track of this member") as refused:
        OggTrack(path, 2)
    assert refused.value.trouble is TrackTrouble.FOREIGN
    assert path.read_bytes() == before


def test_directory_that_is_missing(tmp_path):
    """The system's words are in the error."""
    with pytest.raises(TrackError, match="No such file or directory"):
        OggTrack(tmp_path / "absent" / "1.opus", 1)


def test_full_disk_stops_the_track_on_a_whole_page(path):
    """A write that the system refuses is an error, now and ever after."""
    track = OggTrack(path, 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6000, before[1]))
    try:
        with pytest.raises(TrackError, match="File too large"):
            fill(track, 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)

    with pytest.raises(TrackError, match="File too large"):
        fill(track, 2000)
    close(track, 3000)
    assert all(isinstance(item, ogg.Page) for item in ogg.pages(path.read_bytes()))
    assert 50 <= len(packets(path)) <= 150


def test_a_folder_that_is_deleted_in_the_middle(path):
    """The system goes on taking bytes for it: nobody may believe they are kept."""
    track = OggTrack(path, 1)
    fill(track, 100)
    shutil.rmtree(path.parent)
    track.sync()

    with pytest.raises(TrackError, match="No such file or directory"):
        fill(track, 200)
    close(track, 300)


@pytest.mark.parametrize(
    ("what", "trouble"),
    [("the file", TrackTrouble.GONE), ("its folder", TrackTrouble.FOLDER)],
)
def test_what_was_deleted_is_said(path, what, trouble):
    """One file is one speaker's, the folder everybody's."""
    track = OggTrack(path, 1)
    if what == "the file":
        path.unlink()
    else:
        shutil.rmtree(path.parent)
    track.sync()

    with pytest.raises(TrackError) as refused:
        close(track, 100)

    assert refused.value.trouble is trouble


@pytest.mark.parametrize(
    ("number", "trouble"),
    [
        (errno.ENOSPC, TrackTrouble.DISK),
        (errno.EDQUOT, TrackTrouble.DISK),
        (errno.EROFS, TrackTrouble.DISK),
        (errno.EFBIG, TrackTrouble.REFUSED),
        (errno.EIO, TrackTrouble.FAILING),
        (errno.ENODEV, TrackTrouble.BROKEN),
    ],
)
def test_a_full_disk_is_told_from_a_file_that_fails(path, monkeypatch, number, trouble):
    """Only the former takes nothing from others either; a bad block is one file's."""
    track = OggTrack(path, 1)

    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "pwrite", refuse)
    with pytest.raises(TrackError) as refused:
        fill(track, 100)
    close(track, 100)

    assert refused.value.trouble is trouble


@pytest.mark.parametrize("when", ["before the end", "at the end"])
def test_a_disk_that_refuses_after_the_last_write(path, monkeypatch, when):
    """Nothing is written any more, and the end has to tell."""

    def refuse(file):
        raise OSError(5, "Input/output error")

    track = OggTrack(path, 1)
    fill(track, 100)
    track.flush()
    monkeypatch.setattr(os, "fsync", refuse)
    if when == "before the end":
        track.sync()

    with pytest.raises(TrackError, match="Input/output error"):
        close(track, 100)
    assert track.is_closed


def test_an_end_does_not_wait_for_the_disk(path, monkeypatch):
    """Who ends a track goes on hearing the others meanwhile."""
    disk, sync = threading.Event(), os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: disk.wait(10) and sync(file))
    track = OggTrack(path, 1)
    fill(track, 100)

    track.end(100)
    waits = not track.is_closed
    disk.set()
    track.settle()

    assert waits
    assert track.is_closed
    assert len(packets(path)) == 100


def test_a_process_without_a_descriptor_left(path, monkeypatch):
    """One sync is left out; the track goes on."""

    def refuse(file):
        raise OSError(24, "Too many open files")

    track = OggTrack(path, 1)
    monkeypatch.setattr(os, "dup", refuse)
    track.sync()
    fill(track, 100)
    close(track, 100)

    assert len(packets(path)) == 100


def test_a_disk_that_cannot_be_read(path, monkeypatch):
    """A track that cannot be continued is an error of the track, closed again."""
    close(OggTrack(path, 1), 0)
    closed, really = [], os.close

    def refuse(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "pread", refuse)
    monkeypatch.setattr(os, "close", lambda file: (closed.append(file), really(file)))
    with pytest.raises(TrackError, match="Input/output error"):
        OggTrack(path, 1)

    assert len(closed) == 1


def test_killed_process_loses_less_than_a_second(path):
    """After kill -9 the file holds all but the last second, readable."""
    script = (
        "import sys, os, signal; from pathlib import Path\n"
        "from media.track import OggTrack\n"
        "track = OggTrack(Path(sys.argv[1]), 1)\n"
        "for slot in range(1234):\n"
        "    track.write(slot, [b'\\x78' + bytes(40)])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    done = subprocess.run(  # our own interpreter and script
        [sys.executable, "-c", script, str(path)], cwd=ROOT, check=False
    )

    assert done.returncode == -signal.SIGKILL
    assert 1234 - 50 <= len(packets(path)) <= 1234


def test_ffmpeg_hears_each_onset_where_it_was(tmp_path):
    """Decoded by ffmpeg, a tone begins within 20 ms of its slot and the length fits."""
    tone = tmp_path / "tone.opus"
    ffmpeg(
        "-f", "lavfi", "-i", "sine=440:sample_rate=48000:duration=1", "-c:a", "libopus",
        "-b:a", "32k", "-application", "voip", tone,
    )  # fmt: skip
    speech = packets(tone)
    onsets = [1.0, 7.5, 120.02]
    track = OggTrack(tmp_path / "1.opus", 1)
    for onset in onsets:
        for step, packet in enumerate(speech[5:45]):
            track.write(round(onset * 50) + step, [packet])
    track.flush()

    raw = ffmpeg("-i", track.path, "-f", "s16le", "-ac", "1", "-ar", "16000", "-")
    close(track, 6500)
    whole = ffmpeg("-i", track.path, "-f", "s16le", "-ac", "1", "-ar", "16000", "-")

    loud = np.abs(np.frombuffer(raw, np.int16).reshape(-1, 160)).max(axis=1) > 500
    begins = np.flatnonzero(loud[1:] & ~loud[:-1]) + 1
    heard = [
        begin / 100 for begin in begins if not loud[max(0, begin - 20) : begin].any()
    ]
    assert heard == pytest.approx(onsets, abs=0.02)
    assert len(whole) / 32000 == pytest.approx(130.0, abs=0.001)


def ffmpeg(*arguments):
    """Run ffmpeg and return what it writes to its output."""
    done = subprocess.run(  # the program that mixes recordings, on our own files
        [find_ffmpeg(), "-v", "error", "-y", *map(str, arguments)],
        check=True,
        capture_output=True,
    )
    return done.stdout
