"""When a session that lives is begun anew, by counters and a clock of our own."""

import itertools

import pytest

from bot.voice.announced import AWAITED_S, LONE_S, OPENING_S
from bot.voice.keepalive import UNANSWERED
from bot.voice.reception import Reception
from bot.voice.renewal import KEYLESS_S, SOUNDLESS_S, Renewal
from bot.voice.watch import CHECK_S, Watch
from media.heard import UnheardReason

ANA, BEA, CID = 1, 2, 3


class Scene:
    """A reception whose counters the test moves, and a second that passes."""

    def __init__(self):
        self.reception = Reception()
        self.watch = Watch()
        self.renewal = Renewal(self.reception, self.watch)
        self.now = 100.0

    def second(self, *, sealed=0, sounds=0, echoes=0):
        """Let a second pass; return since when nothing came, and the key's fitness."""
        self.now += CHECK_S
        self.reception.ignored["transport"] += sealed
        self.reception.ignored["short"] += echoes
        self.reception.datagrams += sealed + sounds + echoes
        since = self.renewal.deaf_since(self.now)
        self.watch.check(self.now, self.reception)
        return since, self.renewal.is_keyless(self.now)

    def say(self, *user_ids):
        """Have Discord say that members speak."""
        for user_id in user_ids:
            self.watch.announced.speaking(user_id, self.now, self.reception.sounds)

    def seconds(self, count, **what):
        """Return the numbers of the seconds in which a session is begun anew."""
        return [n for n in range(count) if self.second(**what) != (None, False)]


@pytest.fixture
def scene():
    """Return a session that has been open for long enough."""
    scene = Scene()
    scene.watch.link(True, scene.now - OPENING_S)
    return scene


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


def test_two_people_are_said_to_speak_and_no_sound_comes(scene):
    """Another session is begun within 10 s, though keepalives are answered."""
    scene.second(sounds=50)
    scene.say(ANA, BEA)

    begun = scene.seconds(9, echoes=1)

    assert begun == [AWAITED_S - 1]
    assert AWAITED_S < 10


def test_our_address_is_another_one(scene):
    """Another session is begun, and at growing intervals where that does not help."""
    scene.reception.keepalive.moved_since = lambda: 90.0

    begun = scene.seconds(200, echoes=1)

    assert [b - a for a, b in itertools.pairwise(begun)] == [
        SOUNDLESS_S,
        2 * SOUNDLESS_S,
    ]


def test_one_person_is_said_to_speak_and_no_sound_comes(scene):
    """That takes longer: one client alone may announce what it does not send."""
    scene.say(ANA)

    assert scene.seconds(30, echoes=1)[:1] == [LONE_S - 1]


def test_the_trouble_goes_on_in_another_session(scene):
    """What it says while it opens begins none; fresh words do, less and less often."""
    begun = []
    for _ in range(600):
        scene.say(ANA, BEA, CID)
        if scene.second() != (None, False):
            begun.append(scene.now)
            scene.watch.announced.renew([ANA], scene.now)
            scene.watch.link(True, scene.now)
            scene.say(BEA, CID)

    pauses = [b - a for a, b in itertools.pairwise(begun)]
    assert pauses == [SOUNDLESS_S, 2 * SOUNDLESS_S, 4 * SOUNDLESS_S]


def test_a_session_introduces_people_who_are_silent(scene):
    """It may be long ago that they spoke."""
    scene.watch.announced.renew([], scene.now)
    scene.watch.link(True, scene.now)
    scene.say(ANA, BEA)

    assert scene.seconds(100, echoes=1) == []


def test_the_sound_of_somebody_else_comes(scene):
    """Then the way is open, whoever is missing."""
    scene.say(ANA, BEA)
    scene.second(sounds=1)

    assert scene.seconds(100, echoes=1) == []


def test_sound_comes_that_no_key_fits(scene):
    """That is another trouble, with an answer of its own."""
    scene.say(ANA, BEA)

    assert scene.seconds(100, sealed=1) == []


def test_who_is_said_to_speak_is_muted(scene):
    """Or suppressed: their silence proves nothing."""
    scene.say(ANA, BEA)
    scene.watch.announced.hushed(ANA)
    scene.watch.announced.hushed(BEA)

    assert scene.seconds(100) == []


def test_who_is_said_to_speak_leaves(scene):
    """Nothing is expected of them any more."""
    scene.say(ANA, BEA)
    scene.watch.departed(ANA)
    scene.watch.departed(BEA)

    assert scene.seconds(100) == []


def test_no_sound_comes_while_there_is_no_connection(scene):
    """One is being made already."""
    scene.say(ANA, BEA)
    scene.watch.link(False, scene.now)

    assert scene.seconds(100) == []
