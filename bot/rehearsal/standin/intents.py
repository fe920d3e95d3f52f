"""Which dispatches a client asked for, and what it sees of a message.

Discord, "Gateway": Gateway Intents, Message Content Intent.
"""

from enum import IntFlag

from bot.rehearsal.standin.wire import Json


class Intent(IntFlag):
    """One bit of IDENTIFY's ``intents``."""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_MODERATION = 1 << 2
    GUILD_EXPRESSIONS = 1 << 3
    GUILD_INTEGRATIONS = 1 << 4
    GUILD_WEBHOOKS = 1 << 5
    GUILD_INVITES = 1 << 6
    GUILD_VOICE_STATES = 1 << 7
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15
    GUILD_SCHEDULED_EVENTS = 1 << 16
    AUTO_MODERATION_CONFIGURATION = 1 << 20
    AUTO_MODERATION_EXECUTION = 1 << 21
    GUILD_MESSAGE_POLLS = 1 << 24
    DIRECT_MESSAGE_POLLS = 1 << 25


KNOWN = sum(Intent)
PRIVILEGED = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT

PREFIXES = (
    ("GUILD_MEMBERS_CHUNK", Intent(0)),
    ("GUILD_MEMBER_", Intent.GUILD_MEMBERS),
    ("THREAD_MEMBERS_", Intent.GUILDS | Intent.GUILD_MEMBERS),
    ("GUILD_BAN_", Intent.GUILD_MODERATION),
    ("GUILD_AUDIT_LOG_", Intent.GUILD_MODERATION),
    ("GUILD_SCHEDULED_EVENT_", Intent.GUILD_SCHEDULED_EVENTS),
    ("GUILD_ROLE_", Intent.GUILDS),
    ("VOICE_CHANNEL_STATUS_", Intent.GUILDS),
    ("GUILD_", Intent.GUILDS),
    ("CHANNEL_", Intent.GUILDS),
    ("THREAD_", Intent.GUILDS),
    ("STAGE_INSTANCE_", Intent.GUILDS),
    ("VOICE_STATE_", Intent.GUILD_VOICE_STATES),
    ("VOICE_CHANNEL_EFFECT_", Intent.GUILD_VOICE_STATES),
    ("WEBHOOKS_", Intent.GUILD_WEBHOOKS),
    ("INVITE_", Intent.GUILD_INVITES),
    ("MESSAGE_REACTION_", Intent.GUILD_MESSAGE_REACTIONS),
    ("MESSAGE_POLL_", Intent.GUILD_MESSAGE_POLLS),
    ("MESSAGE_", Intent.GUILD_MESSAGES),
    ("TYPING_", Intent.GUILD_MESSAGE_TYPING),
)
"""The first prefix that fits a dispatch's name names the intents, any of which do."""

DIRECT = {
    Intent.GUILD_MESSAGES: Intent.DIRECT_MESSAGES,
    Intent.GUILD_MESSAGE_REACTIONS: Intent.DIRECT_MESSAGE_REACTIONS,
    Intent.GUILD_MESSAGE_TYPING: Intent.DIRECT_MESSAGE_TYPING,
    Intent.GUILD_MESSAGE_POLLS: Intent.DIRECT_MESSAGE_POLLS,
}

CONTENT = ("embeds", "attachments", "components")


def needed(name: str, data: Json) -> Intent:
    """Return the intents, any one of which lets the dispatch through; 0 needs none."""
    for prefix, intent in PREFIXES:
        if name.startswith(prefix):
            direct = DIRECT.get(intent) if "guild_id" not in data else None
            return direct or intent
    return Intent(0)


def passes(name: str, data: Json, intents: Intent, own_id: int) -> bool:
    """Say whether a session with ``intents`` gets the dispatch."""
    if name in ("GUILD_MEMBER_UPDATE", "VOICE_STATE_UPDATE"):
        whose = data.get("user_id") or data.get("user", {}).get("id")
        if whose == str(own_id):
            return True  # what happens to the bot itself needs no intent
    wanted = needed(name, data)
    return not wanted or bool(wanted & intents)


def seen(name: str, data: Json, intents: Intent, own_id: int) -> Json:
    """Return the dispatch as a session with ``intents`` sees it."""
    if name not in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
        return data
    own = str(own_id)
    visible = (
        Intent.MESSAGE_CONTENT in intents
        or "guild_id" not in data
        or data["author"]["id"] == own
        or any(user["id"] == own for user in data["mentions"])
    )
    if visible:
        return data
    blank: Json = {"content": "", **{key: [] for key in CONTENT}}
    return {key: one for key, one in data.items() if key != "poll"} | blank
