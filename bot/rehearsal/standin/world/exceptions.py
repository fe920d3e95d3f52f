"""Exceptions of repeated events: one occurrence moved or cancelled.

The id of an exception is the snowflake of the time that the rule gives the
occurrence, so there is one of each at most, and its own times may be null.
"""

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import bad_field, unknown
from bot.rehearsal.standin.wire import (
    Json,
    Snowflakes,
    created_at,
    iso_or_none,
    moment,
)
from bot.rehearsal.standin.world import events, recurrence
from bot.rehearsal.standin.world.state import World


def create(world: World, actor_id: int, event_id: int, form: Form) -> Json:
    """Move or cancel the occurrence that would start at a given time."""
    event = events.find(world, event_id)
    world.require(actor_id, Permission.MANAGE_EVENTS)
    original = form.moment("original_scheduled_start_time", required=True)
    start, end = form.moment("scheduled_start_time"), form.moment("scheduled_end_time")
    cancelled = form.flag("is_canceled")
    form.check()
    field = ("original_scheduled_start_time",)
    original = original or 0.0
    if not _is_occurrence(event, original):
        raise bad_field(field, "INVALID", "The event has no occurrence then.")
    which = str(Snowflakes.at(original))
    if any(
        one["event_exception_id"] == which
        for one in event["guild_scheduled_event_exceptions"]
    ):
        raise bad_field(field, "INVALID", "That occurrence has an exception already.")
    _require_order(original, start, end)
    exception: Json = {
        "event_id": str(event_id),
        "event_exception_id": which,
        "scheduled_start_time": iso_or_none(start),
        "scheduled_end_time": iso_or_none(end),
        "is_canceled": bool(cancelled),
    }
    event["guild_scheduled_event_exceptions"].append(exception)
    _announce(world, "CREATE", exception)
    return exception


def edit(world: World, actor_id: int, event_id: int, which: int, form: Form) -> Json:
    """Change an exception."""
    exception = find(world, event_id, which)
    world.require(actor_id, Permission.MANAGE_EVENTS)
    changes: Json = {}
    for key in ("scheduled_start_time", "scheduled_end_time"):
        if form.has(key):
            changes[key] = iso_or_none(form.moment(key))
    if form.has("is_canceled"):
        changes["is_canceled"] = bool(form.flag("is_canceled"))
    form.check()
    start, end = (
        None if at is None else moment(at)
        for at in (
            (exception | changes)["scheduled_start_time"],
            (exception | changes)["scheduled_end_time"],
        )
    )
    _require_order(created_at(which), start, end)
    exception |= changes
    _announce(world, "UPDATE", exception)
    return exception


def delete(world: World, actor_id: int, event_id: int, which: int) -> None:
    """Restore an occurrence."""
    exception = find(world, event_id, which)
    world.require(actor_id, Permission.MANAGE_EVENTS)
    world.events[event_id]["guild_scheduled_event_exceptions"].remove(exception)
    _announce(world, "DELETE", exception)


def _is_occurrence(event: Json, at: float) -> bool:
    if event["recurrence_rule"] is None:
        return False
    for one in recurrence.occurrences(event["recurrence_rule"]):
        if one >= at - 0.001:
            return one <= at + 0.001
    return False


def _require_order(original: float, start: float | None, end: float | None) -> None:
    if end is not None and end <= (original if start is None else start):
        words = "The end time must be after the start time."
        code = "GUILD_SCHEDULED_EVENT_SCHEDULE_INVALID"
        raise bad_field(("scheduled_end_time",), code, words)


def find(world: World, event_id: int, which: int) -> Json:
    """Return an exception or refuse with 10070."""
    for one in events.find(world, event_id)["guild_scheduled_event_exceptions"]:
        if one["event_exception_id"] == str(which):
            found: Json = one
            return found
    raise unknown(10070, "Guild Scheduled Event")


def _announce(world: World, verb: str, exception: Json) -> None:
    data = exception | {"guild_id": str(world.guild.id)}
    world.announce(f"GUILD_SCHEDULED_EVENT_EXCEPTION_{verb}", data)
