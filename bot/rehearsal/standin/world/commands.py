"""Application commands: registering them, with Discord's limits, and finding them.

100 slash commands and 15 of each context menu, globally and again in the guild; a
name is unique per type and scope (Discord, "Application Commands").
"""

from collections import Counter

from bot.rehearsal.standin.refusals import Fault, Refusal, invalid_form, unknown
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import command_rules
from bot.rehearsal.standin.world.command_rules import (
    CHAT_INPUT,
    LOCALIZED,
    MESSAGE,
    USER,
)
from bot.rehearsal.standin.world.state import World

MOST = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}


def scope(world: World, guild_id: int | None) -> list[Json]:
    """Return the global commands, or those of the guild."""
    mark = None if guild_id is None else str(guild_id)
    return [one for one in world.commands.values() if one.get("guild_id") == mark]


def overwrite(world: World, guild_id: int | None, bodies: list[Json]) -> list[Json]:
    """Replace all commands of a scope; those that keep their name keep their id."""
    faults: list[Fault] = []
    for index, body in enumerate(bodies):
        faults += command_rules.faults(body, (index,))
    if faults:
        raise invalid_form(*faults)
    _check_counts(bodies)
    old = {_key(one): one for one in scope(world, guild_id)}
    made = [_make(world, guild_id, one, old.get(_key(one))) for one in bodies]
    for one in old.values():
        del world.commands[int(one["id"])]
    world.commands |= {int(one["id"]): one for one in made}
    return made


def create(world: World, guild_id: int | None, body: Json) -> tuple[Json, bool]:
    """Register one command; say whether it is new or replaced its namesake."""
    faults = command_rules.faults(body, ())
    if faults:
        raise invalid_form(*faults)
    here = scope(world, guild_id)
    old = next((one for one in here if _key(one) == _key(body)), None)
    if old is None:
        _check_counts([*here, body])
    made = _make(world, guild_id, body, old)
    world.commands[int(made["id"])] = made
    return made, old is None


def edit(world: World, guild_id: int | None, command_id: int, body: Json) -> Json:
    """Change a command."""
    old = find(world, guild_id, command_id)
    made = _make(world, guild_id, old | body, old)
    faults = command_rules.faults(made, ())
    if faults:
        raise invalid_form(*faults)
    world.commands[command_id] = made
    return made


def find(world: World, guild_id: int | None, command_id: int) -> Json:
    """Return a command of a scope or refuse with 10063."""
    for one in scope(world, guild_id):
        if one["id"] == str(command_id):
            return one
    raise unknown(10063, "application command")


def named(world: World, name: str, kind: int = CHAT_INPUT) -> Json | None:
    """Return the command that a member gets for a name; the guild's own first."""
    found = [one for one in world.commands.values() if _key(one) == (kind, name)]
    return next(iter(sorted(found, key=lambda one: "guild_id" not in one)), None)


def _check_counts(bodies: list[Json]) -> None:
    if len({_key(one) for one in bodies}) < len(bodies):
        words = "Application command names must be unique"
        code = "APPLICATION_COMMANDS_DUPLICATE_NAME"
        raise invalid_form(Fault((), code, words))
    for kind, count in Counter(_key(one)[0] for one in bodies).items():
        if count > MOST[kind]:
            words = f"Maximum number of application commands reached ({MOST[kind]})."
            raise Refusal(400, 30032, words)


def _key(body: Json) -> tuple[int, str]:
    return body.get("type") or CHAT_INPUT, body["name"]


def _make(world: World, guild_id: int | None, body: Json, old: Json | None) -> Json:
    made: Json = {
        "id": old["id"] if old else str(world.new_id()),
        "application_id": str(world.application_id),
        "version": str(world.new_id()),
        "type": body.get("type") or CHAT_INPUT,
        "name": body["name"],
        "name_localizations": body.get("name_localizations"),
        "description": body.get("description") or "",
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": None,
        "nsfw": bool(body.get("nsfw")),
        "options": [_option(one) for one in body.get("options") or []],
    }
    if body.get("default_member_permissions") is not None:
        made["default_member_permissions"] = str(body["default_member_permissions"])
    if guild_id is not None:
        return made | {"guild_id": str(guild_id)}
    dm_permission = body.get("dm_permission")
    return made | {
        "dm_permission": True if dm_permission is None else dm_permission,
        "contexts": body.get("contexts"),
        "integration_types": body.get("integration_types") or [0],
    }


def _option(option: Json) -> Json:
    made = {key: one for key, one in option.items() if one is not None}
    for key in LOCALIZED:
        made[f"{key}_localizations"] = option.get(f"{key}_localizations")
    if option.get("options"):
        made["options"] = [_option(one) for one in option["options"]]
    if option.get("choices"):
        made["choices"] = [
            {"name_localizations": None} | one for one in made["choices"]
        ]
    return made
