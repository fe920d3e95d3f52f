"""Who is or was in a Space, and what is known of each.

Somebody who left is remembered: their seconds count when they come back, and their
seat and hand are kept for a while.
"""

from dataclasses import dataclass, field

from moderation.floor import Invitation
from moderation.queue import Spoken


@dataclass(slots=True)
class Member:
    """One person of a Space."""

    user_id: int
    present: bool = False
    moderator: bool = False
    bot: bool = False
    account_created_at: float | None = None
    joined_guild_at: float | None = None
    rules_version: str = ""
    side: str = ""

    left_at: float | None = None
    """Unix seconds; None while present."""

    seconds: float = 0.0
    """Speech in this Space."""

    turns: int = 0
    """Times that they were given the floor."""

    speaking_since: float | None = None
    """Unix seconds; None while silent."""

    invited: Invitation | None = None
    """The invitation that they had when they left; renewed if they are back in time."""

    hand_at: float | None = None
    """Unix seconds when their hand last went up."""

    points_of_order: int = 0
    """Points of order raised."""

    told_at: float | None = None
    """Unix seconds when they were last told that they do not have the floor."""

    suppressed: bool | None = None
    """What Discord last showed; None if nothing was seen since they came."""

    hand_shown: bool = False
    """Discord last showed a request to speak."""

    silenced: bool = False
    """The Space itself had them silenced; the next suppression seen is not theirs."""


@dataclass(slots=True)
class People:
    """Everybody of one Space."""

    members: dict[int, Member] = field(default_factory=dict)
    """By user, in the order of their first coming."""

    def get(self, user_id: int) -> Member:
        """Return what is known of a member; a stranger is remembered as absent."""
        member = self.members.get(user_id)
        if member is None:
            member = self.members[user_id] = Member(user_id)
        return member

    def is_present(self, user_id: int) -> bool:
        """Say whether a member is in the room."""
        member = self.members.get(user_id)
        return member is not None and member.present

    def is_moderator(self, user_id: int) -> bool:
        """Say whether a member moderates the guild."""
        member = self.members.get(user_id)
        return member is not None and member.moderator

    def present(self) -> list[Member]:
        """Return who is in the room, other bots left out."""
        return [m for m in self.members.values() if m.present and not m.bot]

    def spoken(self, user_id: int) -> Spoken:
        """Return what the order of the queue depends on."""
        member = self.members.get(user_id)
        if member is None:
            return Spoken()
        return Spoken(member.seconds, member.turns, member.side)
