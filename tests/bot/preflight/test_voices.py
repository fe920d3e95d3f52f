"""The voices of a practice: of whom, what is measured, and what is forgotten."""

import asyncio

from bot.preflight.voices import Voices
from bot.rehearsal.standin.tone import speech
from media.consent import Consent
from media.heard import VoicePacket

ANA, LUIS = 1, 2
NOW = 1_800_000_000.0


def packets(user_id, frames, first=0):
    return [
        VoicePacket(user_id, user_id, n, 960 * n, frame, None, 0.02 * n)
        for n, frame in enumerate(frames, first)
    ]


def allowed(*user_ids):
    """Return voices of who agreed, and the consents that the link was told."""
    voices, told = Voices(), {}
    for user_id in user_ids:
        voices.allow(user_id, allowed=True, consent=told.__setitem__)
    return voices, told


def measured(voices):
    return asyncio.run(voices.measure(NOW))


def test_who_agreed_and_spoke_has_figures_and_a_score():
    """Once for what was said, not at every look."""
    voices, told = allowed(ANA)
    voices.recent.feed(packets(ANA, speech(4.0)) + packets(LUIS, speech(4.0)))
    (kept,) = measured(voices)

    assert (kept.user_id, kept.at) == (ANA, NOW)
    assert 0 <= kept.score <= 100
    assert voices.figures(ANA).measured.heard_s >= 3.0
    assert voices.figures(LUIS) is None
    assert told == {ANA: Consent.AUDIO}
    assert measured(voices) == []


def test_a_word_is_too_little_to_say_anything():
    """No score of it is kept."""
    voices, _ = allowed(ANA)
    voices.recent.feed(packets(ANA, speech(1.0)))

    assert measured(voices) == []
    assert voices.figures(ANA) is None


def test_what_is_no_sound_leaves_the_others_measured():
    """One broken stream is not everybody's trouble."""
    voices, _ = allowed(ANA, LUIS)
    voices.recent.feed(packets(ANA, [b"\xff"] * 200) + packets(LUIS, speech(4.0)))

    assert [one.user_id for one in measured(voices)] == [LUIS]


def test_who_takes_it_back_is_forgotten():
    """Figures, sound and consent."""
    voices, told = allowed(ANA)
    voices.recent.feed(packets(ANA, speech(4.0)))
    measured(voices)
    voices.allow(ANA, allowed=False, consent=told.__setitem__)

    assert voices.figures(ANA) is None
    assert voices.recent.read(ANA) == []
    assert told == {ANA: Consent.NOTHING}


def test_who_is_no_guest_any_more_is_forgotten():
    """Somebody was asked in their place."""
    voices, told = allowed(ANA, LUIS)
    voices.keep_only([LUIS], told.__setitem__)

    assert not voices.agreed(ANA)
    assert told[ANA] is Consent.NOTHING
    assert voices.agreed(LUIS)
