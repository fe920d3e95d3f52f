"""Silence put over a written track: what goes, what stays, what players make of it."""

import subprocess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import ogg
from media.decode.ffmpeg import find_ffmpeg
from media.opus import OpusDecoder
from media.silencing import silence, silenced
from media.toc import frames_of
from media.track import OggTrack
from tests.media.fakes import close

RATE = 48_000


def put(track, spans):
    """Return the track with silence over ``spans``."""
    data = bytearray(track)
    for at, patch in silenced(bytes(track), spans):
        data[at : at + len(patch)] = patch
    return bytes(data)


def packets(track):
    found = [page for page in ogg.pages(track) if isinstance(page, ogg.Page)]
    return [packet for page in found for packet in page.packets][2:]


@pytest.fixture(scope="session")
def tone(tmp_path_factory):
    """Give six seconds of a tone as the packets of 20 ms that a client sends."""
    path = tmp_path_factory.mktemp("tone") / "tone.opus"
    made = ["-f", "lavfi", "-i", "sine=frequency=440:duration=6", "-c:a", "libopus"]
    subprocess.run([find_ffmpeg(), "-v", "error", *made, path], check=True)
    return packets(path.read_bytes())


@pytest.fixture
def track(tmp_path, tone):
    """Give a track of the tone, which begins after a second of silence."""
    written = OggTrack(tmp_path / "1.opus", 1)
    written.write(50, tone[:300])
    close(written, 350)
    return (tmp_path / "1.opus").read_bytes()


def heard(track, tmp_path):
    """Return the loudness of each tenth of a second as ffmpeg decodes it."""
    (tmp_path / "heard.opus").write_bytes(track)
    raw = ["-f", "s16le", "-ac", "1", "-ar", str(RATE), "-"]
    run = subprocess.run(
        [find_ffmpeg(), "-v", "error", "-i", tmp_path / "heard.opus", *raw],
        check=True,
        capture_output=True,
    )
    assert run.stderr == b""
    sound = np.frombuffer(run.stdout, "<i2").astype(float)
    tenths = sound[: len(sound) // 4800 * 4800].reshape(-1, 4800)
    return np.sqrt((tenths**2).mean(axis=1))


def test_what_is_to_be_silent_is_and_nothing_else(track, tmp_path):
    """For every player, at its time; what lies around it sounds as before."""
    before, after = heard(track, tmp_path), heard(put(track, [(3.0, 4.0)]), tmp_path)

    assert len(after) == len(before)
    assert before[30:40].min() > 1000
    assert after[31:40].max() < 2  # a decoder fades out for a moment
    assert after[42:] == pytest.approx(before[42:], rel=0.02)
    assert after[:30] == pytest.approx(before[:30])


def test_no_packet_of_it_is_left(track, tone):
    """Those between go, the one behind too, and every other is what it was."""
    before, after = packets(track), packets(put(track, [(3.0, 4.01)]))

    changed = [n for n, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert changed == list(range(150, 202))
    assert list(map(len, after)) == list(map(len, before))
    assert list(map(frames_of, after)) == list(map(frames_of, before))


def test_the_file_keeps_its_size_and_its_pages(track):
    """Nothing moves: whoever writes or reads it meanwhile goes on."""
    after = put(track, [(2.0, 2.5), (6.9, 99.0)])

    assert len(after) == len(track)
    assert all(isinstance(page, ogg.Page) for page in ogg.pages(after))
    assert put(after, [(2.0, 2.5), (6.9, 99.0)]) == after


def test_without_spans_nothing_is_written(track):
    """Also where they are outside of the track."""
    assert list(silenced(track, [])) == []
    assert list(silenced(track, [(7.2, 9.0)])) == []


@pytest.mark.parametrize("sizes", [(700, 40), (40, 700), (255, 510, 3)])
def test_long_packets_go_too(sizes):
    """Of several lacing values, as music has them."""
    said = [b"\xfc" + bytes([77]) * (size - 1) for size in sizes]
    track = ogg.page(5, 0, 0, [ogg.head(2)], ogg.FIRST)
    track += ogg.page(5, 1, 0, [ogg.tags()])
    track += ogg.page(5, 2, 960 * len(said), said)

    after = put(track, [(0.0, 1.0)])

    assert bytes([77]) * 2 not in after
    assert [len(one) for one in packets(after)] == list(sizes)


def test_damage_inside_is_cleared(track):
    """A torn page may hold sound that somebody could still find."""
    pages = [page for page in ogg.pages(track) if isinstance(page, ogg.Page)]
    inside = next(page for page in pages if page.granule > 4 * RATE)
    hurt = bytearray(track)
    hurt[inside.offset + 22] ^= 1  # its checksum

    after = put(hurt, [(3.9, 4.2)])

    assert after[inside.offset : inside.offset + inside.size] == bytes(inside.size)
    assert put(hurt, [(1.0, 1.5)])[inside.offset :] == bytes(hurt)[inside.offset :]


def test_a_packet_that_spans_pages_is_cleared():
    """Other writers have them; ours does not."""
    said = b"\xfc" + bytes([77]) * 699
    track = ogg.page(5, 0, 0, [ogg.head(2)], ogg.FIRST)
    track += ogg.page(5, 1, 0, [ogg.tags()])
    track += _page(2, 960, [255, 255, 40, 255], bytes([252]) + bytes([77]) * 804)
    track += _page(
        3, 1920, [100, 3], bytes([77]) * 100 + b"\xf8\xff\xfe", ogg.CONTINUED
    )
    assert bytes([77]) * 2 in said

    after = put(track, [(0.0, 1.0)])

    assert bytes([77]) * 2 not in after
    assert all(isinstance(page, ogg.Page) for page in ogg.pages(after))


def _page(sequence, granule, lacing, body, flags=0):
    head = ogg.page(5, sequence, granule, [], flags)[:26]
    return ogg.sealed(bytearray(head + bytes([len(lacing), *lacing]) + body))


@given(st.integers(3, 1500), st.integers(1, 3))
def test_silence_has_any_size_and_is_silent(size, frames):
    """A decoder reads it, takes as long as the sound did, and gives zeros."""
    packet = silence(size, frames)

    assert len(packet) == size
    assert frames_of(packet) == frames
    assert not np.any(np.frombuffer(OpusDecoder().decode([packet]), "<i2"))


@pytest.mark.parametrize("size", [1, 2])
def test_too_small_for_a_frame_is_a_frame_that_was_not_sent(size):
    """One byte says how long it is, and no more."""
    packet = silence(size, 1)

    assert (len(packet), frames_of(packet)) == (size, 1)
