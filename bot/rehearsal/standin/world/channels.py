"""Channels of the guild: text, voice, stage, categories, threads; and direct ones."""

from dataclasses import dataclass, field
from enum import IntEnum

from bot.rehearsal.standin.permissions import Overwrite
from bot.rehearsal.standin.wire import Json, iso, iso_or_none


class ChannelType(IntEnum):
    """Discord's numbers for the types of channel that exist here."""

    TEXT = 0
    DIRECT = 1
    VOICE = 2
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    STAGE = 13


VOICE_TYPES = frozenset({ChannelType.VOICE, ChannelType.STAGE})
THREAD_TYPES = frozenset(
    {
        ChannelType.ANNOUNCEMENT_THREAD,
        ChannelType.PUBLIC_THREAD,
        ChannelType.PRIVATE_THREAD,
    }
)
MOST_PEOPLE = {ChannelType.VOICE: 99, ChannelType.STAGE: 10_000}
"""The highest ``user_limit``."""
MOST_BITRATE = {ChannelType.VOICE: 96_000, ChannelType.STAGE: 64_000}
"""Bits per second, without boosts."""


@dataclass(slots=True)
class Channel:
    """A channel of the guild that is no thread."""

    id: int
    type: ChannelType
    name: str
    guild_id: int
    position: int = 0
    parent_id: int | None = None
    topic: str | None = None
    nsfw: bool = False
    slowmode_s: int = 0
    bitrate: int = 64_000
    user_limit: int = 0
    rtc_region: str | None = None
    video_quality_mode: int = 1
    status: str | None = None
    """A voice channel's status line; not part of the channel object."""
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    last_message_id: int | None = None
    last_pin_at: float | None = None

    @property
    def is_voice(self) -> bool:
        """Say whether people can connect to it."""
        return self.type in VOICE_TYPES

    def to_json(self) -> Json:
        """Return the channel object."""
        channel: Json = {
            "id": str(self.id),
            "type": int(self.type),
            "guild_id": str(self.guild_id),
            "name": self.name,
            "position": self.position,
            "parent_id": None if self.parent_id is None else str(self.parent_id),
            "flags": 0,
            "nsfw": self.nsfw,
            "permission_overwrites": [
                {
                    "id": str(one.id),
                    "type": int(one.is_member),
                    "allow": str(int(one.allow)),
                    "deny": str(int(one.deny)),
                }
                for one in self.overwrites.values()
            ],
        }
        if self.type is ChannelType.CATEGORY:
            return channel
        last = None if self.last_message_id is None else str(self.last_message_id)
        channel |= {
            "last_message_id": last,
            "last_pin_timestamp": iso_or_none(self.last_pin_at),
            "rate_limit_per_user": self.slowmode_s,
            "topic": self.topic,
        }
        if self.is_voice:
            channel |= {
                "bitrate": self.bitrate,
                "user_limit": self.user_limit,
                "rtc_region": self.rtc_region,
                "video_quality_mode": self.video_quality_mode,
            }
        return channel


@dataclass(slots=True)
class Thread:
    """A thread below a channel."""

    id: int
    type: ChannelType
    name: str
    guild_id: int
    parent_id: int
    owner_id: int
    created_at: float
    """Unix seconds."""
    auto_archive_minutes: int = 4320
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    slowmode_s: int = 0
    members: dict[int, float] = field(default_factory=dict)
    """Who follows it, and since when (Unix seconds)."""
    last_message_id: int | None = None
    last_pin_at: float | None = None
    message_count: int = 0
    touched_at: float = 0.0
    """When it was last written in or opened, Unix seconds."""
    put_away_at: float | None = None
    """When it was last archived or taken out of the archive, Unix seconds."""

    @property
    def is_voice(self) -> bool:
        """A thread is for writing."""
        return False

    def is_closed_to(self, user_id: int) -> bool:
        """Say whether it is private and somebody is not in it."""
        private = self.type is ChannelType.PRIVATE_THREAD
        return private and user_id not in self.members

    def archives_at(self) -> float:
        """Return when nobody has written in it for too long, Unix seconds."""
        return max(self.created_at, self.touched_at) + 60 * self.auto_archive_minutes

    def member_json(self, user_id: int) -> Json:
        """Return the thread member object."""
        return {
            "id": str(self.id),
            "user_id": str(user_id),
            "join_timestamp": iso(self.members[user_id]),
            "flags": 1,
        }

    def to_json(self) -> Json:
        """Return the thread's channel object."""
        metadata: Json = {
            "archived": self.archived,
            "archive_timestamp": iso(self.put_away_at or self.created_at),
            "auto_archive_duration": self.auto_archive_minutes,
            "locked": self.locked,
            "create_timestamp": iso(self.created_at),
        }
        if self.type is ChannelType.PRIVATE_THREAD:
            metadata["invitable"] = self.invitable
        last = None if self.last_message_id is None else str(self.last_message_id)
        return {
            "id": str(self.id),
            "type": int(self.type),
            "guild_id": str(self.guild_id),
            "name": self.name,
            "parent_id": str(self.parent_id),
            "owner_id": str(self.owner_id),
            "last_message_id": last,
            "last_pin_timestamp": iso_or_none(self.last_pin_at),
            "rate_limit_per_user": self.slowmode_s,
            "flags": 0,
            "message_count": self.message_count,
            "member_count": len(self.members),
            "total_message_sent": self.message_count,
            "thread_metadata": metadata,
        }


@dataclass(slots=True)
class DirectChannel:
    """The private channel between the bot and one user."""

    id: int
    recipient: Json
    """The user object of the other side."""
    last_message_id: int | None = None
    last_pin_at: float | None = None

    @property
    def is_voice(self) -> bool:
        """Calls are not for bots."""
        return False

    def to_json(self) -> Json:
        """Return the channel object."""
        last = None if self.last_message_id is None else str(self.last_message_id)
        return {
            "id": str(self.id),
            "type": int(ChannelType.DIRECT),
            "flags": 0,
            "last_message_id": last,
            "last_pin_timestamp": iso_or_none(self.last_pin_at),
            "recipients": [self.recipient],
        }


AnyChannel = Channel | Thread | DirectChannel
