"""Who may do what where, computed as Discord does it.

Order: @everyone, the other roles, then the channel's overwrites (@everyone, roles,
member); the owner and ADMINISTRATOR have everything and overwrites do not touch them.
A channel that cannot be seen, or a voice channel that cannot be connected to, gives
nothing else (Discord, "Permissions").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag


class Permission(IntFlag):
    """One bit of a permission set."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    PRIORITY_SPEAKER = 1 << 8
    STREAM = 1 << 9
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MUTE_MEMBERS = 1 << 22
    DEAFEN_MEMBERS = 1 << 23
    MOVE_MEMBERS = 1 << 24
    USE_VAD = 1 << 25
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    USE_APPLICATION_COMMANDS = 1 << 31
    REQUEST_TO_SPEAK = 1 << 32
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    USE_EXTERNAL_STICKERS = 1 << 37
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EMBEDDED_ACTIVITIES = 1 << 39
    MODERATE_MEMBERS = 1 << 40
    USE_SOUNDBOARD = 1 << 42
    CREATE_EVENTS = 1 << 44
    USE_EXTERNAL_SOUNDS = 1 << 45
    SEND_VOICE_MESSAGES = 1 << 46
    SET_VOICE_CHANNEL_STATUS = 1 << 48
    SEND_POLLS = 1 << 49
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51


NOTHING = Permission(0)
EVERYTHING = Permission(sum(Permission))

TIMED_OUT = Permission.VIEW_CHANNEL | Permission.READ_MESSAGE_HISTORY
"""All that a member in timeout keeps."""

STAGE_MODERATOR = (
    Permission.MANAGE_CHANNELS | Permission.MUTE_MEMBERS | Permission.MOVE_MEMBERS
)
"""What it takes to open and close a stage instance."""

EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.ADD_REACTIONS
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_EXTERNAL_STICKERS
    | Permission.CONNECT
    | Permission.SPEAK
    | Permission.STREAM
    | Permission.USE_VAD
    | Permission.CHANGE_NICKNAME
    | Permission.CREATE_INSTANT_INVITE
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.REQUEST_TO_SPEAK
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.USE_EMBEDDED_ACTIVITIES
    | Permission.USE_SOUNDBOARD
    | Permission.USE_EXTERNAL_SOUNDS
    | Permission.CREATE_EVENTS
    | Permission.SEND_VOICE_MESSAGES
    | Permission.SET_VOICE_CHANNEL_STATUS
    | Permission.SEND_POLLS
    | Permission.USE_EXTERNAL_APPS
)
"""What @everyone has in a new guild once Community is turned on, which takes
MENTION_EVERYONE away; bits that Discord does not document are left out."""

SPACES_BOT = (
    Permission.VIEW_CHANNEL
    | Permission.CONNECT
    | Permission.SPEAK
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.READ_MESSAGE_HISTORY
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.MUTE_MEMBERS
    | Permission.MOVE_MEMBERS
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_EVENTS
    | Permission.CREATE_EVENTS
)
"""What a bot that moderates voice rooms asks for and no more: never ADMINISTRATOR."""


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel grants and takes away for one role or member."""

    id: int
    is_member: bool
    allow: Permission
    deny: Permission


def base(everyone: Permission, roles: Iterable[Permission]) -> Permission:
    """Return what a member may do in the guild, before any channel."""
    total = everyone
    for role in roles:
        total |= role
    return EVERYTHING if Permission.ADMINISTRATOR in total else total


def in_channel(
    granted: Permission,
    overwrites: Iterable[Overwrite],
    *,
    everyone_id: int,
    role_ids: Iterable[int],
    member_id: int,
) -> Permission:
    """Apply a channel's overwrites to what the guild grants."""
    if Permission.ADMINISTRATOR in granted:
        return EVERYTHING
    roles, by_id = set(role_ids), {one.id: one for one in overwrites}
    layers = [
        [by_id[everyone_id]] if everyone_id in by_id else [],
        [one for one in by_id.values() if not one.is_member and one.id in roles],
        [by_id[member_id]] if member_id in by_id else [],
    ]
    for layer in layers:
        for one in layer:
            granted &= ~one.deny
        for one in layer:
            granted |= one.allow
    return granted


def implied(granted: Permission, *, is_voice: bool) -> Permission:
    """Take away what follows from a channel not seen, or not connectable."""
    if Permission.VIEW_CHANNEL not in granted:
        return NOTHING
    if is_voice and Permission.CONNECT not in granted:
        return granted & TIMED_OUT
    if Permission.SEND_MESSAGES not in granted:
        speech = (
            Permission.MENTION_EVERYONE
            | Permission.SEND_TTS_MESSAGES
            | Permission.ATTACH_FILES
            | Permission.EMBED_LINKS
        )
        return granted & ~speech
    return granted
