"""When the way by UDP is a dead one, with a server and a clock of our own."""

import struct

import pytest

from bot.voice import discovery
from bot.voice.keepalive import Keepalive

SSRC = 7
ANSWER = struct.pack(">HHI64sH", 2, 70, SSRC, b"203.0.113.9", 50_004)


class Scene:
    """A wire looked at ten times a second, and what the server does with it."""

    def __init__(self, *, echoes=True, discovers=True):
        self.keepalive = Keepalive()
        self.echoes, self.discovers = echoes, discovers
        self.open = True
        self.now = 100.0
        self.datagrams = 0
        self.sent = []
        self.dead = []
        self.keepalive.begin(SSRC, self.now)

    def tick(self, *, voice=0):
        self.now += 0.1
        self.datagrams += voice
        for datagram in self.keepalive.due(self.now, self.datagrams):
            self.sent.append(datagram)
            asks = len(datagram) > 8
            if self.open and (self.discovers if asks else self.echoes):
                self.datagrams += 1
                self.keepalive.answered(ANSWER if asks else datagram)
        since = self.keepalive.dead_since()
        if since is not None:
            self.dead.append((since, self.now))

    def seconds(self, count, **what):
        for _ in range(round(10 * count)):
            self.tick(**what)


def test_a_quiet_room():
    """One keepalive every 5 s, each another, and nothing else: nothing is wrong."""
    scene = Scene()

    scene.seconds(60)

    assert scene.sent == [struct.pack("<Q", n) for n in range(1, 13)]
    assert scene.dead == []


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
    scene.keepalive.answered(ANSWER)

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
