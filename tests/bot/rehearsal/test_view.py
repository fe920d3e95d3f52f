"""What the terminal shows of a room."""

import dataclasses
import io

import pytest
from rich.console import Console

from bot.observation import NudgeSeen, RoomView, SaidLine, TalkShare
from bot.rehearsal.view import clock, draw
from media.consent import Consent
from moderation.requests import QueueMode, RequestKind
from moderation.roles import Role
from moderation.settings import RoomKind, SpaceSettings
from moderation.view import HandView, Keeping, Phase, SeatView, SpaceView

ANA, BEN, CARLA = 1, 2, 3


def seat(user_id, role, **changes):
    seen = SeatView(
        user_id=user_id,
        role=role,
        since=1000.0,
        ends_at=None,
        over_time=False,
        present=True,
        may_speak=True,
        speaking=False,
        seconds=0.0,
    )
    return dataclasses.replace(seen, **changes)


SPACE = SpaceView(
    space_id=7,
    guild_id=10,
    channel_id=20,
    kind=RoomKind.STAGE,
    phase=Phase.LIVE,
    topic="The [bold]budget",
    agenda=(),
    agenda_number=0,
    parked=(),
    opened_at=1000.0,
    host_id=ANA,
    cohost_ids=(),
    stage=(
        seat(ANA, Role.HOST),
        seat(BEN, Role.SPEAKER, ends_at=1075.0, speaking=True),
    ),
    invited=(),
    queue=(
        HandView(
            user_id=CARLA,
            kind=RequestKind.QUESTION,
            note="",
            since=1050.0,
            position=1,
            wait_s=90.0,
            reason_key="queue.first_come",
            reason_params={},
            present=True,
        ),
    ),
    queue_open=True,
    queue_mode=QueueMode.FIRST_COME,
    hushed=False,
    locked=False,
    settings=SpaceSettings(),
    present=5,
    recording=Keeping.ON,
    transcript=True,
    consents={Consent.AUDIO: 2},
    last_key="",
    last_params={},
)

ROOM = RoomView(
    space=SPACE,
    now=1065.0,
    names={ANA: "Ana", BEN: "Ben [red]", CARLA: "Carla"},
    shares=(TalkShare(BEN, 45.0, 0.75), TalkShare(ANA, 15.0, 0.25)),
    lines=(SaidLine(BEN, 61.0, "We need to [blink] review the budget."),),
    nudges=(NudgeSeen("drift", "The talk may have left the topic.", 50.0),),
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
        "question, ~1:30",
        "The talk may have left the topic.",
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
    late = seat(BEN, Role.SPEAKER, ends_at=1060.0, over_time=True)
    room = dataclasses.replace(ROOM, space=dataclasses.replace(SPACE, stage=(late,)))

    assert "0:05 over" in shown(room)


@pytest.mark.parametrize(("seconds", "text"), [(-1, "0:00"), (61.9, "1:01")])
def test_times_are_minutes_and_seconds(seconds, text):
    """Never negative."""
    assert clock(seconds) == text
