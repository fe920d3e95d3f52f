"""Datagrams in, attributed packets out: sealed by the voice server's own code."""

import itertools

import pytest

from bot.rehearsal.sfu import rtp
from bot.voice.dave import RECOVER_AFTER, UPGRADE_S, DaveStatus, Failure
from bot.voice.gathering import Gathering
from bot.voice.inbox import Datagram
from bot.voice.reception import Reception
from bot.voice.ssrc import WAIT_S
from bot.voice.transport import AES_GCM, cipher
from bot.voice.unsealing import REKEY_S
from bot.voice.watch import Watch
from media.heard import SILENCE, Unheard, UnheardReason, VoicePacket
from tests.benchmarks.crowd import ME, group
from tests.bot.voice.room import frames

ANA, BEA = 1, 2
KEY, OTHER_KEY = bytes(32), bytes(range(32))
OPUS = frames(20)


class Sender:
    """Seals packets as the voice server does."""

    def __init__(self, key=KEY):
        self._cipher = rtp.Aes256Gcm(key)
        self._nonce = itertools.count(1)

    def datagram(self, ssrc, sequence, frame, *, at=0.0, padding=0):
        packet = rtp.build(
            rtp.Stamp(sequence, sequence * 960, ssrc),
            frame,
            extension=rtp.level_extension(40, 1 + sequence % 3),
            padding=padding,
        )
        nonce = next(self._nonce).to_bytes(4, "big")
        sealed = self._cipher.seal(packet.header, packet.plain, nonce)
        return Datagram(packet.header + sealed + nonce, at)


class Listing(Reception):
    """A reception that lists packets one by one."""

    def receive(self, datagrams):
        return listed(super().receive(Gathering().sift(datagrams)))

    def settle(self, now):
        return listed(super().settle(now))


def listed(bursts):
    return [packet for burst in bursts for packet in burst.packets()]


def stage():
    """Return a reception on a stage that knows Ana, who consents."""
    reception = Listing(ME)
    reception.key(cipher(AES_GCM, KEY), 0.0)
    reception.learn(ANA, 10, 0.0)
    reception.consent(ANA, True)
    return reception


@pytest.fixture(scope="module")
def crowd():
    """Return our session and the members' in one group of three."""
    return group(2)


def voice(session):
    """Return a reception in an encrypted channel that knows nobody's SSRC."""
    reception = Listing(ME)
    reception.key(cipher(AES_GCM, KEY), 0.0)
    reception.status = DaveStatus(session, 1, 1)
    reception.consent(ANA, True)
    reception.consent(BEA, True)
    return reception


def test_one_packet_on_a_stage():
    """Everything that RTP said about it arrives with it."""
    packets = stage().receive([Sender().datagram(10, 7, OPUS[0], at=3.5, padding=4)])

    assert packets == [VoicePacket(ANA, 10, 7, 7 * 960, OPUS[0], -40, 3.5)]


def test_before_there_is_a_key():
    """What arrives is counted, not kept."""
    reception = Listing(ME)

    assert reception.receive([Sender().datagram(10, 1, OPUS[0])]) == []
    assert reception.ignored == {"no_key": 1}


def test_an_unknown_stream_gets_its_owner():
    """What waited comes out in order, with the times at which it arrived."""
    reception, sender = stage(), Sender()
    reception.consent(BEA, True)
    early = [sender.datagram(20, n, OPUS[n], at=n / 50) for n in range(5)]

    before = reception.receive(early) + reception.settle(0.1)
    reception.learn(BEA, 20, 0.2)
    after = reception.settle(0.2)

    assert before == []
    assert [(p.user_id, p.opus) for p in after] == [(BEA, o) for o in OPUS[:5]]
    assert [p.arrived_at for p in after] == [n / 50 for n in range(5)]


def test_an_unknown_stream_on_a_stage_stays_unknown():
    """Nobody is guessed; the packets are counted when they are given up."""
    reception = stage()
    reception.receive([Sender().datagram(20, 1, OPUS[0], at=0.0)])

    assert reception.settle(WAIT_S + 0.1) == []
    assert reception.anonymous == 1


