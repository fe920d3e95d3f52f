"""The DAVE delivery service of one channel: what is sent to whom, in which order.

Rule 1: it knows who is present, the group's public state, and no secret.
Rule 2: nothing is sent here. Every method returns what is to be sent, in order.
Rule 3: all members switch keys together: each reports ready for a transition (op 23),
then the transition is executed (op 22), at the latest after a fixed time.

The words are those of the DAVE protocol and RFC 9420 (MLS).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from bot.rehearsal.sfu.errors import MlsError
from bot.rehearsal.sfu.group import Group
from bot.rehearsal.sfu.mls import (
    ExternalSender,
    KeyPackage,
    narrow_welcome,
    read_commit,
    read_key_package,
    vector,
)
from bot.rehearsal.sfu.opcodes import Op

APPEND, REVOKE = b"\x00", b"\x01"
TRANSITION_TIMEOUT_S = 3.0  # a client that never reports ready does not hold up all
AT_ONCE = 0  # the transition id that no client answers

Body = bytes | Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to one member."""

    user_id: int
    op: Op
    body: Body
    """Bytes after the opcode for 25 to 30, the JSON object ``d`` for the others."""


@dataclass(slots=True)
class _Transition:
    """Members getting ready to switch keys together."""

    members: tuple[int, ...]
    waiting: set[int]
    ends_at: float
    """Seconds on the caller's clock."""


