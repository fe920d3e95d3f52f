"""Packets in columns: whose they are and in which order stays as it was."""

from hypothesis import given
from hypothesis import strategies as st

from media.burst import bursts
from media.heard import VoicePacket
from tests.media.packets import packet, speech


def test_packets_of_a_stream_are_one_burst():
    """Each column holds one thing of all packets."""
    (burst,) = bursts(speech(3, 5, level=-20))

    assert (burst.user_id, burst.ssrc) == (1, 7)
    assert burst.sequences == (3, 4)
    assert burst.timestamps == (3 * 960, 4 * 960)
    assert list(burst.levels_dbov) == [-20, -20]
    assert list(burst.arrivals) == [0.06, 0.08]


def test_another_stream_of_a_member_is_another_burst():
    """Also where it goes back and forth; others between them change nothing."""
    mine = [packet(0), packet(1, ssrc=8), packet(2)]
    theirs = speech(0, 2, user_id=2)

    found = bursts([mine[0], theirs[0], mine[1], theirs[1], mine[2]])

    assert [burst.packets() for burst in found] == [[one] for one in mine] + [theirs]


def test_nothing_is_no_burst():
    """A batch without packets."""
    assert bursts([]) == []


@given(
    st.lists(
        st.builds(
            VoicePacket,
            st.integers(1, 3),
            st.integers(7, 8),
            st.integers(0, 0xFFFF),
            st.integers(0, 0xFFFFFFFF),
            st.binary(max_size=3),
            st.none() | st.integers(-127, 0),
            st.floats(0, 9),
        )
    )
)
def test_each_members_packets_come_out_as_they_went_in(packets):
    """In order, and none more or less."""
    out = [one for burst in bursts(packets) for one in burst.packets()]

    for user_id in {1, 2, 3}:
        theirs = [one for one in packets if one.user_id == user_id]
        assert [one for one in out if one.user_id == user_id] == theirs
    assert len(out) == len(packets)
