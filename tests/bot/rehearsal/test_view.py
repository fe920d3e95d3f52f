"""What the terminal shows of a room."""

import dataclasses
import io

import pytest
from rich.console import Console

from bot.rehearsal.view import clock, draw
from bot.rooms.observation import NudgeSeen, RoomView, SaidLine, TalkShare
from media.consent import Consent
from moderation.events import (
    Answer,
    ConsentGiven,
    HandRaised,
    InvitationAnswered,
    Invited,
    MemberJoined,
    RecordingStarted,
    SpaceOpened,
)
from moderation.requests import RequestKind
from moderation.settings import RoomKind, SpaceSettings
from moderation.space import Space

ANA, BEN, CARLA = 1, 2, 3


def opened():
    """Return a Space in which Ben has the floor and Carla waits for it."""
    space = Space()
    settings = SpaceSettings(turn_s=60.0)
    topic = "The [bold]budget"
    for at, event in (
        (1000.0, SpaceOpened(7, 10, 20, RoomKind.STAGE, ANA, topic, settings)),
        (1001.0, MemberJoined(ANA)),
        (1002.0, MemberJoined(BEN)),
        (1003.0, MemberJoined(CARLA)),
        (1004.0, Invited(ANA, BEN)),
        (1015.0, InvitationAnswered(BEN, Answer.ACCEPTED)),
        (1016.0, ConsentGiven(BEN, Consent.AUDIO, "1")),
        (1017.0, RecordingStarted(ANA)),
        (1050.0, HandRaised(CARLA, RequestKind.QUESTION)),
    ):
        space.handle(event, at)
    return space.view(1065.0)


SPACE = opened()

ROOM = RoomView(
    space=SPACE,
    now=1065.0,
    names={ANA: "Ana", BEN: "Ben [red]", CARLA: "Carla"},
    shares=(TalkShare(BEN, 45.0, 0.75), TalkShare(ANA, 15.0, 0.25)),
    lines=(SaidLine(BEN, 61.0, "We need to [blink] review the budget."),),
    nudges=(NudgeSeen("hand", f"<@{CARLA}> raised a hand, <@99> too.", 50.0),),
    drift_state="drifting",
    drift_score=0.31,
    unheard=(CARLA,),
    hearing=True,
    transcriber=None,
)


def shown(room):
    out = io.StringIO()
    Console(file=out, width=110, color_system=None).print(draw(room))
    return out.getvalue()


def test_a_room_is_shown_whole():
    """Stage, queue, shares, transcript, nudges and what is wrong."""
    text = shown(ROOM)

    for part in (
        "stage",
        "1:05",
        "recording",
        "floor 2/13",
        "75%",
        "0:10 left",
        "1. Carla",
        "question, ~",
        "Carla raised a hand, 99 too.",
        "drifting 0.31",
        "cannot hear Carla",
    ):
        assert part in text


def test_foreign_words_are_not_markup():
    """Topic, names and speech are drawn as they are."""
    text = shown(ROOM)

    assert "The [bold]budget" in text
    assert "Ben [red]" in text
    assert "[blink]" in text


def test_an_empty_room_says_so():
    """No panel is blank."""
    empty = dataclasses.replace(
        ROOM,
        space=dataclasses.replace(SPACE, queue=()),
        lines=(),
        nudges=(),
        hearing=False,
    )

    text = shown(empty)

    for part in ("nobody waits", "nothing yet", "none", "no sound"):
        assert part in text


def test_a_turn_that_is_over_says_by_how_much():
    """The clock goes on after the end."""
    room = dataclasses.replace(ROOM, now=1080.0)

    assert "0:05 over" in shown(room)


@pytest.mark.parametrize(("seconds", "text"), [(-1, "0:00"), (61.9, "1:01")])
def test_times_are_minutes_and_seconds(seconds, text):
    """Never negative."""
    assert clock(seconds) == text


def test_a_terminal_shows_names_where_discord_would_show_mentions():
    """Nobody can tell who is meant by a number; a stranger keeps theirs."""
    assert ROOM.spelled(f"<@{CARLA}> and <@!99>") == "Carla and 99"
