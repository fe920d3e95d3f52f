"""Talk by RTP level alone."""

from media.loudness import Loudness


def talk(levels):
    loudness = Loudness()
    return [loudness.is_talk(level) for level in levels]


def test_voice_over_a_quiet_floor():
    """Speech stands out, silence does not."""
    assert talk([-127] * 50 + [-30] * 50)[-50:] == [True] * 50


def test_digital_silence_is_never_talk():
    """Level -127 is nothing at all."""
    assert not any(talk([-127] * 100))


def test_steady_noise_becomes_the_floor():
    """A fan is talk for a while at most."""
    heard = talk([-40.0] * 6000)

    assert not any(heard[3000:])


def test_breath_far_below_the_voice():
    """What is 30 dB under the voice is not talk."""
    heard = talk([-20] * 200 + [-52] * 20)

    assert all(heard[:200])
    assert not any(heard[200:])
