"""How long sound is kept, whatever changes meanwhile."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.retention import DAY_S, Sound, doubt, expires_at, wants_notice

ENDED = 1_800_000_000.0

times = st.floats(0, 4e9)
days = st.floats(0.01, 365)
sounds = st.builds(
    Sound, times, st.none() | days, st.none() | st.floats(0, 4e9 + 366 * DAY_S)
)


@pytest.mark.parametrize(
    ("promised", "now_set", "kept"),
    [(30, 30, 30), (30, 7, 7), (30, 90, 30), (None, 30, 30)],
)
def test_time_runs_from_the_end_of_the_space(promised, now_set, kept):
    """Shortened it is sooner; made longer it is as it was promised."""
    at = expires_at(Sound(ENDED, promised), now_set, ENDED + 60)

    assert at == ENDED + kept * DAY_S


def test_what_was_noted_is_not_put_off():
    """Also where no promise was noted, as before there was one."""
    sound = Sound(ENDED, None, ENDED + 10 * DAY_S)

    assert expires_at(sound, 30, ENDED) == ENDED + 10 * DAY_S


def test_end_in_the_future_keeps_nothing_for_years():
    """A clock was wrong when the Space ended, and has been set back since."""
    sound = Sound(ENDED + 3650 * DAY_S)

    assert expires_at(sound, 30, ENDED) == ENDED + 30 * DAY_S


@given(sounds, days, days, times)
def test_nothing_ever_puts_an_end_off(sound, keep_days, later, now):
    """No setting, promise or clock makes it later than noted, promised or set."""
    at = expires_at(sound, keep_days, now)

    if sound.expires_at is not None:
        assert at <= sound.expires_at
    promised = keep_days if sound.promised_days is None else sound.promised_days
    assert at <= sound.ended_at + promised * DAY_S
    assert at <= now + keep_days * DAY_S
    noted = replace(sound, expires_at=at)
    assert expires_at(noted, later, now) <= at


@given(sounds, days, st.lists(times, min_size=1, max_size=5))
def test_looking_again_changes_nothing_while_the_clock_goes_on(sound, keep_days, looks):
    """What was noted at the first look stays, however often somebody looks."""
    first, *later = sorted(looks)
    at = expires_at(sound, keep_days, first)
    noted = replace(sound, expires_at=at)

    assert {expires_at(noted, keep_days, now) for now in [first, *later]} == {at}


@pytest.mark.parametrize(
    ("left_days", "remind_days", "wanted"),
    [
        (3.01, 3, False),
        (3.0, 3, True),
        (0.01, 3, True),
        (0.0, 3, False),
        (-1.0, 3, False),
        (1.0, 0, False),
        (1.0, 30, True),
    ],
)
def test_host_is_told_in_time_and_not_afterwards(left_days, remind_days, wanted):
    """With 0 days nobody is told, and of what is over there is nothing to save."""
    at = ENDED + 30 * DAY_S

    assert wants_notice(at, remind_days, at - left_days * DAY_S) is wanted


@pytest.mark.parametrize(
    ("newest", "theirs", "says"),
    [
        (ENDED - 60, None, ""),
        (ENDED - 7 * DAY_S, None, ""),
        (None, None, ""),
        (ENDED + 99 * DAY_S, None, ""),  # set back since: it keeps nothing for longer
        (ENDED - 8 * DAY_S, None, "the record is 8 days old"),
        (ENDED - 400 * DAY_S, ENDED - 60, ""),
        (ENDED - 400 * DAY_S, ENDED + DAY_S, ""),
        (ENDED - 60, ENDED - 365 * DAY_S, "365 days ahead of Discord's"),
        (ENDED - 60, ENDED + 40 * DAY_S, "40 days behind Discord's"),
    ],
)
def test_a_clock_is_doubted_by_what_else_is_known(newest, theirs, says):
    """Discord decides; before it does, a bot that was off for long waits for it."""
    why = doubt(ENDED, newest, theirs)

    assert says in why
    assert bool(why) == bool(says)
