"""Voice states: what joining, moving, muting and suppressing do, and refuse."""

import pytest

from bot.rehearsal.standin.permissions import NOTHING, Overwrite, Permission
from bot.rehearsal.standin.refusals import Refusal
from bot.rehearsal.standin.world import voice
from tests.bot.rehearsal.standin.worlds import Place, refused


def deny(place, channel_id, user_id, bits):
    channel = place.guild.channels[channel_id]
    channel.overwrites[user_id] = Overwrite(user_id, True, NOTHING, bits)


@pytest.mark.parametrize("who", ["owner", "mod", "ann", "bot"])
def test_everybody_lands_suppressed_on_a_stage(place, who):
    """Moderators and bots too."""
    place.join(getattr(place, who), place.stage)

    assert place.state(getattr(place, who)).suppress
    assert not voice.is_heard(place.world, getattr(place, who))


def test_a_voice_channel_suppresses_only_who_may_not_speak(place):
    """``suppress`` is a missing SPEAK there."""
    deny(place, place.voice, place.ann, Permission.SPEAK)

    place.join(place.ann, place.voice)
    place.join(place.ben, place.voice)

    assert place.state(place.ann).suppress
    assert not place.state(place.ben).suppress


def test_a_speak_overwrite_changes_nothing_until_the_next_join(place):
    """Permissions are computed when somebody joins or is moved (docs #4032)."""
    place.join(place.ann, place.voice)
    deny(place, place.voice, place.ann, Permission.SPEAK)

    before = voice.is_heard(place.world, place.ann)
    voice.leave(place.world, place.ann)
    place.join(place.ann, place.voice)

    assert before
    assert not voice.is_heard(place.world, place.ann)


def test_a_move_computes_permissions_again(place):
    """Being dragged to another channel is like joining it."""
    deny(place, place.other, place.ann, Permission.SPEAK)
    place.join(place.ann, place.voice)

    voice.move(place.world, place.mod, place.ann, place.other)

    assert place.state(place.ann).channel_id == place.other
    assert place.state(place.ann).suppress


def test_a_mute_survives_leaving_and_holds_in_every_channel(place):
    """Server mute belongs to the member."""
    place.join(place.ann, place.voice)
    voice.server_mute(place.world, place.mod, place.ann, mute=True, deaf=None)
    voice.leave(place.world, place.ann)

    place.join(place.ann, place.other)

    assert place.told("VOICE_STATE_UPDATE")[-1]["mute"]
    assert not voice.is_heard(place.world, place.ann)


def test_who_is_not_in_voice_cannot_be_muted(place):
    """40032, and the mute they have stays."""
    with refused(40032):
        voice.server_mute(place.world, place.mod, place.ann, mute=True, deaf=None)

    assert not place.guild.members[place.ann].mute


def test_the_hierarchy_does_not_protect_from_a_mute(place):
    """Even the owner can be muted by who has MUTE_MEMBERS."""
    place.join(place.owner, place.voice)

    voice.server_mute(place.world, place.mod, place.owner, mute=True, deaf=None)

    assert place.guild.members[place.owner].mute


def test_muting_needs_its_permission(place):
    """50013 without MUTE_MEMBERS."""
    place.join(place.ben, place.voice)

    with refused(50013):
        voice.server_mute(place.world, place.ann, place.ben, mute=True, deaf=None)


def test_unmuting_in_a_voice_channel_lifts_a_missing_speak(place):
    """The quirk that JDA found: ``mute: false`` unsuppresses."""
    deny(place, place.voice, place.ann, Permission.SPEAK)
    place.join(place.ann, place.voice)

    voice.server_mute(place.world, place.mod, place.ann, mute=False, deaf=None)

    assert not place.state(place.ann).suppress


def test_an_invitation_must_be_accepted(place):
    """Unsuppressing a human sets the timestamp; only accepting clears it."""
    place.join(place.ann, place.stage)

    voice.set_suppress(place.world, place.mod, place.ann, suppress=False)
    invited = voice.is_heard(place.world, place.ann)
    voice.answer_invitation(place.world, place.ann, accept=True)

    assert not invited
    assert voice.is_heard(place.world, place.ann)
    told = place.told("VOICE_STATE_UPDATE")
    assert [one["request_to_speak_timestamp"] is None for one in told] == [
        True,
        False,
        True,
    ]


