"""Channels, overwrites, status lines and sounds."""

import pytest

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.world import rooms
from tests.bot.rehearsal.standin.worlds import VERSATILE, Place, form, refused


def channel(place, name="voice"):
    return next(one for one in place.guild.channels.values() if one.name == name)


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"name": "", "type": 0}, "name"),
        ({"name": "x", "type": 2, "user_limit": 100}, "user_limit"),
        ({"name": "x", "type": 13, "user_limit": 10_001}, "user_limit"),
        ({"name": "x", "type": 13, "bitrate": 96_000}, "bitrate"),
        ({"name": "x", "type": 15}, "type"),
    ],
)
def test_a_channel_has_the_limits_of_its_type(place, body, at):
    """99 people in voice, 10,000 and 64 kb/s on a stage."""
    with refused(50035) as refusal:
        rooms.create(place.world, place.bot, form(**body))

    assert at in refusal.value.errors


def test_only_bits_that_one_has_can_be_overwritten(place):
    """50013 for a permission that the actor lacks."""
    body = {"type": 0, "deny": str(int(Permission.BAN_MEMBERS))}

    with refused(50013):
        rooms.overwrite(
            place.world, place.bot, channel(place), form(**body), place.guild.id
        )


def test_an_overwrite_is_told_as_a_channel_update(place):
    """And the connected member keeps speaking."""
    place.join(place.ann, place.voice)
    body = {"type": 1, "deny": str(int(Permission.SPEAK))}

    rooms.overwrite(place.world, place.bot, channel(place), form(**body), place.ann)

    (told,) = place.told("CHANNEL_UPDATE")
    assert told["permission_overwrites"][0]["deny"] == body["deny"]
    assert not place.state(place.ann).suppress


def test_a_missing_overwrite_cannot_be_dropped(place):
    """10009."""
    with refused(10009):
        rooms.drop_overwrite(place.world, place.bot, channel(place), place.ann)


def test_the_status_line_is_told_and_limited(place):
    """500 characters, voice channels only."""
    rooms.set_status(place.world, place.bot, channel(place), form(status="Tea"))

    assert place.told("VOICE_CHANNEL_STATUS_UPDATE")[0]["status"] == "Tea"
    with refused(50035):
        long = form(status="x" * 501)
        rooms.set_status(place.world, place.bot, channel(place), long)
    with refused(50024):
        rooms.set_status(place.world, place.bot, channel(place, "stage"), form())


def test_a_status_from_outside_needs_manage_channels():
    """Who is in the channel needs only SET_VOICE_CHANNEL_STATUS."""
    place = Place(bot_permissions=VERSATILE & ~Permission.MANAGE_CHANNELS)

    with refused(50013):
        rooms.set_status(place.world, place.bot, channel(place), form(status="x"))
    place.join(place.bot, place.voice)
    rooms.set_status(place.world, place.bot, channel(place), form(status="x"))


def test_a_suppressed_bot_plays_no_sound(place):
    """It must be in the channel and heard."""
    place.join(place.bot, place.stage)

    with refused(40032):
        rooms.play_sound(
            place.world, place.bot, channel(place, "stage"), form(sound_id="1")
        )


def test_a_deleted_channel_empties_first(place):
    """Everybody in it is disconnected."""
    place.join(place.ann, place.voice)

    rooms.delete(place.world, place.bot, channel(place))

    assert place.ann not in place.world.voice
    assert place.told("CHANNEL_DELETE")
