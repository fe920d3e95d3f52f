"""Figures of talk on small rooms whose truth can be read off the page."""

import random
import time

import pytest

from media.intervals import seconds, union
from moderation.roles import Role
from moderation.talktime.figures import Interruption, figures
from moderation.talktime.ledger import TalkLedger

ANA, BEN, CHO = 1, 2, 3


def room(**talk):
    """Fill a ledger from lists of intervals, by name."""
    ids = {"ana": ANA, "ben": BEN, "cho": CHO}
    ledger = TalkLedger()
    for name, times in talk.items():
        ledger.heard(ids[name], times)
    return ledger


def of(user_id, ledger, until=60.0):
    return next(s for s in figures(ledger, until).speakers if s.user_id == user_id)


def test_who_talked_most_comes_first():
    """Seconds and shares are in order, and shares add up to one."""
    counted = figures(room(ana=[(0, 5)], ben=[(5, 20)]), 60.0)

    assert [(s.user_id, s.seconds, s.share) for s in counted.speakers] == [
        (BEN, 15.0, 0.75),
        (ANA, 5.0, 0.25),
    ]


def test_a_breath_does_not_end_a_turn():
    """Pauses of up to two seconds are inside a turn, longer ones end it."""
    ana = of(ANA, room(ana=[(0, 5), (6.5, 10), (15, 18)]))

    assert ana.turns == ((0, 10), (15, 18))
    assert ana.longest_turn == (0, 10)
    assert ana.longest_turn_s == 10.0
    assert ana.seconds == 11.5


def test_another_sentence_in_the_pause_ends_the_turn():
    """Who answers takes the turn, however short the pause."""
    ledger = room(ana=[(0, 5), (6.5, 10)], ben=[(5.2, 6.4)])

    assert of(ANA, ledger).turns == ((0, 5), (6.5, 10))


def test_a_yes_is_no_turn_and_ends_none():
    """Back-channels count as talk and not as turns."""
    ledger = room(ana=[(0, 5), (6, 10)], ben=[(5.2, 5.6)])

    assert of(BEN, ledger).turns == ()
    assert of(BEN, ledger).longest_turn_s == 0.0
    assert of(BEN, ledger).seconds == pytest.approx(0.4)
    assert of(ANA, ledger).turns == ((0, 10),)


INTERRUPTIONS = [
    ([(0, 10)], [(9, 15)], [Interruption(BEN, ANA, 9, 10)]),
    ([(0, 10)], [(9.8, 15)], []),
    ([(0, 10)], [(8, 9.5)], []),
    ([(0, 10)], [(10, 15)], []),
    ([(0, 10)], [(9.5, 9.9)], []),
]


@pytest.mark.parametrize(("ana", "ben", "expected"), INTERRUPTIONS)
def test_an_interruption_begins_inside_and_outlasts(ana, ben, expected):
    """Cutting in, coming a little early, talking along and answering differ."""
    ledger = room(ana=ana, ben=ben)

    assert list(of(BEN, ledger).interruptions) == expected
    assert list(of(ANA, ledger).interrupted) == expected


def test_double_talk_and_silence_have_their_intervals():
    """Where two talk and where nobody does is told, not only how long."""
    ledger = room(ana=[(0, 10)], ben=[(8, 12), (20, 25)], cho=[(9, 11)])

    counted = figures(ledger, 30.0)

    assert counted.double_talk == ((8, 11),)
    assert counted.mutual_silence == ((12, 20), (25, 30))
    assert of(ANA, ledger, 30.0).double_talk == ((8, 10),)


def test_talk_and_silence_fill_the_space():
    """No second is missing and none is counted twice."""
    counted = figures(room(ana=[(0, 10)], ben=[(5, 30)]), 60.0)
    talk = union(*(speaker.talk for speaker in counted.speakers))

    assert seconds(talk) + seconds(counted.mutual_silence) == 60.0


def test_talk_is_split_by_role():
    """What somebody said as a speaker and as a listener is told apart."""
    ledger = room(ana=[(5, 15)], ben=[(20, 24)])
    ledger.assign(ANA, Role.SPEAKER, 10.0)
    ledger.assign(BEN, Role.HOST, 0.0)

    counted = figures(ledger, 60.0)

    assert of(ANA, ledger).by_role == {
        Role.LISTENER: ((5.0, 10.0),),
        Role.SPEAKER: ((10.0, 15.0),),
    }
    assert counted.by_role == {
        Role.LISTENER: 5.0,
        Role.SPEAKER: 5.0,
        Role.HOST: 4.0,
    }


def test_only_what_lies_before_the_moment_counts():
    """Figures of a moment do not know the future."""
    assert figures(room(ana=[(0, 10)]), 4.0).speakers[0].seconds == 4.0


def test_an_empty_space_is_all_silence():
    """Nobody talked: no speakers, no double talk, and no division by zero."""
    counted = figures(TalkLedger(), 10.0)

    assert counted.speakers == ()
    assert counted.mutual_silence == ((0.0, 10.0),)


def test_hours_of_talk_are_counted_in_no_time():
    """Three hours of a full floor, many pauses in it: seconds at most, not minutes."""
    rng, at, ledger = random.Random(5), 0.0, TalkLedger()
    while at < 3 * 3600:
        user_id = rng.randrange(24)
        for _ in range(rng.randint(1, 8)):
            length = rng.uniform(0.4, 3.0)
            ledger.heard(user_id, [(at, at + length)])
            at += length + rng.uniform(0.21, 0.7)

    began = time.process_time()
    counted = figures(ledger, at)

    assert time.process_time() - began < 3.0
    assert len(counted.speakers) == 24
