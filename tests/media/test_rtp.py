"""RTP headers: what is voice, what is ignored and why, padding, extensions, level."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.rtp import (
    Content,
    Header,
    Ignored,
    Packet,
    Packets,
    parse,
    read,
    read_usual,
    unwrap,
)

WIRE = Path(__file__).parents[2] / "../shared/data/E_wire/rtp_packets"
TRAILER = bytes(20)


def datagram(
    *,
    flags=0x80,
    kind=120,
    csrcs=0,
    profile=None,
    words=0,
    body=b"opus",
    trailer=TRAILER,
):
    clear = struct.pack(">BBHII", flags | csrcs, kind, 0xFFFE, 0x80000000, 77)
    clear += bytes(4 * csrcs)
    if profile is not None:
        clear += struct.pack(">HH", profile, words)
    return clear + body + trailer


def header(*, padded=False, extension=0, profile=0):
    return Header(1, 2, 3, padded, 12, extension, profile)


def test_plain_header():
    """Sequence, timestamp and SSRC are read as they stand."""
    assert parse(datagram()) == Header(0xFFFE, 0x80000000, 77, False, 12, 0, 0)


def test_contributing_sources_are_skipped():
    """The clear part grows by 4 bytes for each contributing source."""
    assert parse(datagram(csrcs=15)).clear_bytes == 12 + 60


def test_extension_preamble_is_clear_and_its_body_is_not():
    """Only the 4-byte preamble is before the ciphertext."""
    found = parse(datagram(flags=0x90, profile=0xBEDE, words=3, body=bytes(20)))

    assert (found.clear_bytes, found.extension_bytes) == (16, 12)
    assert found.profile == 0xBEDE


def test_marker_bit_is_not_part_of_the_payload_type():
    """The first packet of a talk spurt has the marker set."""
    assert isinstance(parse(datagram(kind=0x80 | 120)), Header)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Ignored.SHORT),
        (bytes(8), Ignored.SHORT),
        (datagram()[:31], Ignored.SHORT),
        (datagram(csrcs=15, body=b"")[:70], Ignored.SHORT),
        (datagram(flags=0x90, body=b"", trailer=bytes(20)), Ignored.SHORT),
        (datagram(flags=0x40), Ignored.VERSION),
        (struct.pack(">HHI64sH", 2, 70, 1, b"", 0), Ignored.VERSION),
        (datagram(kind=201), Ignored.PAYLOAD_TYPE),
        (datagram(kind=101), Ignored.PAYLOAD_TYPE),
        (
            datagram(flags=0x90, profile=0xBEDE, words=0xFFFF, body=bytes(99)),
            Ignored.EXTENSION,
        ),
    ],
)
def test_what_is_not_voice(data, why):
    """Each foreign or broken datagram has its own outcome."""
    assert parse(data) is why


@pytest.mark.parametrize(
    ("plain", "outcome"),
    [
        (b"opus\x01", Content(b"opus", None)),
        (b"opus\x00\x00\x03", Content(b"opus", None)),
        (b"opus\x00", Ignored.PADDING),
        (b"opus\x06", Ignored.PADDING),
        (b"", Ignored.PADDING),
        (b"\x00\x00\x03", Ignored.EMPTY),
    ],
)
def test_padding(plain, outcome):
    """The last byte counts the padding, itself included."""
    assert unwrap(header(padded=True), plain) == outcome


@pytest.mark.parametrize(
    ("profile", "body", "level"),
    [
        (0xBEDE, b"\x10\x9e\x00\x00", -30),  # with the voice bit set
        (0xBEDE, b"\x10\x7f\x00\x00", -127),
        (0xBEDE, b"\x00\x00\x10\x05", -5),  # padding before it
        (0xBEDE, b"\x90\x01\x10\x05", -5),  # another element before it
        (0xBEDE, b"\x92\x01\x10\x05", None),  # its bytes are another element's
        (0xBEDE, b"\xf0\x00\x10\x05", None),  # id 15 ends the list
        (0xBEDE, b"\x00\x00\x00\x10", None),  # cut short
        (0x1000, b"\x01\x01\x0c\x00", -12),
        (0x100F, b"\x09\x00\x01\x01\x0c\x00\x00\x00", -12),
        (0x1000, b"\x01\x00\x00\x00", None),  # no byte of level
        (0x1000, b"\x00\x00\x00\x01", None),
        (0xABCD, b"\x10\x05\x00\x00", None),
    ],
)
def test_audio_level(profile, body, level):
    """Element 1 of a one-byte or two-byte extension is the level in -dBov."""
    found = unwrap(header(extension=len(body), profile=profile), body + b"opus")

    assert found == Content(b"opus", level)


def test_extension_longer_than_the_payload():
    """A header that promises more extension than was decrypted is not voice."""
    assert unwrap(header(extension=8), b"short") is Ignored.EXTENSION


def test_padding_is_not_taken_from_the_extension():
    """A count that reaches into the extension is impossible."""
    plain = bytes(8) + b"op\x04"

    assert unwrap(header(padded=True, extension=8), plain) is Ignored.PADDING


@given(st.binary(max_size=120))
def test_any_bytes_have_an_outcome(data):
    """No datagram raises, and what is taken for voice lies within it."""
    found = parse(data)

    if isinstance(found, Header):
        assert found.clear_bytes + found.extension_bytes + 20 <= len(data)
    else:
        assert isinstance(found, Ignored)


@given(
    st.booleans(),
    st.integers(0, 10).map(lambda words: 4 * words),
    st.sampled_from([0, 0xBEDE, 0x1000, 0x1005, 0xFFFF]),
    st.binary(max_size=60),
)
def test_any_payload_has_an_outcome(padded, extension, profile, plain):
    """What is unwrapped is never empty, and its level is a level."""
    found = unwrap(header(padded=padded, extension=extension, profile=profile), plain)

    if isinstance(found, Content):
        assert 0 < len(found.frame) <= len(plain) - extension
        assert found.level_dbov is None or -127 <= found.level_dbov <= 0
    else:
        assert isinstance(found, Ignored)


@given(
    st.binary(min_size=1, max_size=60),
    st.integers(0, 255),
    st.binary(max_size=10).map(lambda body: body + bytes(-len(body) % 4)),
)
def test_wrapped_payload_comes_back(opus, padding, extension):
    """Whatever padding and extension are put around it, the frame is the same."""
    tail = bytes(padding - 1) + bytes([padding]) if padding else b""
    wrapped = header(padded=padding > 0, extension=len(extension), profile=0xBEDE)

    assert unwrap(wrapped, extension + opus + tail).frame == opus


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("rtp.bin", (15743, 3937035252, 4028317929, 12, 0, 160)),
        ("rtp_with_csrc.bin", (16082, 144, 1606227614, 20, 0, 160)),
        ("rtp_only_padding.bin", Ignored.EMPTY),
        ("rtp_only_padding_with_header_extensions.bin", Ignored.EMPTY),
    ],
)
def test_packets_from_the_wild(name, outcome):
    """Packets that other stacks sent are read as those stacks read them."""
    if not WIRE.exists():
        pytest.skip("the real packets are not beside the project")
    data = bytearray((WIRE / name).read_bytes())
    data[1] = data[1] & 0x80 | 120

    found = parse(bytes(data), trailer_bytes=0)
    content = unwrap(found, bytes(data[found.clear_bytes :]))

    if isinstance(outcome, Ignored):
        assert content is outcome
    else:
        sequence, timestamp, ssrc, clear, extension, size = outcome
        assert found[:3] == (sequence, timestamp, ssrc)
        assert (found.clear_bytes, found.extension_bytes) == (clear, extension)
        assert len(content.frame) == size


@pytest.mark.data
def test_rtcp_from_the_wild_is_not_voice():
    """No RTCP packet passes for voice, well-formed or not."""
    if not WIRE.exists():
        pytest.skip("the real packets are not beside the project")

    outcomes = {
        path.name: parse(path.read_bytes(), trailer_bytes=0)
        for path in sorted(WIRE.glob("rtcp_*.bin"))
    }

    assert len(outcomes) >= 15
    assert not [name for name, found in outcomes.items() if isinstance(found, Header)]


def clear_text(data, header):
    """Return the payload of a datagram that is not encrypted."""
    return data[header : -len(TRAILER)]


@given(
    st.sampled_from([0x80, 0x90, 0xA0, 0xB0, 0xB1, 0x40]),
    st.sampled_from([120, 0xF8, 101, 201]),
    st.sampled_from([0xBEDE, 0x1000, 0x1234]),
    st.integers(0, 4),
    st.sampled_from([b"\x10\x9e\x00\x00", b"\x10\x1e\x90\x01", b"\x22\x01\x02\x03"]),
    st.binary(max_size=24),
)
def test_the_short_way_ends_where_the_long_one_does(
    flags, kind, profile, words, first, rest
):
    """Whatever a datagram looks like, it is read as by parsing and unwrapping."""
    data = datagram(
        flags=flags, kind=kind, profile=profile, words=words, body=first + rest
    )

    found = read(data, 1.5, clear_text)

    head = parse(data)
    if isinstance(head, Ignored):
        assert found is head
        return
    content = unwrap(head, clear_text(data, head.clear_bytes))
    if isinstance(content, Ignored):
        assert found is content
    else:
        assert found == Packet(head.ssrc, head.sequence, head.timestamp, *content, 1.5)


def test_what_decryption_raises_is_passed_on():
    """Who reads knows what the cipher's refusal means."""

    def refuse(data, header):
        raise LookupError

    for flags in (0x80, 0x90):
        with pytest.raises(LookupError):
            read(datagram(flags=flags, profile=0xBEDE, body=bytes(9)), 0.0, refuse)


