"""Users and guild members."""

from dataclasses import dataclass, field

from bot.rehearsal.standin.wire import Json, ids, iso, iso_or_none


@dataclass(slots=True)
class User:
    """A Discord account."""

    id: int
    name: str
    bot: bool = False
    locale: str = "en-US"

    def to_json(self) -> Json:
        """Return the user object."""
        username = self.name.lower().replace(" ", "_")
        return {
            "id": str(self.id),
            "username": username,
            "global_name": None if self.bot else self.name,
            "discriminator": "0",
            "avatar": None,
            "avatar_decoration_data": None,
            "banner": None,
            "accent_color": None,
            "collectibles": None,
            "primary_guild": None,
            "public_flags": 0,
            "flags": 0,
            "bot": self.bot,
            "system": False,
        }


@dataclass(slots=True)
class Member:
    """A user in the guild."""

    user: User
    joined_at: float
    """Unix seconds."""
    roles: list[int] = field(default_factory=list)
    nick: str | None = None
    mute: bool = False
    """Server mute: a property of the member, it outlives every voice channel."""
    deaf: bool = False
    timed_out_until: float | None = None
    """Unix seconds."""
    flags: int = 0

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    def in_timeout(self, now: float) -> bool:
        """Say whether a timeout holds at ``now``."""
        return self.timed_out_until is not None and self.timed_out_until > now

    def to_json(self) -> Json:
        """Return the member object, its user included."""
        return {
            "user": self.user.to_json(),
            "nick": self.nick,
            "avatar": None,
            "avatar_decoration_data": None,
            "banner": None,
            "collectibles": None,
            "roles": ids(self.roles),
            "joined_at": iso(self.joined_at),
            "premium_since": None,
            "deaf": self.deaf,
            "mute": self.mute,
            "flags": self.flags,
            "pending": False,
            "communication_disabled_until": iso_or_none(self.timed_out_until),
        }
