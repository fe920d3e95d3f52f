"""Channels and threads: reading, changing, removing, following."""

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import wrong_channel_type
from bot.rehearsal.standin.rest.call import DONE, Answer, Call, Route
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import messages, rooms, threads
from bot.rehearsal.standin.world.channels import AnyChannel, Channel, Thread


def visible(call: Call) -> AnyChannel:
    """Return the channel of the path, or refuse with 10003 or 50001."""
    channel = call.world.channel(call.id("channel"))
    call.world.require(call.actor_id, Permission.VIEW_CHANNEL, channel)
    return channel


def of_guild(call: Call) -> Channel:
    """Return the channel of the path if it is one of the guild and no thread."""
    channel = visible(call)
    if not isinstance(channel, Channel):
        raise wrong_channel_type()
    return channel


def read(call: Call) -> Answer:
    """GET /channels/{channel}."""
    return Answer(200, visible(call).to_json())


def patch(call: Call) -> Answer:
    """PATCH /channels/{channel}."""
    channel = visible(call)
    match channel:
        case Channel():
            made: AnyChannel = rooms.edit(
                call.world, call.actor_id, channel, call.form()
            )
        case Thread():
            made = threads.edit(call.world, call.actor_id, channel, call.form())
        case _:
            raise wrong_channel_type()
    return Answer(200, made.to_json())


def delete(call: Call) -> Answer:
    """DELETE /channels/{channel}."""
    channel = visible(call)
    match channel:
        case Channel():
            rooms.delete(call.world, call.actor_id, channel)
        case Thread():
            threads.delete(call.world, call.actor_id, channel)
        case _:
            del call.world.direct[channel.id]
    return Answer(200, channel.to_json())


def put_overwrite(call: Call) -> Answer:
    """PUT /channels/{channel}/permissions/{target}."""
    target = call.id("target")
    rooms.overwrite(call.world, call.actor_id, of_guild(call), call.form(), target)
    return DONE


def delete_overwrite(call: Call) -> Answer:
    """DELETE /channels/{channel}/permissions/{target}."""
    rooms.drop_overwrite(call.world, call.actor_id, of_guild(call), call.id("target"))
    return DONE


def put_status(call: Call) -> Answer:
    """PUT /channels/{channel}/voice-status."""
    rooms.set_status(call.world, call.actor_id, of_guild(call), call.form())
    return DONE


def play_sound(call: Call) -> Answer:
    """POST /channels/{channel}/send-soundboard-sound."""
    rooms.play_sound(call.world, call.actor_id, of_guild(call), call.form())
    return DONE


def typing(call: Call) -> Answer:
    """POST /channels/{channel}/typing."""
    channel = visible(call)
    data: Json = {
        "channel_id": str(channel.id),
        "user_id": str(call.actor_id),
        "timestamp": int(call.world.now()),
    }
    where = messages.guild_of(call.world, channel.id)
    if where:
        data["member"] = call.world.guild.members[call.actor_id].to_json()
    call.world.announce("TYPING_START", data | where)
    return DONE


def open_thread(call: Call) -> Answer:
    """POST /channels/{channel}/threads."""
    made = threads.create(call.world, call.actor_id, of_guild(call), call.form(), None)
    return _thread(call, made)


def open_thread_on(call: Call) -> Answer:
    """POST /channels/{channel}/messages/{message}/threads."""
    channel = of_guild(call)
    message = messages.find(call.world, channel.id, call.id("message"))
    made = threads.create(call.world, call.actor_id, channel, call.form(), message)
    return _thread(call, made)


def _thread(call: Call, thread: Thread) -> Answer:
    mine = {"member": thread.member_json(call.actor_id)}
    return Answer(201, thread.to_json() | mine)


def thread_members(call: Call) -> Answer:
    """GET /channels/{channel}/thread-members."""
    thread = threads.find(call.world, call.id("channel"))
    return Answer(200, [thread.member_json(one) for one in thread.members])


def follow_thread(call: Call) -> Answer:
    """PUT /channels/{channel}/thread-members/{user}."""
    thread = threads.find(call.world, call.id("channel"))
    threads.follow(call.world, thread, call.id("user"), on=True)
    return DONE


def unfollow_thread(call: Call) -> Answer:
    """DELETE /channels/{channel}/thread-members/{user}."""
    thread = threads.find(call.world, call.id("channel"))
    threads.follow(call.world, thread, call.id("user"), on=False)
    return DONE


def archived(call: Call) -> Answer:
    """GET /channels/{channel}/threads/archived/public."""
    channel = of_guild(call)
    found = [
        one.to_json()
        for one in call.world.guild.threads.values()
        if one.parent_id == channel.id and one.archived
    ]
    body: Json = {"threads": found, "members": [], "has_more": False}
    return Answer(200, body)


def webhooks(call: Call) -> Answer:
    """GET /channels/{channel}/webhooks."""
    channel = of_guild(call)
    call.world.require(call.actor_id, Permission.MANAGE_WEBHOOKS, channel)
    found = call.world.webhooks.values()
    return Answer(200, [one for one in found if one["channel_id"] == str(channel.id)])


def create_webhook(call: Call) -> Answer:
    """POST /channels/{channel}/webhooks."""
    channel = of_guild(call)
    call.world.require(call.actor_id, Permission.MANAGE_WEBHOOKS, channel)
    form: Form = call.form()
    name = form.text("name", least=1, most=80, required=True)
    form.check()
    webhook_id = call.world.new_id()
    hook: Json = {
        "id": str(webhook_id),
        "type": 1,
        "name": name,
        "avatar": None,
        "channel_id": str(channel.id),
        "guild_id": str(call.world.guild.id),
        "application_id": str(call.world.application_id),
        "user": call.world.bot.to_json(),
        "token": f"stand-in-webhook-{webhook_id}",
    }
    hook["url"] = f"https://discord.com/api/webhooks/{webhook_id}/{hook['token']}"
    call.world.webhooks[webhook_id] = hook
    return Answer(200, hook)


ONE = "/channels/{channel}"
ROUTES = [
    Route("GET", ONE, read),
    Route("PATCH", ONE, patch),
    Route("DELETE", ONE, delete),
    Route("PUT", f"{ONE}/permissions/{{target}}", put_overwrite),
    Route("DELETE", f"{ONE}/permissions/{{target}}", delete_overwrite),
    Route("PUT", f"{ONE}/voice-status", put_status),
    Route("POST", f"{ONE}/send-soundboard-sound", play_sound),
    Route("POST", f"{ONE}/typing", typing),
    Route("POST", f"{ONE}/threads", open_thread),
    Route("POST", f"{ONE}/messages/{{message}}/threads", open_thread_on),
    Route("GET", f"{ONE}/thread-members", thread_members),
    Route("PUT", f"{ONE}/thread-members/{{user}}", follow_thread),
    Route("DELETE", f"{ONE}/thread-members/{{user}}", unfollow_thread),
    Route("GET", f"{ONE}/threads/archived/public", archived),
    Route("GET", f"{ONE}/webhooks", webhooks),
    Route("POST", f"{ONE}/webhooks", create_webhook),
    Route("GET", f"{ONE}/invites", lambda call: Answer(200, [])),
]
