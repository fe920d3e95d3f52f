"""Stage instances."""

from bot.rehearsal.standin.rest.call import DONE, Answer, Call, Route
from bot.rehearsal.standin.world import stages


def create(call: Call) -> Answer:
    """POST /stage-instances."""
    return Answer(200, stages.open_stage(call.world, call.actor_id, call.form()))


def read(call: Call) -> Answer:
    """GET /stage-instances/{channel}."""
    return Answer(200, stages.instance(call.world, call.id("channel")))


def patch(call: Call) -> Answer:
    """PATCH /stage-instances/{channel}."""
    channel_id = call.id("channel")
    return Answer(200, stages.edit(call.world, call.actor_id, channel_id, call.form()))


def delete(call: Call) -> Answer:
    """DELETE /stage-instances/{channel}."""
    stages.close(call.world, call.actor_id, call.id("channel"))
    return DONE


ROUTES = [
    Route("POST", "/stage-instances", create),
    Route("GET", "/stage-instances/{channel}", read),
    Route("PATCH", "/stage-instances/{channel}", patch),
    Route("DELETE", "/stage-instances/{channel}", delete),
]
