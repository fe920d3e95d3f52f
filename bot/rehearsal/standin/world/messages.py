"""Messages: posting, reading, editing, deleting, pinning.

An ephemeral message is kept like any other, but is announced to nobody and found
only through the interaction that it answers.
"""

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import Refusal, bad_field, unknown
from bot.rehearsal.standin.wire import Json, ids, iso
from bot.rehearsal.standin.world import mentions
from bot.rehearsal.standin.world.channels import (
    AnyChannel,
    Channel,
    ChannelType,
    DirectChannel,
    Thread,
)
from bot.rehearsal.standin.world.drafts import EPHEMERAL, Draft, attach
from bot.rehearsal.standin.world.state import World

REPLY = 19
NONCE_KEPT_S = 300.0
"""How long a nonce is remembered; Discord says "the past few minutes"."""
CROSSPOSTED = 1 << 0


def require_may_post(world: World, actor_id: int, channel: AnyChannel) -> None:
    """Refuse somebody who may not write in a channel."""
    needed = Permission.SEND_MESSAGES
    if isinstance(channel, Thread):
        needed = Permission.SEND_MESSAGES_IN_THREADS
        if channel.archived and channel.locked:
            raise Refusal(400, 50083, "Thread is archived")
    if isinstance(channel, DirectChannel):
        recipient = int(channel.recipient["id"])
        if actor_id == world.bot.id and recipient not in world.guild.members:
            words = "due to having no mutual guilds"
            raise Refusal(403, 50278, f"Cannot send messages to this user {words}")
        if actor_id == world.bot.id and recipient in world.refuses_direct:
            raise Refusal(403, 50007, "Cannot send messages to this user")
    if isinstance(channel, Channel) and channel.type is ChannelType.CATEGORY:
        raise Refusal(400, 50008, "Cannot send messages in a non-text channel")
    world.require(actor_id, needed, channel)


def post(
    world: World,
    author: Json,
    channel: AnyChannel,
    draft: Draft,
    extra: Json | None = None,
) -> Json:
    """Put a checked draft into a channel and announce it.

    With ``enforce_nonce`` what was posted with that nonce is returned, and nothing new.
    """
    before = _posted_before(world, author, draft)
    if before is not None:
        return before
    message_id = world.new_id()
    message = blank(world, message_id, channel.id, author) | draft.content()
    message |= {"flags": draft.flags} | (extra or {})
    message["attachments"] = attach(world, draft, channel.id, [])
    _mention(world, message, draft)
    if draft.body.get("message_reference"):
        _refer(world, message, draft, channel)
    if draft.body.get("nonce") is not None:
        message["nonce"] = draft.body["nonce"]
        key = (int(author["id"]), str(draft.body["nonce"]))
        world.nonces[key] = (world.now(), channel.id, message_id)
    world.messages.setdefault(channel.id, {})[message_id] = message
    if not message["flags"] & EPHEMERAL:
        channel.last_message_id = message_id
        if isinstance(channel, Thread):
            channel.message_count += 1
            channel.touched_at = world.now()
            _wake(world, channel)
        announce(world, "MESSAGE_CREATE", message)
    return message


def _posted_before(world: World, author: Json, draft: Draft) -> Json | None:
    """Return the message of the last minutes with the nonce that must be unique."""
    if not draft.body.get("enforce_nonce") or draft.body.get("nonce") is None:
        return None
    key = (int(author["id"]), str(draft.body["nonce"]))
    at, channel_id, message_id = world.nonces.get(key, (float("-inf"), 0, 0))
    if world.now() > at + NONCE_KEPT_S:
        return None
    return world.messages.get(channel_id, {}).get(message_id)


def _wake(world: World, thread: Thread) -> None:
    """Take a thread out of the archive, as every message in it does."""
    if thread.archived:
        thread.archived, thread.put_away_at = False, world.now()
        world.announce("THREAD_UPDATE", thread.to_json())


def blank(world: World, message_id: int, channel_id: int, author: Json) -> Json:
    """Return a message object with nothing in it."""
    return {
        "id": str(message_id),
        "channel_id": str(channel_id),
        "author": author,
        "content": "",
        "timestamp": iso(world.now()),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "type": 0,
        "flags": 0,
    }


def edit(world: World, message: Json, draft: Draft) -> Json:
    """Change a message as its author; something must be left of it."""
    _require_a_rest(message, draft)
    message |= draft.content()
    message["edited_timestamp"] = iso(world.now())
    if "attachments" in draft.body or draft.uploads:
        channel_id = int(message["channel_id"])
        message["attachments"] = attach(
            world, draft, channel_id, message["attachments"]
        )
    if draft.body.get("flags") is not None:
        message["flags"] |= draft.flags & ~EPHEMERAL
    if "content" in draft.body:
        _mention(world, message, draft)
    announce(world, "MESSAGE_UPDATE", message)
    return message


def _require_a_rest(message: Json, draft: Draft) -> None:
    after = message | draft.content()
    files = draft.body.get("attachments", message["attachments"]) or draft.uploads
    kept = any(after[key] for key in ("content", "embeds", "components"))
    if not kept and not files:
        raise Refusal(400, 50006, "Cannot send an empty message")


