"""Scheduled events, who is interested in them, and exceptions of repeated ones."""

from bot.rehearsal.standin.rest.call import DONE, Answer, Call, Route
from bot.rehearsal.standin.rest.guilds import require_guild
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import events, exceptions


def listed(call: Call) -> Answer:
    """GET /guilds/{guild}/scheduled-events: those that are not over."""
    require_guild(call)
    return Answer(200, [_shown(call, one) for one in events.open_events(call.world)])


def create(call: Call) -> Answer:
    """POST /guilds/{guild}/scheduled-events."""
    require_guild(call)
    return Answer(200, events.create(call.world, call.actor_id, call.form()))


def read(call: Call) -> Answer:
    """GET /guilds/{guild}/scheduled-events/{event}."""
    require_guild(call)
    return Answer(200, _shown(call, events.find(call.world, call.id("event"))))


def patch(call: Call) -> Answer:
    """PATCH /guilds/{guild}/scheduled-events/{event}."""
    require_guild(call)
    event_id = call.id("event")
    return Answer(200, events.edit(call.world, call.actor_id, event_id, call.form()))


def delete(call: Call) -> Answer:
    """DELETE /guilds/{guild}/scheduled-events/{event}."""
    require_guild(call)
    events.delete(call.world, call.actor_id, call.id("event"))
    return DONE


def users(call: Call) -> Answer:
    """GET /guilds/{guild}/scheduled-events/{event}/users."""
    require_guild(call)
    with_member = call.query.get("with_member") in ("true", "1", "True")
    found = events.interested(call.world, call.id("event"), with_member=with_member)
    before, after = call.number("before"), call.number("after")
    found = [
        one
        for one in found
        if (before is None or int(one["user_id"]) < before)
        and (after is None or int(one["user_id"]) > after)
    ]
    return Answer(200, found[: call.number("limit") or 100])


def counts(call: Call) -> Answer:
    """GET /guilds/{guild}/scheduled-events/{event}/users/counts."""
    require_guild(call)
    event = events.find(call.world, call.id("event"))
    asked = call.query.get("guild_scheduled_event_exception_ids", "")
    body: Json = {
        "guild_scheduled_event_count": event["user_count"],
        "guild_scheduled_event_exception_counts": {
            one: 0 for one in asked.split(",") if one
        },
    }
    return Answer(200, body)


def create_exception(call: Call) -> Answer:
    """POST /guilds/{guild}/scheduled-events/{event}/exceptions."""
    require_guild(call)
    event_id = call.id("event")
    made = exceptions.create(call.world, call.actor_id, event_id, call.form())
    return Answer(200, made)


def edit_exception(call: Call) -> Answer:
    """PATCH /guilds/{guild}/scheduled-events/{event}/exceptions/{exception}."""
    require_guild(call)
    event_id, which = call.id("event"), call.id("exception")
    made = exceptions.edit(call.world, call.actor_id, event_id, which, call.form())
    return Answer(200, made)


def delete_exception(call: Call) -> Answer:
    """DELETE /guilds/{guild}/scheduled-events/{event}/exceptions/{exception}."""
    require_guild(call)
    event_id, which = call.id("event"), call.id("exception")
    exceptions.delete(call.world, call.actor_id, event_id, which)
    return DONE


def exception_users(call: Call) -> Answer:
    """GET /guilds/{guild}/scheduled-events/{event}/{exception}/users."""
    require_guild(call)
    exceptions.find(call.world, call.id("event"), call.id("exception"))
    return Answer(200, [])  # members here are interested in whole events only


def _shown(call: Call, event: Json) -> Json:
    if call.query.get("with_user_count") in ("true", "1", "True"):
        return event
    return {key: one for key, one in event.items() if key != "user_count"}


ALL = "/guilds/{guild}/scheduled-events"
ONE = f"{ALL}/{{event}}"
ROUTES = [
    Route("GET", ALL, listed),
    Route("POST", ALL, create, "event"),
    Route("GET", ONE, read),
    Route("PATCH", ONE, patch),
    Route("DELETE", ONE, delete),
    Route("GET", f"{ONE}/users", users),
    Route("GET", f"{ONE}/users/counts", counts),
    Route("GET", f"{ONE}/{{exception}}/users", exception_users),
    Route("POST", f"{ONE}/exceptions", create_exception),
    Route("PATCH", f"{ONE}/exceptions/{{exception}}", edit_exception),
    Route("DELETE", f"{ONE}/exceptions/{{exception}}", delete_exception),
]
