"""The ledger of talk: what counts, whatever the order of the facts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.intervals import PAUSE_S, joined, seconds, subtraction
from moderation.roles import Role
from moderation.talktime.ledger import Stretches, TalkLedger

ANA, BEN = 1, 2

spurts = st.lists(
    st.tuples(
        st.sampled_from([ANA, BEN]),
        st.integers(0, 100),
        st.integers(1, 20),
    ).map(lambda spurt: (spurt[0], spurt[1] / 2, (spurt[1] + spurt[2]) / 2)),
    max_size=20,
)


@pytest.fixture
def ledger():
    return TalkLedger()


def test_talk_is_counted_per_speaker(ledger):
    """Seconds and shares are each speaker's own."""
    ledger.heard(ANA, [(0.0, 3.0)])
    ledger.heard(BEN, [(3.0, 4.0)])

    assert ledger.seconds(10.0) == {ANA: 3.0, BEN: 1.0}
    assert ledger.shares(10.0) == {ANA: 0.75, BEN: 0.25}


def test_nobody_has_a_share_of_silence(ledger):
    """Before any talk there is nothing to share."""
    assert ledger.shares(10.0) == {}


def test_somebody_talking_now_already_counts(ledger):
    """The live figure does not wait for the end of a sentence."""
    ledger.began(ANA, 10.0)

    assert ledger.seconds(25.0) == {ANA: 15.0}

    ledger.heard(ANA, [(10.0, 26.0)])

    assert ledger.seconds(60.0) == {ANA: 16.0}


def test_short_pauses_between_spurts_are_talk(ledger):
    """The convention of 0.2 s holds across spurts too."""
    ledger.heard(ANA, [(0.0, 1.0)])
    ledger.heard(ANA, [(1.0 + PAUSE_S, 2.0)])
    ledger.heard(ANA, [(2.5, 3.0)])

    assert ledger.talk(9.0)[ANA] == ((0.0, 2.0), (2.5, 3.0))
    assert ledger.seconds(9.0)[ANA] == pytest.approx(2.5)


def test_muted_talk_never_counts(ledger):
    """What comes from a muted or suppressed member is not talk."""
    ledger.silence(ANA, 5.0)
    ledger.heard(ANA, [(4.0, 8.0)])
    ledger.allow(ANA, 10.0)
    ledger.heard(ANA, [(9.0, 12.0)])

    assert ledger.talk(20.0)[ANA] == ((4.0, 5.0), (10.0, 12.0))


def test_a_mute_that_is_told_late_takes_talk_back(ledger):
    """The order in which facts arrive does not change what counts."""
    ledger.heard(ANA, [(0.0, 2.0), (4.0, 8.0)])
    ledger.silence(ANA, 5.0)

    assert ledger.talk(20.0)[ANA] == ((0.0, 2.0), (4.0, 5.0))
    assert ledger.seconds(20.0) == {ANA: 3.0}


def test_who_said_nothing_that_counts_has_not_talked(ledger):
    """A mute that takes everything back leaves no speaker with nothing."""
    ledger.heard(ANA, [(6.0, 8.0)])
    ledger.silence(ANA, 5.0)

    assert ledger.talk(20.0) == ledger.seconds(20.0) == {}


def test_packets_of_the_muted_count_at_no_moment(ledger):
    """Whoever is muted may go on sending: the live figure does not move."""
    ledger.silence(ANA, 5.0)
    ledger.began(ANA, 6.0)

    assert ledger.seconds(20.0) == {}
    assert ledger.talk(20.0) == {}
    assert ledger.shares(20.0) == {}

    assert ledger.heard(ANA, [(6.0, 21.0)]) == ()
    assert ledger.seconds(30.0) == {}


def test_an_open_spurt_counts_up_to_the_mute(ledger):
    """Also where the sound goes on, and again from the moment it is lifted."""
    ledger.began(ANA, 2.0)
    ledger.silence(ANA, 5.0)

    assert ledger.seconds(20.0) == {ANA: 3.0}
    assert ledger.talk(20.0) == {ANA: ((2.0, 5.0),)}

    ledger.allow(ANA, 20.0)

    assert ledger.seconds(22.0) == {ANA: 5.0}
    assert ledger.heard(ANA, [(2.0, 23.0)]) == ((2.0, 5.0), (20.0, 23.0))