class Delivery:
    """Keeps one channel's MLS group agreed among its members."""

    def __init__(self, channel_id: int, sender: ExternalSender | None = None) -> None:
        self.channel_id = channel_id
        self.version = 1
        self.refused = 0
        self._sender = sender or ExternalSender()
        self._group = Group(channel_id, self._sender)
        self._present: dict[int, None] = {}  # in order of arrival
        self._pending: dict[int, KeyPackage] = {}  # offered, not in the group yet
        self._transitions: dict[int, _Transition] = {}
        self._last_transition = 0

    @property
    def epoch(self) -> int:
        """The group's epoch; 0 while there is no group."""
        return self._group.epoch

    @property
    def members(self) -> list[int]:
        """Members of the group of this epoch, in leaf order."""
        return self._group.members

    @property
    def present(self) -> Set[int]:
        """Everybody who speaks DAVE here, in the group or not yet."""
        return self._present.keys()

    @property
    def settled(self) -> bool:
        """Whether no transition is under way and nobody waits to get in."""
        if self._transitions:
            return False
        alone = self.version == 0 or len(self._present) <= 1
        return alone or (
            self._present.keys() == set(self.members) and not self._group.outstanding
        )

    def joined(self, user_id: int) -> list[Sent]:
        """Welcome a client that speaks DAVE: it learns the external sender."""
        self._present[user_id] = None
        if self.version == 0:
            return []
        return [Sent(user_id, Op.EXTERNAL_SENDER, self._sender.package)]

    def offered(self, user_id: int, raw: bytes) -> list[Sent]:
        """Take a key package (op 26) and propose its owner to the others.

        Raises MlsError if the package is unreadable or somebody else's.
        """
        package = read_key_package(raw)
        if package.user_id != user_id:
            raise MlsError("the key package is another user's")
        if user_id not in self._present or self.version == 0:
            return []
        sent = self._withdraw(user_id)
        self._pending[user_id] = package
        return sent + self._propose_add(package)

    def committed(self, user_id: int, blob: bytes, now: float) -> list[Sent]:
        """Take a commit (op 28); announce it if it is the epoch's first valid one.

        Raises MlsError if the bytes are no commit.
        """
        commit, welcome = read_commit(blob)
        if self.version == 0 or not self._group.wins(user_id, commit):
            self.refused += 1
            return []
        added = self._group.apply(user_id, commit)
        welcomes = {p.user_id: narrow_welcome(welcome, p.reference) for p in added}
        self._pending.clear()
        number = self._begin(self.members, now)
        prefix = number.to_bytes(2, "big")
        return [
            # A member that gets the welcome must not get the commit: it knows nothing
            # of the epoch that the commit ends.
            Sent(member, Op.WELCOME, prefix + welcomes[member])
            if member in welcomes
            else Sent(member, Op.ANNOUNCE_COMMIT, prefix + commit.raw)
            for member in self.members
        ]

    def ready(self, user_id: int, transition: int) -> list[Sent]:
        """Note that a member can switch (op 23); the last one lets all switch."""
        under_way = self._transitions.get(transition)
        if under_way is None:
            return []
        under_way.waiting.discard(user_id)
        return self._execute_ready()

    def invalid(self, user_id: int) -> list[Sent]:
        """Take out a member that could not follow (op 31); its new package follows."""
        for transition in self._transitions.values():
            transition.waiting.discard(user_id)
        return self._withdraw(user_id) + self._execute_ready()

    def left(self, user_id: int) -> list[Sent]:
        """Remove a member; one who stays alone starts over with a fresh group."""
        if user_id not in self._present:
            return []
        del self._present[user_id]
        for transition in self._transitions.values():
            transition.waiting.discard(user_id)
        staying = [user for user in self._reachable() if user != user_id]
        if self.epoch and len(staying) + len(self._pending_adds()) <= 1:
            return self._start_over()
        if self.epoch and not staying:
            return self._propose_pending_again()
        return self._withdraw(user_id) + self._execute_ready()

    def downgrade(self, now: float) -> list[Sent]:
        """Prepare the switch to transport encryption alone (op 21, version 0)."""
        self.version = 0
        self._forget_group()
        number = self._begin(self._present, now)
        body = {"protocol_version": 0, "transition_id": number}
        return [Sent(user, Op.PREPARE_TRANSITION, body) for user in self._present]

    def upgrade(self) -> list[Sent]:
        """Prepare a new group of everybody present (op 24, epoch 1; op 25)."""
        self.version = 1
        return self._start_over()

    def deadline(self) -> float | None:
        """When to call ``on_deadline``, or None if nothing is under way."""
        return min((t.ends_at for t in self._transitions.values()), default=None)

    def on_deadline(self, now: float) -> list[Sent]:
        """Let all switch without those who have not reported ready in time."""
        for transition in self._transitions.values():
            if transition.ends_at <= now:
                transition.waiting.clear()
        return self._execute_ready()

    def _reachable(self) -> list[int]:
        """Members who can still commit."""
        going = self._group.going
        return [u for u in self.members if u in self._present and u not in going]

    def _pending_adds(self) -> list[KeyPackage]:
        return [p for user, p in self._pending.items() if user in self._present]

    def _audience(self) -> list[int]:
        """Who gets proposals: the members, or before the first commit the pending."""
        return self._reachable() if self.epoch else list(self._pending)

    def _propose_add(self, package: KeyPackage) -> list[Sent]:
        newcomer = package.user_id
        earlier = [o.proposal.message for o in self._group.outstanding.values()]
        proposal = self._group.propose_add(package)
        sent = []
        if self.epoch == 0 and earlier:
            body = APPEND + vector(b"".join(earlier))
            sent.append(Sent(newcomer, Op.PROPOSALS, body))
        others = (user for user in self._audience() if user != newcomer)
        return sent + _to_all(others, APPEND + vector(proposal.message))

    def _withdraw(self, user_id: int) -> list[Sent]:
        """Undo a user's membership: revoke its Add, or propose its Remove."""
        sent: list[Sent] = []
        self._pending.pop(user_id, None)
        others = [user for user in self._audience() if user != user_id]
        for reference in self._group.revoke_adds(user_id):
            sent += _to_all(others, REVOKE + vector(vector(reference)))
        if user_id in self.members and user_id not in self._group.going:
            proposal = self._group.propose_remove(user_id)
            sent += _to_all(others, APPEND + vector(proposal.message))
        return sent

    def _begin(self, members: Iterable[int], now: float) -> int:
        self._last_transition = self._last_transition % 0xFFFF + 1
        going = tuple(members)
        self._transitions[self._last_transition] = _Transition(
            going, set(going), now + TRANSITION_TIMEOUT_S
        )
        return self._last_transition

    def _execute_ready(self) -> list[Sent]:
        sent: list[Sent] = []
        for number, transition in list(self._transitions.items()):
            if not transition.waiting:
                del self._transitions[number]
                sent += [
                    Sent(user, Op.EXECUTE_TRANSITION, {"transition_id": number})
                    for user in transition.members
                    if user in self._present
                ]
        return sent

    def _forget_group(self) -> None:
        self._group.clear()
        self._pending.clear()
        self._transitions.clear()

    def _start_over(self) -> list[Sent]:
        """Ask everybody present for a key package for a new group."""
        self._forget_group()
        sent: list[Sent] = []
        for user in self._present:
            epoch = {"protocol_version": self.version, "epoch": 1}
            at_once = {"protocol_version": self.version, "transition_id": AT_ONCE}
            sent += [
                Sent(user, Op.PREPARE_EPOCH, epoch),
                Sent(user, Op.PREPARE_TRANSITION, at_once),
                # After the new epoch: a session in a group takes no external sender.
                Sent(user, Op.EXTERNAL_SENDER, self._sender.package),
            ]
        return sent

    def _propose_pending_again(self) -> list[Sent]:
        """Let newcomers found the group: its last member left without adding them."""
        pending = self._pending_adds()
        self._forget_group()
        sent: list[Sent] = []
        for package in pending:
            self._pending[package.user_id] = package
            sent += self._propose_add(package)
        return sent


def _to_all(users: Iterable[int], body: bytes) -> list[Sent]:
    return [Sent(user, Op.PROPOSALS, body) for user in users]
