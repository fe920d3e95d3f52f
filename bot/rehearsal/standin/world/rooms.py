"""Making, changing and removing channels, their overwrites and their status line."""

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.permissions import Overwrite, Permission
from bot.rehearsal.standin.refusals import (
    Refusal,
    missing_permissions,
    unknown,
    wrong_channel_type,
)
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import statuses, voice
from bot.rehearsal.standin.world.channels import (
    MOST_BITRATE,
    MOST_PEOPLE,
    Channel,
    ChannelType,
)
from bot.rehearsal.standin.world.state import World

CREATABLE = (
    ChannelType.TEXT,
    ChannelType.VOICE,
    ChannelType.CATEGORY,
    ChannelType.ANNOUNCEMENT,
    ChannelType.STAGE,
)


def create(world: World, actor_id: int, form: Form) -> Channel:
    """Make a channel."""
    world.require(actor_id, Permission.MANAGE_CHANNELS)
    name = form.text("name", least=1, most=100, required=True)
    kind = ChannelType(form.choice("type", CREATABLE) or 0)
    form.check()
    place = len(world.guild.channels)
    channel = Channel(world.new_id(), kind, name or "", world.guild.id, place)
    _apply(world, actor_id, channel, form)
    world.guild.channels[channel.id] = channel
    world.announce("CHANNEL_CREATE", channel.to_json())
    return channel


def edit(world: World, actor_id: int, channel: Channel, form: Form) -> Channel:
    """Change a channel."""
    world.require(actor_id, Permission.MANAGE_CHANNELS, channel)
    _apply(world, actor_id, channel, form)
    world.announce("CHANNEL_UPDATE", channel.to_json())
    return channel


def delete(world: World, actor_id: int, channel: Channel) -> None:
    """Remove a channel and everybody in it."""
    world.require(actor_id, Permission.MANAGE_CHANNELS, channel)
    for user_id in voice.people(world, channel.id):
        voice.leave(world, user_id)
    statuses.close_stage(world, channel.id)
    for thread in [*world.guild.threads.values()]:
        if thread.parent_id == channel.id:
            del world.guild.threads[thread.id]  # gone with it, and nobody is told
            world.messages.pop(thread.id, None)
    del world.guild.channels[channel.id]
    world.messages.pop(channel.id, None)
    world.announce("CHANNEL_DELETE", channel.to_json())


def _apply(world: World, actor_id: int, channel: Channel, form: Form) -> None:
    form.text("name", least=1, most=100)
    form.text("topic", most=1024)
    form.integer("position", 0, 1000)
    form.integer("rate_limit_per_user", 0, 21_600)
    form.flag("nsfw")
    parent = form.snowflake("parent_id")
    form.integer("bitrate", 8000, MOST_BITRATE.get(channel.type, 96_000))
    form.integer("user_limit", 0, MOST_PEOPLE.get(channel.type, 99))
    form.check()
    for key, name in SETTINGS.items():
        if form.body.get(key) is not None or (key in NULLABLE and form.has(key)):
            setattr(channel, name, form.body[key])
    if form.has("parent_id"):
        channel.parent_id = parent
    for one in form.body.get("permission_overwrites") or []:
        overwrite(world, actor_id, channel, Form(one), int(one["id"]), quiet=True)


SETTINGS = {
    "name": "name",
    "topic": "topic",
    "position": "position",
    "rate_limit_per_user": "slowmode_s",
    "nsfw": "nsfw",
    "bitrate": "bitrate",
    "user_limit": "user_limit",
    "rtc_region": "rtc_region",
    "video_quality_mode": "video_quality_mode",
}
NULLABLE = {"topic", "rtc_region"}


def overwrite(
    world: World,
    actor_id: int,
    channel: Channel,
    form: Form,
    target_id: int,
    *,
    quiet: bool = False,
) -> None:
    """Set what a channel grants and denies one role or member.

    Voice permissions of those already connected stay as they are.
    """
    world.require(actor_id, Permission.MANAGE_ROLES, channel)
    kind = form.choice("type", (0, 1), required=True)
    form.check()
    allow, deny = (
        Permission(int(form.body.get(one) or 0)) for one in ("allow", "deny")
    )
    old = channel.overwrites.get(target_id)
    before = old.allow | old.deny if old else Permission(0)
    if ((allow | deny) ^ before) & ~world.granted(actor_id, channel):
        raise missing_permissions()  # only bits that the actor has may be touched
    channel.overwrites[target_id] = Overwrite(target_id, kind == 1, allow, deny)
    if not quiet:
        world.announce("CHANNEL_UPDATE", channel.to_json())


def drop_overwrite(
    world: World, actor_id: int, channel: Channel, target_id: int
) -> None:
    """Remove an overwrite."""
    world.require(actor_id, Permission.MANAGE_ROLES, channel)
    if channel.overwrites.pop(target_id, None) is None:
        raise unknown(10009, "Overwrite")
    world.announce("CHANNEL_UPDATE", channel.to_json())


def set_status(world: World, actor_id: int, channel: Channel, form: Form) -> None:
    """Set a voice channel's status line."""
    if channel.type is not ChannelType.VOICE:
        raise wrong_channel_type()
    status = form.text("status", most=500)
    form.check()
    needed = Permission.SET_VOICE_CHANNEL_STATUS
    state = world.voice.get(actor_id)
    if state is None or state.channel_id != channel.id:
        needed |= Permission.MANAGE_CHANNELS
    world.require(actor_id, needed, channel)
    channel.status = status or None
    data: Json = {
        "id": str(channel.id),
        "guild_id": str(world.guild.id),
        "status": channel.status,
    }
    world.announce("VOICE_CHANNEL_STATUS_UPDATE", data)


def play_sound(world: World, actor_id: int, channel: Channel, form: Form) -> None:
    """Play a soundboard sound; only who is in the channel and heard may."""
    if not channel.is_voice:
        raise wrong_channel_type()
    world.require(actor_id, Permission.SPEAK | Permission.USE_SOUNDBOARD, channel)
    sound_id = form.snowflake("sound_id", required=True)
    form.check()
    state = world.voice.get(actor_id)
    if state is None or state.channel_id != channel.id or state.suppress:
        raise Refusal(400, 40032, "Target user is not connected to voice.")
    data: Json = {
        "channel_id": str(channel.id),
        "guild_id": str(world.guild.id),
        "user_id": str(actor_id),
        "sound_id": str(sound_id),
        "sound_volume": 1.0,
    }
    world.announce("VOICE_CHANNEL_EFFECT_SEND", data)
