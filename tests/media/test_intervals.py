"""Interval algebra against the simplest possible model: a set of instants."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.intervals import (
    clipped,
    complement,
    contains,
    intersection,
    joined,
    seconds,
    seconds_within,
    shared,
    subtraction,
    union,
)

pairs = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60)).map(
        lambda pair: (min(pair), max(pair))
    ),
    max_size=8,
)
"""Whole seconds, so that the model can hold every second as one element."""


def instants(times):
    """Name every second that a set of times covers by its start."""
    return {second for start, end in times for second in range(int(start), int(end))}


def assert_canonical(times):
    """In order, apart, none empty."""
    assert all(start < end for start, end in times)
    assert all(a[1] < b[0] for a, b in pairwise(times))


@given(pairs, pairs)
def test_the_algebra_is_that_of_sets(one, other):
    """Union, intersection and subtraction do what they do to sets of instants."""
    assert instants(union(one, other)) == instants(one) | instants(other)
    assert instants(intersection(one, other)) == instants(one) & instants(other)
    assert instants(subtraction(one, other)) == instants(one) - instants(other)


@given(pairs, pairs)
def test_results_are_in_order_and_apart(one, other):
    """Whatever goes in, what comes out can be read from left to right."""
    assert_canonical(union(one, other))
    assert_canonical(intersection(one, other))
    assert_canonical(subtraction(one, other))
    assert_canonical(shared([one, other]))


@given(pairs, pairs)
def test_seconds_of_parts_add_up(one, other):
    """Nothing is counted twice and nothing is lost."""
    apart = seconds(subtraction(one, other)) + seconds(intersection(one, other))

    assert apart == seconds(one)
    assert seconds(union(one, other)) == len(instants(one) | instants(other))


@given(st.lists(pairs, max_size=5), st.integers(1, 4))
def test_shared_times_are_those_of_enough_sets(sets, least):
    """Double talk is where at least two talk."""
    model = {
        second
        for second in range(60)
        if sum(second in instants(times) for times in sets) >= least
    }

    assert instants(shared(sets, least)) == model


@given(pairs)
def test_talk_and_silence_fill_the_room(times):
    """Silence is what talk leaves over, without overlap."""
    silence = complement(times, 0, 60)

    assert intersection(silence, times) == ()
    assert union(silence, times) == ((0, 60),)


@given(pairs, st.integers(0, 20))
def test_joining_closes_short_pauses_only(times, pause):
    """Every pause that is left is longer than the limit; no talk is lost."""
    closed = joined(times, pause)

    assert instants(closed) >= instants(times)
    assert all(b[0] - a[1] > pause for a, b in pairwise(closed))


@pytest.mark.parametrize(("pause", "pieces"), [(0.1, 1), (0.2, 1), (0.21, 2), (0.5, 2)])
def test_a_pause_of_a_fifth_of_a_second_is_talk(pause, pieces):
    """The written convention: 0.2 s inside speech counts, longer does not."""
    assert len(joined([(10.0, 11.0), (11.0 + pause, 12.0)])) == pieces


def test_touching_times_are_one():
    """An end belongs to what follows."""
    assert union([(0.0, 1.0), (1.0, 2.0)]) == ((0.0, 2.0),)


def test_clipping_keeps_what_is_inside():
    """A window of the last minutes sees only its own part."""
    assert clipped([(0, 10), (20, 30)], 5, 25) == ((5, 10), (20, 25))


@given(pairs, st.integers(0, 60))
def test_containing_is_membership(times, moment):
    """A start is in, an end is not."""
    assert contains(union(times), moment) == (moment in instants(times))


@given(pairs, st.integers(0, 60), st.integers(0, 60))
def test_seconds_of_a_stretch_are_those_of_the_set_cut_to_it(times, start, end):
    """The short way and the long way agree, also where the stretch is empty."""
    assert seconds_within(union(times), start, end) == seconds(
        clipped(times, start, end)
    )
