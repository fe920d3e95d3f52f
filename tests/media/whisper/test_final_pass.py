"""The better pass over tracks: which stretches, whose ids, what sound."""

import asyncio
import tracemalloc

import numpy as np
import pytest

from media.decode.sound import RATE_HZ, SoundError
from media.utterance import Grade, utterance_id
from media.whisper.final_pass import Part, final_pass, spans
from tests.media.sounds import tone

SPACE = 9


class Desk:
    """Takes what is submitted and answers at once."""

    def __init__(self, queued_s=0.0):
        self.jobs = []
        self.drained = 0
        self.queued_s = queued_s

    def submit(self, job):
        """Keep the job."""
        self.jobs.append(job)

    def status(self, space_id):
        """Say how much waits."""
        return self

    async def drain(self, space_id):
        """Count the waits."""
        self.drained += 1


@pytest.mark.parametrize(
    ("lines", "talk", "expected"),
    [
        ([(1.0, 3.0)], ((1.0, 2.0), (2.4, 3.0)), ((1.0, 3.0),)),
        ([(1.0, 3.0)], ((1.0, 3.0), (10.0, 12.0)), ((1.0, 3.0), (10.0, 12.0))),
        ([], ((10.0, 11.0), (11.5, 12.0)), ((10.0, 12.0),)),
        ([], ((10.0, 10.2),), ()),
        ([(5.0, 6.0), (1.0, 2.0)], (), ((1.0, 2.0), (5.0, 6.0))),
    ],
)
def test_lines_keep_their_times_and_missed_talk_comes_along(lines, talk, expected):
    """A line's id is made of its start; what was missed gets a line at last."""
    assert spans(lines, talk) == expected


def test_each_span_has_its_own_sound(tmp_path):
    """The tone at second 12 is in the span at second 12, with a little around it."""
    track = tone(tmp_path / "1.flac", seconds=2.0, start=12.0)
    desk = Desk()
    part = Part(7, track, ((3.0, 5.0), (12.0, 14.0)), "es")

    asyncio.run(final_pass(desk, SPACE, [part], "budget"))

    silent, loud = desk.jobs
    assert not np.frombuffer(silent.pcm, "<i2").any()
    assert np.abs(np.frombuffer(loud.pcm, "<i2")).max() > 1000
    assert loud.pcm_start == pytest.approx(11.7)
    assert len(silent.pcm) / 2 / RATE_HZ == pytest.approx(2.6)
    assert utterance_id(loud.user_id, loud.start) == "7-12000"
    assert (loud.grade, loud.language, loud.hotwords) == (Grade.FINAL, "es", "budget")
    assert desk.drained == 1


def test_overlapping_and_late_spans_are_bounded_by_the_track(tmp_path):
    """A span beyond the end of the track has no sound and no job."""
    track = tone(tmp_path / "1.flac", seconds=3.0)
    desk = Desk()

    asyncio.run(
        final_pass(
            desk, SPACE, [Part(7, track, ((0.0, 2.0), (1.0, 9.0), (50.0, 60.0)), "en")]
        )
    )

    lengths = [len(job.pcm) / 2 / RATE_HZ for job in desk.jobs]
    assert lengths == pytest.approx([2.3, 2.3], abs=0.02)


def test_what_lies_between_two_spans_is_never_held(tmp_path, monkeypatch):
    """Somebody who spoke in the first minute and in the last costs no hour of sound."""

    def hour(path):
        return (bytes(RATE_HZ * 2) for _ in range(3600))

    monkeypatch.setattr("media.whisper.final_pass.blocks", hour)
    desk = Desk()
    part = Part(7, tmp_path / "7.opus", ((1.0, 2.0), (3590.0, 3591.0)), "en")

    tracemalloc.start()
    asyncio.run(final_pass(desk, SPACE, [part]))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [round(job.pcm_start, 1) for job in desk.jobs] == [0.7, 3589.7]
    assert [len(job.pcm) / 2 / RATE_HZ for job in desk.jobs] == [1.6, 1.6]
    assert peak < 4_000_000


def test_reading_waits_for_the_recogniser(tmp_path):
    """Hours of talk do not pile up in the queue."""
    track = tone(tmp_path / "1.flac", seconds=3.0)
    desk = Desk(queued_s=500.0)

    asyncio.run(
        final_pass(desk, SPACE, [Part(7, track, ((0.0, 1.0), (1.5, 2.0)), "en")])
    )

    assert desk.drained == 3


def test_a_track_that_cannot_be_read_is_named(tmp_path):
    """One line, as everywhere."""
    part = Part(7, tmp_path / "absent.opus", ((0.0, 1.0),), "en")

    with pytest.raises(SoundError, match=r"absent\.opus"):
        asyncio.run(final_pass(Desk(), SPACE, [part]))
