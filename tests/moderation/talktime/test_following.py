"""Microphones, ears and roles, as a ledger of talk is told of them."""

from moderation.events import VoiceStateSeen
from moderation.roles import Role
from moderation.talktime.following import Following
from moderation.talktime.ledger import TalkLedger

ANA = 7


def followed():
    ledger = TalkLedger()
    return ledger, Following(ledger)


def test_suppressed_or_muted_is_not_talk():
    """What a stage or a moderator silences counts for nobody."""
    ledger, following = followed()
    following.seen(VoiceStateSeen(ANA, suppressed=True), 2.0)
    following.seen(VoiceStateSeen(ANA, server_muted=True), 3.0)
    following.seen(VoiceStateSeen(ANA), 4.0)

    ledger.heard(ANA, [(0.0, 6.0)])

    assert ledger.talk(9.0)[ANA] == ((0.0, 2.0), (4.0, 6.0))


def test_deafened_or_gone_is_not_listening():
    """Both end it; coming back begins it again."""
    ledger, following = followed()
    following.seen(VoiceStateSeen(ANA), 1.0)
    following.seen(VoiceStateSeen(ANA, self_deafened=True), 2.0)
    following.seen(VoiceStateSeen(ANA), 4.0)
    following.left(ANA, 5.0)

    assert ledger.listening(9.0)[ANA] == ((1.0, 2.0), (4.0, 5.0))


def test_roles_change_when_seats_do():
    """A listener before and after."""
    ledger, following = followed()
    following.seated({ANA: Role.SPEAKER}, 2.0)
    following.seated({ANA: Role.SPEAKER}, 3.0)
    following.seated({ANA: Role.COHOST}, 4.0)
    following.seated({}, 6.0)

    assert ledger.roles(ANA, 9.0) == {
        Role.LISTENER: ((0.0, 2.0), (6.0, 9.0)),
        Role.SPEAKER: ((2.0, 4.0),),
        Role.COHOST: ((4.0, 6.0),),
    }