def test_a_new_transport_key():
    """Packets in flight still open with the former one, for a while."""
    reception, old, new = stage(), Sender(KEY), Sender(OTHER_KEY)
    reception.key(cipher(AES_GCM, OTHER_KEY), 10.0)

    packets = reception.receive(
        [old.datagram(10, 1, OPUS[0], at=10.1), new.datagram(10, 2, OPUS[1], at=10.1)]
    )
    reception.settle(10.1 + REKEY_S)
    late = reception.receive([old.datagram(10, 3, OPUS[2], at=10.1 + REKEY_S)])

    assert [p.opus for p in packets] == OPUS[:2]
    assert late == []
    assert reception.ignored == {"transport": 1}


def test_another_voice_session():
    """Neither keys nor SSRCs of the former one count."""
    reception = stage()
    reception.renew()
    reception.key(cipher(AES_GCM, OTHER_KEY), 1.0)

    packets = reception.receive(
        [
            Sender(KEY).datagram(10, 1, OPUS[0], at=1.0),
            Sender(OTHER_KEY).datagram(10, 2, OPUS[1], at=1.0),
        ]
    )

    assert packets == []
    assert reception.ignored == {"transport": 1}


def test_who_left_is_heard_to_the_end():
    """Packets in flight when op 13 comes are still theirs; later ones are nobody's."""
    reception, sender = stage(), Sender()
    reception.leave(ANA, 1.0)

    packets = reception.receive([sender.datagram(10, 1, OPUS[0], at=1.1)])
    reception.settle(1.1 + WAIT_S)
    later = reception.receive([sender.datagram(10, 2, OPUS[1], at=9.0)])

    assert [p.user_id for p in packets] == [ANA]
    assert later == []


def test_frames_before_the_group_is_formed(crowd):
    """They are held, and opened when it is, in order."""
    session, members = crowd
    reception, sender = voice(session), Sender()
    reception.status = DaveStatus(None, 1, 1)
    reception.learn(ANA, 10, 0.0)
    sealed = [members[ANA].encrypt(o) for o in OPUS[:4]]

    held = reception.receive([sender.datagram(10, n, f) for n, f in enumerate(sealed)])
    reception.status = DaveStatus(session, 1, 2)
    opened = reception.settle(0.2)

    assert held == []
    assert [p.opus for p in opened] == OPUS[:4]
    assert reception.tallies[ANA].undecryptable == {}


def test_silence_comes_while_frames_wait_for_their_key(crowd):
    """It needs no key, and still overtakes nobody: order is the playout's truth."""
    session, members = crowd
    reception, sender = voice(session), Sender()
    reception.status = DaveStatus(None, 1, 1)
    reception.learn(ANA, 10, 0.0)
    frames_ = [members[ANA].encrypt(OPUS[0]), SILENCE, SILENCE]

    held = reception.receive([sender.datagram(10, n, f) for n, f in enumerate(frames_)])
    reception.status = DaveStatus(session, 1, 2)
    opened = reception.settle(0.2)

    assert held == []
    assert [p.opus for p in opened] == [OPUS[0], SILENCE, SILENCE]


def test_silence_behind_frames_whose_key_never_comes(crowd):
    """It goes on when they are given up, and is never counted as lost."""
    session, _ = crowd
    reception, sender = voice(session), Sender()
    reception.learn(ANA, 10, 0.0)
    foreign = OPUS[0] + bytes(9) + b"\x0c\xfa\xfa"

    reception.receive(
        [sender.datagram(10, 1, foreign), sender.datagram(10, 2, SILENCE)]
    )
    early = reception.settle(WAIT_S / 2)
    reception.receive([sender.datagram(10, 3, SILENCE, at=WAIT_S)])
    late = reception.settle(WAIT_S + 0.1)

    assert early == []
    assert [p.sequence for p in late] == [2, 3]
    assert reception.tallies[ANA].undecryptable == {Failure.WRONG_KEY: 1}


