"""Windows under way: answers once, in whole jobs."""

import pytest

from media.utterance import Grade, Word
from media.whisper.backlog import Ticket
from media.whisper.calls import Calls, Row, rows
from media.whisper.jobs import SpurtAudio
from media.whisper.windows import Sentence

SECOND = b"\1\0" * 16_000


def ticket(number, start=0.0, seconds=2, **job):
    spurt = SpurtAudio(
        9, 1, start, start + seconds, SECOND * seconds, job.pop("language", "en"), **job
    )
    return Ticket(number, spurt, since=0.0)


@pytest.fixture
def calls():
    return Calls(window_s=28.0)


def sentence(text, at):
    """Make a sentence of one word, 0.2 s long."""
    return Sentence((Word(text, at, at + 0.2),), at, at + 0.2)


def said(call, *texts):
    """Answer every window of a call with one word inside its first piece."""
    return [
        Row((sentence(text, w.pieces[0].at + 0.1),), "en")
        for w, text in zip(call.windows, texts, strict=True)
    ]


def test_a_job_is_answered_with_its_words(calls):
    """Words come back in seconds of the Space, with the line's id."""
    calls.add([ticket(1, start=100.0)])
    call = calls.next(1, now=0.0)

    (answer,) = calls.answer(call.number, said(call, "Hello"))
    line = answer.utterance()

    assert (line.id, line.text, line.grade) == ("1-100000", "Hello", Grade.LIVE)
    assert line.words[0].start == pytest.approx(100.1)


def test_words_are_timed_from_the_first_sample_and_stay_in_the_spurt(calls):
    """The sound begins a little before the talk; the words do not."""
    calls.add([ticket(1, start=100.0, pcm_start=99.9)])
    call = calls.next(1, now=0.0)

    (answer,) = calls.answer(call.number, said(call, "Hello"))
    (word,) = answer.utterance().words

    assert (word.start, round(word.end, 3)) == (100.0, 100.2)


def test_a_long_job_is_answered_when_its_last_window_is(calls):
    """Five minutes in one breath are one line, in order, however calls return."""
    calls.add([ticket(1, seconds=70)])
    first, second, third = (calls.next(1, now=0.0) for _ in range(3))

    assert calls.answer(second.number, said(second, "two")) == []
    assert calls.answer(first.number, said(first, "one")) == []
    (answer,) = calls.answer(third.number, said(third, "three"))

    assert [word.text for word in answer.words] == ["one", "two", "three"]


def test_the_same_answer_twice_counts_once(calls):
    """A line is told once."""
    calls.add([ticket(1)])
    call = calls.next(1, now=0.0)

    assert len(calls.answer(call.number, said(call, "Hello"))) == 1
    assert calls.answer(call.number, said(call, "Hello")) == []


def test_a_lost_worker_gives_all_jobs_back(calls):
    """What was under way and what was cut but not sent are both done again."""
    calls.add([ticket(1, seconds=70), ticket(2, start=80.0)])
    calls.next(1, now=0.0)

    back = calls.abandon()

    assert [t.number for t in back] == [1, 2]
    assert (calls.under_way, calls.ready, calls.tickets()) == (0, 0, [])


def test_a_refused_call_takes_its_other_windows_along(calls):
    """Half a job that is done again must not be counted twice."""
    calls.add([ticket(1, seconds=70)])
    first, second = calls.next(1, now=0.0), calls.next(1, now=0.0)

    back = calls.refuse(first.number)

    assert [t.number for t in back] == [1]
    assert calls.answer(second.number, said(second, "two")) == []
    assert calls.next(1, now=0.0) is None


def test_only_like_windows_travel_together(calls):
    """One call has one language, one prompt and one grade."""
    calls.add([ticket(1)])
    calls.add([ticket(2)])
    calls.add([ticket(3, language="es")])

    first, second = calls.next(8, now=0.0), calls.next(8, now=0.0)

    assert [t.number for t in first.tickets] == [1, 2]
    assert [t.number for t in second.tickets] == [3]


def test_a_call_knows_when_it_hangs(calls):
    """A recognition that never ends is noticed by its age."""
    assert calls.age(now=100.0) == 0.0
    calls.add([ticket(1)])
    calls.next(1, now=10.0)

    assert calls.age(now=100.0) == 90.0


def test_rows_are_read_from_the_message():
    """What the worker writes is what the calls take in."""
    said = {"start": 0.0, "end": 0.4, "words": [["Hi.", 0.1, 0.2, 0.9]]}
    message = {"windows": [{"sentences": [said], "language": "en"}]}

    assert rows(message) == [
        Row((Sentence((Word("Hi.", 0.1, 0.2, 0.9),), 0.0, 0.4),), "en")
    ]