def crosspost(world: World, message: Json) -> Json:
    """Let the followers of an announcement channel have a message, once."""
    if message["flags"] & CROSSPOSTED:
        raise Refusal(400, 40033, "This message has already been crossposted.")
    message["flags"] |= CROSSPOSTED
    announce(world, "MESSAGE_UPDATE", message)
    return message


def delete(world: World, message: Json) -> None:
    """Remove a message."""
    channel_id, message_id = int(message["channel_id"]), int(message["id"])
    del world.messages[channel_id][message_id]
    world.pins.get(channel_id, {}).pop(message_id, None)
    if not message["flags"] & EPHEMERAL:
        data = {"id": message["id"], "channel_id": message["channel_id"]}
        world.announce("MESSAGE_DELETE", data | guild_of(world, channel_id))


def find(world: World, channel_id: int, message_id: int) -> Json:
    """Return a message that is not ephemeral, or refuse with 10008."""
    message = world.messages.get(channel_id, {}).get(message_id)
    if message is None or message["flags"] & EPHEMERAL:
        raise unknown(10008, "Message")
    return message


def page(
    world: World,
    channel_id: int,
    *,
    limit: int = 50,
    before: int | None = None,
    after: int | None = None,
) -> list[Json]:
    """Return messages of a channel, newest first."""
    found = [
        one
        for number, one in sorted(world.messages.get(channel_id, {}).items())
        if not one["flags"] & EPHEMERAL
        and (before is None or number < before)
        and (after is None or number > after)
    ]
    kept = found[:limit] if after is not None else found[-limit:]
    return kept[::-1]


def pin(world: World, channel: AnyChannel, message: Json, *, on: bool) -> None:
    """Pin a message to its channel, or take the pin out."""
    if message["pinned"] == on:
        return
    shelf = world.pins.setdefault(channel.id, {})
    if on:
        if len(shelf) >= 250:
            raise Refusal(400, 30003, "Maximum number of pins reached (250)")
        shelf[int(message["id"])] = channel.last_pin_at = world.now()
    else:
        shelf.pop(int(message["id"]), None)
    message["pinned"] = on
    announce(world, "MESSAGE_UPDATE", message)
    when = None if channel.last_pin_at is None else iso(channel.last_pin_at)
    data: Json = {"channel_id": str(channel.id), "last_pin_timestamp": when}
    world.announce("CHANNEL_PINS_UPDATE", data | guild_of(world, channel.id))


def announce(world: World, name: str, message: Json) -> None:
    """Tell everybody about a message, as the gateway writes it."""
    if message["flags"] & EPHEMERAL:
        return
    data = message | guild_of(world, int(message["channel_id"]))
    author = world.guild.members.get(int(message["author"]["id"]))
    if "guild_id" in data and author is not None:
        data["member"] = {
            key: one for key, one in author.to_json().items() if key != "user"
        }
    world.announce(name, data)


def guild_of(world: World, channel_id: int) -> Json:
    """Return the ``guild_id`` field of a dispatch, if the channel is the guild's."""
    return {} if channel_id in world.direct else {"guild_id": str(world.guild.id)}


def _mention(world: World, message: Json, draft: Draft) -> None:
    found = mentions.find(message["content"], draft.body.get("allowed_mentions"))
    message["mentions"] = [
        world.users[one].to_json() for one in found.users if one in world.users
    ]
    message["mention_roles"] = ids(
        [one for one in found.roles if one in world.guild.roles]
    )
    channel = world.channel(int(message["channel_id"]))
    may = not isinstance(channel, DirectChannel)
    author = int(message["author"]["id"])
    if may and found.everyone and author in world.guild.members:
        granted = world.granted(author, channel)
        message["mention_everyone"] = Permission.MENTION_EVERYONE in granted


def _refer(world: World, message: Json, draft: Draft, channel: AnyChannel) -> None:
    reference = draft.body["message_reference"]
    author_id = int(message["author"]["id"])
    if Permission.READ_MESSAGE_HISTORY not in world.granted(author_id, channel):
        words = "Cannot reply without permission to read message history"
        raise Refusal(400, 160002, words)
    target_id = int(reference["message_id"])
    target = world.messages.get(channel.id, {}).get(target_id)
    if target is None:
        if reference.get("fail_if_not_exists", True):
            path = ("message_reference",)
            raise bad_field(path, "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return
    message["type"] = REPLY
    message["referenced_message"] = {
        key: one for key, one in target.items() if key != "referenced_message"
    }
    message["message_reference"] = {
        "type": 0,
        "channel_id": str(channel.id),
        "message_id": str(target_id),
        **guild_of(world, channel.id),
    }
    known = {one["id"] for one in message["mentions"]}
    allowed = draft.body.get("allowed_mentions")
    pinged = allowed is None or bool(allowed.get("replied_user"))
    if pinged and target["author"]["id"] not in known:
        message["mentions"].append(target["author"])
