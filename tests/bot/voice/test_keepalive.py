"""When the way by UDP is a dead one, with a server and a clock of our own."""

import struct

import pytest

from bot.voice import discovery
from bot.voice.keepalive import KEEPALIVE_S, WHERE_S, Keepalive

SSRC = 7


HERE, THERE = ("203.0.113.9", 50_004), ("203.0.113.9", 50_005)


def answer(address):
    """Return what a server says to whoever asks from there."""
    host, port = address
    return struct.pack(">HHI64sH", 2, 70, SSRC, host.encode(), port)


class Scene:
    """A wire looked at ten times a second, and what the server does with it."""

    def __init__(self, *, echoes=True, discovers=True):
        self.keepalive = Keepalive()
        self.echoes, self.discovers = echoes, discovers
        self.open, self.where = True, HERE
        self.sounds = 0
        self.moved = []
        self.now = 100.0
        self.datagrams = 0
        self.sent = []
        self.dead = []
        self.keepalive.begin(SSRC, self.now, HERE)

    def tick(self, *, voice=0):
        self.now += 0.1
        self.datagrams += voice
        self.sounds += voice
        for datagram in self.keepalive.due(self.now, self.datagrams, self.sounds):
            self.sent.append(datagram)
            asks = len(datagram) > 8
            if self.open and (self.discovers if asks else self.echoes):
                self.datagrams += 1
                self.keepalive.answered(answer(self.where) if asks else datagram)
        since = self.keepalive.dead_since()
        if since is not None:
            self.dead.append((since, self.now))
        if self.keepalive.moved_since() is not None:
            self.moved.append((self.keepalive.moved_since(), self.now))

    def seconds(self, count, **what):
        for _ in range(round(10 * count)):
            self.tick(**what)


def test_a_quiet_room():
    """One keepalive every 5 s, each another; at times the server is asked for more."""
    scene = Scene()

    scene.seconds(60)

    keepalives = [struct.pack("<Q", n) for n in range(1, 13)]
    assert [one for one in scene.sent if len(one) == 8] == keepalives
    assert scene.sent.count(discovery.question(SSRC)) == 1
    assert (scene.dead, scene.moved) == ([], [])


def test_a_router_gives_us_another_address():
    """The server answers there, and would send sound to the old one."""
    scene = Scene()
    scene.seconds(40)
    moved_at, scene.where = scene.now, THERE

    scene.seconds(45)

    since, told_at = scene.moved[0]
    assert moved_at - WHERE_S - KEEPALIVE_S <= since <= moved_at
    assert told_at - moved_at <= WHERE_S + 2 * KEEPALIVE_S
    assert scene.dead == []


def test_sound_comes_to_another_address():
    """A server that follows us needs no other session."""
    scene = Scene()
    scene.where = THERE

    for _ in range(20):
        scene.seconds(20)
        scene.tick(voice=1)

    assert scene.moved == []


def test_one_answer_names_another_address():
    """The next one does not: it was a stray."""
    scene = Scene()
    scene.seconds(31)
    scene.keepalive.answered(answer(THERE))

    scene.seconds(60)

    assert scene.moved == []


def test_a_server_that_was_told_no_address():
    """There is nothing to compare with."""
    scene = Scene()
    scene.keepalive.begin(SSRC, scene.now)

    scene.seconds(120)

    assert scene.moved == []


@pytest.mark.parametrize("echoes", [True, False], ids=["keepalives", "discovery"])
def test_answers_end(echoes):
    """It is told within 10 s, with the moment of the last one."""
    scene = Scene(echoes=echoes)
    scene.seconds(20)
    heard_at = scene.now
    scene.open = False

    scene.seconds(10)

    ((since, told_at),) = scene.dead
    assert heard_at - 5.2 <= since <= heard_at
    assert told_at - heard_at <= 9.0  # and a second until somebody looks
    assert scene.keepalive.dead == 1


def test_a_server_that_never_answers():
    """Nothing is concluded from its silence, however long."""
    scene = Scene(echoes=False, discovers=False)

    scene.seconds(3600)

    assert scene.dead == []


def test_a_server_without_echoes_in_a_room_that_talks():
    """What comes in is answer enough: discovery is asked in a quiet room alone."""
    scene = Scene(echoes=False)

    scene.seconds(60, voice=5)

    assert {len(datagram) for datagram in scene.sent} == {8}


def test_the_handshake_was_answered_late():
    """That is no sign of a server that answers now."""
    scene = Scene(echoes=False, discovers=False)
    scene.keepalive.answered(answer(HERE))

    scene.seconds(60)

    assert scene.dead == []


@pytest.mark.parametrize(
    "datagram",
    [bytes(8), struct.pack("<Q", 2), struct.pack("<Q", 1 << 40), b"", bytes(74)],
    ids=["zero", "before it is sent", "never sent", "empty", "no address"],
)
def test_what_is_no_answer(datagram):
    """Eight bytes that we did not send are nobody's promise to answer."""
    scene = Scene(echoes=False, discovers=False)
    scene.tick()

    scene.keepalive.answered(datagram)

    assert not scene.keepalive.answers


def test_datagrams_get_lost_now_and_then():
    """Three answers in a row may go missing."""
    scene = Scene()
    scene.seconds(20)

    for _ in range(10):
        scene.open = False
        before = len(scene.sent)
        while len(scene.sent) < before + 3:
            scene.tick()
        scene.open = True
        scene.seconds(20)

    assert scene.dead == []


def test_somebody_talks_and_nothing_is_answered():
    """Any datagram shows that the way is open."""
    scene = Scene()
    scene.seconds(20)
    scene.echoes = scene.discovers = False

    scene.seconds(60, voice=1)

    assert scene.dead == []


def test_another_wire():
    """What was learned of the former one does not count on it."""
    scene = Scene()
    scene.seconds(20)
    scene.echoes = scene.discovers = False
    scene.keepalive.begin(SSRC, scene.now)

    scene.seconds(60)

    assert scene.dead == []


def test_no_other_session_comes():
    """It is asked for again, and that the way is dead is told each time."""
    scene = Scene()
    scene.seconds(20)
    scene.open = False

    scene.seconds(60)

    assert 4 <= len(scene.dead) <= 7
    assert {since for since, _ in scene.dead} == {scene.dead[0][0]}


def test_a_question_names_our_stream():
    """Discovery is asked for the SSRC that the server gave us."""
    scene = Scene(echoes=False)

    scene.seconds(20)

    assert discovery.question(SSRC) in scene.sent
