"""Turning what a member types into a command into Discord's option objects.

A value may be given as the member sees it: a choice by its label, a user, channel or
role by its name; it arrives as the registered command says.
"""

from dataclasses import dataclass, field

from bot.errors import BotError
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.command_rules import GROUP, SUBCOMMAND
from bot.rehearsal.standin.world.state import World

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(3, 11)


class OptionError(BotError):
    """A member cannot type that into this command."""


@dataclass(slots=True)
class Filled:
    """Options ready to send, and the objects they mention."""

    options: list[Json]
    resolved: dict[str, Json] = field(default_factory=dict)


def fill(
    world: World,
    command: Json,
    path: list[str],
    values: Json,
    focused: str | None = None,
) -> Filled:
    """Fill in a command; ``path`` names its group and subcommand, outermost first.

    With ``focused`` it is filled as far as the member has typed, for autocomplete.

    Raises:
        OptionError: no such subcommand or option, or a value that does not fit.

    """
    level = command.get("options") or []
    wrappers: list[Json] = []
    for step in path:
        inner = _named(level, step, f"/{command['name']}")
        if inner["type"] not in (SUBCOMMAND, GROUP):
            raise OptionError(f"/{command['name']}: {step} is an option, no subcommand")
        wrappers.append({"type": inner["type"], "name": step})
        level = inner.get("options") or []
    if level and level[0]["type"] in (SUBCOMMAND, GROUP):
        names = ", ".join(one["name"] for one in level)
        raise OptionError(f"/{command['name']} needs a subcommand: {names}")
    filled = Filled([])
    for name, value in values.items():
        option = _named(level, name, f"/{' '.join([command['name'], *path])}")
        made = {"type": option["type"], "name": name}
        partial = name == focused
        made["value"] = value if partial else _value(world, option, value, filled)
        filled.options.append(made | ({"focused": True} if partial else {}))
    missing = [one["name"] for one in level if one.get("required")]
    missing = [name for name in missing if name not in values]
    if missing and focused is None:
        raise OptionError(f"/{command['name']} needs {', '.join(missing)}")
    for wrapper in reversed(wrappers):
        filled.options = [wrapper | {"options": filled.options}]
    return filled


def _named(level: list[Json], name: str, where: str) -> Json:
    for one in level:
        if one["name"] == name:
            return one
    known = ", ".join(one["name"] for one in level) or "none"
    raise OptionError(f"{where} has no {name!r}; it has {known}")


def _value(world: World, option: Json, value: object, filled: Filled) -> object:
    kind, name = option["type"], option["name"]
    choices = {one["name"]: one["value"] for one in option.get("choices") or []}
    if choices:
        if value not in choices and value not in choices.values():
            raise OptionError(f"{name}: {value!r} is none of {', '.join(choices)}")
        return choices.get(str(value), value)
    match kind:
        case 3:
            _check_range(name, len(str(value)), option, "min_length", "max_length")
            return str(value)
        case 4 | 10:
            number = _number(name, value, whole=kind == INTEGER)
            _check_range(name, number, option, "min_value", "max_value")
            return number
        case 5:
            return value if isinstance(value, bool) else str(value).lower() == "true"
        case _:
            return _resolve(world, option, str(value), filled)


def _check_range(name: str, size: float, option: Json, low: str, high: str) -> None:
    least, most = option.get(low), option.get(high)
    if (least is not None and size < least) or (most is not None and size > most):
        raise OptionError(f"{name}: {size} is outside {least} to {most}")


def _number(name: str, value: object, *, whole: bool) -> float:
    try:
        return int(str(value)) if whole else float(str(value))
    except ValueError as error:
        raise OptionError(f"{name}: {value!r} is no number") from error


def _resolve(world: World, option: Json, text: str, filled: Filled) -> str:
    kind, name = option["type"], option["name"]
    if kind in (USER, MENTIONABLE):
        for member in world.guild.members.values():
            if text in (str(member.id), member.user.name, f"<@{member.id}>"):
                resolve_member(world, member.id, filled.resolved)
                return str(member.id)
        for user in world.users.values():
            if text in (str(user.id), f"<@{user.id}>"):  # has left the guild
                gone = filled.resolved.setdefault("users", {})
                gone[str(user.id)] = user.to_json()
                return str(user.id)
    if kind in (ROLE, MENTIONABLE):
        for role in world.guild.roles.values():
            if text in (str(role.id), role.name, f"<@&{role.id}>"):
                filled.resolved.setdefault("roles", {})[str(role.id)] = role.to_json()
                return str(role.id)
    if kind == CHANNEL:
        allowed = option.get("channel_types") or []
        for channel in world.guild.channels.values():
            if text in (str(channel.id), channel.name, f"<#{channel.id}>"):
                if allowed and int(channel.type) not in allowed:
                    raise OptionError(
                        f"{name}: channel {text} is not of type {allowed}"
                    )
                partial = channel.to_json() | {"permissions": "0"}
                shelf = filled.resolved.setdefault("channels", {})
                shelf[str(channel.id)] = partial
                return str(channel.id)
    raise OptionError(f"{name}: there is no {text!r} to choose")


def resolve_member(world: World, user_id: int, resolved: dict[str, Json]) -> None:
    """Put a user and their member into a ``resolved`` object."""
    member = world.guild.members[user_id]
    partial = {
        key: one
        for key, one in member.to_json().items()
        if key not in ("user", "mute", "deaf")
    }
    partial["permissions"] = str(int(world.granted(user_id)))
    resolved.setdefault("users", {})[str(user_id)] = member.user.to_json()
    resolved.setdefault("members", {})[str(user_id)] = partial
