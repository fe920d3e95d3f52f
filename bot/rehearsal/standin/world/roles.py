"""Roles: bundles of permissions in an order."""

from dataclasses import dataclass

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.wire import Json


@dataclass(slots=True)
class Role:
    """A role of the guild."""

    id: int
    name: str
    permissions: Permission
    position: int
    color: int = 0
    hoist: bool = False
    mentionable: bool = False
    bot_id: int | None = None
    """The bot this role was made for, when it joined."""

    def to_json(self) -> Json:
        """Return the role object."""
        role: Json = {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": self.position,
            "color": self.color,
            "colors": {
                "primary_color": self.color,
                "secondary_color": None,
                "tertiary_color": None,
            },
            "hoist": self.hoist,
            "managed": self.bot_id is not None,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
        if self.bot_id is not None:
            role["tags"] = {"bot_id": str(self.bot_id)}
        return role
