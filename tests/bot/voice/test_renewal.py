"""When a session that lives is begun anew, by counters and a clock of our own."""

import itertools

import pytest

from bot.voice.keepalive import UNANSWERED
from bot.voice.reception import Reception
from bot.voice.renewal import KEYLESS_S, Renewal
from bot.voice.watch import CHECK_S, Watch
from media.heard import UnheardReason


class Scene:
    """A reception whose counters the test moves, and a second that passes."""

    def __init__(self):
        self.reception = Reception()
        self.watch = Watch()
        self.renewal = Renewal(self.reception, self.watch)
        self.now = 100.0

    def second(self, *, sealed=0):
        """Let a second pass; return since when nothing came, and the key's fitness."""
        self.now += CHECK_S
        self.reception.ignored["transport"] += sealed
        since = self.renewal.deaf_since(self.now)
        self.watch.check(self.now, self.reception)
        return since, self.renewal.is_keyless(self.now)

    def seconds(self, count, **what):
        """Return the numbers of the seconds in which a session is begun anew."""
        return [n for n in range(count) if self.second(**what) != (None, False)]


@pytest.fixture
def scene():
    return Scene()


def test_a_session_in_which_nothing_is_wrong(scene):
    """It goes on."""
    assert scene.seconds(100) == []


def test_a_key_that_fits_nothing(scene):
    """Another session brings another one, at long intervals."""
    begun = scene.seconds(70, sealed=50)

    assert [b - a for a, b in itertools.pairwise(begun)] == [KEYLESS_S] * 2


def test_a_key_that_fitted_nothing_on_the_wire_before(scene):
    """It says nothing about the present one."""
    scene.seconds(10, sealed=50)
    scene.renewal.begin()

    assert scene.seconds(100) == []


def test_a_way_that_is_dead(scene):
    """A session is begun anew, and the hosts know that nobody is heard."""
    keepalive = scene.reception.keepalive
    keepalive.begin(1, 90.0)
    keepalive.answers, keepalive.unanswered = True, UNANSWERED + 1

    since, keyless = scene.second()

    assert (since, keyless) == (90.0, False)
    assert [(u.reason, u.since) for u in scene.watch.unheard.values()] == [
        (UnheardReason.LINK_DOWN, 90.0)
    ]
