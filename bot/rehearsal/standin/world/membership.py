"""Changing members: nickname, roles, timeout, and being put out of the guild.

Unlike muting and moving, these obey the role hierarchy (Discord, "Permissions").
"""

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import (
    bad_field,
    missing_permissions,
    unknown,
)
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import voice
from bot.rehearsal.standin.world.state import World
from bot.rehearsal.standin.world.users import Member

LONGEST_TIMEOUT_S = 28 * 86_400.0


def patch(world: World, actor_id: int, user_id: int, form: Form) -> Json:
    """Apply a "Modify Guild Member"."""
    member = world.member(user_id)
    form.text("nick", most=32)
    roles = form.snowflakes("roles")
    mute, deaf = form.flag("mute"), form.flag("deaf")
    channel_id = form.snowflake("channel_id")
    until = form.moment("communication_disabled_until")
    form.check()
    if form.has("nick"):
        rename(world, actor_id, user_id, form.body["nick"])
    if roles is not None:
        set_roles(world, actor_id, user_id, roles)
    if form.has("communication_disabled_until"):
        time_out(world, actor_id, user_id, until)
    if mute is not None or deaf is not None:
        voice.server_mute(world, actor_id, user_id, mute=mute, deaf=deaf)
    if form.has("channel_id"):
        voice.move(world, actor_id, user_id, channel_id)
    return member.to_json()


def rename(world: World, actor_id: int, user_id: int, nick: str | None) -> None:
    """Change a nickname, one's own or another's."""
    if actor_id == user_id:
        world.require(actor_id, Permission.CHANGE_NICKNAME)
    else:
        world.require(actor_id, Permission.MANAGE_NICKNAMES)
        require_above(world, actor_id, user_id)
    world.member(user_id).nick = nick or None
    announce(world, world.member(user_id))


def set_roles(world: World, actor_id: int, user_id: int, roles: list[int]) -> None:
    """Give a member exactly these roles."""
    member = world.member(user_id)
    world.require(actor_id, Permission.MANAGE_ROLES)
    for role_id in set(roles) ^ set(member.roles):
        if role_id not in world.guild.roles:
            raise unknown(10011, "Role")
        above = world.guild.rank(actor_id) > world.guild.roles[role_id].position
        if not above or world.guild.roles[role_id].bot_id is not None:
            raise missing_permissions()
    member.roles = list(dict.fromkeys(roles))
    announce(world, member)


def time_out(world: World, actor_id: int, user_id: int, until: float | None) -> None:
    """Time a member out until a moment, or let them back with None."""
    world.require(actor_id, Permission.MODERATE_MEMBERS)
    require_above(world, actor_id, user_id)
    if Permission.ADMINISTRATOR in world.granted(user_id):
        raise missing_permissions()
    if until is not None and until > world.now() + LONGEST_TIMEOUT_S:
        words = "Timeout cannot be longer than 28 days."
        raise bad_field(("communication_disabled_until",), "INVALID_TIMEOUT", words)
    member = world.member(user_id)
    member.timed_out_until = until
    announce(world, member)
    if member.in_timeout(world.now()):
        voice.leave(world, user_id)


def remove(world: World, actor_id: int, user_id: int, needed: Permission) -> None:
    """Kick a member (or ban, with that permission)."""
    member = world.member(user_id)
    world.require(actor_id, needed)
    require_above(world, actor_id, user_id)
    voice.leave(world, user_id)
    del world.guild.members[user_id]
    left = {"guild_id": str(world.guild.id), "user": member.user.to_json()}
    world.announce("GUILD_MEMBER_REMOVE", left)


def require_above(world: World, actor_id: int, user_id: int) -> None:
    """Refuse what is done to somebody who is not below the actor."""
    if world.guild.rank(actor_id) <= world.guild.rank(user_id):
        raise missing_permissions()


def announce(world: World, member: Member) -> None:
    """Tell everybody what a member looks like now."""
    data = member.to_json() | {"guild_id": str(world.guild.id)}
    world.announce("GUILD_MEMBER_UPDATE", data)
