"""What a tap keeps, and of whom."""

from media.consent import Consent
from media.heard import VoicePacket
from media.tap import MOST, RECENT, Recent, Tap

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


def test_the_last_ten_seconds_of_each_who_allowed_it_are_kept():
    """Others leave nothing, however much they say."""
    recent = Recent()
    recent.allow([ANA])
    for sequence in range(RECENT + 5):
        recent.feed([packet(ANA, sequence), packet(LUIS, sequence)])

    assert [one.sequence for one in recent.read(ANA)] == list(range(5, RECENT + 5))
    assert recent.read(LUIS) == []


def test_who_takes_it_back_is_forgotten_at_once():
    """Also what they had said before."""
    recent = Recent()
    recent.allow([ANA, LUIS])
    recent.feed([packet(ANA, 1), packet(LUIS, 1)])
    recent.allow([LUIS])

    assert recent.read(ANA) == []
    assert len(recent.read(LUIS)) == 1


def test_what_was_read_does_not_change_under_the_reader():
    """The voice thread goes on feeding."""
    recent = Recent()
    recent.allow([ANA])
    recent.feed([packet(ANA, 1)])
    read = recent.read(ANA)
    recent.feed([packet(ANA, 2)])

    assert [one.sequence for one in read] == [1]


def test_another_stream_of_the_same_member_begins_anew():
    """Its sequence numbers say nothing about those before: that is no loss."""
    recent = Recent()
    recent.allow([ANA])
    other = packet(ANA, 900)._replace(ssrc=99)
    recent.feed([packet(ANA, 1)])
    recent.feed([packet(ANA, 2), other])
    recent.feed([other._replace(sequence=901)])

    assert [one.sequence for one in recent.read(ANA)] == [900, 901]


def test_what_came_without_consent_is_not_kept_among_the_last_either():
    """It carries no sound."""
    recent = Recent()
    recent.allow([ANA])

    assert recent.feed([packet(ANA, 1, b"")]) == []
    assert recent.read(ANA) == []
