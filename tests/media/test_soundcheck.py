"""Voice checks on sound and packets whose truth is known."""

import numpy as np
import pytest

from media.soundcheck import Arrival, Grade, judge, measure, score

RATE = 16_000


def tone(seconds, dbfs, hz=997.0):
    """Make a sine whose RMS is ``dbfs``."""
    at = np.arange(round(seconds * RATE)) / RATE
    return np.sqrt(2) * 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * at)


def noise(seconds, dbfs):
    """Make white noise whose RMS is ``dbfs``, the same each time."""
    drawn = np.random.default_rng(7).standard_normal(round(seconds * RATE))
    return drawn * 10 ** (dbfs / 20)


def pcm(sound):
    """Return sound as a decoder gives it: beyond full scale it is cut off."""
    return np.clip(np.round(sound * 32768), -32768, 32767).astype("<i2").tobytes()


def steady(count, *, lost=(), late_s=lambda n: 0.0, sequence=65_000):
    """Return packets of 20 ms each, whose numbers wrap."""
    return [
        Arrival(
            (sequence + n) % 2**16,
            (2**32 - 48_000 + 960 * n) % 2**32,
            0.02 * n + late_s(n),
        )
        for n in range(count)
        if n not in lost
    ]


def grades(measured):
    return {one.about: (one.grade, one.advice) for one in judge(measured)}


@pytest.mark.parametrize("dbfs", [-10.0, -20.0, -33.0])
def test_loudness_of_a_tone_is_its_level(dbfs):
    """BS.1770: 997 Hz at 0 dBFS peak in one channel reads -3.01 LUFS."""
    measured = measure(pcm(tone(5, dbfs)), [])

    assert measured.loudness_lufs == pytest.approx(dbfs, abs=0.1)
    assert measured.level_dbfs == pytest.approx(dbfs, abs=0.1)


def test_low_hum_counts_less_than_a_voice():
    """K-weighting takes off what ears hardly hear, and adds to what is bright."""
    hum = measure(pcm(tone(5, -20, 50.0)), []).loudness_lufs
    bright = measure(pcm(tone(5, -20, 3000.0)), []).loudness_lufs

    assert hum < -23.0
    assert bright == pytest.approx(-17.0, abs=1.0)


def test_pauses_do_not_make_a_voice_quiet():
    """Both gates of BS.1770: silence around it changes nothing."""
    quiet = np.zeros(4 * RATE)
    around = np.concatenate([quiet, tone(4, -20), quiet])

    assert measure(pcm(around), []).loudness_lufs == pytest.approx(-20.0, abs=0.4)


@pytest.mark.parametrize("floor", [-70.0, -50.0, -35.0])
def test_noise_is_what_stays_between_sentences(floor):
    """Half of it is talk at -20 dBFS: the rest is the room's."""
    talk = np.concatenate([tone(3, -20), np.zeros(3 * RATE)])

    measured = measure(pcm(talk + noise(6, floor)), [])

    assert measured.noise_dbfs == pytest.approx(floor, abs=1.0)
    assert measured.snr_db == pytest.approx(-20 - floor, abs=1.2)


def test_a_sender_that_cuts_pauses_out_leaves_no_noise_to_measure():
    """Digital silence is not a quiet room: the figure is missing, not zero."""
    gated = np.concatenate([tone(3, -20), np.zeros(3 * RATE)])

    measured = measure(pcm(gated), [])

    assert (measured.noise_dbfs, measured.snr_db) == (None, None)
    assert measured.heard_s == pytest.approx(3.0, abs=0.05)
    assert grades(measured)["noise"] == (Grade.UNKNOWN, "gated")


def test_clipping_is_the_share_of_frames_that_were_cut_off():
    """One second of four is driven 6 dB over full scale."""
    voice = np.concatenate([tone(3, -12), tone(1, +3)])

    clean, cut = measure(pcm(tone(4, -12)), []), measure(pcm(voice), [])

    assert clean.clipped == 0.0
    assert cut.clipped > 0.2
    assert grades(cut)["clipping"] == (Grade.BAD, "clipped")


def test_loss_counts_what_never_came_over_the_wrap():
    """Two of a hundred are missing, one comes twice, one out of order."""
    packets = steady(1000, lost=set(range(100, 120)))
    packets[3], packets[4] = packets[4], packets[3]

    measured = measure(b"", [*packets, packets[-1]])

    assert measured.loss == pytest.approx(0.02)


def test_jitter_is_how_unsteady_packets_come():
    """Every other one 10 ms late: each differs from the one before it by 10 ms."""
    even = measure(b"", steady(500))
    uneven = measure(b"", steady(500, late_s=lambda n: 0.01 * (n % 2)))

    assert even.jitter_ms == pytest.approx(0.0, abs=0.01)
    assert uneven.jitter_ms == pytest.approx(10.0, abs=1.0)


def test_a_pause_is_no_jitter():
    """The first packet after it may come whenever the member goes on."""
    packets = steady(400)
    later = [p._replace(timestamp=p.timestamp + 480_000) for p in packets[200:]]
    late = [p._replace(arrived_at=p.arrived_at + 12.5) for p in later]

    assert measure(b"", packets[:200] + late).jitter_ms == pytest.approx(0.0, abs=0.01)


@pytest.mark.parametrize("sound", [b"", pcm(np.zeros(RATE * 5)), pcm(tone(0.5, -20))])
def test_nothing_is_said_about_a_voice_that_was_not_heard(sound):
    """Not even a score for its level."""
    measured = measure(sound, [])

    assert measured.loudness_lufs is None
    assert measured.level_dbfs is None
    assert grades(measured)["level"] == (Grade.BAD, "unheard")


@pytest.mark.parametrize(
    ("dbfs", "expected"),
    [
        (-40, (Grade.BAD, "quiet")),
        (-30, (Grade.FAIR, "quiet")),
        (-20, (Grade.GOOD, "fine")),
        (-11, (Grade.FAIR, "loud")),
        (-5, (Grade.BAD, "loud")),
    ],
)
def test_the_level_is_graded_by_loudness(dbfs, expected):
    """Good is what needs no turning up or down beside others."""
    assert grades(measure(pcm(tone(4, dbfs)), []))["level"] == expected


def test_a_good_voice_has_the_full_score_and_every_fault_takes_some_off():
    """100 down to 0."""
    talk = np.concatenate([tone(3, -20), np.zeros(3 * RATE)]) + noise(6, -60)
    good = judge(measure(pcm(talk), steady(500)))
    lossy = judge(measure(pcm(talk), steady(500, lost=set(range(100, 150)))))

    assert score(good) == 100
    assert score(lossy) == 80
