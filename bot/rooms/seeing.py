"""Discord's members and voice states, in the rules' words."""

from typing import Any

import discord

from bot.rooms.room import Room
from moderation.events import MemberJoined, MemberLeft, VoiceStateSeen


def seen(room: Room, member: discord.Member, state: discord.VoiceState) -> None:
    """Tell a room that a member is there, and how their microphone stands.

    Whoever is muted or suppressed, by whomever, has said the last word of a spurt.
    """
    if state.self_mute or state.mute or state.suppress:
        room.ears.cut(member.id)
    room.roster.name(member.id, member.display_name)
    if not room.roster.knows(member.id):
        joined = member.joined_at
        room.notice(
            MemberJoined(
                member.id,
                is_moderator(member),
                member.bot,
                member.created_at.timestamp(),
                None if joined is None else joined.timestamp(),
            )
        )
    room.roster.voice_state(member.id, state_of(member.id, state))


def gone(room: Room, user_id: int) -> None:
    """Tell a room that a member is no longer there."""
    room.ears.cut(user_id)
    room.roster.voice_state(user_id, None)
    room.notice(MemberLeft(user_id))


def state_of(user_id: int, state: discord.VoiceState) -> VoiceStateSeen:
    """Return a Discord voice state in the rules' words."""
    return VoiceStateSeen(
        user_id,
        self_muted=state.self_mute,
        self_deafened=state.self_deaf,
        server_muted=state.mute,
        suppressed=state.suppress,
        hand_up=state.requested_to_speak_at is not None,
    )


def is_moderator(user: Any) -> bool:
    """Say whether a member moderates the guild: may mute and move its members."""
    if not isinstance(user, discord.Member):
        return False
    may = user.guild_permissions
    return may.mute_members and may.move_members
