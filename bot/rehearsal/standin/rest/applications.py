"""Who am I: users, the application, and how to reach the gateway."""

from bot.rehearsal.standin.refusals import bad_field
from bot.rehearsal.standin.rest.call import Answer, Call, Route
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.channels import DirectChannel
from bot.rehearsal.standin.world.state import World

PRIVILEGED_FLAGS = 1 << 13 | 1 << 15 | 1 << 19
"""The application may use the limited presence, member and content intents."""


def own_user(world: World) -> Json:
    """Return the bot's user as the bot sees it."""
    return world.bot.to_json() | {
        "mfa_enabled": True,
        "locale": "en-US",
        "premium_type": 0,
        "email": None,
        "verified": True,
    }


def application(world: World) -> Json:
    """Return the application object."""
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": world.bot.to_json(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": PRIVILEGED_FLAGS,
        "flags_new": str(PRIVILEGED_FLAGS),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": world.users[world.guild.owner_id].to_json(),
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "integration_types_config": {"0": {}},
        "eligible_oauth2_scopes": [],
    }


def gateway_url(host: str, *, secure: bool) -> str:
    """Return the gateway as the client that came by ``host`` can reach it."""
    if host.partition(":")[0].endswith("discord.com"):
        return "wss://gateway.discord.gg"
    return f"{'wss' if secure else 'ws'}://{host}"


def gateway(call: Call) -> Answer:
    """GET /gateway."""
    return Answer(200, {"url": gateway_url(call.host, secure=call.secure)})


def gateway_bot(call: Call) -> Answer:
    """GET /gateway/bot."""
    starts = {"total": 1000, "remaining": 999, "reset_after": 0, "max_concurrency": 1}
    url = gateway_url(call.host, secure=call.secure)
    return Answer(200, {"url": url, "shards": 1, "session_start_limit": starts})


def me(call: Call) -> Answer:
    """GET /users/@me."""
    return Answer(200, own_user(call.world))


def edit_me(call: Call) -> Answer:
    """PATCH /users/@me."""
    form = call.form()
    name = form.text("username", least=2, most=32)
    form.check()
    call.world.bot.name = name or call.world.bot.name
    return me(call)


def user(call: Call) -> Answer:
    """GET /users/{user}."""
    return Answer(200, call.world.user(call.id("user")).to_json())


def my_guilds(call: Call) -> Answer:
    """GET /users/@me/guilds."""
    guild = call.world.guild
    mine: Json = {
        "id": str(guild.id),
        "name": guild.name,
        "icon": None,
        "banner": None,
        "owner": False,
        "permissions": str(int(call.world.granted(call.actor_id))),
        "features": guild.features,
        "approximate_member_count": len(guild.members),
        "approximate_presence_count": len(guild.members),
    }
    return Answer(200, [mine])


def open_direct(call: Call) -> Answer:
    """POST /users/@me/channels."""
    form = call.form()
    user_id = form.snowflake("recipient_id", required=True)
    form.check()
    recipient = call.world.user(user_id or 0)
    if recipient.bot:
        words = "Cannot send messages to this user"
        raise bad_field(("recipient_id",), "INVALID_RECIPIENT", words)
    channel = direct_with(call.world, recipient.id)
    return Answer(200, channel.to_json())


def direct_with(world: World, user_id: int) -> DirectChannel:
    """Return the direct channel with a user, made if need be."""
    for channel in world.direct.values():
        if channel.recipient["id"] == str(user_id):
            return channel
    channel = DirectChannel(world.new_id(), world.users[user_id].to_json())
    world.direct[channel.id] = channel
    return channel


def my_application(call: Call) -> Answer:
    """GET /applications/@me."""
    return Answer(200, application(call.world))


def nothing(call: Call) -> Answer:
    """Answer with an empty list: there are none here."""
    return Answer(200, [])


REGIONS = ("rotterdam", "madrid", "us-east")


def regions(call: Call) -> Answer:
    """GET /voice/regions."""
    made: list[Json] = [
        {
            "id": one,
            "name": one.title(),
            "custom": False,
            "deprecated": False,
            "optimal": one == REGIONS[0],
        }
        for one in REGIONS
    ]
    return Answer(200, made)


ROUTES = [
    Route("GET", "/gateway", gateway, needs_token=False),
    Route("GET", "/gateway/bot", gateway_bot),
    Route("GET", "/users/@me", me),
    Route("PATCH", "/users/@me", edit_me),
    Route("GET", "/users/@me/guilds", my_guilds),
    Route("POST", "/users/@me/channels", open_direct),
    Route("GET", "/users/{user}", user),
    Route("GET", "/applications/@me", my_application),
    Route("GET", "/oauth2/applications/@me", my_application),
    Route("GET", "/voice/regions", regions),
    Route("GET", "/guilds/{guild}/regions", regions),
    Route("GET", "/soundboard-default-sounds", nothing),
    Route("GET", "/sticker-packs", lambda call: Answer(200, {"sticker_packs": []})),
    Route("GET", "/applications/{application}/entitlements", nothing),
    Route("GET", "/applications/{application}/skus", nothing),
    Route(
        "GET",
        "/applications/{application}/emojis",
        lambda call: Answer(200, {"items": []}),
    ),
]
