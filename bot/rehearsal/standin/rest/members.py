"""Members and their voice states."""

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.rest.call import DONE, Answer, Call, Route
from bot.rehearsal.standin.rest.guilds import require_guild
from bot.rehearsal.standin.world import membership, ranks, voice


def read(call: Call) -> Answer:
    """GET /guilds/{guild}/members/{user}."""
    require_guild(call)
    return Answer(200, call.world.member(call.id("user")).to_json())


def listed(call: Call) -> Answer:
    """GET /guilds/{guild}/members."""
    require_guild(call)
    after, limit = call.number("after") or 0, call.number("limit") or 1
    found = sorted(one for one in call.world.guild.members if one > after)
    shown = [call.world.guild.members[one].to_json() for one in found[:limit]]
    return Answer(200, shown)


def search(call: Call) -> Answer:
    """GET /guilds/{guild}/members/search."""
    require_guild(call)
    start = call.query.get("query", "").lower()
    found = [
        one.to_json()
        for one in call.world.guild.members.values()
        if one.user.name.lower().startswith(start)
        or (one.nick or "").lower().startswith(start)
    ]
    return Answer(200, found[: call.number("limit") or 1])


def patch(call: Call) -> Answer:
    """PATCH /guilds/{guild}/members/{user}."""
    require_guild(call)
    user_id = call.id("user")
    return Answer(
        200, membership.patch(call.world, call.actor_id, user_id, call.form())
    )


def kick(call: Call) -> Answer:
    """DELETE /guilds/{guild}/members/{user}."""
    require_guild(call)
    membership.remove(
        call.world, call.actor_id, call.id("user"), Permission.KICK_MEMBERS
    )
    return DONE


def give_role(call: Call) -> Answer:
    """PUT /guilds/{guild}/members/{user}/roles/{role}."""
    require_guild(call)
    member, role = call.world.member(call.id("user")), call.id("role")
    ranks.find(call.world, role)
    roles = [*member.roles, role]
    membership.set_roles(call.world, call.actor_id, member.id, roles)
    return DONE


def take_role(call: Call) -> Answer:
    """DELETE /guilds/{guild}/members/{user}/roles/{role}."""
    require_guild(call)
    member, role = call.world.member(call.id("user")), call.id("role")
    ranks.find(call.world, role)
    roles = [one for one in member.roles if one != role]
    membership.set_roles(call.world, call.actor_id, member.id, roles)
    return DONE


def voice_state(call: Call) -> Answer:
    """GET /guilds/{guild}/voice-states/{user}."""
    require_guild(call)
    state = voice.state_of(call.world, call.id("user"))
    return Answer(200, voice.to_json(call.world, state))


def patch_own_voice_state(call: Call) -> Answer:
    """PATCH /guilds/{guild}/voice-states/@me."""
    require_guild(call)
    form = call.form()
    channel_id = form.snowflake("channel_id")
    suppress = form.flag("suppress")
    hand = form.moment("request_to_speak_timestamp")
    form.check()
    state, _ = voice.on_stage(call.world, call.actor_id)
    voice.require_there(state, channel_id)
    if suppress is not None:
        voice.set_suppress(call.world, call.actor_id, call.actor_id, suppress)
    if form.has("request_to_speak_timestamp"):
        voice.set_hand(call.world, call.actor_id, hand)
    return DONE


def patch_voice_state(call: Call) -> Answer:
    """PATCH /guilds/{guild}/voice-states/{user}."""
    require_guild(call)
    form, user_id = call.form(), call.id("user")
    channel_id = form.snowflake("channel_id")
    suppress = form.flag("suppress")
    form.check()
    state, channel = voice.on_stage(call.world, user_id)
    voice.require_there(state, channel_id)
    call.world.require(call.actor_id, Permission.MUTE_MEMBERS, channel)
    if suppress is not None:
        voice.set_suppress(call.world, call.actor_id, user_id, suppress)
    return DONE


MEMBER = "/guilds/{guild}/members/{user}"
VOICE = "/guilds/{guild}/voice-states"
ROUTES = [
    Route("GET", "/guilds/{guild}/members", listed),
    Route("GET", "/guilds/{guild}/members/search", search),
    Route("GET", MEMBER, read),
    Route("PATCH", MEMBER, patch, "member"),
    Route("DELETE", MEMBER, kick, "member"),
    Route("PUT", f"{MEMBER}/roles/{{role}}", give_role, "member"),
    Route("DELETE", f"{MEMBER}/roles/{{role}}", take_role, "member"),
    Route("GET", f"{VOICE}/{{user}}", voice_state),
    Route("PATCH", f"{VOICE}/@me", patch_own_voice_state),
    Route("PATCH", f"{VOICE}/{{user}}", patch_voice_state),
]
