"""Scheduled events: planned, changed, removed; who is interested in them.

At most 100 that are scheduled or active; one that is over cannot be changed. Making
one takes CREATE_EVENTS and what its room takes (Discord, "Guild Scheduled Event").
"""

from dataclasses import dataclass

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.permissions import STAGE_MODERATOR, Permission
from bot.rehearsal.standin.refusals import Refusal, bad_field, unknown
from bot.rehearsal.standin.wire import Json, iso, iso_or_none, moment
from bot.rehearsal.standin.world import instances, recurrence, statuses
from bot.rehearsal.standin.world.channels import ChannelType
from bot.rehearsal.standin.world.state import World
from bot.rehearsal.standin.world.statuses import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    EXTERNAL,
    NEXT,
    SCHEDULED,
    STAGE,
    VOICE,
)

MOST_OPEN = 100
ROOMS = {
    STAGE: (ChannelType.STAGE, STAGE_MODERATOR),
    VOICE: (ChannelType.VOICE, Permission.VIEW_CHANNEL | Permission.CONNECT),
}


@dataclass(slots=True)
class Plan:
    """What an event would be after a request; checked as a whole."""

    entity_type: int
    channel_id: int | None
    location: str | None
    start: float
    end: float | None


def create(world: World, actor_id: int, form: Form) -> Json:
    """Plan an event."""
    name = form.text("name", least=1, most=100, required=True)
    description = form.text("description", most=1000)
    start = form.moment("scheduled_start_time", required=True)
    entity_type = form.choice("entity_type", (STAGE, VOICE, EXTERNAL), required=True)
    form.choice("privacy_level", (2,), required=True)
    rule = recurrence.read(form)
    plan = Plan(
        entity_type or 0,
        form.snowflake("channel_id"),
        _location(form),
        start or 0.0,
        form.moment("scheduled_end_time"),
    )
    form.check()
    _check(world, actor_id, plan, Permission.CREATE_EVENTS)
    _require_to_come(world, plan.start)
    if len(open_events(world)) >= MOST_OPEN:
        words = "Maximum number of uncompleted guild scheduled events reached (100)"
        raise Refusal(400, 30038, words)
    event_id = world.new_id()
    event: Json = {
        "id": str(event_id),
        "guild_id": str(world.guild.id),
        "name": name,
        "description": description,
        "creator_id": str(actor_id),
        "creator": world.users[actor_id].to_json(),
        "image": None,
        "privacy_level": 2,
        "status": SCHEDULED,
        "entity_id": None,
        "recurrence_rule": rule,
        "user_count": 0,
        "user_rsvp": None,
        "guild_scheduled_event_exceptions": [],
        **_where_and_when(plan),
    }
    world.events[event_id] = event
    world.rsvps[event_id] = []
    world.announce("GUILD_SCHEDULED_EVENT_CREATE", event)
    return event


def edit(world: World, actor_id: int, event_id: int, form: Form) -> Json:
    """Change an event, start it, end it or cancel it."""
    event = find(world, event_id)
    _require(world, actor_id, event)
    form.text("name", least=1, most=100)
    form.text("description", most=1000)
    status = form.choice("status", (ACTIVE, COMPLETED, CANCELLED))
    rule = recurrence.read(form)
    plan = _replan(event, form)
    form.check()
    if event["status"] not in NEXT:
        raise Refusal(400, 180000, "Cannot update a finished event")
    if status is not None and status not in NEXT.get(event["status"], set()):
        words = "Cannot update to this status from the current status."
        raise bad_field(("status",), "GUILD_SCHEDULED_EVENT_INVALID_STATUS", words)
    _check(
        world, actor_id, plan, Permission.MANAGE_EVENTS, mine=_is_mine(event, actor_id)
    )
    if form.has("scheduled_start_time"):
        _require_to_come(world, plan.start)
    event |= {key: form.body[key] for key in ("name", "description") if form.has(key)}
    if form.has("recurrence_rule"):
        _repeat(world, event, rule)
    event |= _where_and_when(plan)
    if status is None:
        world.announce("GUILD_SCHEDULED_EVENT_UPDATE", event)
    else:
        statuses.turn(world, event, status)
    return event


def _repeat(world: World, event: Json, rule: Json | None) -> None:
    """Give an event another rule; exceptions of the old one are gone."""
    if rule != event["recurrence_rule"] and event["guild_scheduled_event_exceptions"]:
        event["guild_scheduled_event_exceptions"] = []
        data = {"event_id": event["id"], "guild_id": event["guild_id"]}
        world.announce("GUILD_SCHEDULED_EVENT_EXCEPTIONS_DELETE", data)
    event["recurrence_rule"] = rule


def delete(world: World, actor_id: int, event_id: int) -> None:
    """Remove an event."""
    event = find(world, event_id)
    _require(world, actor_id, event)
    for channel_id, instance in list(world.stages.items()):
        if instance["guild_scheduled_event_id"] == event["id"]:
            instances.take_down(world, channel_id)
    del world.events[event_id], world.rsvps[event_id]
    world.announce("GUILD_SCHEDULED_EVENT_DELETE", event)


