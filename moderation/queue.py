"""The queue: hands that are up, in the order in which they will be called.

Rule 1: a hand leaves the queue only by ``take`` (called) or ``drop`` (lowered); no
change of mode, kind or place loses one.
Rule 2: the order is a function of the hands, the mode and what everybody has spoken,
so it is the same after a replay, and each place has a reason that can be shown.
Rule 3: who was moved or went to the end stays behind those who stood before them at
that moment, and behind nobody who comes later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from moderation.draw import draw
from moderation.requests import QueueMode, RequestKind, Via


@dataclass(frozen=True, slots=True)
class Hand:
    """A floor request: somebody wants to speak."""

    user_id: int
    since: float
    """Unix seconds when it went up."""

    number: int
    """Counts the hands of the Space: names this one, and breaks ties."""

    kind: RequestKind = RequestKind.NEW_TOPIC
    note: str = ""
    via: Via = Via.BUTTON

    rest_until: float = 0.0
    """Unix seconds before which the queue does not call it by itself again."""

    missed: int = 0
    """Invitations that nobody answered."""

    moved: int = 0
    """Counts manual moves of the Space; 0 for never moved."""

    first: bool = False
    """Moved by the host: only ``after`` counts, not the mode."""

    after: frozenset[int] = frozenset()
    """Numbers of the hands that this one stays behind while they are up."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the order depends on, of one member."""

    seconds: float = 0.0
    turns: int = 0
    side: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """How to order hands."""

    mode: QueueMode
    kinds_first: bool
    """Points of order and replies go ahead."""

    seed: int = 0


_TIERS = {RequestKind.POINT_OF_ORDER: 0, RequestKind.REPLY: 1}
_NOBODY = Spoken()


@dataclass(slots=True)
class Queue:
    """The hands of one Space."""

    _hands: dict[int, Hand] = field(default_factory=dict)
    _count: int = 0
    _moves: int = 0

    def __len__(self) -> int:
        """Count the hands."""
        return len(self._hands)

    def __contains__(self, user_id: object) -> bool:
        """Say whether a member's hand is up."""
        return user_id in self._hands

    def get(self, user_id: int) -> Hand | None:
        """Return a member's hand, if it is up."""
        return self._hands.get(user_id)

    def raise_hand(
        self, user_id: int, kind: RequestKind, note: str, via: Via, now: float
    ) -> Hand:
        """Put a hand up, or change kind and note of one that is up."""
        hand = self._hands.get(user_id)
        if hand is None:
            hand = Hand(user_id, now, self.next_number(), kind, note, via)
        else:
            hand = replace(hand, kind=kind, note=note)
        self._hands[user_id] = hand
        return hand

    def next_number(self) -> int:
        """Return the number of a new hand, in the queue or beside a seat."""
        self._count += 1
        return self._count

    def put_back(self, hand: Hand) -> None:
        """Put a hand up that was taken, at its old place."""
        self._hands[hand.user_id] = hand

    def put_last(self, hand: Hand) -> None:
        """Put a hand up, or move it, behind everybody who waits now."""
        self._moves += 1
        others = frozenset(
            other.number
            for user_id, other in self._hands.items()
            if user_id != hand.user_id
        )
        self._hands[hand.user_id] = replace(
            hand, moved=self._moves, first=False, after=others
        )

    def move(self, user_id: int, position: int, order: Sequence[Hand]) -> None:
        """Put a hand at ``position`` (1 is next) of the ``order`` shown now."""
        self._moves += 1
        others = [hand.number for hand in order if hand.user_id != user_id]
        self._hands[user_id] = replace(
            self._hands[user_id],
            moved=self._moves,
            first=True,
            after=frozenset(others[: max(0, position - 1)]),
        )

    def take(self, user_id: int) -> Hand | None:
        """Take a hand out, for an invitation."""
        return self._hands.pop(user_id, None)

    def drop(self, user_id: int) -> bool:
        """Lower a hand; say whether it was up."""
        return self._hands.pop(user_id, None) is not None

    def clear(self) -> list[int]:
        """Lower all hands; return whose they were."""
        users = list(self._hands)
        self._hands.clear()
        return users

    def users(self) -> list[int]:
        """Return whose hands are up, in no order."""
        return list(self._hands)

    def ordered(self, order: Order, spoken: Mapping[int, Spoken]) -> list[Hand]:
        """Return the hands, next first."""
        hands = list(self._hands.values())
        if order.mode is QueueMode.SIDES:
            ranks = _by_sides(hands, spoken)
        else:
            ranks = {hand.user_id: _rank(hand, order, spoken) for hand in hands}
        keys = {hand.user_id: _key(hand, order, ranks) for hand in hands}
        hands.sort(key=lambda hand: keys[hand.user_id])
        if not any(hand.moved for hand in hands):
            return hands
        return _with_moves(hands, keys)


