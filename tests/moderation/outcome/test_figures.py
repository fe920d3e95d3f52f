"""The figures of a Space, counted from its journal."""

import pytest

from media.intervals import seconds
from moderation.events import (
    AgendaItemAdded,
    Answer,
    HandRaised,
    HandWithdrawn,
    InvitationAnswered,
    Invited,
    MemberJoined,
    MemberLeft,
    QuestionAnswered,
    QuestionAsked,
    SpaceEnded,
    SpaceOpened,
)
from moderation.events.rows import to_row
from moderation.outcome.figures import NEW_S, reckon
from moderation.settings import Gate, RoomKind, SpaceSettings
from moderation.talktime.figures import figures
from moderation.talktime.ledger import TalkLedger
from tests.moderation.scene import ANN, BOB, CHO, HOST

OPENED = 1_800_000_000.0
BOT = 999


def counted(*facts, until=600.0, talk=(), settings=None):
    """Count a Space of facts at its seconds, after an opening with its host."""
    opened = SpaceOpened(
        1, 2, 3, RoomKind.STAGE, HOST, "bees", settings or SpaceSettings()
    )
    opening = [(0.0, opened), (0.0, MemberJoined(HOST))]
    rows = [(OPENED + at, *to_row(event)) for at, event in (*opening, *facts)]
    ledger = TalkLedger()
    for user_id, *times in talk:
        ledger.heard(user_id, times)
    return reckon(rows, OPENED, OPENED + until, figures(ledger, until))


def test_people_stay_and_listen():
    """The end takes the floor from everybody, and makes nobody a listener."""
    found = counted(
        (0.0, MemberJoined(ANN, joined_guild_at=OPENED - NEW_S + 1)),
        (0.0, MemberJoined(BOB, joined_guild_at=OPENED - NEW_S - 1)),
        (0.0, MemberJoined(BOT, bot=True)),
        (300.0, MemberLeft(BOB)),
        (600.0, SpaceEnded(HOST)),
    )

    assert found.people == {HOST, ANN, BOB}
    assert found.stays[BOB] == ((0.0, 300.0),)
    assert found.staff == {HOST}
    assert found.peak_listeners == 2
    assert found.stay_s == pytest.approx((600 + 600 + 300) / 3)
    assert found.length_s == 600.0
    assert found.new == 1


def test_a_hand_waits_until_it_leads_to_the_floor():
    """Raised again it is the same hand; one that was taken down waits for nothing."""
    found = counted(
        (0.0, MemberJoined(ANN)),
        (0.0, MemberJoined(BOB)),
        (0.0, MemberJoined(CHO)),
        (10.0, HandRaised(ANN)),
        (20.0, HandRaised(ANN, note="bees")),
        (30.0, HandRaised(BOB)),
        (40.0, HandWithdrawn(BOB)),
        (50.0, HandRaised(CHO)),
        (60.0, Invited(HOST, ANN)),
        (70.0, InvitationAnswered(ANN, Answer.ACCEPTED)),
        (80.0, SpaceEnded(HOST)),
    )

    assert (found.hands, found.served, found.uncalled) == (3, 1, 1)
    assert found.raised == {ANN: 1, BOB: 1, CHO: 1}
    assert found.wait_s == pytest.approx(60.0)
    assert found.brought == 1


def test_nobody_was_asked_in():
    """The host's own seat is no invitation."""
    found = counted((0.0, MemberJoined(ANN)), (9.0, SpaceEnded(HOST)))

    assert (found.brought, found.hands, found.wait_s) == (0, 0, None)


def test_questions_and_preparation():
    """Agenda and rules are what was there, whenever it came."""
    rules = SpaceSettings(gate=Gate(rules_version="1"))
    found = counted(
        (0.0, MemberJoined(ANN)),
        (5.0, QuestionAsked(ANN, "Why?")),
        (6.0, QuestionAsked(ANN, "How?")),
        (7.0, QuestionAnswered(HOST, 1)),
        (8.0, AgendaItemAdded(HOST, "Hives")),
        settings=rules,
    )

    assert (found.questions, found.answered) == (2, 1)
    assert (found.has_agenda, found.has_rules) == (True, True)
    assert counted().has_agenda is False
    assert counted().has_rules is False


def test_talk_is_what_was_heard():
    """Who talked most is first."""
    talk = [(ANN, (0.0, 10.0)), (HOST, (10.0, 40.0))]
    found = counted((0.0, MemberJoined(ANN)), talk=talk)

    assert found.speakers == (HOST, ANN)
    assert found.talk_s == pytest.approx(seconds([(0.0, 40.0)]))
    assert found.top_share == pytest.approx(0.75)