def opened(datagram, clear):
    """Stand for the cipher."""
    return datagram[clear : -len(TRAILER)]


def all_opened(datagrams, clear):
    return [opened(datagram, clear) for datagram in datagrams]


def usual(level=30, frame=b"opus", words=2, padding=b""):
    """Return a datagram as Discord's clients send it."""
    flags = 0xB0 if padding else 0x90
    body = bytes((0x10, level)) + bytes(4 * words - 2) + frame + padding
    return datagram(flags=flags, profile=0xBEDE, words=words, body=body)


def test_what_clients_send_is_read_in_one_go():
    """With the same result as one by one."""
    datagrams = [usual(), usual(127, b"o", 1, b"\x00\x02"), usual(5, words=9)]

    packets = read_usual(datagrams, all_opened)

    assert packets == Packets(
        (0xFFFE,) * 3, (0x80000000,) * 3, [b"opus", b"o", b"opus"], [-30, -127, -5]
    )


@pytest.mark.parametrize(
    "other",
    [
        b"",
        datagram(),
        datagram(flags=0xC0),
        datagram(kind=72),
        datagram(csrcs=1, flags=0x90, profile=0xBEDE, words=1, body=bytes(20)),
        datagram(flags=0x90, profile=0x1000, words=1, body=b"\x10\x1e\x00\x00opus"),
        datagram(flags=0x90, profile=0xBEDE, words=1, body=b"\x20\x1e\x00\x00opus"),
        datagram(flags=0x90, profile=0xBEDE, words=9, body=b"\x10\x1e\x00\x00opus"),
        datagram(flags=0x90, profile=0xBEDE, words=0, body=b"opus"),
        usual(frame=b""),
        usual(padding=b"\x00"),
        usual(padding=b"\xff"),
    ],
)
def test_anything_else_is_read_one_by_one(other):
    """Whatever is wrong with it, or only rare, the whole batch goes the long way."""
    assert read_usual([usual(), other, usual()], all_opened) is None


