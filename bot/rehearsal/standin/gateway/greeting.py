"""What a session is told first: READY, and the whole guild."""

from bot.rehearsal.standin.gateway.session import Session
from bot.rehearsal.standin.intents import Intent
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.rest.applications import PRIVILEGED_FLAGS, own_user
from bot.rehearsal.standin.wire import Json, iso
from bot.rehearsal.standin.world import voice
from bot.rehearsal.standin.world.state import World

CHUNK = 1000
"""Members in one GUILD_MEMBERS_CHUNK."""


def ready(world: World, session: Session, shard: list[int], resume_url: str) -> Json:
    """Return the data of READY."""
    return {
        "v": 10,
        "user": own_user(world),
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": resume_url,
        "shard": shard,
        "guilds": [{"id": str(world.guild.id), "unavailable": True}],
        "application": {"id": str(world.application_id), "flags": PRIVILEGED_FLAGS},
        "private_channels": [],
        "presences": [],
        "relationships": [],
        "user_settings_proto": None,
        "user_settings": {},
        "guild_join_requests": [],
        "geo_ordered_rtc_regions": ["madrid", "rotterdam"],
        "game_relationships": [],
        "auth": {},
        "_trace": [],
    }


def guild(world: World, session: Session) -> Json:
    """Return the data of GUILD_CREATE.

    Without the presence intent only the bot and those in voice are among the members
    (Discord, "Guild Create").
    """
    here = world.guild
    shown = set(here.members)
    if Intent.GUILD_PRESENCES not in session.intents:
        shown = {world.bot.id, *world.voice}
    states = [voice.to_json(world, one) for one in world.voice.values()]
    for state in states:
        del state["member"], state["guild_id"]
    presences = [_presence(one) for one in shown - {world.bot.id}]
    if Intent.GUILD_PRESENCES not in session.intents:
        presences = []
    return here.to_json() | {
        "joined_at": iso(here.members[world.bot.id].joined_at),
        "large": False,
        "unavailable": False,
        "geo_restricted": False,
        "version": world.new_id(),
        "lazy": True,
        "member_count": len(here.members),
        "members": [here.members[one].to_json() for one in sorted(shown)],
        "channels": [
            {key: one for key, one in channel.to_json().items() if key != "guild_id"}
            for channel in here.channels.values()
        ],
        "threads": [
            one.to_json()
            for one in here.threads.values()
            if not one.archived
            and Permission.VIEW_CHANNEL in world.granted(world.bot.id, one)
        ],
        "voice_states": states,
        "presences": presences,
        "stage_instances": list(world.stages.values()),
        "guild_scheduled_events": [
            one for one in world.events.values() if one["status"] in (1, 2)
        ],
        "soundboard_sounds": [],
        "activity_instances": [],
        "embedded_activities": [],
        "application_command_counts": {},
    }


def _presence(user_id: int) -> Json:
    return {
        "user": {"id": str(user_id)},
        "status": "online",
        "activities": [],
        "client_status": {"desktop": "online"},
    }


def chunks(world: World, request: Json) -> list[Json]:
    """Return the answers to a "Request Guild Members"."""
    wanted = request.get("user_ids")
    start = (request.get("query") or "").lower()
    members = list(world.guild.members.values())
    missing: list[str] = []
    if wanted is not None:
        asked = {str(one) for one in (wanted if isinstance(wanted, list) else [wanted])}
        missing = sorted(asked - {str(one.id) for one in members})
        members = [one for one in members if str(one.id) in asked]
    else:
        members = [one for one in members if one.user.name.lower().startswith(start)]
    if request.get("limit"):
        members = members[: request["limit"]]
    parts = [members[at : at + CHUNK] for at in range(0, len(members), CHUNK)] or [[]]
    made: list[Json] = []
    for index, part in enumerate(parts):
        chunk: Json = {
            "guild_id": str(world.guild.id),
            "members": [one.to_json() for one in part],
            "chunk_index": index,
            "chunk_count": len(parts),
            "not_found": missing,
        }
        if request.get("presences"):
            chunk["presences"] = [_presence(one.id) for one in part]
        if request.get("nonce") is not None:
            chunk["nonce"] = request["nonce"]
        made.append(chunk)
    return made


def channel_info(world: World, request: Json) -> Json:
    """Return the data of CHANNEL_INFO: the status lines of the voice channels."""
    fields = request.get("fields") or []
    found: list[Json] = []
    for channel in world.guild.channels.values():
        if channel.is_voice and channel.status is not None and "status" in fields:
            found.append({"id": str(channel.id), "status": channel.status})
    return {"guild_id": str(world.guild.id), "channels": found}
