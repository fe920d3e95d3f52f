"""Ogg pages: checksum, writing, reading, damage."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import ogg

PACKETS = st.lists(st.binary(min_size=1, max_size=600), min_size=1, max_size=40)


def slow_crc(data):
    """RFC 3533: polynomial 0x04c11db7, start 0, nothing reflected."""
    register = 0
    for byte in data:
        register ^= byte << 24
        for _ in range(8):
            high = register & 0x80000000
            register = (register << 1 & 0xFFFFFFFF) ^ (0x04C11DB7 if high else 0)
    return register


def stream(*groups, serial=5):
    """Return a file of the headers and one page for each group of packets."""
    data = ogg.page(serial, 0, 0, [ogg.head(2)], ogg.FIRST)
    data += ogg.page(serial, 1, 0, [ogg.tags(["NAME=value"])])
    granule = 0
    for sequence, packets in enumerate(groups, 2):
        granule += 960 * len(packets)
        data += ogg.page(serial, sequence, granule, packets)
    return data


@given(st.binary(max_size=300))
def test_checksum_is_that_of_the_rfc(data):
    """The fast checksum equals the definition, bit for bit."""
    assert ogg.crc(data) == slow_crc(data)


@given(PACKETS, st.integers(0, 2**32 - 1), st.integers(0, 2**62))
def test_page_comes_back(packets, serial, granule):
    """What is written is read, whatever the sizes of the packets."""
    if sum(map(ogg.segments, packets)) > ogg.MAX_SEGMENTS:
        packets = packets[:10]

    read = list(ogg.pages(ogg.page(serial, 9, granule, packets)))

    assert [page.packets for page in read] == [tuple(packets)]
    assert (read[0].serial, read[0].sequence, read[0].granule) == (serial, 9, granule)


def test_headers():
    """The first two packets say what the stream is."""
    first, second, _ = ogg.pages(stream([b"x"]))

    assert first.flags == ogg.FIRST
    assert ogg.read_head(first.packets[0]) == ogg.Head(2, 0, 0)
    assert second.packets[0].startswith(b"OpusTags\x08\x00\x00\x00tertulia\x01\x00")
    assert second.packets[0].endswith(b"NAME=value")


@pytest.mark.parametrize("packet", [b"", b"OpusHead", b"OpusTags" + bytes(20)])
def test_what_is_no_head(packet):
    """A packet that is no identification header is said to be none."""
    assert ogg.read_head(packet) == ogg.NotOpus()


def test_damage_costs_one_page():
    """A flipped byte tears its page; those around it are read."""
    data = bytearray(stream([b"a" * 50], [b"b" * 50], [b"c" * 50]))
    data[-120] ^= 1

    kinds = [type(item) for item in ogg.pages(bytes(data))]

    assert kinds == [ogg.Page, ogg.Page, ogg.Page, ogg.Torn, ogg.Page]


def test_cut_anywhere_leaves_whole_pages():
    """A write cut short leaves every page before it readable."""
    data = stream([b"a" * 50], [b"b" * 50])
    whole = [page for page in ogg.pages(data)]

    for size in range(len(data)):
        read = [p for p in ogg.pages(data[:size]) if isinstance(p, ogg.Page)]
        assert read == [page for page in whole if page.offset + page.size <= size]


def test_last_page_is_found_from_the_end():
    """The tail of a file is enough, torn or not."""
    data = stream([b"a" * 50], [b"b" * 50])
    torn = data + stream([b"c" * 50])[:-9][-60:]

    found = ogg.last_page(torn[100:], 5)

    assert isinstance(found, ogg.Page)
    assert (found.granule, found.packets) == (1920, (b"b" * 50,))
    assert found.offset + found.size == len(data) - 100


def test_pages_of_others_are_not_ours():
    """A page of another serial is not where our stream goes on."""
    assert ogg.last_page(stream([b"a"], serial=6), 5) == ogg.Torn(
        0, len(stream([b"a"]))
    )


def test_packet_that_spans_pages():
    """Other writers' packets that go on in the next page are not taken for whole."""
    first = bytearray(ogg.page(1, 0, -1, [b"x" * 254]))
    first[27] = 255  # the lacing value that says: it goes on
    first += b"x"
    first[22:26] = bytes(4)
    first[22:26] = ogg.crc(first).to_bytes(4, "little")
    second = ogg.page(1, 1, 960, [b"rest", b"whole"], ogg.CONTINUED)

    read = [page.packets for page in ogg.pages(bytes(first) + second)]

    assert read == [(), (b"whole",)]


@given(st.binary(max_size=200))
def test_any_bytes_are_pages_or_torn(data):
    """Reading never raises, and accounts for every byte."""
    assert sum(item.size for item in ogg.pages(data)) == len(data)


def test_mutated_files_read_within_bounds():
    """A thousand damaged files raise nothing and invent no bytes."""
    random.seed(4)
    data = stream([b"a" * 300, b"b"], [b"c" * 20])
    for _ in range(1000):
        bad = bytearray(data)
        for _ in range(random.randint(1, 8)):
            bad[random.randrange(len(bad))] = random.randrange(256)
        assert sum(item.size for item in ogg.pages(bytes(bad))) == len(bad)
        ogg.last_page(bytes(bad), 5)