def reason(
    hand: Hand, order: Order, spoken: Spoken
) -> tuple[str, dict[str, float | str]]:
    """Return why a hand stands where it stands: a text key and its parameters.

    ``spoken`` is the member's, or in a debate that of the member's whole side.
    """
    if hand.moved:
        return ("why.moved" if hand.first else "why.deferred"), {}
    if order.kinds_first and hand.kind in _TIERS:
        return f"why.{hand.kind.value}", {}
    match order.mode:
        case QueueMode.FAIR:
            return "why.fair", {"spoken_s": spoken.seconds}
        case QueueMode.ROUNDS:
            return "why.rounds", {"n": spoken.turns}
        case QueueMode.SIDES if not spoken.side:
            return "why.no_side", {}
        case QueueMode.SIDES:
            return "why.sides", {"spoken_s": spoken.seconds, "side": spoken.side}
        case QueueMode.LOTTERY:
            return "why.lottery", {}
        case QueueMode.FIRST_COME:
            return "why.first_come", {"since_at": hand.since}


_Key = tuple[int, float, int]


def _key(hand: Hand, order: Order, ranks: Mapping[int, float]) -> _Key:
    if hand.first:
        return -1, 0.0, hand.number
    tier = _TIERS.get(hand.kind, 2) if order.kinds_first else 2
    return tier, ranks[hand.user_id], hand.number


def _rank(hand: Hand, order: Order, spoken: Mapping[int, Spoken]) -> float:
    said = spoken.get(hand.user_id, _NOBODY)
    match order.mode:
        case QueueMode.FAIR:
            return said.seconds
        case QueueMode.ROUNDS:
            return said.turns
        case QueueMode.LOTTERY:
            return draw(order.seed, hand.user_id, said.turns)
        case QueueMode.FIRST_COME | QueueMode.SIDES:
            return 0.0


TURN_OF_A_SIDE_S = 60.0
"""What a side is taken to speak with each of its hands that is placed, in seconds."""


def of_sides(spoken: Mapping[int, Spoken]) -> dict[str, float]:
    """Return the seconds that each side has spoken, all its members together."""
    seconds: dict[str, float] = {}
    for said in spoken.values():
        seconds[said.side] = seconds.get(said.side, 0.0) + said.seconds
    return seconds


def _by_sides(hands: list[Hand], spoken: Mapping[int, Spoken]) -> dict[int, float]:
    """Rank hands so that the side that has spoken least is always next."""
    seconds = of_sides(spoken)
    waiting: dict[str, list[Hand]] = {}
    for hand in sorted(hands, key=lambda hand: hand.number):
        side = spoken.get(hand.user_id, _NOBODY).side
        waiting.setdefault(side, []).append(hand)
    ranks: dict[int, float] = {}
    while waiting:
        side = min(waiting, key=lambda name: (seconds.get(name, 0.0), name))
        ranks[waiting[side].pop(0).user_id] = len(ranks)
        seconds[side] = seconds.get(side, 0.0) + TURN_OF_A_SIDE_S
        if not waiting[side]:
            del waiting[side]
    return ranks


def _with_moves(hands: list[Hand], keys: Mapping[int, _Key]) -> list[Hand]:
    """Put the moved hands where they were moved to, oldest move first."""
    order = [hand for hand in hands if not hand.moved]
    moved = (hand for hand in hands if hand.moved)
    for hand in sorted(moved, key=lambda hand: hand.moved):
        place = 0
        for index, other in enumerate(order):
            if other.number in hand.after or (
                not hand.first and keys[other.user_id] < keys[hand.user_id]
            ):
                place = index + 1
        order.insert(place, hand)
    return order