def test_joining_again_goes_on_where_it_was(ledger):
    """A person is a user id: leaving and coming back loses nothing."""
    ledger.listen(ANA, 0.0)
    ledger.heard(ANA, [(1.0, 3.0)])
    ledger.stop_listening(ANA, 10.0)
    ledger.listen(ANA, 20.0)
    ledger.heard(ANA, [(21.0, 22.0)])

    assert ledger.seconds(30.0) == {ANA: 3.0}
    assert ledger.listening(30.0)[ANA] == ((0.0, 10.0), (20.0, 30.0))


def test_the_deafened_do_not_listen(ledger):
    """Present is not listening."""
    ledger.listen(BEN, 0.0)
    ledger.stop_listening(BEN, 4.0)

    assert seconds(ledger.listening(60.0)[BEN]) == 4.0


def test_roles_hold_until_the_next(ledger):
    """A listener who is called and stands down again was three things."""
    ledger.assign(ANA, Role.SPEAKER, 10.0)
    ledger.assign(ANA, Role.LISTENER, 20.0)

    assert ledger.roles(ANA, 30.0) == {
        Role.LISTENER: ((0.0, 10.0), (20.0, 30.0)),
        Role.SPEAKER: ((10.0, 20.0),),
    }


def test_a_copy_knows_nothing_of_what_comes_later(ledger):
    """Another thread counts in it while the room goes on."""
    ledger.heard(ANA, [(0.0, 1.0)])
    ledger.began(BEN, 2.0)
    ledger.listen(ANA, 0.0)
    ledger.silence(BEN, 5.0)
    ledger.assign(ANA, Role.HOST, 0.0)
    copy = ledger.copy()
    before = looks(copy)

    ledger.heard(ANA, [(1.1, 3.0)])
    ledger.heard(BEN, [(2.0, 4.0)])
    ledger.stop_listening(ANA, 6.0)
    ledger.allow(BEN, 6.0)
    ledger.assign(ANA, Role.LISTENER, 3.0)

    assert looks(copy) == before
    assert looks(ledger) != before


def looks(ledger):
    """Return everything that can be asked of a ledger at its ninth second."""
    return (
        ledger.talk(9.0),
        ledger.seconds(9.0),
        ledger.listening(9.0),
        ledger.roles(ANA, 9.0),
    )


@given(spurts)
def test_replay_from_rows_gives_the_same_ledger(rows):
    """After a restart the figures are those of before, rows in any order."""
    live = TalkLedger()
    for user_id, start, end in sorted(rows, key=lambda row: row[1]):
        live.heard(user_id, [(start, end)])

    again = TalkLedger.replayed(reversed(rows))

    assert again.talk(99.0) == live.talk(99.0)
    assert again.seconds(99.0) == pytest.approx(live.seconds(99.0))


@given(spurts, st.integers(0, 60), st.integers(0, 60))
def test_running_seconds_are_those_of_the_intervals(rows, mute, unmute):
    """The fast count and the intervals behind it never disagree."""
    ledger = TalkLedger()
    for n, (user_id, start, end) in enumerate(rows):
        ledger.heard(user_id, [(start, end)])
        if n == len(rows) // 2:
            ledger.silence(ANA, float(mute))
            ledger.allow(ANA, float(max(mute, unmute)))

    talk = ledger.talk(99.0)

    for user_id, total in ledger.seconds(99.0).items():
        assert total == pytest.approx(seconds(talk[user_id]))
        assert talk[user_id] == joined(talk[user_id])


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 50)), max_size=10).map(
        lambda changes: sorted(changes, key=lambda change: change[1])
    )
)
def test_stretches_hold_between_begin_and_end(changes):
    """Beginning twice is beginning once; ending what does not hold is nothing."""
    stretches, model, since = Stretches(), [], None
    for on, at in changes:
        if on:
            stretches.begin(at)
            since = at if since is None else since
        else:
            stretches.end(at)
            if since is not None:
                model.append((since, at))
            since = None
    if since is not None:
        model.append((since, 60))

    assert seconds(stretches.until(60)) == seconds(model)
    assert subtraction(stretches.until(60), model) == ()
