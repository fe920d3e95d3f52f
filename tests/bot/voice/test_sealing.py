"""Our own packets, opened by the rehearsal's voice server."""

import pytest

from bot.rehearsal.sfu.errors import RtpError
from bot.rehearsal.sfu.rtp import CIPHERS, open_packet
from bot.voice.errors import NoCommonMode
from bot.voice.sealing import header, sealer
from bot.voice.transport import MODES

KEY = bytes(range(32))


@pytest.mark.parametrize("mode", MODES)
def test_a_packet_is_sealed(mode):
    """Whoever has the key reads what was sent; counters wrap around."""
    datagram = sealer(mode, KEY).seal(header(65_537, 2**32 + 960, 7), b"opus", 3)

    opened = open_packet(CIPHERS[mode](KEY), datagram)

    assert (opened.sequence, opened.timestamp, opened.ssrc) == (1, 960, 7)
    assert (opened.payload, opened.nonce) == (b"opus", 3)


@pytest.mark.parametrize("mode", MODES)
def test_a_header_is_changed_on_the_way(mode):
    """The header is not secret, and cannot be forged."""
    datagram = bytearray(sealer(mode, KEY).seal(header(1, 960, 7), b"opus", 0))
    datagram[3] ^= 1

    with pytest.raises(RtpError):
        open_packet(CIPHERS[mode](KEY), bytes(datagram))


@pytest.mark.parametrize("mode", MODES)
def test_the_nonces_of_a_key_are_used_up(mode):
    """It fails rather than begin again."""
    with pytest.raises(OverflowError):
        sealer(mode, KEY).seal(header(1, 960, 7), b"opus", 1 << 32)


def test_a_mode_that_nobody_knows():
    """The error names it."""
    with pytest.raises(NoCommonMode, match="rot13"):
        sealer("rot13", KEY)
