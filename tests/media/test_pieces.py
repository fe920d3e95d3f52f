"""Recordings in pieces: sizes, completeness, each piece a stream of its own."""

import pytest

from media import ogg
from media.pieces import cut
from tests.media.test_ogg import stream

GROUPS = [[bytes([number]) * 500] * 5 for number in range(20)]
"""Twenty pages of five packets of 500 bytes."""


def packets(data):
    return [packet for page in ogg.pages(data) for packet in page.packets]


@pytest.mark.parametrize("limit", [3000, 6000, 20_000, 10**6])
def test_pieces_are_small_enough_and_hold_everything_in_order(limit):
    """Headers stand before each piece, and no packet is lost or doubled."""
    data = stream(*GROUPS)

    pieces = list(cut(data, limit))

    assert all(len(piece) <= limit for piece in pieces)
    heads = packets(data)[:2]
    assert [packets(piece)[:2] for piece in pieces] == [heads] * len(pieces)
    sound = [packet for piece in pieces for packet in packets(piece)[2:]]
    assert sound == packets(data)[2:]


def test_each_piece_begins_at_its_own_zero():
    """Granules and page numbers run from the start of the piece, without holes."""
    pieces = list(cut(stream(*GROUPS), 6000))

    assert len(pieces) == 10
    for piece in pieces:
        pages = list(ogg.pages(piece))
        assert [page.sequence for page in pages] == [0, 1, 2, 3]
        assert [page.granule for page in pages] == [0, 0, 4800, 9600]


def test_a_page_larger_than_the_limit_is_a_piece_of_its_own():
    """The caller sees that it is too large; it is not lost in silence."""
    assert len(list(cut(stream(*GROUPS[:3]), 10))) == 3


EMPTY = ogg.page(7, 0, 0, [], ogg.FIRST)
"""A page that holds no packet."""


@pytest.mark.parametrize("data", [b"", b"no recording", stream()[:40], 2 * EMPTY])
def test_what_is_no_recording_has_no_pieces(data):
    """Bad bytes raise nothing."""
    assert list(cut(data, 1000)) == []


def test_bytes_that_are_no_page_are_left_out():
    """What a crash left at the end does not go into a piece."""
    data = stream(*GROUPS) + b"OggS torn"

    assert b"torn" not in b"".join(cut(data, 6000))
