"""What a stand-in starts with: a Community guild, its people, its rooms, the bot."""

from dataclasses import dataclass, field

from bot.clock import Clock
from bot.rehearsal.standin.permissions import (
    EVERYONE,
    NOTHING,
    SPACES_BOT,
    Permission,
)
from bot.rehearsal.standin.wire import Snowflakes
from bot.rehearsal.standin.world.channels import Channel, ChannelType
from bot.rehearsal.standin.world.guild import Guild
from bot.rehearsal.standin.world.roles import Role
from bot.rehearsal.standin.world.state import World
from bot.rehearsal.standin.world.users import Member, User

DAY_S = 86_400.0
AGE_S = 400 * DAY_S
"""How old the guild is."""


@dataclass(frozen=True, slots=True)
class RoleSeed:
    """A role of the guild."""

    name: str
    permissions: Permission = NOTHING


@dataclass(frozen=True, slots=True)
class MemberSeed:
    """A member of the guild."""

    name: str
    locale: str = "en-US"
    roles: tuple[str, ...] = ()
    """Names of ``RoleSeed``s."""


@dataclass(frozen=True, slots=True)
class ChannelSeed:
    """A channel of the guild."""

    name: str
    type: ChannelType = ChannelType.TEXT
    user_limit: int = 0


PEOPLE = (
    MemberSeed("Elena", "es-ES"),
    MemberSeed("Bruno", "es-ES"),
    MemberSeed("Carmen", "es-ES"),
    MemberSeed("David"),
    MemberSeed("Emma"),
    MemberSeed("Frank"),
)
ROOMS = (
    ChannelSeed("general"),
    ChannelSeed("announcements"),
    ChannelSeed("stage", ChannelType.STAGE),
    ChannelSeed("voice", ChannelType.VOICE),
    ChannelSeed("voice 2", ChannelType.VOICE),
)


@dataclass(frozen=True, slots=True)
class Seed:
    """Everything that is there before anything happens."""

    guild: str = "La Tertulia"
    bot: str = "Tertulia"
    bot_permissions: Permission = SPACES_BOT
    everyone: Permission = EVERYONE
    members: tuple[MemberSeed, ...] = PEOPLE
    """The first one owns the guild."""
    roles: tuple[RoleSeed, ...] = ()
    """Lowest first; the bot's own role is above them all."""
    channels: tuple[ChannelSeed, ...] = ROOMS
    locale: str = "en-US"
    community: bool = True
    """Whether Community is turned on; stages need it."""
    extra: tuple[str, ...] = field(default=())
    """Names of members that only fill the guild; nobody drives them."""


def build(seed: Seed, clock: Clock) -> World:
    """Make the world that a seed describes; all its ids are older than now."""
    born = clock.now() - AGE_S
    guild_id, bot_id = Snowflakes.at(born), Snowflakes.at(born - DAY_S)
    people = [*seed.members, *(MemberSeed(name) for name in seed.extra)]
    users = [
        User(Snowflakes.at(born - DAY_S, index + 1), one.name, locale=one.locale)
        for index, one in enumerate(people)
    ]
    bot = User(bot_id, seed.bot, bot=True)
    guild = Guild(guild_id, seed.guild, users[0].id, seed.locale)
    guild.features = ["COMMUNITY", "NEWS"] if seed.community else []
    _add_roles(guild, seed, bot, born)
    by_name = {role.name: role.id for role in guild.roles.values()}
    for user, person in zip(users, people, strict=True):
        roles = [by_name[name] for name in person.roles]
        guild.members[user.id] = Member(user, born + DAY_S, roles)
    guild.members[bot.id] = Member(bot, born + DAY_S, [by_name[seed.bot]])
    for index, room in enumerate(seed.channels):
        channel_id = Snowflakes.at(born, 100 + index)
        channel = Channel(channel_id, room.type, room.name, guild_id, index)
        channel.user_limit = room.user_limit
        guild.channels[channel_id] = channel
    everybody = {user.id: user for user in [*users, bot]}
    return World(clock, bot.id, bot, guild, everybody)


def _add_roles(guild: Guild, seed: Seed, bot: User, born: float) -> None:
    guild.roles[guild.id] = Role(guild.id, "@everyone", seed.everyone, 0)
    for index, one in enumerate(seed.roles):
        role_id = Snowflakes.at(born, 1000 + index)
        guild.roles[role_id] = Role(role_id, one.name, one.permissions, index + 1)
    own_id, top = Snowflakes.at(born, 2000), len(seed.roles) + 1
    own = Role(own_id, seed.bot, seed.bot_permissions, top, bot_id=bot.id)
    guild.roles[own_id] = own
