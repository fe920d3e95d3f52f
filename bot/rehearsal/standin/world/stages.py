"""Stage instances: a stage that is open, with a topic.

One per stage channel; the actor must be a stage moderator there; it closes itself
some minutes after the last speaker left (Discord, "Stage Instance"). Opening it for
an event starts the event, closing it ends that.
"""

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.permissions import STAGE_MODERATOR, Permission
from bot.rehearsal.standin.refusals import Refusal, unknown, wrong_channel_type
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import instances, statuses
from bot.rehearsal.standin.world.channels import Channel, ChannelType
from bot.rehearsal.standin.world.instances import GUILD_ONLY
from bot.rehearsal.standin.world.state import World
from bot.rehearsal.standin.world.statuses import ACTIVE, STAGE


def open_stage(world: World, actor_id: int, form: Form) -> Json:
    """Open a stage on a topic."""
    channel_id = form.snowflake("channel_id", required=True)
    topic = form.text("topic", least=1, most=120, required=True)
    form.choice("privacy_level", (1, GUILD_ONLY))
    notify = form.flag("send_start_notification")
    event_id = form.snowflake("guild_scheduled_event_id")
    form.check()
    channel = world.guild_channel(channel_id or 0)
    if channel.type is not ChannelType.STAGE:
        raise wrong_channel_type()
    world.require(actor_id, STAGE_MODERATOR, channel)
    if notify:
        world.require(actor_id, Permission.MENTION_EVERYONE, channel)
    if channel.id in world.stages:
        raise Refusal(400, 150006, "The Stage is already open")
    if event_id is None:
        return instances.put_up(world, channel, topic or "")
    return _open_for(world, channel, topic or "", event_id)


def _open_for(world: World, channel: Channel, topic: str, event_id: int) -> Json:
    """Open a stage for an event, which has thereby begun."""
    if event_id not in world.events:
        raise unknown(10070, "Guild Scheduled Event")
    event = world.events[event_id]
    if event["entity_type"] != STAGE:
        words = "The entity type of the event is different from the entity"
        raise Refusal(400, 50091, words)
    made = instances.put_up(world, channel, topic, event_id)
    event |= {"status": ACTIVE, "entity_id": made["id"]}
    world.announce("GUILD_SCHEDULED_EVENT_UPDATE", event)
    return made


def instance(world: World, channel_id: int) -> Json:
    """Return the open instance of a stage, or refuse with 10067."""
    if channel_id not in world.stages:
        raise unknown(10067, "Stage Instance")
    return world.stages[channel_id]


def edit(world: World, actor_id: int, channel_id: int, form: Form) -> Json:
    """Change the topic."""
    found = instance(world, channel_id)
    world.require(actor_id, STAGE_MODERATOR, world.guild_channel(channel_id))
    topic = form.text("topic", least=1, most=120)
    form.choice("privacy_level", (1, GUILD_ONLY))
    form.check()
    if topic is not None:
        found["topic"] = topic
    world.announce("STAGE_INSTANCE_UPDATE", found)
    return found


def close(world: World, actor_id: int, channel_id: int) -> None:
    """Close a stage."""
    instance(world, channel_id)
    world.require(actor_id, STAGE_MODERATOR, world.guild_channel(channel_id))
    statuses.close_stage(world, channel_id)


def speakers(world: World, channel_id: int) -> list[int]:
    """Return who is on the stage: not suppressed, and no invitation pending."""
    return [
        one.user_id
        for one in world.voice.values()
        if one.channel_id == channel_id
        and not one.suppress
        and one.hand_raised_at is None
    ]
