"""Threads: opened on a message or on their own, followed, archived."""

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import Refusal, unknown, wrong_channel_type
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import messages
from bot.rehearsal.standin.world.channels import (
    THREAD_TYPES,
    Channel,
    ChannelType,
    Thread,
)
from bot.rehearsal.standin.world.state import World

KEEPS = (60, 1440, 4320, 10080)
"""The possible minutes of silence before a thread archives itself."""
HAS_THREAD = 1 << 5


def create(
    world: World, actor_id: int, channel: Channel, form: Form, message: Json | None
) -> Thread:
    """Open a thread in a text channel, on a message or (None) on its own."""
    if channel.type not in (ChannelType.TEXT, ChannelType.ANNOUNCEMENT):
        raise wrong_channel_type()
    name = form.text("name", least=1, most=100, required=True)
    minutes = form.choice("auto_archive_duration", KEEPS)
    kind = form.choice("type", [int(one) for one in THREAD_TYPES])
    form.check()
    kind = ChannelType.PRIVATE_THREAD if kind is None else kind
    kind = ChannelType.PUBLIC_THREAD if message is not None else kind
    private = kind == ChannelType.PRIVATE_THREAD
    world.require(
        actor_id,
        Permission.CREATE_PRIVATE_THREADS
        if private
        else Permission.CREATE_PUBLIC_THREADS,
        channel,
    )
    if message is not None and "thread" in message:
        raise Refusal(400, 160004, "A thread has already been created for this message")
    thread = Thread(
        world.new_id() if message is None else int(message["id"]),
        ChannelType(kind),
        name or "",
        world.guild.id,
        channel.id,
        actor_id,
        created_at=world.now(),
        auto_archive_minutes=minutes or 4320,
        members={actor_id: world.now()},
    )
    world.guild.threads[thread.id] = thread
    if message is not None:
        message["thread"] = thread.to_json()
        message["flags"] |= HAS_THREAD
        messages.announce(world, "MESSAGE_UPDATE", message)
    data = thread.to_json() | {"newly_created": True}
    world.announce("THREAD_CREATE", data)
    return thread


def edit(world: World, actor_id: int, thread: Thread, form: Form) -> Thread:
    """Rename, archive, lock a thread."""
    name = form.text("name", least=1, most=100)
    minutes = form.choice("auto_archive_duration", KEEPS)
    archived, locked = form.flag("archived"), form.flag("locked")
    form.check()
    waking = archived is False and not thread.locked
    if waking and set(form.body) == {"archived"}:
        world.require(actor_id, Permission.SEND_MESSAGES_IN_THREADS, thread)
    elif thread.locked or actor_id != thread.owner_id or locked is not None:
        world.require(actor_id, Permission.MANAGE_THREADS, thread)
    thread.name = thread.name if name is None else name
    thread.auto_archive_minutes = minutes or thread.auto_archive_minutes
    if archived is not None and archived is not thread.archived:
        thread.archived, thread.put_away_at = archived, world.now()
        thread.touched_at = thread.touched_at if archived else world.now()
    thread.locked = thread.locked if locked is None else locked
    world.announce("THREAD_UPDATE", thread.to_json())
    return thread


def archive_silent(world: World) -> None:
    """Archive the threads that nobody has written in for as long as they allow."""
    for thread in world.guild.threads.values():
        if not thread.archived and world.now() >= thread.archives_at():
            thread.archived, thread.put_away_at = True, world.now()
            world.announce("THREAD_UPDATE", thread.to_json())


def delete(world: World, actor_id: int, thread: Thread) -> None:
    """Remove a thread."""
    world.require(actor_id, Permission.MANAGE_THREADS, thread)
    del world.guild.threads[thread.id]
    world.messages.pop(thread.id, None)
    data: Json = {
        "id": str(thread.id),
        "guild_id": str(thread.guild_id),
        "parent_id": str(thread.parent_id),
        "type": int(thread.type),
    }
    world.announce("THREAD_DELETE", data)


def follow(world: World, thread: Thread, user_id: int, *, on: bool) -> None:
    """Add somebody to a thread, or take them out."""
    if on == (user_id in thread.members):
        return
    data: Json = {
        "id": str(thread.id),
        "guild_id": str(thread.guild_id),
        "added_members": [],
        "removed_member_ids": [],
    }
    if on:
        thread.members[user_id] = world.now()
        who = world.member(user_id).to_json()
        added = thread.member_json(user_id) | {"member": who, "presence": None}
        data["added_members"] = [added]
    else:
        del thread.members[user_id]
        data["removed_member_ids"] = [str(user_id)]
    data["member_count"] = len(thread.members)
    world.announce("THREAD_MEMBERS_UPDATE", data)


def find(world: World, thread_id: int) -> Thread:
    """Return a thread or refuse with 10003."""
    if thread_id not in world.guild.threads:
        raise unknown(10003, "Channel")
    return world.guild.threads[thread_id]
