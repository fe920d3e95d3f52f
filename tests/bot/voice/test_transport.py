"""Transport encryption, against the voice server's own half of it."""

import pytest

from bot.rehearsal.sfu.rtp import CIPHERS, Stamp, build
from bot.voice import transport
from bot.voice.errors import NoCommonMode
from bot.voice.transport import (
    AES_GCM,
    XCHACHA,
    AesGcm,
    CffiXChaCha,
    TransportRefused,
    XChaCha,
    cipher,
    pick,
)

KEY = bytes(range(32))
OPENERS = [(AES_GCM, AesGcm), (XCHACHA, XChaCha), (XCHACHA, CffiXChaCha)]
each_opener = pytest.mark.parametrize(("mode", "opener"), OPENERS)


def sealed(mode, payload=b"opus" * 20):
    """Return a datagram and its clear header's length."""
    packet = build(Stamp(7, 960, 4711), payload, extension=b"\x10\x85\x00\x00")
    nonce = b"\x00\x00\x01\x02"
    ciphertext = CIPHERS[mode](KEY).seal(packet.header, packet.plain, nonce)
    return packet.header + ciphertext + nonce, len(packet.header), packet.plain


@each_opener
def test_a_packet_under_our_key(mode, opener):
    """What follows the clear header comes out as it went in."""
    datagram, header, plain = sealed(mode)

    assert opener(KEY).open(datagram, header) == plain


@each_opener
@pytest.mark.parametrize("at", [0, 3, 14, 20, -5, -1])
def test_a_packet_with_one_bit_wrong(mode, opener, at):
    """Header, ciphertext, tag and nonce are all authenticated."""
    datagram, header, _ = sealed(mode)
    spoilt = bytearray(datagram)
    spoilt[at] ^= 1

    with pytest.raises(TransportRefused):
        opener(KEY).open(bytes(spoilt), header)


@each_opener
def test_a_packet_under_another_key(mode, opener):
    """It is refused, and the next good one still opens."""
    datagram, header, plain = sealed(mode)

    with pytest.raises(TransportRefused):
        opener(bytes(32)).open(datagram, header)
    assert opener(KEY).open(datagram, header) == plain


@each_opener
def test_a_packet_larger_than_any_network_carries(mode, opener):
    """Nothing is written beyond the buffer."""
    datagram, header, _ = sealed(mode, bytes(5000))

    if opener is XChaCha:
        with pytest.raises(TransportRefused):
            opener(KEY).open(datagram, header)
    else:
        assert opener(KEY).open(datagram, header)


@each_opener
def test_a_packet_with_nothing_in_it(mode, opener):
    """A tag over no bytes is still a tag."""
    packet = build(Stamp(1, 1, 1), b"")
    nonce = bytes(4)
    tag = CIPHERS[mode](KEY).seal(packet.header, b"", nonce)

    assert opener(KEY).open(packet.header + tag + nonce, len(packet.header)) == b""


@pytest.mark.parametrize(
    ("offered", "picked"),
    [
        ([XCHACHA, AES_GCM], AES_GCM),
        (["xsalsa20_poly1305", XCHACHA], XCHACHA),
    ],
)
def test_modes_are_offered(offered, picked):
    """Our preference decides, not the server's order."""
    assert pick(offered) == picked


@pytest.mark.parametrize("offered", [[], ["xsalsa20_poly1305"]])
def test_no_mode_in_common(offered):
    """The message names what was offered and what is known."""
    with pytest.raises(NoCommonMode, match="aead_aes256_gcm_rtpsize"):
        pick(offered)


def test_an_unknown_mode_is_described():
    """There is no cipher for it."""
    with pytest.raises(NoCommonMode):
        cipher("xsalsa20_poly1305", KEY)


def test_pynacl_without_the_symbol(monkeypatch):
    """The slower binding does the same where libsodium hides its function."""
    monkeypatch.setattr(transport, "SODIUM", None)

    assert isinstance(cipher(XCHACHA, KEY), CffiXChaCha)


@each_opener
def test_many_at_once(mode, opener):
    """All open, or it is not said which of them does not."""
    datagram, header, plain = sealed(mode)
    ours = opener(KEY)

    assert ours.open_all([datagram] * 3, header) == [plain] * 3
    with pytest.raises(TransportRefused):
        ours.open_all([datagram, datagram[:-1] + b"\xff"], header)
