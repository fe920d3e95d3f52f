"""Messages, reactions and pins."""

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import (
    Refusal,
    bad_field,
    unknown,
    wrong_channel_type,
)
from bot.rehearsal.standin.rest.call import DONE, Answer, Call, Route
from bot.rehearsal.standin.rest.channels import visible
from bot.rehearsal.standin.wire import Json, created_at, iso
from bot.rehearsal.standin.world import messages, reactions
from bot.rehearsal.standin.world.channels import (
    AnyChannel,
    Channel,
    ChannelType,
    Thread,
)
from bot.rehearsal.standin.world.drafts import Draft

BULK_WITHIN_S = 14 * 86_400.0
"""How old a message may be that is deleted together with others."""


def _message(call: Call) -> Json:
    channel = visible(call)
    call.world.require(call.actor_id, Permission.READ_MESSAGE_HISTORY, channel)
    return messages.find(call.world, channel.id, call.id("message"))


def _shown(call: Call, message: Json) -> Json:
    return reactions.shown(call.world, message, call.actor_id)


def listed(call: Call) -> Answer:
    """GET /channels/{channel}/messages."""
    channel = visible(call)
    if Permission.READ_MESSAGE_HISTORY not in call.world.granted(
        call.actor_id, channel
    ):
        return Answer(200, [])
    found = messages.page(
        call.world,
        channel.id,
        limit=min(call.number("limit") or 50, 100),
        before=call.number("before"),
        after=call.number("after"),
    )
    return Answer(200, [_shown(call, one) for one in found])


def read(call: Call) -> Answer:
    """GET /channels/{channel}/messages/{message}."""
    return Answer(200, _shown(call, _message(call)))


def create(call: Call) -> Answer:
    """POST /channels/{channel}/messages."""
    channel, draft = visible(call), call.draft()
    messages.require_may_post(call.world, call.actor_id, channel)
    _require_for(call, channel, draft)
    draft.check(flags=draft.flags)
    draft.require_something()
    made = messages.post(call.world, call.world.bot.to_json(), channel, draft)
    return Answer(200, made)


def _require_for(call: Call, channel: AnyChannel, draft: Draft) -> None:
    """Refuse files and embeds where they are not allowed."""
    if draft.uploads:
        call.world.require(call.actor_id, Permission.ATTACH_FILES, channel)
    if draft.body.get("embeds"):
        call.world.require(call.actor_id, Permission.EMBED_LINKS, channel)


def patch(call: Call) -> Answer:
    """PATCH /channels/{channel}/messages/{message}."""
    message, draft = _message(call), call.draft()
    channel = visible(call)
    if isinstance(channel, Thread) and channel.archived:
        raise Refusal(400, 50083, "Thread is archived")
    if message["author"]["id"] != str(call.actor_id):
        words = "Cannot edit a message authored by another user"
        raise Refusal(403, 50005, words)
    _require_for(call, channel, draft)
    draft.check(flags=message["flags"] | draft.flags)
    return Answer(200, _shown(call, messages.edit(call.world, message, draft)))


def crosspost(call: Call) -> Answer:
    """POST /channels/{channel}/messages/{message}/crosspost."""
    message, channel = _message(call), visible(call)
    if not isinstance(channel, Channel) or channel.type is not ChannelType.ANNOUNCEMENT:
        raise wrong_channel_type()
    needed = Permission.SEND_MESSAGES
    if message["author"]["id"] != str(call.actor_id):
        needed |= Permission.MANAGE_MESSAGES
    call.world.require(call.actor_id, needed, channel)
    return Answer(200, _shown(call, messages.crosspost(call.world, message)))


def delete(call: Call) -> Answer:
    """DELETE /channels/{channel}/messages/{message}."""
    message = _message(call)
    if message["author"]["id"] != str(call.actor_id):
        channel = call.world.channel(call.id("channel"))
        call.world.require(call.actor_id, Permission.MANAGE_MESSAGES, channel)
    messages.delete(call.world, message)
    return DONE


def bulk_delete(call: Call) -> Answer:
    """POST /channels/{channel}/messages/bulk-delete."""
    channel, form = visible(call), call.form()
    call.world.require(call.actor_id, Permission.MANAGE_MESSAGES, channel)
    wanted = form.snowflakes("messages") or []
    form.check()
    if not 2 <= len(wanted) <= 100:
        words = "Provided too few or too many messages to delete."
        raise Refusal(400, 50016, words)
    if len(set(wanted)) < len(wanted):
        words = "Duplicate values."
        raise bad_field(("messages",), "LIST_ITEM_VALUES_DUPLICATE", words)
    if any(created_at(one) < call.world.now() - BULK_WITHIN_S for one in wanted):
        words = "You can only bulk delete messages that are under 14 days old."
        raise Refusal(400, 50034, words)
    shelf = call.world.messages.get(channel.id, {})
    gone = [one for one in wanted if shelf.pop(one, None) is not None]
    data: Json = {"ids": [str(one) for one in gone], "channel_id": str(channel.id)}
    where = messages.guild_of(call.world, channel.id)
    call.world.announce("MESSAGE_DELETE_BULK", data | where)
    return DONE


