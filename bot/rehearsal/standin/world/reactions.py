"""Reactions to messages."""

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import unknown
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.messages import guild_of
from bot.rehearsal.standin.world.state import World


def shown(world: World, message: Json, viewer_id: int) -> Json:
    """Return a message with its reactions, as one viewer sees it."""
    message_id = int(message["id"])
    found: list[Json] = [
        {
            "emoji": emoji_of(emoji),
            "count": len(users),
            "count_details": {"burst": 0, "normal": len(users)},
            "burst_colors": [],
            "me_burst": False,
            "me": viewer_id in users,
            "burst_me": False,
            "burst_count": 0,
        }
        for (of, emoji), users in world.reactors.items()
        if of == message_id and users
    ]
    return message | {"reactions": found} if found else message


def emoji_of(text: str) -> Json:
    """Return the partial emoji of a path segment: a character or ``name:id``."""
    name, _, number = text.partition(":")
    return {"id": number or None, "name": name, "animated": False}


def add(world: World, user_id: int, message: Json, emoji: str) -> None:
    """React to a message."""
    channel = world.channel(int(message["channel_id"]))
    key = (int(message["id"]), emoji)
    needed = Permission.READ_MESSAGE_HISTORY
    if not world.reactors.get(key):
        needed |= Permission.ADD_REACTIONS  # joining an existing one is free
    world.require(user_id, needed, channel)
    users = world.reactors.setdefault(key, [])
    if user_id in users:
        return
    users.append(user_id)
    data = _data(world, message, emoji) | {
        "user_id": str(user_id),
        "message_author_id": message["author"]["id"],
    }
    if "guild_id" in data:
        data["member"] = world.guild.members[user_id].to_json()
    world.announce("MESSAGE_REACTION_ADD", data)


def remove(world: World, user_id: int, message: Json, emoji: str) -> None:
    """Take somebody's reaction back."""
    users = world.reactors.get((int(message["id"]), emoji), [])
    if user_id not in users:
        raise unknown(10014, "Emoji")
    users.remove(user_id)
    data = _data(world, message, emoji) | {"user_id": str(user_id)}
    world.announce("MESSAGE_REACTION_REMOVE", data)


def clear(world: World, message: Json, emoji: str | None = None) -> None:
    """Remove all reactions, or all with one emoji."""
    for key in [one for one in world.reactors if one[0] == int(message["id"])]:
        if emoji in (None, key[1]):
            del world.reactors[key]
    data: Json = {"message_id": message["id"], "channel_id": message["channel_id"]}
    data |= guild_of(world, int(message["channel_id"]))
    if emoji is None:
        world.announce("MESSAGE_REACTION_REMOVE_ALL", data)
    else:
        gone = data | {"emoji": emoji_of(emoji)}
        world.announce("MESSAGE_REACTION_REMOVE_EMOJI", gone)


def _data(world: World, message: Json, emoji: str) -> Json:
    return {
        "message_id": message["id"],
        "channel_id": message["channel_id"],
        "emoji": emoji_of(emoji),
        "burst": False,
        "type": 0,
        **guild_of(world, int(message["channel_id"])),
    }
