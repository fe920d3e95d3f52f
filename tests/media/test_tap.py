"""What a tap keeps, and of whom."""

from media.consent import Consent
from media.heard import VoicePacket
from media.tap import MOST, Tap

ANA, LUIS = 1, 2


def packet(user_id, sequence, opus=b"\x78sound"):
    return VoicePacket(user_id, user_id, sequence, 960 * sequence, opus, None, 0.0)


def test_only_the_one_member_is_kept_and_only_while_it_is_open():
    """Before, afterwards, and others: nothing."""
    tap = Tap(ANA)
    tap.feed([packet(ANA, 1)])
    tap.open()
    facts = tap.feed([packet(ANA, 2), packet(LUIS, 3), packet(ANA, 4)])
    taken = tap.take()
    tap.feed([packet(ANA, 5)])

    assert [one.sequence for one in taken] == [2, 4]
    assert facts == []
    assert tap.take() == []


def test_what_came_without_consent_has_no_sound_and_is_not_kept():
    """The receiver empties it before it gets here."""
    tap = Tap(ANA)
    tap.open()
    tap.feed([packet(ANA, 1, b"")])

    assert tap.take() == []


def test_memory_is_bounded():
    """A tap that nobody closes keeps a minute."""
    tap = Tap(ANA)
    tap.open()
    for sequence in range(MOST + 10):
        tap.feed([packet(ANA, sequence)])

    assert len(tap.take()) == MOST


def test_it_tells_nothing_whatever_happens():
    """It stands where the hearing stands, and the room must not notice."""
    tap = Tap(ANA)
    tap.open()
    tap.feed([packet(ANA, 1)])

    assert tap.tick(1.0) == tap.consent(ANA, Consent.AUDIO) == tap.cut(ANA, 1.0) == []
    assert tap.close(2.0) == []
    assert tap.snapshot().speakers == ()
