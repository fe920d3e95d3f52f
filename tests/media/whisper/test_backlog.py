"""The queue: order, bounds and what gives way first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.utterance import Grade
from media.whisper.backlog import Backlog
from media.whisper.jobs import SpurtAudio

ANA, BEN, CHO = 1, 2, 3
SECOND = b"\0\0" * 16_000


def job(user_id, start, *, seconds=2, grade=Grade.LIVE, space_id=9, language="en"):
    pcm = SECOND * seconds
    return SpurtAudio(
        space_id, user_id, start, start + seconds, pcm, language, "", grade
    )


@pytest.fixture
def backlog():
    return Backlog(window_s=28.0, fresh_s=20.0, max_s=60.0)


def taken(backlog, now=0.0, **how):
    return [(t.job.user_id, t.job.start) for t in backlog.take(now, **how)]


def test_an_empty_queue_gives_nothing(backlog):
    """Nothing to do is an empty list, not an error."""
    assert taken(backlog) == []


def test_what_waits_of_one_speaker_is_taken_together_in_time_order(backlog):
    """Joined spurts are one speaker's, and the words come back in order."""
    for user_id, start in [(ANA, 1.0), (BEN, 2.0), (ANA, 5.0), (ANA, 4.0)]:
        backlog.add(job(user_id, start), now=start)

    assert taken(backlog, 6.0) == [(ANA, 1.0), (ANA, 4.0), (ANA, 5.0)]
    assert taken(backlog, 6.0) == [(BEN, 2.0)]


def test_other_languages_and_spaces_do_not_share_a_window(backlog):
    """One call has one language, and Spaces do not mix."""
    backlog.add(job(ANA, 1.0), now=0.0)
    backlog.add(job(ANA, 2.0, language="es"), now=0.1)
    backlog.add(job(ANA, 3.0, space_id=8), now=0.2)

    assert [len(backlog.take(1.0)) for _ in range(4)] == [1, 1, 1, 0]


def test_late_lines_wait_behind_fresh_ones(backlog):
    """Under load the room still sees what is said now."""
    backlog.add(job(ANA, 0.0), now=0.0)
    backlog.add(job(BEN, 25.0), now=25.0)

    assert taken(backlog, 26.0) == [(BEN, 25.0)]
    assert taken(backlog, 26.0) == [(ANA, 0.0)]


def test_the_final_pass_waits_behind_everything_live(backlog):
    """The better pass uses only what live lines leave over."""
    backlog.add(job(ANA, 0.0, grade=Grade.FINAL), now=0.0)
    backlog.add(job(BEN, 25.0), now=25.0)

    assert taken(backlog, 60.0) == [(BEN, 25.0)]


def test_partials_are_the_first_to_go(backlog):
    """A partial line is not made while a whole one waits, and that is counted."""
    backlog.add(job(ANA, 0.0), now=0.0)

    backlog.add(job(BEN, 1.0, grade=Grade.PARTIAL), now=1.0)

    assert backlog.partials_dropped == 1
    assert taken(backlog, 1.0) == [(ANA, 0.0)]
    assert taken(backlog, 1.0) == []


def test_a_newer_partial_replaces_the_older_of_its_speaker(backlog):
    """Only the latest guess at an unfinished sentence is worth making."""
    backlog.add(job(ANA, 0.0, seconds=1, grade=Grade.PARTIAL), now=1.0)
    backlog.add(job(ANA, 0.0, seconds=2, grade=Grade.PARTIAL), now=2.0)

    (ticket,) = backlog.take(2.0)

    assert ticket.job.seconds == 2.0
    assert backlog.take(2.0) == []


def test_the_oldest_line_is_given_up_when_the_queue_is_full(backlog):
    """What waits is bounded, and who loses a line is told."""
    for n in range(3):
        assert backlog.add(job(ANA, 20.0 * n, seconds=20), now=n) == []

    given_up = backlog.add(job(BEN, 60.0, seconds=20), now=4.0)

    assert [ticket.job.start for ticket in given_up] == [0.0]
    assert backlog.seconds == 60.0


