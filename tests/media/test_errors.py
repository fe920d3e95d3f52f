"""The tree of errors."""

import pytest

from media.errors import MediaError
from media.ports import OpusError, TrackError


@pytest.mark.parametrize("kind", [OpusError, TrackError])
def test_one_tree(kind):
    """An edge that catches MediaError catches every error of this package."""
    assert issubclass(kind, MediaError)
