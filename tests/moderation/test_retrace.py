"""A journal read again: roles, ears, invitations, subjects."""

import pytest

from moderation.events import (
    AgendaItemAdded,
    Answer,
    BotReturned,
    ConductNudged,
    InvitationAnswered,
    Invited,
    MemberJoined,
    MemberLeft,
    SpaceEnded,
    SpaceOpened,
    SpacePaused,
    SpaceResumed,
    SpeechEnded,
    SpeechStarted,
    TopicSet,
    UnreadableEventError,
    VoiceStateSeen,
)
from moderation.events.rows import to_row
from moderation.retrace import retrace
from moderation.roles import Role
from moderation.settings import RoomKind, SpaceSettings
from tests.moderation.scene import ANN, BOB, HOST

OPENED = 1000.0
OPENING = [
    (0.0, SpaceOpened(1, 2, 3, RoomKind.STAGE, HOST, "bees", SpaceSettings())),
    (1.0, MemberJoined(HOST)),
    (1.0, MemberJoined(ANN)),
    (1.0, VoiceStateSeen(ANN, suppressed=True)),
]


def traced(*facts):
    """Go through facts at seconds of the Space, after an opening."""
    rows = [(OPENED + at, *to_row(event)) for at, event in (*OPENING, *facts)]
    return retrace(rows, OPENED)


def test_roles_and_silenced_talk_come_back():
    """Ann was in the audience, on the floor, and gone."""
    found = traced(
        (5.0, Invited(HOST, ANN)),
        (6.0, InvitationAnswered(ANN, Answer.ACCEPTED)),
        (7.0, VoiceStateSeen(ANN)),
        (8.0, SpeechStarted(ANN)),
        (9.0, SpeechEnded(ANN, 1.0)),
        (20.0, MemberLeft(ANN)),
    )
    found.ledger.heard(ANN, [(2.0, 9.0)])

    assert found.ledger.roles(ANN, 30.0)[Role.SPEAKER][0][0] == 6.0
    assert found.ledger.talk(30.0)[ANN] == ((7.0, 9.0),)
    assert found.ledger.listening(30.0)[ANN] == ((1.0, 20.0),)
    assert found.invited_at == OPENED + 5.0


def test_who_was_in_the_middle_of_a_sentence_is_found():
    """Whoever stopped is not; what a former process left open was settled then."""
    found = traced(
        (5.0, SpeechStarted(ANN)),
        (6.0, SpeechStarted(HOST)),
        (7.0, SpeechEnded(HOST, 1.0)),
    )
    later = traced((5.0, SpeechStarted(ANN)), (9.0, BotReturned(2.0)))

    assert found.talking == {ANN: 5.0}
    assert later.talking == {}


def test_who_left_the_floor_unseen_is_a_listener_again():
    """The next process knows who had it last, and so sees who has it no more."""
    found = traced(
        (5.0, Invited(HOST, ANN)),
        (6.0, InvitationAnswered(ANN, Answer.ACCEPTED)),
    )
    found.following.seated({HOST: Role.HOST}, 20.0)

    assert found.ledger.roles(ANN, 30.0)[Role.LISTENER][-1] == (20.0, 30.0)


def test_nobody_was_invited_and_the_topic_stayed():
    """The host's own seat is no invitation, the opening no change of topic."""
    found = traced()

    assert (found.invited_at, found.aimed_at, found.conduct) == (None, None, [])


@pytest.mark.parametrize(
    "change", [TopicSet(HOST, "honey"), AgendaItemAdded(HOST, "the queen")]
)
def test_change_of_subject_is_found(change):
    """Topic or current item: talk before it was about something else."""
    found = traced((30.0, MemberJoined(BOB)), (40.0, change), (50.0, MemberJoined(5)))

    moved = isinstance(change, TopicSet)
    assert found.aimed_at == (OPENED + 40.0 if moved else None)


def test_what_the_bot_found_is_told_from_what_staff_did():
    """Only the bot's own findings pace its nudges."""
    found = traced(
        (30.0, ConductNudged(HOST, "monologue", talk_s=200.0)),
        (200.0, ConductNudged(ANN, "warned", by=HOST)),
    )

    assert found.conduct == [(HOST, "monologue", OPENED + 30.0)]


def test_end_of_an_intermission_is_found():
    """Nobody spoke in it because nobody could."""
    found = traced((30.0, SpacePaused(HOST)), (90.0, SpaceResumed(HOST)))

    assert found.resumed_at == OPENED + 90.0


def test_row_that_is_no_event_is_an_error():
    """As where the Space itself is rebuilt."""
    with pytest.raises(UnreadableEventError):
        retrace([(OPENED, "Nonsense", "{}")], OPENED)


def test_what_comes_after_the_end_costs_no_roles():
    """A journal may hold facts that came too late; they changed nothing."""
    found = traced(
        (5.0, Invited(HOST, ANN)),
        (6.0, InvitationAnswered(ANN, Answer.ACCEPTED)),
        (9.0, SpaceEnded(HOST)),
        (9.5, TopicSet(HOST, "wasps")),
    )

    assert found.ledger.roles(ANN, 30.0)[Role.SPEAKER] == ((6.0, 9.0),)
