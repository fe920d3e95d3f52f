"""RTP packets: what is sealed opens again, and nothing else does."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.sfu.errors import RtpError
from bot.rehearsal.sfu.rtp import (
    CIPHERS,
    Stamp,
    build,
    level_extension,
    open_packet,
)

NONCE = b"\x00\x00\x00\x07"
STAMP = Stamp(sequence=65_535, timestamp=4_294_967_295, ssrc=2001)


def datagram(cipher, payload, **shape):
    packet = build(STAMP, payload, **shape)
    return packet.header + cipher.seal(packet.header, packet.plain, NONCE) + NONCE


@pytest.mark.parametrize("mode", CIPHERS)
@pytest.mark.parametrize("extension", [None, b"", *(bytes(4 * n) for n in (1, 2, 3))])
@pytest.mark.parametrize("padding", [0, 1, 9, 255])
def test_a_sealed_packet_opens(mode, extension, padding):
    """Extension and padding of any length leave the payload as it was."""
    cipher = CIPHERS[mode](os.urandom(32))

    opened = open_packet(
        cipher, datagram(cipher, b"opus", extension=extension, padding=padding)
    )

    assert opened.payload == b"opus"
    assert (opened.sequence, opened.timestamp, opened.ssrc) == (
        STAMP.sequence,
        STAMP.timestamp,
        STAMP.ssrc,
    )


@pytest.mark.parametrize("mode", CIPHERS)
def test_a_packet_under_another_key(mode):
    """A packet of another session is refused."""
    data = datagram(CIPHERS[mode](os.urandom(32)), b"opus")

    with pytest.raises(RtpError, match="key"):
        open_packet(CIPHERS[mode](os.urandom(32)), data)


@pytest.mark.parametrize(
    ("at", "value"),
    [(0, 0x00), (1, 101), (1, 200), (0, 0x8F), (0, 0x90)],
    ids=["version", "video", "RTCP", "sources", "extension"],
)
def test_a_packet_that_is_no_audio(at, value):
    """Other versions, payload types and shapes are refused."""
    cipher = CIPHERS["aead_aes256_gcm_rtpsize"](os.urandom(32))
    data = bytearray(datagram(cipher, b"opus"))
    data[at] = value

    with pytest.raises(RtpError):
        open_packet(cipher, bytes(data))


@given(st.binary(max_size=200))
def test_any_bytes_at_all(data):
    """Whatever arrives, the only error is RtpError."""
    cipher = CIPHERS["aead_xchacha20_poly1305_rtpsize"](bytes(32))

    with pytest.raises(RtpError):
        open_packet(cipher, data)


@pytest.mark.parametrize("words", [1, 2, 3])
def test_the_audio_level_comes_first(words):
    """Element 1 holds the level with the voice bit; the rest fills whole words."""
    elements = level_extension(25, words)

    assert len(elements) == 4 * words
    assert elements[:2] == bytes([0x10, 0x80 | 25])
