"""Making, changing and removing roles."""

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import missing_permissions, unknown
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.roles import Role
from bot.rehearsal.standin.world.state import World


def create(world: World, actor_id: int, form: Form) -> Role:
    """Make a role at the bottom of the order."""
    world.require(actor_id, Permission.MANAGE_ROLES)
    form.text("name", most=100)
    form.check()
    everyone = world.guild.roles[world.guild.id].permissions
    role = Role(world.new_id(), "new role", everyone, position=1)
    for other in world.guild.roles.values():
        other.position += other.id != world.guild.id
    _apply(world, actor_id, role, form)
    world.guild.roles[role.id] = role
    _announce(world, "CREATE", role)
    return role


def edit(world: World, actor_id: int, role_id: int, form: Form) -> Role:
    """Change a role below one's own."""
    role = find(world, role_id)
    _require_above(world, actor_id, role)
    _apply(world, actor_id, role, form)
    _announce(world, "UPDATE", role)
    return role


def delete(world: World, actor_id: int, role_id: int) -> None:
    """Remove a role below one's own from the guild and its members."""
    role = find(world, role_id)
    _require_above(world, actor_id, role)
    if role.bot_id is not None or role_id == world.guild.id:
        raise missing_permissions()
    del world.guild.roles[role_id]
    for member in world.guild.members.values():
        member.roles = [one for one in member.roles if one != role_id]
    data = {"guild_id": str(world.guild.id), "role_id": str(role_id)}
    world.announce("GUILD_ROLE_DELETE", data)


def find(world: World, role_id: int) -> Role:
    """Return a role or refuse with 10011."""
    if role_id not in world.guild.roles:
        raise unknown(10011, "Role")
    return world.guild.roles[role_id]


def _apply(world: World, actor_id: int, role: Role, form: Form) -> None:
    name = form.text("name", most=100)
    color = form.integer("color", 0, 0xFFFFFF)
    form.check()
    role.name = role.name if name is None else name
    role.color = role.color if color is None else color
    for key in ("hoist", "mentionable"):
        if form.body.get(key) is not None:
            setattr(role, key, bool(form.body[key]))
    if form.body.get("permissions") is not None:
        wanted = Permission(int(form.body["permissions"]))
        if (wanted ^ role.permissions) & ~world.granted(actor_id):
            raise missing_permissions()
        role.permissions = wanted


def _require_above(world: World, actor_id: int, role: Role) -> None:
    world.require(actor_id, Permission.MANAGE_ROLES)
    if world.guild.rank(actor_id) <= role.position:
        raise missing_permissions()


def _announce(world: World, verb: str, role: Role) -> None:
    data: Json = {"guild_id": str(world.guild.id), "role": role.to_json()}
    world.announce(f"GUILD_ROLE_{verb}", data)
