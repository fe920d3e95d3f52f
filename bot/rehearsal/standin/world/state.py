"""The world: everything Discord remembers about one guild, and one application in it.

Rules live in the sibling modules as functions on a ``World``; every change they
make is announced with ``announce`` and reaches whoever ``watch``es, in order.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.rehearsal.standin.permissions import EVERYTHING, Permission
from bot.rehearsal.standin.refusals import (
    missing_access,
    missing_permissions,
    unknown,
)
from bot.rehearsal.standin.wire import Json, Snowflakes
from bot.rehearsal.standin.world.channels import (
    AnyChannel,
    Channel,
    DirectChannel,
    Thread,
)
from bot.rehearsal.standin.world.guild import Guild
from bot.rehearsal.standin.world.interaction import Interaction
from bot.rehearsal.standin.world.users import Member, User


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One gateway event, before anybody's intents."""

    name: str
    data: Json


@dataclass(frozen=True, slots=True)
class Answered:
    """The application answered, or followed up on, an interaction."""

    interaction: Interaction
    message: Json | None
    """The message shown to the member, ephemeral ones included."""
    edited: bool = False


Notice = Dispatch | Answered
"""What a watcher of the world sees."""


@dataclass(slots=True)
class VoiceState:
    """Where somebody is in voice, and how."""

    user_id: int
    channel_id: int
    session_id: str
    suppress: bool = False
    hand_raised_at: float | None = None
    """``request_to_speak_timestamp`` in Unix seconds: own request or an invitation."""
    invited: bool = False
    """A moderator unsuppressed them; they have not accepted yet."""
    self_mute: bool = False
    self_deaf: bool = False


@dataclass(slots=True)
class World:
    """One guild and everything in it."""

    clock: Clock
    application_id: int
    bot: User
    guild: Guild
    users: dict[int, User] = field(default_factory=dict)
    snowflakes: Snowflakes = field(default_factory=Snowflakes)
    direct: dict[int, DirectChannel] = field(default_factory=dict)
    refuses_direct: set[int] = field(default_factory=set)
    """Users who take no private messages of the bot."""
    messages: dict[int, dict[int, Json]] = field(default_factory=dict)
    """Channel → message → its object, oldest first."""
    nonces: dict[tuple[int, str], tuple[float, int, int]] = field(default_factory=dict)
    """Author and nonce → when, channel and message."""
    private: dict[int, int] = field(default_factory=dict)
    """Ephemeral message → the one user who sees it."""
    reactors: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    """Message and emoji → who reacted with it."""
    pins: dict[int, dict[int, float]] = field(default_factory=dict)
    """Channel → message → when it was pinned."""
    files: dict[int, tuple[str, bytes]] = field(default_factory=dict)
    """Attachment → content type and bytes."""
    voice: dict[int, VoiceState] = field(default_factory=dict)
    stages: dict[int, Json] = field(default_factory=dict)
    """Stage channel → its open stage instance."""
    events: dict[int, Json] = field(default_factory=dict)
    rsvps: dict[int, list[int]] = field(default_factory=dict)
    """Scheduled event → the users who are interested, first come first."""
    commands: dict[int, Json] = field(default_factory=dict)
    """Global commands; the guild's own carry a ``guild_id``."""
    webhooks: dict[int, Json] = field(default_factory=dict)
    interactions: dict[str, Interaction] = field(default_factory=dict)
    """Token → interaction."""
    watchers: list[Callable[[Notice], None]] = field(default_factory=list)

    def now(self) -> float:
        """Return Unix seconds."""
        return self.clock.now()

    def new_id(self) -> int:
        """Return a fresh snowflake."""
        return self.snowflakes.new(self.now())

    def watch(self, watcher: Callable[[Notice], None]) -> None:
        """Call ``watcher`` with every notice from now on."""
        self.watchers.append(watcher)

    def announce(self, name: str, data: Json) -> None:
        """Tell the watchers what happened, as the gateway words it."""
        self.tell(Dispatch(name, data))

    def tell(self, notice: Notice) -> None:
        """Tell the watchers what happened."""
        for watcher in list(self.watchers):
            watcher(notice)

    def user(self, user_id: int) -> User:
        """Return a user or refuse with 10013."""
        if user_id not in self.users:
            raise unknown(10013, "User")
        return self.users[user_id]

    def member(self, user_id: int) -> Member:
        """Return a member or refuse with 10007."""
        if user_id not in self.guild.members:
            raise unknown(10007, "Member")
        return self.guild.members[user_id]

    def channel(self, channel_id: int) -> AnyChannel:
        """Return a channel, thread or direct channel, or refuse with 10003."""
        for shelf in (self.guild.channels, self.guild.threads, self.direct):
            if channel_id in shelf:
                return shelf[channel_id]
        raise unknown(10003, "Channel")

    def guild_channel(self, channel_id: int) -> Channel:
        """Return a channel of the guild that is no thread, or refuse with 10003."""
        if channel_id not in self.guild.channels:
            raise unknown(10003, "Channel")
        return self.guild.channels[channel_id]

    def granted(self, user_id: int, channel: AnyChannel | None = None) -> Permission:
        """Return what a member may do, in a channel if one is given."""
        match channel:
            case None:
                return self.guild.granted(user_id, self.now())
            case DirectChannel():
                return EVERYTHING
            case Channel() | Thread():
                return self.guild.granted_in(user_id, channel, self.now())

    def require(
        self, user_id: int, needed: Permission, channel: AnyChannel | None = None
    ) -> None:
        """Refuse with 50001 what cannot be seen, with 50013 what is not allowed."""
        granted = self.granted(user_id, channel)
        if channel is not None and Permission.VIEW_CHANNEL not in granted:
            raise missing_access()
        if needed & ~granted:
            raise missing_permissions()
