"""What a link does by the clock, in told time, on a line that is none."""

from types import SimpleNamespace

import pytest

from bot.voice import transport
from bot.voice.dave import RECOVER_AFTER
from bot.voice.keepalive import ASK_S, KEEPALIVE_S
from bot.voice.listener import LinkState, Reports, Wire
from bot.voice.outage import Outage
from bot.voice.reception import Reception
from bot.voice.upkeep import Upkeep
from media.heard import UnheardReason
from media.hearing import HearingSnapshot

QUIET = HearingSnapshot(False, ())
WIRE = Wire(None, transport.AES_GCM, bytes(32), 7, 9, ssrc=1)


class Scene:
    """A reception whose counters the test moves, and what was asked for."""

    def __init__(self):
        self.sent, self.asked = [], []
        self.line = SimpleNamespace(
            is_open=True, send=self.sent.extend, wire=WIRE, connects=1, overrun=3
        )
        self.reception = Reception()
        self.outage = Outage()
        reports = Reports(
            heard=lambda _: None,
            changed=lambda *_: None,
            recover=lambda: self.asked.append("recover"),
            rejoin=lambda: self.asked.append("rejoin"),
            ended=lambda: None,
        )
        self.upkeep = Upkeep(self.reception, self.line, self.outage, reports)

    def check(self, now):
        """Return why somebody became unheard."""
        return [one.reason for one in self.upkeep.check(now, 0, QUIET)]


@pytest.fixture
def scene():
    return Scene()


def test_keepalives_go_out(scene):
    """One at once, and then every five seconds while there is a line."""
    scene.upkeep.begin(WIRE, 10.0)
    scene.upkeep.keep_alive(10.0 + KEEPALIVE_S - 0.1)
    assert len(scene.sent) == 1

    scene.line.is_open = False
    scene.upkeep.keep_alive(10.0 + KEEPALIVE_S)
    scene.line.is_open = True
    scene.upkeep.keep_alive(10.0 + KEEPALIVE_S)

    assert [datagram for datagram in scene.sent if len(datagram) == 8] == [
        b"\x01" + bytes(7),
        b"\x02" + bytes(7),
    ]


def test_nothing_is_wrong(scene):
    """Nothing is told, and nothing asked for."""
    scene.upkeep.begin(WIRE, 10.0)

    assert [scene.check(now) for now in (11.0, 12.0, 60.0)] == [[], [], []]
    assert scene.asked == []


def test_the_way_is_dead(scene):
    """It is told, another session is asked for, and the outage begins where it did."""
    scene.upkeep.begin(WIRE, 10.0)
    scene.reception.keepalive.answers = True
    for n in range(6):
        scene.upkeep.keep_alive(10.0 + KEEPALIVE_S + n * ASK_S)

    told = scene.check(20.0)

    assert (told, scene.asked) == ([UnheardReason.LINK_DOWN], ["rejoin"])
    assert scene.outage.note(LinkState.CONNECTED, "joined", 22.0) == (10.0, 22.0)


def test_no_line_is_dead_that_is_not_open(scene):
    """Another one is on its way already."""
    scene.upkeep.begin(WIRE, 10.0)
    scene.reception.keepalive.answers = True
    scene.reception.keepalive.unanswered = 9
    scene.line.is_open = False

    assert (scene.check(20.0), scene.asked) == ([], [])


def test_no_key_fits(scene):
    """It is told, and another session asked for."""
    scene.upkeep.begin(WIRE, 10.0)
    told = []
    for n in range(3):
        scene.reception.ignored["transport"] += 50
        told += scene.check(11.0 + n)

    assert (told, scene.asked) == ([UnheardReason.TRANSPORT], ["rejoin"])


def test_frames_do_not_open(scene):
    """The encryption group is joined anew."""
    for _ in range(RECOVER_AFTER):
        scene.reception.recovery.failed(1)

    scene.check(20.0)

    assert scene.asked == ["recover"]


def test_a_look_at_everything(scene):
    """What was counted by whomever stands in one value."""
    scene.reception.datagrams, scene.reception.ignored["short"] = 4, 2

    look = scene.upkeep.look(7.0, LinkState.CONNECTED, 6, QUIET)

    assert (look.taken_at, look.state, look.failures) == (7.0, LinkState.CONNECTED, 6)
    assert (look.channel_id, look.mode) == (7, transport.AES_GCM)
    assert (look.datagrams, look.ignored) == (4, {"short": 2})
    assert (look.connects, look.overrun) == (1, 3)
    assert (look.speakers, look.unheard, look.hearing) == ((), (), QUIET)


def test_a_look_before_there_was_a_line(scene):
    """There is no channel yet, and no cipher."""
    scene.line.wire = None

    look = scene.upkeep.look(7.0, LinkState.IDLE, 0, QUIET)

    assert (look.channel_id, look.mode) == (None, None)
