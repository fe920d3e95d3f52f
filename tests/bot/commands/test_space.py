"""Opening a Space by command."""

import pytest

from bot.commands.space import with_sides
from bot.refusals import Impossible
from moderation.requests import QueueMode
from moderation.settings import SpaceSettings


def test_sides_are_what_the_host_typed():
    """Each once, trimmed, and the queue follows them."""
    settings = with_sides(SpaceSettings(), " cats, dogs ,cats,, birds")

    assert settings.sides == ("cats", "dogs", "birds")
    assert settings.queue_mode is QueueMode.SIDES


@pytest.mark.parametrize("typed", ["cats", ",", "a,b,c,d,e,f"])
def test_one_side_is_no_debate(typed):
    """Nor are six, for which the panel has no room."""
    with pytest.raises(Impossible) as refused:
        with_sides(SpaceSettings(), typed)

    assert refused.value.key == "bad_sides"