@pytest.mark.parametrize("frame", [OPUS[0] + bytes(9) + b"\x0c\xfa\xfa", OPUS[0]])
def test_silence_behind_a_remark_that_does_not_open(crowd, frame):
    """It opens without a key and proves none: the remark is unheard all the same."""
    session, _ = crowd
    reception, sender, watch = voice(session), Sender(), Watch()
    reception.learn(ANA, 10, 0.0)
    spoken = [frame] * RECOVER_AFTER + [SILENCE] * 5
    reception.receive(
        [sender.datagram(10, n, f, at=n / 50) for n, f in enumerate(spoken)]
    )

    told = []
    for second in range(1, 10):
        reception.settle(float(second))
        told += watch.check(float(second), reception)

    assert told == [Unheard(ANA, UnheardReason.DAVE, 0.0)]
    assert reception.recovery.due(9.0)


def test_a_duplicate_while_the_group_forms_anew(crowd):
    """What a former session opened is no failure of the present one."""
    session, members = crowd
    reception, sender = voice(session), Sender()
    reception.learn(ANA, 10, 0.0)
    frame = members[ANA].encrypt(OPUS[0])
    reception.status = DaveStatus(None, 1, 2, former=session)

    packets = reception.receive([sender.datagram(10, 1, frame) for _ in range(2)])
    packets += reception.settle(WAIT_S + 0.1)

    assert [p.opus for p in packets] == [OPUS[0]]
    assert reception.ignored["duplicate"] == 1
    assert reception.tallies[ANA].undecryptable == {}


def test_frames_whose_key_never_comes(crowd):
    """They are dropped after a while, counted by reason, and feed nobody."""
    session, _ = crowd
    reception = voice(session)
    reception.learn(ANA, 10, 0.0)
    foreign = OPUS[0] + bytes(9) + b"\x0c\xfa\xfa"

    packets = reception.receive([Sender().datagram(10, 1, foreign, at=0.0)])
    packets += reception.settle(WAIT_S + 0.1)

    assert packets == []
    assert reception.tallies[ANA].undecryptable == {Failure.WRONG_KEY: 1}


def test_frames_held_when_the_session_ends(crowd):
    """Another session has other keys: they are lost, and count as that."""
    session, _ = crowd
    reception = voice(session)
    reception.learn(ANA, 10, 0.0)
    foreign = OPUS[0] + bytes(9) + b"\x0c\xfa\xfa"
    reception.receive([Sender().datagram(10, 1, foreign, at=0.0)])

    reception.renew()

    assert reception.tallies[ANA].undecryptable == {Failure.WRONG_KEY: 1}


def test_a_member_whose_frames_fail_leaves(crowd):
    """Nobody is left to join the group anew for."""
    session, _ = crowd
    due = []
    for leaves in (False, True):
        reception, sender = voice(session), Sender()
        reception.learn(ANA, 10, 0.0)
        foreign = OPUS[0] + bytes(9) + b"\x0c\xfa\xfa"
        for number in range(RECOVER_AFTER):
            reception.receive([sender.datagram(10, number, foreign, at=0.0)])
        if leaves:
            reception.leave(ANA, 0.5)
        due.append(reception.recovery.due(1.0))

    assert due == [True, False]


def test_a_plain_frame_where_encryption_is_required(crowd):
    """It is refused at once, and counted as what it is."""
    session, _ = crowd
    reception = voice(session)
    reception.learn(ANA, 10, 0.0)

    assert reception.receive([Sender().datagram(10, 1, OPUS[0])]) == []
    assert reception.tallies[ANA].undecryptable == {Failure.UNENCRYPTED: 1}


