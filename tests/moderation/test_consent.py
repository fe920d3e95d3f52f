"""Who agreed to what."""

from media.consent import Consent
from moderation.consent import Consents
from moderation.view import Keeping

ANN, BOB = 1, 2


def test_no_answer_is_no_consent():
    """Silence is not agreement."""
    assert Consents().level(ANN) is Consent.NOTHING


def test_people_are_asked_only_while_something_is_kept():
    """And only once: no is an answer."""
    consents = Consents(answers={ANN: Consent.NOTHING})
    assert consents.unanswered([ANN, BOB]) == ()

    consents.transcript = True
    assert consents.unanswered([ANN, BOB]) == (BOB,)
    consents.transcript, consents.recording = False, Keeping.PAUSED
    assert consents.unanswered([ANN, BOB]) == (BOB,)


def test_answers_are_counted_by_level():
    """Of those who are here; who has not answered is not counted."""
    consents = Consents(answers={ANN: Consent.AUDIO, 9: Consent.AUDIO})

    assert consents.counts([ANN, BOB]) == {Consent.AUDIO: 1}
