"""The order of the queue."""

import random

import pytest

from moderation.queue import Order, Queue, Spoken, reason
from moderation.requests import QueueMode, RequestKind, Via

ANN, BOB, CHO, DAN = 1, 2, 3, 4
FIRST = Order(QueueMode.FIRST_COME, kinds_first=True)


@pytest.fixture
def queue():
    queue = Queue()
    for user_id in (ANN, BOB, CHO):
        up(queue, user_id)
    return queue


def up(queue, user_id, kind=RequestKind.NEW_TOPIC, now=0.0):
    return queue.raise_hand(user_id, kind, "", Via.CHAT, now)


def users(queue, order=FIRST, spoken=None):
    return [hand.user_id for hand in queue.ordered(order, spoken or {})]


@pytest.mark.parametrize(
    ("mode", "spoken", "expected"),
    [
        (QueueMode.FIRST_COME, {ANN: Spoken(99.0, 9)}, [ANN, BOB, CHO]),
        (QueueMode.FAIR, {ANN: Spoken(9.0), BOB: Spoken(5.0)}, [CHO, BOB, ANN]),
        (QueueMode.FAIR, {ANN: Spoken(5.0), BOB: Spoken(5.0)}, [CHO, ANN, BOB]),
        (
            QueueMode.ROUNDS,
            {ANN: Spoken(1.0, 1), CHO: Spoken(99.0, 0)},
            [BOB, CHO, ANN],
        ),
    ],
)
def test_each_mode_orders_by_its_own_measure(queue, mode, spoken, expected):
    """Ties are broken by who raised the hand first."""
    order = Order(mode, kinds_first=True)

    assert users(queue, order, spoken) == expected


def test_sides_take_turns_and_the_one_behind_goes_first(queue):
    """The side with the fewest seconds is next, then they alternate."""
    up(queue, DAN)
    spoken = {
        ANN: Spoken(30.0, 0, "for"),
        BOB: Spoken(0.0, 0, "for"),
        CHO: Spoken(10.0, 0, "against"),
        DAN: Spoken(0.0, 0, "against"),
    }

    order = Order(QueueMode.SIDES, kinds_first=False)

    assert users(queue, order, spoken) == [CHO, ANN, DAN, BOB]


def test_a_lottery_is_the_same_at_every_look_and_differs_by_seed():
    """Lowering and raising the hand again does not draw another lot."""
    queue = Queue()
    for user_id in range(20):
        up(queue, user_id)
    order = Order(QueueMode.LOTTERY, kinds_first=False, seed=1)
    drawn = users(queue, order)

    queue.drop(7)
    up(queue, 7)

    assert users(queue, order) == drawn
    assert users(queue, Order(QueueMode.LOTTERY, kinds_first=False, seed=2)) != drawn
    assert drawn != sorted(drawn)


def test_kinds_go_ahead_only_where_the_host_wants_it(queue):
    """A point of order first, then a reply, then the rest."""
    up(queue, BOB, RequestKind.REPLY)
    up(queue, CHO, RequestKind.POINT_OF_ORDER)

    assert users(queue) == [CHO, BOB, ANN]
    plain = Order(QueueMode.FIRST_COME, kinds_first=False)
    assert users(queue, plain) == [ANN, BOB, CHO]


def test_the_end_of_the_queue_is_behind_those_who_wait_now(queue):
    """Whoever comes later is behind again."""
    queue.put_last(queue.get(ANN))
    up(queue, DAN)

    assert users(queue) == [BOB, CHO, ANN, DAN]


def test_going_last_twice_keeps_the_order_of_going(queue):
    """Two who let others pass stand in the order in which they did."""
    queue.put_last(queue.get(ANN))
    queue.put_last(queue.get(BOB))

    assert users(queue) == [CHO, ANN, BOB]


@pytest.mark.parametrize(
    ("position", "expected"),
    [(1, [CHO, ANN, BOB]), (2, [ANN, CHO, BOB]), (9, [ANN, BOB, CHO])],
)
def test_a_moved_hand_stands_where_it_was_put(queue, position, expected):
    """Whatever the mode says about the others."""
    queue.move(CHO, position, queue.ordered(FIRST, {}))

    assert users(queue) == expected


def test_a_moved_hand_moves_up_when_those_before_it_are_called(queue):
    """It stays behind them only while they wait."""
    queue.move(CHO, 2, queue.ordered(FIRST, {}))
    queue.take(ANN)

    assert users(queue) == [CHO, BOB]


def test_a_hand_put_back_has_its_old_place(queue):
    """An invitation that came to nothing costs no place."""
    hand = queue.take(ANN)
    queue.put_back(hand)

    assert users(queue) == [ANN, BOB, CHO]


def test_hands_go_down_one_by_one_or_all(queue):
    """It is said whose they were."""
    assert queue.drop(BOB)
    assert not queue.drop(BOB)
    assert BOB not in queue
    assert queue.clear() == [ANN, CHO]
    assert len(queue) == 0
    assert queue.take(ANN) is None


@pytest.mark.parametrize(
    ("mode", "key"),
    [(mode, f"why.{mode.value}") for mode in QueueMode],
)
def test_each_place_has_a_reason(mode, key):
    """By the mode, unless the kind or a move decided."""
    queue = Queue()
    hand = up(queue, ANN)
    order = Order(mode, kinds_first=True)
    assert reason(hand, order, Spoken(4.0, 2, "for"))[0] == key

    point = up(queue, ANN, RequestKind.POINT_OF_ORDER)
    assert reason(point, order, Spoken())[0] == "why.point_of_order"
    queue.put_last(point)
    assert reason(queue.get(ANN), order, Spoken())[0] == "why.deferred"
    queue.move(ANN, 1, [])
    assert reason(queue.get(ANN), order, Spoken())[0] == "why.moved"


def test_fair_shows_the_seconds():
    """The reason is a figure that everybody can check."""
    order = Order(QueueMode.FAIR, kinds_first=False)

    assert reason(up(Queue(), ANN), order, Spoken(4.0)) == (
        "why.fair",
        {"spoken_s": 4.0},
    )


@pytest.mark.parametrize("seed", range(50))
def test_no_order_loses_or_doubles_anybody(seed):
    """Whatever was moved, deferred or changed, everybody stands there once."""
    rng = random.Random(seed)
    queue, waiting = Queue(), set()
    for now in range(60):
        user_id = rng.randrange(8)
        mode = rng.choice(list(QueueMode))
        order = Order(mode, kinds_first=rng.random() < 0.5, seed=seed)
        spoken = {
            u: Spoken(rng.random(), rng.randrange(3), "ab"[u % 2]) for u in waiting
        }
        step = rng.randrange(5)
        if step < 2:
            up(queue, user_id, rng.choice(list(RequestKind)), float(now))
            waiting.add(user_id)
        elif step == 2 and user_id in waiting:
            queue.put_last(queue.get(user_id))
        elif step == 3 and user_id in waiting:
            queue.move(user_id, rng.randint(1, 6), queue.ordered(order, spoken))
        elif user_id in waiting:
            queue.take(user_id)
            waiting.remove(user_id)

        assert sorted(users(queue, order, spoken)) == sorted(waiting)


def test_who_went_to_the_end_stays_behind_nobody_who_asks_again(queue):
    """Bob was called, spoke and asks again: Ann is before him."""
    queue.put_last(queue.get(ANN))
    queue.drop(BOB)
    queue.drop(CHO)
    up(queue, BOB)

    assert users(queue) == [ANN, BOB]
