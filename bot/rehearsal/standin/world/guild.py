"""The guild: its owner, roles, members and channels, and who may do what in it."""

from dataclasses import dataclass, field

from bot.rehearsal.standin import permissions
from bot.rehearsal.standin.permissions import TIMED_OUT, Permission
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.channels import Channel, Thread
from bot.rehearsal.standin.world.roles import Role
from bot.rehearsal.standin.world.users import Member


@dataclass(slots=True)
class Guild:
    """A guild; a Community one unless its features say otherwise."""

    id: int
    name: str
    owner_id: int
    locale: str = "en-US"
    features: list[str] = field(default_factory=lambda: ["COMMUNITY", "NEWS"])
    roles: dict[int, Role] = field(default_factory=dict)
    """The role whose id is the guild's is @everyone."""
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    threads: dict[int, Thread] = field(default_factory=dict)

    def granted(self, user_id: int, now: float) -> Permission:
        """Return what a member may do in the guild, whatever the channel."""
        if user_id == self.owner_id:
            return permissions.EVERYTHING
        member = self.members[user_id]
        everyone = self.roles[self.id].permissions
        roles = (self.roles[one].permissions for one in member.roles)
        granted = permissions.base(everyone, roles)
        return self._in_time(granted, member, now)

    def granted_in(
        self, user_id: int, channel: Channel | Thread, now: float
    ) -> Permission:
        """Return what a member may do in a channel; a thread has its parent's."""
        if user_id == self.owner_id:
            return permissions.EVERYTHING
        home = (
            channel
            if isinstance(channel, Channel)
            else self.channels[channel.parent_id]
        )
        member = self.members[user_id]
        granted = permissions.in_channel(
            self.granted(user_id, now),
            home.overwrites.values(),
            everyone_id=self.id,
            role_ids=member.roles,
            member_id=user_id,
        )
        granted = permissions.implied(granted, is_voice=home.is_voice)
        manages = Permission.MANAGE_THREADS in granted
        if (
            isinstance(channel, Thread)
            and channel.is_closed_to(user_id)
            and not manages
        ):
            return permissions.NOTHING
        return self._in_time(granted, member, now)

    def rank(self, user_id: int) -> int:
        """Return a member's place in the hierarchy; the owner is above all."""
        if user_id == self.owner_id:
            return max(role.position for role in self.roles.values()) + 1
        member = self.members[user_id]
        return max((self.roles[one].position for one in member.roles), default=0)

    @staticmethod
    def _in_time(granted: Permission, member: Member, now: float) -> Permission:
        exempt = Permission.ADMINISTRATOR in granted
        return granted & TIMED_OUT if member.in_timeout(now) and not exempt else granted

    def to_json(self) -> Json:
        """Return the guild object of the REST API."""
        first_text = next(
            (str(one.id) for one in self.channels.values() if one.type == 0), None
        )
        empty = dict.fromkeys(NULLS)
        return empty | {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner_id),
            "region": "deprecated",
            "features": self.features,
            "afk_timeout": 300,
            "system_channel_id": first_text,
            "rules_channel_id": first_text,
            "public_updates_channel_id": first_text,
            "system_channel_flags": 0,
            "widget_enabled": False,
            "verification_level": 1,
            "roles": [role.to_json() for role in self.roles.values()],
            "default_message_notifications": 1,
            "mfa_level": 0,
            "explicit_content_filter": 2,
            "max_members": 25_000_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "preferred_locale": self.locale,
            "premium_progress_bar_enabled": False,
            "nsfw": False,
            "nsfw_level": 0,
            "emojis": [],
            "stickers": [],
        }


NULLS = (
    "icon",
    "description",
    "home_header",
    "splash",
    "discovery_splash",
    "banner",
    "application_id",
    "afk_channel_id",
    "widget_channel_id",
    "max_presences",
    "vanity_url_code",
    "safety_alerts_channel_id",
    "incidents_data",
    "hub_type",
    "latest_onboarding_question_id",
    "premium_progress_bar_enabled_user_updated_at",
)
"""Keys that every guild object has and that are null here."""
