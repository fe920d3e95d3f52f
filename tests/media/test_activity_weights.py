"""The weights of talk detection."""

import base64

from media.activity_weights import CELLS, OFF, ON, PACKED
from media.spectrum import FEATURES


def test_as_many_numbers_as_the_network_has():
    """Input, recurrence, bias, output and its bias, 16 bits each."""
    driven = 2 * CELLS
    expected = (FEATURES + 1) * driven + CELLS * driven + driven + CELLS + 1

    assert len(base64.b85decode(PACKED)) == 2 * expected


def test_talk_goes_on_more_easily_than_it_begins():
    """Hysteresis: one doubtful frame does not break a word."""
    assert OFF < ON