def test_a_full_queue_gives_up_no_work_of_the_final_pass(backlog):
    """Its submitter bounds it, and a Space is not heard a third time."""
    backlog.add(job(ANA, 0.0, seconds=30, grade=Grade.FINAL), now=0.0)
    backlog.add(job(BEN, 0.0, seconds=30), now=1.0)

    given_up = backlog.add(job(ANA, 30.0, seconds=30, grade=Grade.FINAL), now=2.0)
    assert [ticket.job.user_id for ticket in given_up] == [BEN]

    assert backlog.add(job(ANA, 60.0, seconds=30, grade=Grade.FINAL), now=3.0) == []
    assert backlog.add(job(CHO, 0.0, seconds=30), now=4.0) == []
    assert [t.job.start for t in backlog.add(job(CHO, 31.0), now=5.0)] == [0.0]
    assert [t.job.grade for t in backlog.tickets()] == [*[Grade.FINAL] * 3, Grade.LIVE]


def test_a_full_queue_gives_up_partial_lines_first(backlog):
    """A guess at an unfinished sentence is counted; no whole line is missed for it."""
    backlog.add(job(BEN, 0.0, seconds=10, grade=Grade.PARTIAL), now=0.0)
    backlog.add(job(ANA, 0.0, seconds=30), now=1.0)

    assert backlog.add(job(CHO, 0.0, seconds=30), now=2.0) == []
    assert [ticket.job.user_id for ticket in backlog.tickets()] == [ANA, CHO]
    assert backlog.partials_dropped == 1


def test_a_job_put_back_remembers_whom_to_blame(backlog):
    """A job over which workers die must not be tried for ever."""
    backlog.add(job(ANA, 0.0), now=0.0)
    (ticket,) = backlog.take(0.0)

    backlog.put_back(ticket, blame=True)
    (again,) = backlog.take(0.0)
    backlog.put_back(again, blame=False)
    (third,) = backlog.take(0.0)

    assert [ticket.deaths, again.deaths, third.deaths] == [0, 1, 1]
    assert third.number == ticket.number


def test_a_patient_queue_gives_out_full_windows_only(backlog):
    """When live lines are given up anyway, windows are filled for throughput."""
    backlog.add(job(ANA, 0.0, seconds=10), now=0.0)

    assert taken(backlog, 1.0, patient=True) == []

    backlog.add(job(ANA, 12.0, seconds=12), now=2.0)

    assert taken(backlog, 3.0, patient=True) == [(ANA, 0.0), (ANA, 12.0)]


def test_a_patient_queue_does_not_wait_for_ever(backlog):
    """A lone short line comes after a minute."""
    backlog.add(job(ANA, 0.0), now=0.0)

    assert taken(backlog, 60.0, patient=True) == [(ANA, 0.0)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([ANA, BEN, CHO]),
            st.sampled_from([Grade.LIVE, Grade.FINAL]),
            st.integers(1, 40),
        ),
        max_size=40,
    )
)
def test_every_job_is_taken_once_or_given_up(jobs):
    """Nothing disappears and nothing is done twice, whatever the load."""
    backlog = Backlog(window_s=28.0, fresh_s=20.0, max_s=100.0)
    answered = []
    for n, (user_id, grade, seconds) in enumerate(jobs):
        given_up = backlog.add(job(user_id, n, seconds=seconds, grade=grade), now=n)
        answered += [ticket.number for ticket in given_up]
        if n % 3 == 0:
            answered += [ticket.number for ticket in backlog.take(n)]
    while tickets := backlog.take(99.0):
        answered += [ticket.number for ticket in tickets]

    assert sorted(answered) == list(range(1, len(jobs) + 1))
    assert len(backlog) == 0