@st.composite
def batches(draw):
    """Datagrams as clients send them, of which one may have been damaged."""
    datagrams = [
        usual(
            draw(st.integers(0, 127)),
            draw(st.binary(min_size=1, max_size=9)),
            draw(st.integers(1, 4)),
            draw(st.sampled_from([b"", b"\x01", b"\x00\x02"])),
        )
        for _ in range(draw(st.integers(1, 5)))
    ]
    spoilt = bytearray(datagrams[0])
    at = draw(st.integers(0, len(spoilt) - 1))
    if draw(st.booleans()):
        spoilt[at] = draw(st.integers(0, 255))
    elif draw(st.booleans()):
        del spoilt[at:]
    return [bytes(spoilt), *datagrams[1:]]


@given(batches())
def test_many_at_once_are_what_each_of_them_is(datagrams):
    """Whatever is in them; and whole ones are never left to the long way."""
    packets = read_usual(datagrams, all_opened)

    singly = [read(one, 0.0, opened) for one in datagrams]
    if packets is not None:
        ssrcs = [struct.unpack_from(">I", one, 8)[0] for one in datagrams]
        assert singly == [
            Packet(ssrc, *row, 0.0)
            for ssrc, row in zip(ssrcs, zip(*packets, strict=True), strict=True)
        ]
    assert read_usual(datagrams[1:] or [usual()], all_opened) is not None
