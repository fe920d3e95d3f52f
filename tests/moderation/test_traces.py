"""Whose an event is: every field decided, a member's copy without others."""

import json
from dataclasses import fields
from typing import get_type_hints

import pytest

from media.consent import Consent
from moderation.events import (
    KINDS,
    ConsentGiven,
    HandRaised,
    MemberJoined,
    MemberMuted,
    MemberNoted,
    MemberWarned,
    QuestionAsked,
    QuestionVoted,
    ReportFiled,
    SanctionsRecalled,
    SpaceOpened,
    Swapped,
    TopicSet,
    from_row,
    to_row,
)
from moderation.events.event import ByStaff
from moderation.sanction import Action, Sanction
from moderation.settings import RoomKind, SpaceSettings
from moderation.traces import (
    OWN,
    PEOPLE,
    PLAIN,
    REDACTED,
    SOMEBODY,
    SPACE,
    STAFF,
    copy,
    replaced,
    without,
)

ME, OTHER, MOD = 11, 22, 33


def decided(kind, field):
    words = [table.get(kind, ()) for table in (OWN, STAFF, SPACE)]
    return field in PEOPLE or field in PLAIN or any(field in one for one in words)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_number_and_text_of_an_event_is_decided(name):
    """A new field asks whether it names somebody or holds their words."""
    hints = get_type_hints(KINDS[name])
    open_ = [
        one.name
        for one in fields(KINDS[name])
        if not decided(name, one.name) and hints[one.name] is not bool
    ]

    nested = {
        "SanctionsRecalled": ["sanctions"],
        "ConsentGiven": ["level"],
        "TrackFailed": ["trouble"],
        "HandRaised": ["kind", "via"],
        "HandWithdrawn": ["via"],
        "QueueModeSet": ["mode"],
        "SpaceOpened": ["kind"],
        "SpaceClosed": ["reason"],
    }
    assert open_ == nested.get(name, [])


def test_words_are_of_events_that_there_are():
    """The tables name no event or field that does not exist."""
    for table in (OWN, STAFF, SPACE):
        for name, words in table.items():
            assert set(words) <= {one.name for one in fields(KINDS[name])}
            if table is STAFF:
                assert issubclass(KINDS[name], ByStaff)


def copied(event, user_id=ME):
    return copy(*to_row(event), user_id)


def test_own_words_are_copied():
    """What a member wrote is theirs."""
    assert copied(QuestionAsked(ME, "Why?")) == {"user_id": ME, "text": "Why?"}
    assert copied(ConsentGiven(ME, Consent.AUDIO, "1"))["level"] == 2


def test_what_others_did_among_themselves_is_not_copied():
    """An event that does not name the member is nobody's business of theirs."""
    assert copied(QuestionAsked(OTHER, "Why?")) is None
    assert copied(QuestionVoted(OTHER, ME)) is None, "a number that equals the id"
    assert copied(SanctionsRecalled((Sanction(ME, Action.BAN),))) is None


def test_others_are_not_named():
    """Whoever else is in an event stands there as somebody else."""
    assert copied(Swapped(OTHER, ME, MOD)) == {
        "by": SOMEBODY,
        "user_id": ME,
        "other_id": SOMEBODY,
    }
    opened = SpaceOpened(1, 2, 3, RoomKind.STAGE, ME, "Tea", SpaceSettings())
    assert copied(opened) == {
        "space_id": 1,
        "guild_id": 2,
        "channel_id": 3,
        "kind": "stage",
        "host_id": ME,
        "topic": "Tea",
    }


def test_a_sanction_has_its_reason_and_not_its_moderator():
    """Who was warned was told why."""
    assert copied(MemberWarned(MOD, ME, "shouting")) == {
        "by": SOMEBODY,
        "user_id": ME,
        "reason": "shouting",
    }


def test_words_about_somebody_else_are_left_out():
    """A moderator's copy says that they muted somebody, not whom nor why."""
    assert copied(MemberMuted(ME, OTHER, None, "he shouted")) == {
        "by": ME,
        "user_id": SOMEBODY,
    }
    assert copied(MemberNoted(ME, OTHER, "rude")) == {"by": ME, "user_id": SOMEBODY}


def test_notes_and_reports_about_the_member_are_their_writers():
    """A copy must not say who reported somebody."""
    assert copied(MemberNoted(MOD, ME, "rude")) is None
    assert copied(ReportFiled(OTHER, ME, "insults")) is None


def test_an_own_report_is_copied_without_the_name():
    """Who reports somebody gets their own words back."""
    assert copied(ReportFiled(ME, OTHER, "insults")) == {
        "user_id": ME,
        "about_id": SOMEBODY,
        "reason": "insults",
    }


def erased(event, user_id=ME):
    name, body = to_row(event)
    return from_row(name, without(name, body, user_id, -5))


@pytest.mark.parametrize(
    ("event", "left"),
    [
        (QuestionAsked(ME, "Why?"), QuestionAsked(-5, REDACTED)),
        (QuestionAsked(OTHER, "Why?"), QuestionAsked(OTHER, "Why?")),
        (HandRaised(ME, note="pumps"), HandRaised(-5, note=REDACTED)),
        (HandRaised(ME), HandRaised(-5)),
        (ReportFiled(ME, OTHER, "insults"), ReportFiled(-5, OTHER, REDACTED)),
        (ReportFiled(OTHER, ME, "insults"), ReportFiled(OTHER, -5, "insults")),
        (MemberWarned(MOD, ME, "shouting"), MemberWarned(MOD, -5, REDACTED)),
        (MemberWarned(ME, OTHER, "shouting"), MemberWarned(-5, OTHER, "shouting")),
        (TopicSet(ME, "Harbours"), TopicSet(-5, "Harbours")),
        (
            SanctionsRecalled((Sanction(ME, Action.BAN), Sanction(MOD, Action.BAN))),
            SanctionsRecalled((Sanction(-5, Action.BAN), Sanction(MOD, Action.BAN))),
        ),
    ],
)
def test_an_event_without_the_member_still_loads(event, left):
    """A stand-in is named, their words and staff's about them are gone."""
    assert erased(event) == left


def test_when_an_account_was_made_says_whose_it_is():
    """Discord's ids begin with the moment in which an account was made."""
    joined = MemberJoined(ME, account_created_at=1.5, joined_guild_at=2.5)

    assert erased(joined) == MemberJoined(-5)
    assert erased(joined, OTHER) == joined


def test_ids_within_text_and_nested_json_are_replaced():
    """A mention, and a plan's model within its series."""
    body = json.dumps({"text": f"<@{ME}>", "model": json.dumps({"host_id": ME})})

    left = json.loads(replaced(body, ME, -5))

    assert left["text"] == "<@-5>"
    assert json.loads(left["model"]) == {"host_id": -5}


def test_rows_of_older_versions_are_copied_too():
    """A field that this version does not know does not keep the row from them."""
    body = json.dumps({"user_id": ME, "mood": "fine"})

    assert copy("MoodSeen", body, ME) == {"user_id": ME, "mood": "fine"}
