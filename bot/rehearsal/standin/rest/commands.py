"""Registering application commands, globally and in the guild."""

from bot.rehearsal.standin.refusals import Refusal, missing_access
from bot.rehearsal.standin.rest.call import DONE, Answer, Call, Route
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import commands


def _scope(call: Call) -> int | None:
    if call.id("application") != call.world.application_id:
        raise Refusal(403, 20012, "You are not authorized to perform this action")
    if "guild" not in call.params:
        return None
    if call.id("guild") != call.world.guild.id:
        raise missing_access()
    return call.id("guild")


def listed(call: Call) -> Answer:
    """GET …/commands."""
    return Answer(200, commands.scope(call.world, _scope(call)))


def overwrite(call: Call) -> Answer:
    """PUT …/commands."""
    bodies = call.body if isinstance(call.body, list) else []
    return Answer(200, commands.overwrite(call.world, _scope(call), bodies))


def create(call: Call) -> Answer:
    """POST …/commands."""
    made, fresh = commands.create(call.world, _scope(call), call.form().body)
    return Answer(201 if fresh else 200, made)


def read(call: Call) -> Answer:
    """GET …/commands/{command}."""
    return Answer(200, commands.find(call.world, _scope(call), call.id("command")))


def patch(call: Call) -> Answer:
    """PATCH …/commands/{command}."""
    command_id, body = call.id("command"), call.form().body
    return Answer(200, commands.edit(call.world, _scope(call), command_id, body))


def delete(call: Call) -> Answer:
    """DELETE …/commands/{command}."""
    found = commands.find(call.world, _scope(call), call.id("command"))
    del call.world.commands[int(found["id"])]
    return DONE


def permissions(call: Call) -> Answer:
    """GET …/commands/permissions: nobody has set any."""
    _scope(call)
    none: list[Json] = []
    return Answer(200, none)


GLOBAL = "/applications/{application}/commands"
GUILD = "/applications/{application}/guilds/{guild}/commands"
ROUTES = [Route("GET", f"{GUILD}/permissions", permissions)] + [
    route
    for base in (GLOBAL, GUILD)
    for route in (
        Route("GET", base, listed),
        Route("PUT", base, overwrite),
        Route("POST", base, create),
        Route("GET", f"{base}/{{command}}", read),
        Route("PATCH", f"{base}/{{command}}", patch),
        Route("DELETE", f"{base}/{{command}}", delete),
    )
]
