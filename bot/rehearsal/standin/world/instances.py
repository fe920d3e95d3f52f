"""Stage instances as they come and go, by whatever hand; ``stages`` says who may."""

from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.channels import Channel
from bot.rehearsal.standin.world.state import World

GUILD_ONLY = 2


def put_up(
    world: World, channel: Channel, topic: str, event_id: int | None = None
) -> Json:
    """Open a stage on a topic, in the place of any instance that is there."""
    take_down(world, channel.id)
    instance: Json = {
        "id": str(world.new_id()),
        "guild_id": str(world.guild.id),
        "channel_id": str(channel.id),
        "topic": topic,
        "privacy_level": GUILD_ONLY,
        "discoverable_disabled": True,
        "guild_scheduled_event_id": None if event_id is None else str(event_id),
    }
    world.stages[channel.id] = instance
    world.announce("STAGE_INSTANCE_CREATE", instance)
    return instance


def take_down(world: World, channel_id: int) -> Json | None:
    """Close a stage; return its instance, None where there is none."""
    instance = world.stages.pop(channel_id, None)
    if instance is not None:
        world.announce("STAGE_INSTANCE_DELETE", instance)
    return instance
