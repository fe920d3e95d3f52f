"""Sound of the near past: kept in pieces, given back in one."""

from hypothesis import given
from hypothesis import strategies as st

from media.reel import Reel

FRAME = 640


def frames(*values):
    """Return a frame of each value."""
    return b"".join(bytes([value]) * FRAME for value in values)


def test_pieces_are_one():
    """What came in two pieces comes back in one, from any slot to any."""
    reel = Reel()
    reel.append(10, frames(1, 2))
    reel.append(12, frames(3))

    assert (reel.start, reel.end) == (10, 13)
    assert reel.cut(11, 13) == frames(2, 3)
    assert reel.cut(0, 11) == frames(1)
    assert reel.cut(13, 20) == b""


def test_a_hole_is_zeros():
    """What is missing between two pieces is silence."""
    reel = Reel()
    reel.append(10, frames(1))
    reel.append(12, frames(3))

    assert reel.cut(10, 13) == frames(1, 0, 3)


def test_empty_again():
    """What is appended after everything was forgotten begins where it lies."""
    reel = Reel()
    reel.append(10, frames(1))
    reel.drop(99)
    assert not reel
    reel.append(50, frames(2))

    assert (reel.start, reel.end) == (50, 51)
    reel.clear()
    assert not reel


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=8),
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(0, 50),
)
def test_as_one_long_piece(pieces, dropped, start, until):
    """Whatever the pieces, it is as if all had come at once, zeros between."""
    reel, whole, value = Reel(), b"", 0
    at = 5
    for hole, count in pieces:
        hole = hole if whole else 0
        values = range(value + 1, value + 1 + count)
        value += count
        reel.append(at + hole, frames(*values))
        whole += bytes(hole * FRAME) + frames(*values)
        at += hole + count
    reel.drop(dropped)
    first = max(dropped, 5)

    kept = whole[max(start, first) * FRAME - 5 * FRAME : max(until - 5, 0) * FRAME]
    assert reel.cut(start, until) == kept
