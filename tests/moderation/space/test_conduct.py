"""The ladder in a Space."""

import pytest

from moderation.effects import (
    Announce,
    Audience,
    Nudge,
    PlayTone,
    Tell,
    TellHosts,
    Tone,
)
from moderation.events import ConductNudged
from moderation.ladder import LadderSettings, Rung
from moderation.refused import Refused
from tests.moderation.scene import ANN, BOB, HOST, Scene, only


@pytest.fixture
def scene():
    return Scene()


def climb(scene, user_id=ANN):
    return scene.do(ConductNudged(user_id, "dominating"), after=60.0)


def test_the_ladder_is_climbed_rung_by_rung():
    """A private word first, the floor last."""
    scene = Scene(ladder=LadderSettings(rungs=tuple(Rung)))
    scene.seat(ANN)

    assert only(climb(scene), Tell)[0].key == "ladder.private"
    assert only(climb(scene), TellHosts)[0].key == "ladder.host"
    assert PlayTone(Tone.NUDGE) in climb(scene)
    assert only(climb(scene), Announce)[0].ping == ANN
    climb(scene)
    assert (scene.floor, scene.queue) == ({HOST}, [ANN])
    scene.seat(ANN)
    climb(scene)
    assert (scene.floor, scene.queue) == ({HOST}, [])


def test_the_ladder_never_takes_the_floor_from_staff():
    """Nor from somebody who has not got it; the room hears a line instead."""
    scene = Scene(ladder=LadderSettings(rungs=(Rung.AUDIENCE,)))

    assert only(climb(scene, HOST), Announce)[0].key == "ladder.public"
    assert scene.floor == {HOST}


def test_who_asked_for_a_step_is_told_which_it_was(scene):
    """A host who presses knows what happens."""
    effects = scene.do(ConductNudged(ANN, "conduct", by=HOST))

    told = [one for one in only(effects, Tell) if one.user_id == HOST]
    assert [(one.key, one.params) for one in told] == [
        ("ladder.step", {"rung_key": "rung.private"})
    ]


def test_too_soon_is_said_to_who_asked(scene):
    """The bot itself is just quiet."""
    climb(scene)

    assert scene.do(ConductNudged(ANN, "dominating")) == []
    asked = scene.do(ConductNudged(ANN, "dominating", by=HOST))
    assert only(asked, Tell)[0].key == "ladder.too_soon"


@pytest.mark.parametrize(
    ("cause", "choices"),
    [("monologue", ("give_floor", "not_helpful")), ("dominance", ("not_helpful",))],
)
def test_what_was_measured_is_said_on_each_rung(cause, choices):
    """The member, the hosts and the room read figures, and may answer."""
    scene = Scene(ladder=LadderSettings(rungs=(Rung.PRIVATE, Rung.HOST, Rung.PUBLIC)))
    found = ConductNudged(ANN, cause, talk_s=190.0, share=0.8)

    climbed = [only(scene.do(found, after=60.0), Nudge)[0] for _ in range(3)]

    assert [nudge.audience for nudge in climbed] == list(Audience)
    assert [nudge.key for nudge in climbed] == [
        f"nudge.{cause}.{audience.value}" for audience in Audience
    ]
    assert {nudge.choices for nudge in climbed} == {choices}
    assert climbed[0].params == {"user_id": ANN, "talk_s": 190.0, "share": 0.8}


def test_only_staff_send_somebody_up_the_ladder(scene):
    """A listener cannot have a speaker silenced by asking."""
    with pytest.raises(Refused) as refused:
        scene.do(ConductNudged(ANN, "conduct", by=BOB))

    assert refused.value.key == "right.missing"
