"""The delivery service, with real DAVE sessions as its members."""

from collections import deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rehearsal.sfu.delivery import TRANSITION_TIMEOUT_S, Delivery
from bot.rehearsal.sfu.errors import MlsError
from bot.rehearsal.sfu.member import DaveMember, Reply
from bot.rehearsal.sfu.opcodes import Op

CHANNEL = 927310423890473011
ANA, BEN, CARLA, DAVID = (1_000_000_000_000_000_000 + n for n in range(4))


class Room:
    """Members and their delivery service, without a network between them."""

    def __init__(self, *users):
        self.delivery = Delivery(CHANNEL)
        self.members = {}
        self.log = []
        self.deaf = set()
        self.idle = set()
        for user in users:
            self.join(user)

    def join(self, user):
        """Let somebody in."""
        self.members[user] = DaveMember(user, CHANNEL)
        self.run(self.delivery.joined(user))

    def leave(self, user):
        """Let somebody go."""
        del self.members[user]
        self.run(self.delivery.left(user))

    def run(self, messages, now=0.0):
        """Deliver messages and what they bring about; `deaf` users hear nothing."""
        queue = deque(messages)
        while queue:
            sent = queue.popleft()
            self.log.append((sent.user_id, sent.op))
            if sent.user_id in self.deaf or sent.user_id not in self.members:
                continue
            for reply in self.members[sent.user_id].receive(sent):
                queue.extend(self.answer(sent.user_id, reply, now))

    def answer(self, user, reply, now=0.0):
        """Hand a member's reply to the service; `idle` users do not commit."""
        if user in self.idle and reply.op is Op.COMMIT_WELCOME:
            return []
        match reply.op:
            case Op.KEY_PACKAGE:
                return self.delivery.offered(user, reply.body)
            case Op.COMMIT_WELCOME:
                return self.delivery.committed(user, reply.body, now)
            case Op.TRANSITION_READY:
                return self.delivery.ready(user, reply.body["transition_id"])
            case _:
                return self.delivery.invalid(user)

    def all_hear_all(self):
        """Whether everybody present decrypts everybody else."""
        for speaker, member in self.members.items():
            frame = b"\x78" + speaker.to_bytes(8, "big") * 5
            sealed = member.encrypt(frame)
            assert sealed not in (None, frame)
            for listener, other in self.members.items():
                if listener != speaker:
                    assert other.decrypt(speaker, sealed) == frame
        assert len({m.privacy_code for m in self.members.values()}) == 1
        assert set(self.delivery.members) == set(self.members)
        return True


def test_two_members_form_a_group():
    """The second to come founds the group with the first; both hear each other."""
    room = Room(ANA, BEN)

    assert room.delivery.epoch == 1
    assert room.all_hear_all()


def test_somebody_alone_has_no_group():
    """A member alone waits, without keys."""
    room = Room(ANA)

    assert room.delivery.epoch == 0
    assert room.delivery.settled
    assert room.members[ANA].encrypt(b"\x78speech") is None


def test_every_arrival_and_departure_is_an_epoch():
    """Join and leave both change the keys of everybody."""
    room = Room(ANA, BEN, CARLA)
    assert room.delivery.epoch == 2

    gone = room.members[BEN]
    room.leave(BEN)

    assert room.delivery.epoch == 3
    assert room.all_hear_all()
    secret = room.members[ANA].encrypt(b"\x78after Ben left")
    assert gone.decrypt(ANA, secret) is None


def test_whoever_comes_back_gets_a_free_place():
    """A blank leaf is filled again; a new session of the same user is welcome."""
    room = Room(ANA, BEN, CARLA)

    room.leave(ANA)
    room.join(ANA)

    assert len(room.delivery.members) == 3
    assert room.all_hear_all()


def test_the_first_commit_wins():
    """Both members commit; the second commit of the epoch is refused."""
    room = Room(ANA, BEN)

    assert room.delivery.refused == 1
    assert room.delivery.epoch == 1


def test_a_commit_that_misses_a_proposal():
    """A commit made before the newest proposal is refused, the next one is taken."""
    room = Room(ANA, BEN)
    carla, david = DaveMember(CARLA, CHANNEL), DaveMember(DAVID, CHANNEL)
    commits = {ANA: [], BEN: []}
    for newcomer in (carla, david):
        user = newcomer.user_id
        room.members[user] = newcomer
        (external,) = room.delivery.joined(user)
        (package,) = newcomer.receive(external)
        for sent in room.delivery.offered(user, package.body):
            commits[sent.user_id] += room.members[sent.user_id].receive(sent)

    early = room.delivery.committed(ANA, commits[ANA][0].body, 0.0)
    room.run(room.delivery.committed(ANA, commits[ANA][1].body, 0.0))

    assert early == []
    assert room.all_hear_all()