def find(world: World, event_id: int) -> Json:
    """Return an event or refuse with 10070."""
    if event_id not in world.events:
        raise unknown(10070, "Guild Scheduled Event")
    return world.events[event_id]


def open_events(world: World) -> list[Json]:
    """Return the events that are scheduled or active."""
    return [one for one in world.events.values() if one["status"] in NEXT]


def rsvp(world: World, user_id: int, event_id: int, *, interested: bool) -> None:
    """Mark somebody as interested in an event, or no longer."""
    event, users = find(world, event_id), world.rsvps[event_id]
    if (user_id in users) == interested:
        return
    (users.append if interested else users.remove)(user_id)
    event["user_count"] = len(users)
    name = "GUILD_SCHEDULED_EVENT_USER_" + ("ADD" if interested else "REMOVE")
    world.announce(
        name,
        {
            "guild_scheduled_event_id": str(event_id),
            "user_id": str(user_id),
            "guild_id": str(world.guild.id),
        },
    )


def interested(world: World, event_id: int, *, with_member: bool) -> list[Json]:
    """Return the scheduled event user objects of an event."""
    find(world, event_id)
    found: list[Json] = []
    for user_id in world.rsvps[event_id]:
        one: Json = {
            "guild_scheduled_event_id": str(event_id),
            "user_id": str(user_id),
            "user": world.users[user_id].to_json(),
            "response": 1,
        }
        if with_member and user_id in world.guild.members:
            one["member"] = world.guild.members[user_id].to_json()
        found.append(one)
    return found


def _require_to_come(world: World, start: float) -> None:
    if start <= world.now():
        words = "Cannot schedule event in the past."
        code = "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST"
        raise bad_field(("scheduled_start_time",), code, words)


def _require(world: World, actor_id: int, event: Json) -> None:
    needed = Permission.MANAGE_EVENTS
    if _is_mine(event, actor_id):
        needed = Permission.CREATE_EVENTS
    world.require(actor_id, needed)


def _is_mine(event: Json, actor_id: int) -> bool:
    return bool(event["creator_id"] == str(actor_id))


def _check(
    world: World, actor_id: int, plan: Plan, needed: Permission, *, mine: bool = False
) -> None:
    world.require(actor_id, Permission.CREATE_EVENTS if mine else needed)
    if plan.end is not None and plan.end <= plan.start:
        words = "The end time must be after the start time."
        code = "GUILD_SCHEDULED_EVENT_SCHEDULE_INVALID"
        raise bad_field(("scheduled_end_time",), code, words)
    if plan.entity_type == EXTERNAL:
        required = "This field is required"
        if plan.channel_id is not None:
            words = "External events have no channel."
            raise bad_field(("channel_id",), "BASE_TYPE_CHOICES", words)
        if plan.location is None:
            raise bad_field(("entity_metadata",), "BASE_TYPE_REQUIRED", required)
        if plan.end is None:
            raise bad_field(("scheduled_end_time",), "BASE_TYPE_REQUIRED", required)
        return
    kind, permission = ROOMS[plan.entity_type]
    if plan.channel_id is None:
        raise bad_field(("channel_id",), "BASE_TYPE_REQUIRED", "This field is required")
    channel = world.guild_channel(plan.channel_id)
    if channel.type is not kind:
        raise Refusal(400, 50024, "Cannot execute action on this channel type")
    world.require(actor_id, permission, channel)


def _replan(event: Json, form: Form) -> Plan:
    start, end = form.moment("scheduled_start_time"), form.moment("scheduled_end_time")
    old_end, old_channel = event["scheduled_end_time"], event["channel_id"]
    if not form.has("scheduled_end_time") and old_end is not None:
        end = moment(old_end)
    channel = form.snowflake("channel_id")
    if not form.has("channel_id") and old_channel is not None:
        channel = int(old_channel)
    location = _location(form)
    if not form.has("entity_metadata") and event["entity_metadata"]:
        location = event["entity_metadata"].get("location")
    kind = form.choice("entity_type", (STAGE, VOICE, EXTERNAL)) or event["entity_type"]
    start = moment(event["scheduled_start_time"]) if start is None else start
    return Plan(kind, channel, location, start, end)


def _location(form: Form) -> str | None:
    if not isinstance(form.body.get("entity_metadata"), dict):
        return None
    metadata = Form(form.body["entity_metadata"], ("entity_metadata",))
    location = metadata.text("location", least=1, most=100)
    form.faults.extend(metadata.faults)
    return location


def _where_and_when(plan: Plan) -> Json:
    external = plan.entity_type == EXTERNAL
    return {
        "entity_type": plan.entity_type,
        "channel_id": None if external else str(plan.channel_id),
        "entity_metadata": {"location": plan.location} if external else None,
        "scheduled_start_time": iso(plan.start),
        "scheduled_end_time": iso_or_none(plan.end),
    }
