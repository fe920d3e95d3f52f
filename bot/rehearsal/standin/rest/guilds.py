"""The guild, its channels, roles and what it has none of."""

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import missing_access
from bot.rehearsal.standin.rest.call import DONE, Answer, Call, Route
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import ranks, rooms


def require_guild(call: Call) -> None:
    """Refuse every guild but ours, as one the bot is not in."""
    if call.id("guild") != call.world.guild.id:
        raise missing_access()


def read(call: Call) -> Answer:
    """GET /guilds/{guild}."""
    require_guild(call)
    guild = call.world.guild.to_json()
    if call.query.get("with_counts") in ("true", "1", "True"):
        count = len(call.world.guild.members)
        guild |= {
            "approximate_member_count": count,
            "approximate_presence_count": count,
        }
    return Answer(200, guild)


def channels(call: Call) -> Answer:
    """GET /guilds/{guild}/channels."""
    require_guild(call)
    world = call.world
    found = [
        one.to_json()
        for one in world.guild.channels.values()
        if Permission.VIEW_CHANNEL in world.granted(call.actor_id, one)
    ]
    return Answer(200, found)


def create_channel(call: Call) -> Answer:
    """POST /guilds/{guild}/channels."""
    require_guild(call)
    channel = rooms.create(call.world, call.actor_id, call.form())
    return Answer(201, channel.to_json())


def active_threads(call: Call) -> Answer:
    """GET /guilds/{guild}/threads/active."""
    require_guild(call)
    threads = [one for one in call.world.guild.threads.values() if not one.archived]
    mine = [one for one in threads if call.actor_id in one.members]
    body: Json = {
        "threads": [one.to_json() for one in threads],
        "members": [one.member_json(call.actor_id) for one in mine],
        "has_more": False,
    }
    return Answer(200, body)


def roles(call: Call) -> Answer:
    """GET /guilds/{guild}/roles."""
    require_guild(call)
    return Answer(200, [one.to_json() for one in call.world.guild.roles.values()])


def role(call: Call) -> Answer:
    """GET /guilds/{guild}/roles/{role}."""
    require_guild(call)
    return Answer(200, ranks.find(call.world, call.id("role")).to_json())


def create_role(call: Call) -> Answer:
    """POST /guilds/{guild}/roles."""
    require_guild(call)
    made = ranks.create(call.world, call.actor_id, call.form())
    return Answer(200, made.to_json())


def edit_role(call: Call) -> Answer:
    """PATCH /guilds/{guild}/roles/{role}."""
    require_guild(call)
    made = ranks.edit(call.world, call.actor_id, call.id("role"), call.form())
    return Answer(200, made.to_json())


def delete_role(call: Call) -> Answer:
    """DELETE /guilds/{guild}/roles/{role}."""
    require_guild(call)
    ranks.delete(call.world, call.actor_id, call.id("role"))
    return DONE


def nothing(call: Call) -> Answer:
    """Answer with an empty list: this guild has none."""
    require_guild(call)
    return Answer(200, [])


def no_items(call: Call) -> Answer:
    """Answer with an empty ``items`` object."""
    require_guild(call)
    return Answer(200, {"items": []})


ROUTES = [
    Route("GET", "/guilds/{guild}", read),
    Route("GET", "/guilds/{guild}/channels", channels),
    Route("POST", "/guilds/{guild}/channels", create_channel),
    Route("GET", "/guilds/{guild}/threads/active", active_threads),
    Route("GET", "/guilds/{guild}/roles", roles),
    Route("POST", "/guilds/{guild}/roles", create_role),
    Route("GET", "/guilds/{guild}/roles/{role}", role),
    Route("PATCH", "/guilds/{guild}/roles/{role}", edit_role),
    Route("DELETE", "/guilds/{guild}/roles/{role}", delete_role),
    Route("GET", "/guilds/{guild}/emojis", nothing),
    Route("GET", "/guilds/{guild}/stickers", nothing),
    Route("GET", "/guilds/{guild}/bans", nothing),
    Route("GET", "/guilds/{guild}/invites", nothing),
    Route("GET", "/guilds/{guild}/integrations", nothing),
    Route("GET", "/guilds/{guild}/soundboard-sounds", no_items),
]