def test_plain_frames_in_flight_when_a_channel_takes_up_dave(crowd):
    """They pass for a while, and no longer; sealed ones never pass unopened."""
    session, _ = crowd
    reception, sender = voice(session), Sender()
    reception.learn(ANA, 10, 0.0)
    reception.status = DaveStatus(session, 1, 2, upgrades=1)
    foreign = OPUS[0] + bytes(9) + b"\x0c\xfa\xfa"

    reception.settle(1.0)
    packets = reception.receive(
        [sender.datagram(10, 1, OPUS[0]), sender.datagram(10, 2, foreign)]
    )
    reception.settle(1.0 + UPGRADE_S)
    late = reception.receive([sender.datagram(10, 3, OPUS[1])])

    assert [p.opus for p in packets] == OPUS[:1]
    assert late == []


def test_a_stream_whose_owner_is_proved(crowd):
    """The oldest frame proves it; not one is lost, duplicates are told apart."""
    session, members = crowd
    reception, sender = voice(session), Sender()
    sealed = [members[BEA].encrypt(o) for o in OPUS[:5]]
    batch = [sender.datagram(20, n, f, at=0.5) for n, f in enumerate(sealed)]

    packets = reception.receive(batch) + reception.settle(0.6)
    again = reception.receive([sender.datagram(20, 2, sealed[2], at=0.7)])

    assert [(p.user_id, p.opus) for p in packets] == [(BEA, o) for o in OPUS[:5]]
    assert again == []
    assert reception.ignored == {"duplicate": 1}
    assert reception.tallies[BEA].undecryptable == {}


def test_a_false_word_on_whose_stream_it_is(crowd):
    """Where frames are encrypted, a wrong op 5 cannot put words in a mouth."""
    session, members = crowd
    reception = voice(session)
    reception.learn(ANA, 20, 0.0)

    frame = members[BEA].encrypt(OPUS[0])
    packets = reception.receive([Sender().datagram(20, 1, frame, at=0.0)])

    assert packets == []


def test_a_member_without_consent(crowd):
    """Level and time go on, the payload does not; silence stays silence."""
    session, members = crowd
    reception, sender = voice(session), Sender()
    reception.consent(ANA, False)
    reception.learn(ANA, 10, 0.0)
    frame = members[ANA].encrypt(OPUS[0])

    packets = reception.receive(
        [sender.datagram(10, 1, frame), sender.datagram(10, 2, SILENCE)]
    )

    assert [(p.opus, p.level_dbov) for p in packets] == [(b"", -40), (SILENCE, -40)]
    assert (reception.tallies[ANA].withheld, reception.tallies[ANA].opened) == (1, 1)


@pytest.mark.parametrize("named", [True, False])
def test_consent_comes_while_a_stream_has_no_name(crowd, named):
    """It holds for what comes after it, not for the second before."""
    session, members = crowd
    reception, sender = voice(session), Sender()
    reception.consent(ANA, False)
    sealed = [members[ANA].encrypt(opus) for opus in OPUS[:5]]

    reception.receive(
        [sender.datagram(10, n, f, at=n / 50) for n, f in enumerate(sealed)]
    )
    reception.consent(ANA, True, since=0.03)
    if named:
        reception.learn(ANA, 10, 0.2)
    packets = reception.settle(0.2)

    assert [packet.opus for packet in packets] == [b"", b"", *OPUS[2:5]]
    assert reception.tallies[ANA].withheld == 2


def test_one_frame_among_many_that_does_not_open(crowd):
    """Those before and after it are heard, in order; it alone is counted."""
    session, members = crowd
    reception, sender = voice(session), Sender()
    reception.learn(ANA, 10, 0.0)
    frames_ = [members[ANA].encrypt(o) for o in OPUS[:5]]
    frames_[2] = members[BEA].encrypt(OPUS[2])

    packets = reception.receive(
        [sender.datagram(10, n, f, at=n / 50) for n, f in enumerate(frames_)]
    )

    assert [p.opus for p in packets] == [*OPUS[:2], *OPUS[3:5]]
    assert [p.sequence for p in packets] == [0, 1, 3, 4]
    assert [p.arrived_at for p in packets] == [0.0, 0.02, 0.06, 0.08]
    assert (reception.tallies[ANA].opened, reception.tallies[ANA].missed) == (4, 1)
