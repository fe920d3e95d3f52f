"""Exceptions of repeated events: one occurrence moved or cancelled."""

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import bad_field, unknown
from bot.rehearsal.standin.wire import Json, Snowflakes, iso, iso_or_none
from bot.rehearsal.standin.world.events import find
from bot.rehearsal.standin.world.state import World


def create(world: World, actor_id: int, event_id: int, form: Form) -> Json:
    """Move or cancel the occurrence that would start at a given time."""
    event = find(world, event_id)
    world.require(actor_id, Permission.MANAGE_EVENTS)
    original = form.moment("original_scheduled_start_time", required=True)
    start, end = form.moment("scheduled_start_time"), form.moment("scheduled_end_time")
    cancelled = form.flag("is_canceled")
    form.check()
    if event["recurrence_rule"] is None:
        words = "The event does not repeat."
        raise bad_field(("original_scheduled_start_time",), "INVALID", words)
    exception: Json = {
        "event_id": str(event_id),
        # The id is the snowflake of the occurrence's own time.
        "event_exception_id": str(Snowflakes.at(original or 0.0)),
        "scheduled_start_time": iso_or_none(start),
        "scheduled_end_time": iso_or_none(end),
        "is_canceled": bool(cancelled),
    }
    event["guild_scheduled_event_exceptions"].append(exception)
    _announce(world, "CREATE", exception)
    return exception


def edit(world: World, actor_id: int, event_id: int, which: int, form: Form) -> Json:
    """Change an exception."""
    exception = _find(world, event_id, which)
    world.require(actor_id, Permission.MANAGE_EVENTS)
    for key in ("scheduled_start_time", "scheduled_end_time"):
        if form.has(key):
            at = form.moment(key)
            exception[key] = None if at is None else iso(at)
    if form.has("is_canceled"):
        exception["is_canceled"] = bool(form.flag("is_canceled"))
    form.check()
    _announce(world, "UPDATE", exception)
    return exception


def delete(world: World, actor_id: int, event_id: int, which: int) -> None:
    """Restore an occurrence."""
    exception = _find(world, event_id, which)
    world.require(actor_id, Permission.MANAGE_EVENTS)
    world.events[event_id]["guild_scheduled_event_exceptions"].remove(exception)
    _announce(world, "DELETE", exception)


def _find(world: World, event_id: int, which: int) -> Json:
    for one in find(world, event_id)["guild_scheduled_event_exceptions"]:
        if one["event_exception_id"] == str(which):
            found: Json = one
            return found
    raise unknown(10070, "Guild Scheduled Event")


def _announce(world: World, verb: str, exception: Json) -> None:
    data = exception | {"guild_id": str(world.guild.id)}
    world.announce(f"GUILD_SCHEDULED_EVENT_EXCEPTION_{verb}", data)
