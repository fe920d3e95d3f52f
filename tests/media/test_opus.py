"""libopus: decoding, concealment, refusal, where it is found."""

import numpy as np
import pytest

from media import opus
from media.opus import OpusDecoder
from media.ports import OpusError
from tests.media.voices import encode, voice


def rms(pcm):
    return float(np.sqrt(np.mean(np.frombuffer(pcm, np.int16).astype(float) ** 2)))


@pytest.fixture(scope="module")
def packets():
    return encode(voice(2.0), fec=True)


def test_one_packet_is_20_ms(packets):
    """320 samples of int16 at 16 kHz."""
    assert len(OpusDecoder().decode(packets[:1])) == 640


def test_sound_comes_back(packets):
    """What was encoded is heard at its level."""
    decoder = OpusDecoder()
    pcm = decoder.decode(packets)

    assert rms(pcm) == pytest.approx(rms(voice(2.0).tobytes()), rel=0.1)


def test_silence_frame_is_silent():
    """What Discord's clients send when speech ends decodes to nothing."""
    assert rms(OpusDecoder().decode([b"\xf8\xff\xfe"])) < 1


def test_lost_frame_is_rebuilt_from_the_next_one(packets):
    """FEC gives back something of the lost frame's strength."""
    decoder = OpusDecoder()
    decoder.decode(packets[:40])

    recovered = decoder.recover(packets[41])

    assert len(recovered) == 640
    assert rms(recovered) > 300


def test_concealment_fades(packets):
    """PLC goes on from what was heard, ever more quietly."""
    decoder = OpusDecoder()
    decoder.decode(packets[:40])

    first, *_, last = [decoder.conceal() for _ in range(20)]

    assert rms(first) > 2 * rms(last)


@pytest.mark.parametrize("count", [1, 2, 50])
def test_batching_changes_nothing(packets, count):
    """Some at a time decode to the same samples as one by one."""
    one, many = OpusDecoder(), OpusDecoder()

    pcm = [many.decode(packets[at : at + count]) for at in range(0, 100, count)]

    assert b"".join(pcm) == b"".join(one.decode([packet]) for packet in packets[:100])


@pytest.mark.parametrize("bad", [b"\x7b", b"\xff\xff\xff"])
def test_decoding_ends_before_what_is_not_opus(packets, bad):
    """What came before it is sound, and the state is as if it had not been there."""
    decoder, undisturbed = OpusDecoder(), OpusDecoder()

    pcm = decoder.decode([*packets[:3], bad, packets[3]])

    assert pcm == undisturbed.decode(packets[:3])
    assert decoder.decode(packets[3:6]) == undisturbed.decode(packets[3:6])


def test_nothing_is_recovered_from_what_is_not_opus():
    """An error of ours, with libopus' words."""
    with pytest.raises(OpusError, match="corrupted stream"):
        OpusDecoder().recover(b"\x7b")


def test_reset_forgets(packets):
    """After a reset, a packet decodes as at the very beginning."""
    decoder = OpusDecoder()
    fresh = decoder.decode(packets[30:31])
    decoder.decode(packets)

    decoder.reset()

    assert decoder.decode(packets[30:31]) == fresh


def test_library_says_its_version():
    """For the doctor."""
    assert opus.version().startswith("libopus")


def test_library_in_the_wheel_works(monkeypatch, packets):
    """Where the system has none, the one that the av wheel brings decodes too."""
    if not opus._bundled():
        pytest.skip("the av package here brings no libopus of its own")
    monkeypatch.setattr(opus, "_SYSTEM_NAMES", ())
    opus.library.cache_clear()
    try:
        assert len(OpusDecoder().decode(packets[:1])) == 640
    finally:
        opus.library.cache_clear()


def test_without_any_library(monkeypatch):
    """The error says what to install."""
    monkeypatch.setattr(opus, "_SYSTEM_NAMES", ("libnowhere.so",))
    monkeypatch.setattr(opus, "_WHEEL_PATTERNS", ())
    opus.library.cache_clear()
    try:
        with pytest.raises(OpusError, match="install it"):
            opus.library()
    finally:
        opus.library.cache_clear()