def test_the_last_to_stay_starts_over():
    """A sole member gets op 24 for epoch 1 and transition 0, and a fresh group."""
    room = Room(ANA, BEN)
    room.log.clear()

    room.leave(BEN)

    assert room.log[:2] == [(ANA, Op.PREPARE_EPOCH), (ANA, Op.PREPARE_TRANSITION)]
    assert room.delivery.epoch == 0
    room.join(CARLA)
    assert room.delivery.epoch == 1
    assert room.all_hear_all()


def test_somebody_leaves_before_being_let_in():
    """An Add that nobody has committed is revoked by its reference."""
    room = Room(ANA, BEN)
    room.idle = {ANA, BEN}
    room.join(CARLA)
    pending = [room.delivery.epoch, room.delivery.settled]
    room.log.clear()

    room.leave(CARLA)

    assert pending == [1, False]
    assert sorted(room.log) == [(ANA, Op.PROPOSALS), (BEN, Op.PROPOSALS)]
    assert room.delivery.settled
    room.idle = set()
    room.join(DAVID)
    assert room.all_hear_all()


def test_newcomers_found_the_group_when_all_members_leave():
    """Those who were to be added are proposed to each other instead."""
    room = Room(ANA, BEN)
    room.idle = {ANA, BEN}
    room.join(CARLA)
    room.join(DAVID)

    room.leave(ANA)
    room.leave(BEN)

    assert room.delivery.epoch == 1
    assert room.all_hear_all()


def test_a_member_that_cannot_follow_is_let_in_again():
    """Op 31 removes and adds the member; a new key package makes it whole."""
    room = Room(ANA, BEN, CARLA)
    lost = room.members[BEN] = DaveMember(BEN, CHANNEL)
    (external,) = Delivery.joined(room.delivery, BEN)

    room.run(room.answer(BEN, Reply(Op.INVALID_COMMIT_WELCOME, {"transition_id": 1})))
    for reply in lost.receive(external):
        room.run(room.answer(BEN, reply))

    assert set(room.delivery.members) == {ANA, BEN, CARLA}
    assert room.all_hear_all()


def test_keys_change_when_all_are_ready():
    """Until the last op 23 the old keys are in use, at the latest for a fixed time."""
    room = Room(ANA, BEN)
    slow = DaveMember(CARLA, CHANNEL)
    (external,) = room.delivery.joined(CARLA)
    (package,) = slow.receive(external)
    room.run(room.answer(CARLA, package))  # Carla is let in, but never says ready

    before = room.members[ANA].encrypt(b"\x78old keys")
    waiting = [room.delivery.epoch, room.delivery.settled, room.delivery.deadline()]
    room.run(room.delivery.on_deadline(TRANSITION_TIMEOUT_S), TRANSITION_TIMEOUT_S)
    after = room.members[ANA].encrypt(b"\x78new keys")

    assert waiting == [2, False, TRANSITION_TIMEOUT_S]
    assert room.delivery.settled
    assert room.members[BEN].decrypt(ANA, before) == b"\x78old keys"
    assert room.members[BEN].decrypt(ANA, after) == b"\x78new keys"


def test_downgrade_and_upgrade():
    """Version 0 means plain frames; an upgrade forms a new group of all present."""
    room = Room(ANA, BEN, CARLA)

    room.run(room.delivery.downgrade(0.0))
    plain = room.members[ANA].encrypt(b"\x78plain")
    room.run(room.delivery.upgrade())

    assert plain == b"\x78plain"
    assert room.delivery.epoch >= 1
    assert room.all_hear_all()


def test_a_key_package_of_somebody_else():
    """Nobody joins in another's name."""
    room = Room(ANA, BEN)
    stranger = DaveMember(CARLA, CHANNEL)
    (external,) = room.delivery.joined(DAVID)
    (package,) = stranger.receive(external)

    with pytest.raises(MlsError, match="another user"):
        room.delivery.offered(DAVID, package.body)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=14))
@settings(max_examples=15)
def test_any_order_of_arrivals_and_departures(toggles):
    """Whoever is present afterwards is in one group and hears all others."""
    room = Room()

    for number in toggles:
        user = ANA + number
        if user in room.members:
            room.leave(user)
        else:
            room.join(user)

    assert room.delivery.settled
    if len(room.members) > 1:
        assert room.all_hear_all()