def react(call: Call) -> Answer:
    """PUT …/reactions/{emoji}/@me."""
    reactions.add(call.world, call.actor_id, _message(call), _emoji(call))
    return DONE


def unreact(call: Call) -> Answer:
    """DELETE …/reactions/{emoji}/{user}."""
    message, user_id = _message(call), call.id("user")
    if user_id != call.actor_id:
        channel = call.world.channel(call.id("channel"))
        call.world.require(call.actor_id, Permission.MANAGE_MESSAGES, channel)
    reactions.remove(call.world, user_id, message, _emoji(call))
    return DONE


def reactors(call: Call) -> Answer:
    """GET …/reactions/{emoji}."""
    key = (int(_message(call)["id"]), _emoji(call))
    users = call.world.reactors.get(key, [])
    return Answer(200, [call.world.users[one].to_json() for one in users])


def clear(call: Call) -> Answer:
    """DELETE …/reactions and …/reactions/{emoji}."""
    message, channel = _message(call), call.world.channel(call.id("channel"))
    call.world.require(call.actor_id, Permission.MANAGE_MESSAGES, channel)
    emoji = _emoji(call) if "emoji" in call.params else None
    reactions.clear(call.world, message, emoji)
    return DONE


def _emoji(call: Call) -> str:
    emoji = call.params["emoji"]
    if emoji.isascii() and ":" not in emoji:
        raise unknown(10014, "Emoji")
    return emoji


def _set_pin(call: Call, *, on: bool) -> Answer:
    message, channel = _message(call), call.world.channel(call.id("channel"))
    call.world.require(call.actor_id, Permission.PIN_MESSAGES, channel)
    messages.pin(call.world, channel, message, on=on)
    return DONE


def put_pin(call: Call) -> Answer:
    """PUT /channels/{channel}/messages/pins/{message}."""
    return _set_pin(call, on=True)


def delete_pin(call: Call) -> Answer:
    """DELETE /channels/{channel}/messages/pins/{message}."""
    return _set_pin(call, on=False)


def pins(call: Call) -> Answer:
    """GET /channels/{channel}/messages/pins."""
    items = [
        {"pinned_at": iso(at), "message": message} for at, message in _pinned(call)
    ]
    return Answer(200, {"items": items, "has_more": False})


def old_pins(call: Call) -> Answer:
    """GET /channels/{channel}/pins."""
    return Answer(200, [message for _, message in _pinned(call)])


def _pinned(call: Call) -> list[tuple[float, Json]]:
    channel = visible(call)
    shelf = call.world.pins.get(channel.id, {})
    newest = sorted(shelf.items(), key=lambda one: -one[1])
    return [
        (at, _shown(call, messages.find(call.world, channel.id, one)))
        for one, at in newest
    ]


ALL = "/channels/{channel}/messages"
ONE = f"{ALL}/{{message}}"
REACTIONS = f"{ONE}/reactions"
ROUTES = [
    Route("GET", f"{ALL}/pins", pins),
    Route("PUT", f"{ALL}/pins/{{message}}", put_pin),
    Route("DELETE", f"{ALL}/pins/{{message}}", delete_pin),
    Route("GET", "/channels/{channel}/pins", old_pins),
    Route("PUT", "/channels/{channel}/pins/{message}", put_pin),
    Route("DELETE", "/channels/{channel}/pins/{message}", delete_pin),
    Route("POST", f"{ALL}/bulk-delete", bulk_delete),
    Route("GET", ALL, listed),
    Route("POST", ALL, create, "message"),
    Route("GET", ONE, read),
    Route("PATCH", ONE, patch, "edit"),
    Route("DELETE", ONE, delete),
    Route("POST", f"{ONE}/crosspost", crosspost),
    Route("DELETE", REACTIONS, clear),
    Route("GET", f"{REACTIONS}/{{emoji}}", reactors),
    Route("DELETE", f"{REACTIONS}/{{emoji}}", clear),
    Route("PUT", f"{REACTIONS}/{{emoji}}/{{user}}", react, "reaction"),
    Route("DELETE", f"{REACTIONS}/{{emoji}}/{{user}}", unreact, "reaction"),
]
