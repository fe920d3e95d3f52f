"""How scheduled events move on, and the stage that goes with one.

Status goes 1 → 2 → 3 or 1 → 4; a repeated event that ends goes back to 1, with the
time of its next occurrence. An event on a stage opens the stage when it starts,
whatever instance was there, and closes it when it ends (Discord Userdoccers, "Modify
Guild Scheduled Event"; Discord's code 180002 says so too).
"""

from bot.rehearsal.standin.wire import Json, created_at, iso, iso_or_none, moment
from bot.rehearsal.standin.world import instances, recurrence
from bot.rehearsal.standin.world.state import World

SCHEDULED, ACTIVE, COMPLETED, CANCELLED = 1, 2, 3, 4
STAGE, VOICE, EXTERNAL = 1, 2, 3
NEXT = {SCHEDULED: {ACTIVE, CANCELLED}, ACTIVE: {COMPLETED}}


def turn(world: World, event: Json, status: int) -> None:
    """Bring an event into a state; a repeated one that ends is planned again."""
    on_stage = event["entity_type"] == STAGE
    channel = world.guild.channels.get(int(event["channel_id"])) if on_stage else None
    following = _following(world, event) if status == COMPLETED else None
    event["status"] = status if following is None else SCHEDULED
    event["entity_id"] = None
    if following is not None:
        event |= following
    if channel is not None and status == ACTIVE:
        name, event_id = event["name"], int(event["id"])
        event["entity_id"] = instances.put_up(world, channel, name, event_id)["id"]
    if channel is not None and status == COMPLETED:
        instances.take_down(world, channel.id)
    world.announce("GUILD_SCHEDULED_EVENT_UPDATE", event)


def pass_over(world: World, event_id: int) -> bool:
    """Go on to the next occurrence of a repeated event; say whether there is one."""
    event = world.events[event_id]
    following = _following(world, event)
    if following is None:
        return False
    event |= following
    world.announce("GUILD_SCHEDULED_EVENT_UPDATE", event)
    return True


def close_stage(world: World, channel_id: int) -> None:
    """Close a stage; the event that it was opened for is over then."""
    instance = instances.take_down(world, channel_id)
    if instance is None or instance["guild_scheduled_event_id"] is None:
        return
    event = world.events.get(int(instance["guild_scheduled_event_id"]))
    if event is not None and event["status"] == ACTIVE:
        turn(world, event, COMPLETED)


def _following(world: World, event: Json) -> Json | None:
    """Return the times of a repeated event's next occurrence."""
    if event["recurrence_rule"] is None:
        return None
    start = moment(event["scheduled_start_time"])
    end = event["scheduled_end_time"]
    lasts = None if end is None else moment(end) - start
    gone = {
        created_at(int(one["event_exception_id"]))
        for one in event["guild_scheduled_event_exceptions"]
        if one["is_canceled"]
    }
    for at in recurrence.occurrences(event["recurrence_rule"]):
        if at > max(start, world.now()) and not any(abs(at - g) < 0.01 for g in gone):
            until = None if lasts is None else at + lasts
            return {
                "scheduled_start_time": iso(at),
                "scheduled_end_time": iso_or_none(until),
            }
    return None
