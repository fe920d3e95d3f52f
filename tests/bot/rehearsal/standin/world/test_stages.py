"""Stage instances: one per stage, for stage moderators."""

import pytest

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.world import stages, voice
from tests.bot.rehearsal.standin.worlds import VERSATILE, Place, form, refused


def start(place, **more):
    body = {"channel_id": str(place.stage), "topic": "Tea", **more}
    return stages.open_stage(place.world, place.bot, form(**body))


def test_a_stage_is_opened_once(place):
    """The second time is 150006."""
    start(place)

    with refused(150006):
        start(place)


@pytest.mark.parametrize("act", [stages.instance, stages.close])
def test_a_closed_stage_has_no_instance(place, act):
    """10067."""
    arguments = (place.bot,) if act is stages.close else ()

    with refused(10067):
        act(place.world, *arguments, place.stage)


def test_a_voice_channel_cannot_be_opened(place):
    """Only stages have instances."""
    with refused(50024):
        start(place, channel_id=str(place.voice))


@pytest.mark.parametrize("topic", ["", "x" * 121, None])
def test_the_topic_has_one_to_120_characters(place, topic):
    """50035, at ``topic``."""
    with refused(50035) as refusal:
        start(place, topic=topic)

    assert "topic" in refusal.value.errors


@pytest.mark.parametrize(
    "missing",
    [Permission.MANAGE_CHANNELS, Permission.MUTE_MEMBERS, Permission.MOVE_MEMBERS],
)
def test_only_stage_moderators_open(missing):
    """All three permissions are needed."""
    place = Place(bot_permissions=VERSATILE & ~missing)

    with refused(50013):
        start(place)


def test_an_announcement_needs_to_mention_everyone():
    """``send_start_notification`` takes MENTION_EVERYONE."""
    place = Place(bot_permissions=VERSATILE & ~Permission.MENTION_EVERYONE)
    with refused(50013):
        start(place, send_start_notification=True)

    assert start(place)["topic"] == "Tea"


def test_speakers_are_those_who_accepted(place):
    """An invited member is not yet a speaker."""
    for user_id in (place.ann, place.ben):
        place.join(user_id, place.stage)
        voice.set_suppress(place.world, place.mod, user_id, suppress=False)
    voice.answer_invitation(place.world, place.ann, accept=True)

    assert stages.speakers(place.world, place.stage) == [place.ann]