def test_an_invitation_can_be_declined(place):
    """Then the member is in the audience as before."""
    place.join(place.ann, place.stage)
    voice.set_suppress(place.world, place.mod, place.ann, suppress=False)

    voice.answer_invitation(place.world, place.ann, accept=False)

    assert place.state(place.ann).suppress
    assert place.state(place.ann).hand_raised_at is None


def test_without_an_invitation_there_is_nothing_to_accept(place):
    """A raised hand is no invitation."""
    place.join(place.ann, place.stage)
    voice.set_hand(place.world, place.ann, place.world.now())

    with pytest.raises(Refusal, match="invitation"):
        voice.answer_invitation(place.world, place.ann, accept=True)


def test_a_bot_needs_no_invitation(place):
    """Who unsuppresses itself, or is a bot, speaks at once."""
    place.join(place.bot, place.stage)

    voice.set_suppress(place.world, place.bot, place.bot, suppress=False)

    assert voice.is_heard(place.world, place.bot)


def test_suppressing_takes_a_raised_hand_down(place):
    """Suppress clears the request to speak."""
    place.join(place.ann, place.stage)
    voice.set_hand(place.world, place.ann, place.world.now())

    voice.set_suppress(place.world, place.mod, place.ann, suppress=True)

    assert place.state(place.ann).hand_raised_at is None


def test_anybody_may_step_down_but_not_up(place):
    """Suppressing oneself is free; the way up takes MUTE_MEMBERS."""
    place.join(place.ann, place.stage)

    with refused(50013):
        voice.set_suppress(place.world, place.ann, place.ann, suppress=False)
    voice.set_suppress(place.world, place.ann, place.ann, suppress=True)


def test_a_hand_needs_request_to_speak(place):
    """50013 where the permission is denied."""
    deny(place, place.stage, place.ann, Permission.REQUEST_TO_SPEAK)
    place.join(place.ann, place.stage)

    with refused(50013):
        voice.set_hand(place.world, place.ann, place.world.now())


def test_suppress_exists_only_on_stages(place):
    """A voice state can be changed by others on a stage only."""
    place.join(place.ann, place.voice)

    with refused(50024):
        voice.set_suppress(place.world, place.mod, place.ann, suppress=True)


def test_who_is_nowhere_has_no_voice_state(place):
    """10065."""
    with refused(10065):
        voice.set_hand(place.world, place.ann, None)


def test_a_full_room_lets_nobody_in_but_movers(place):
    """No event comes; MOVE_MEMBERS is the way past the limit."""
    place.guild.channels[place.voice].user_limit = 1
    place.join(place.ben, place.voice)
    place.heard.clear()

    assert not place.join(place.ann, place.voice)
    assert place.heard == []
    assert place.join(place.mod, place.voice)


def test_a_move_needs_permission_and_somebody_to_move(place):
    """50013 without MOVE_MEMBERS, 40032 for who is not in voice."""
    place.join(place.ann, place.voice)

    with refused(50013):
        voice.move(place.world, place.ben, place.ann, place.other)
    with refused(40032):
        voice.move(place.world, place.mod, place.ben, place.other)


def test_nobody_moves_others_where_they_cannot_go_themselves(place):
    """50001 when the mover cannot connect there."""
    deny(place, place.other, place.mod, Permission.CONNECT)
    place.join(place.ann, place.voice)

    with refused(50001):
        voice.move(place.world, place.mod, place.ann, place.other)


def test_a_move_to_nowhere_disconnects(place):
    """``channel_id: null``."""
    place.join(place.ann, place.voice)

    voice.move(place.world, place.mod, place.ann, None)

    assert place.told("VOICE_STATE_UPDATE")[-1]["channel_id"] is None


def test_a_move_keeps_what_one_has_muted_oneself(place):
    """Self mute and self deaf travel along."""
    place.join(place.ann, place.voice)
    voice.set_self(place.world, place.ann, mute=True)

    voice.move(place.world, place.mod, place.ann, place.other)

    assert place.state(place.ann).self_mute


def test_a_member_in_timeout_cannot_connect():
    """Timeout leaves VIEW_CHANNEL and READ_MESSAGE_HISTORY."""
    place = Place()
    place.guild.members[place.ann].timed_out_until = place.world.now() + 60

    assert not place.join(place.ann, place.voice)
    place.clock.advance(61)
    assert place.join(place.ann, place.voice)
