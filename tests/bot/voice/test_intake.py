"""What one link hears: when it is asked again, and what it does with what came."""

import math
from types import SimpleNamespace

import pytest

from bot.rehearsal.sfu import rtp
from bot.voice import transport
from bot.voice.inbox import Datagram
from bot.voice.intake import BEAT_S, BUSY, BUSY_BEAT_S, Intake
from media.heard import VoiceStarted
from tests.bot.voice.room import FakeHearing

ANA, BEA = 1, 2
KEY = bytes(range(32))
SEAL = rtp.Aes256Gcm(KEY)


class Hearing(FakeHearing):
    """Tells of every packet, and remembers whom it was asked to wait for."""

    def __init__(self):
        super().__init__()
        self.awaited = []

    def hear(self, arrived):
        super().hear(arrived)
        return [VoiceStarted(burst[0], at) for burst in arrived for at in burst[-1]]

    def tick(self, now, awaited=()):
        self.awaited.append(set(awaited))
        return []

    def deadline(self, awaited=()):
        return math.inf if awaited else 7.0


def said(user_id, number, at, ssrc=0):
    """Return a member's datagram, sealed for transport."""
    packet = rtp.build(
        rtp.Stamp(number, number * 960, ssrc or 1000 + user_id),
        bytes((0xF8, number)),
        extension=rtp.level_extension(30, 1),
    )
    nonce = number.to_bytes(3, "big") + bytes((user_id,))
    sealed = SEAL.seal(packet.header, packet.plain, nonce)
    return Datagram(packet.header + sealed + nonce, at)


@pytest.fixture
def hearing():
    return Hearing()


@pytest.fixture
def intake(hearing):
    intake = Intake(hearing)
    intake.reception.key(transport.cipher(transport.AES_GCM, KEY), 0.0)
    for user_id in range(1, 1 + BUSY):
        intake.reception.consent(user_id, True)
        intake.reception.learn(user_id, 1000 + user_id, 0.0)
    return intake


def arrive(intake, *datagrams):
    """Put datagrams where they come from."""
    waiting = [list(datagrams)]
    intake.inbox = SimpleNamespace(drain=lambda: waiting.pop() if waiting else [])


def hers_is_kept(intake, hearing):
    """Let Ana talk, and keep what she sends; return where it will be heard."""
    hearing.talks = {1000 + ANA: ANA}
    heard = []
    intake.take(0.0, heard)
    arrive(intake, said(ANA, 1, 0.5))
    intake.take(0.5, heard)
    assert heard == []
    return heard


def test_a_full_room_is_asked_less_often(intake):
    """From ``BUSY`` members on, until fewer send."""
    heard = []
    intake.take(0.0, heard)
    assert (heard, intake.beat_s) == ([], BEAT_S)

    everybody = [said(user_id, 1, 0.0) for user_id in range(1, 1 + BUSY)]
    arrive(intake, *everybody)
    intake.take(0.02, heard)
    assert (len(heard), intake.beat_s) == (BUSY, BUSY_BEAT_S)

    arrive(intake, *everybody[1:])
    intake.take(0.12, heard)
    assert intake.beat_s == BEAT_S


def test_who_talks_is_awaited(intake, hearing):
    """Time stands still for them until what is kept is heard, after the others."""
    hearing.talks = {1000 + ANA: ANA}
    heard = []
    intake.take(0.0, heard)
    assert intake.deadline == 7.0

    arrive(intake, said(ANA, 1, 0.5), said(BEA, 1, 0.5))
    intake.take(0.5, heard)
    assert [fact.user_id for fact in heard] == [BEA]
    assert hearing.awaited[-1] == {ANA}
    assert intake.deadline == math.inf

    arrive(intake, said(ANA, 2, 0.88), said(BEA, 2, 0.88))
    intake.take(0.89, heard)
    assert [fact.user_id for fact in heard[1:]] == [BEA]
    assert intake.is_behind

    intake.take(0.93, heard)
    assert not intake.is_behind
    assert [fact.user_id for fact in heard[2:]] == [ANA, ANA]
    assert hearing.awaited[-1] == set()
    assert intake.deadline == 7.0


def test_everything_is_heard_before_an_order(intake, hearing):
    """What is kept first, then what nobody has taken yet."""
    heard = hers_is_kept(intake, hearing)

    arrive(intake, said(ANA, 2, 0.51))
    intake.catch_up(0.52, heard)

    assert hearing.spoken(ANA) == [b"\xf8\x01", b"\xf8\x02"]


def test_another_stream_of_who_is_awaited(intake, hearing):
    """Who joins again goes on; what is kept of before would be late behind it."""
    heard = hers_is_kept(intake, hearing)

    intake.reception.learn(ANA, 3000, 0.6)
    arrive(intake, said(ANA, 2, 0.6, ssrc=3000), said(BEA, 3, 0.6))
    intake.take(0.6, heard)

    assert [p.ssrc for p in hearing.packets if p.user_id == ANA] == [1000 + ANA, 3000]
    assert hearing.awaited[-1] == set()


def test_a_stream_of_a_talker_becomes_another_members(intake, hearing):
    """Whoever begins in it is heard at once, and time stands still for nobody."""
    heard = hers_is_kept(intake, hearing)

    intake.catch_up(0.52, heard)
    intake.reception.learn(BEA, 1000 + ANA, 0.52)
    for number, at in ((2, 0.54), (3, 0.56)):
        arrive(intake, said(ANA, number, at))
        intake.take(at, heard)

    assert [fact.user_id for fact in heard] == [ANA, BEA, BEA]
    assert hearing.awaited[-1] == set()


def test_what_was_heard_is_kept_where_the_tick_fails(intake, hearing):
    """Facts of a beat that breaks in its middle are told all the same."""
    heard = []
    hearing.tick = lambda *_: 1 / 0
    arrive(intake, said(ANA, 1, 0.5))

    with pytest.raises(ZeroDivisionError):
        intake.take(0.5, heard)

    assert heard == [VoiceStarted(ANA, 0.5)]
