"""Answers to interactions, and the webhooks that carry follow-ups.

None of these needs a token in the header: the one in the path is the right to answer.
"""

from bot.rehearsal.standin.limits import UNLIMITED
from bot.rehearsal.standin.refusals import unknown
from bot.rehearsal.standin.rest.call import DONE, Answer, Call, Route
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import interactions, messages
from bot.rehearsal.standin.world.drafts import EPHEMERAL, LOADING
from bot.rehearsal.standin.world.interaction import Interaction, Reply
from bot.rehearsal.standin.world.users import User

TRUE = ("true", "1", "True")


def callback(call: Call) -> Answer:
    """POST /interactions/{interaction}/{token}/callback."""
    token, which = call.params["token"], call.id("interaction")
    answered = interactions.answer(call.world, which, token, call.draft())
    if call.query.get("with_response") not in TRUE:
        return DONE
    return Answer(200, _response(call, answered))


def _response(call: Call, interaction: Interaction) -> Json:
    made: Json = {"id": str(interaction.id), "type": int(interaction.kind)}
    body: Json = {"interaction": made}
    if interaction.original_id is None:
        return body
    shelf = call.world.messages[interaction.channel_id]
    message = shelf[interaction.original_id]
    made["response_message_id"] = message["id"]
    made["response_message_loading"] = bool(message["flags"] & LOADING)
    made["response_message_ephemeral"] = bool(message["flags"] & EPHEMERAL)
    if interaction.reply in (Reply.MESSAGE, Reply.UPDATE):
        body["resource"] = {"type": int(interaction.reply), "message": message}
    return body


def follow_up(call: Call) -> Answer:
    """POST /webhooks/{webhook}/{token}: a follow-up, or a webhook's message."""
    hook = _hook(call)
    if hook is not None:
        return _execute(call, hook)
    interaction = interactions.by_token(call.world, call.params["token"])
    made = interactions.follow_up(call.world, interaction, call.draft())
    return Answer(200, made)


def _execute(call: Call, hook: Json) -> Answer:
    draft = call.draft()
    draft.check(flags=draft.flags)
    draft.require_something()
    name = draft.body.get("username") or hook["name"]
    author = User(int(hook["id"]), name, bot=True).to_json()
    channel = call.world.channel(int(hook["channel_id"]))
    extra = {"webhook_id": hook["id"]}
    made = messages.post(call.world, author, channel, draft, extra)
    return Answer(200, made) if call.query.get("wait") in TRUE else DONE


def _hook(call: Call) -> Json | None:
    hook = call.world.webhooks.get(call.id("webhook"))
    if hook is not None and hook["token"] == call.params["token"]:
        return hook
    if call.id("webhook") != call.world.application_id:
        raise unknown(10015, "Webhook")
    return None


def _target(call: Call) -> tuple[Interaction, int]:
    _hook(call)
    interaction = interactions.by_token(call.world, call.params["token"])
    if call.params["message"] == "@original":
        return interaction, interactions.original_of(interaction)
    return interaction, call.id("message")


def read(call: Call) -> Answer:
    """GET /webhooks/{webhook}/{token}/messages/{message}."""
    return Answer(200, interactions.message_of(call.world, *_target(call)))


def patch(call: Call) -> Answer:
    """PATCH /webhooks/{webhook}/{token}/messages/{message}."""
    interaction, message_id = _target(call)
    draft = call.draft()
    return Answer(200, interactions.edit(call.world, interaction, message_id, draft))


def delete(call: Call) -> Answer:
    """DELETE /webhooks/{webhook}/{token}/messages/{message}."""
    message = interactions.message_of(call.world, *_target(call))
    messages.delete(call.world, message)
    return DONE


def read_webhook(call: Call) -> Answer:
    """GET /webhooks/{webhook} and GET /webhooks/{webhook}/{token}."""
    hook = call.world.webhooks.get(call.id("webhook"))
    if hook is None:
        raise unknown(10015, "Webhook")
    return Answer(200, hook)


def delete_webhook(call: Call) -> Answer:
    """DELETE /webhooks/{webhook}."""
    if call.world.webhooks.pop(call.id("webhook"), None) is None:
        raise unknown(10015, "Webhook")
    return DONE


HOOK = "/webhooks/{webhook}"
TOKEN = f"{HOOK}/{{token}}"
ONE = f"{TOKEN}/messages/{{message}}"
ROUTES = [
    Route(
        "POST",
        "/interactions/{interaction}/{token}/callback",
        callback,
        UNLIMITED,
        needs_token=False,
    ),
    Route("POST", TOKEN, follow_up, "followup", needs_token=False),
    Route("GET", ONE, read, needs_token=False),
    Route("PATCH", ONE, patch, "followup", needs_token=False),
    Route("DELETE", ONE, delete, needs_token=False),
    Route("GET", HOOK, read_webhook),
    Route("DELETE", HOOK, delete_webhook),
    Route("GET", TOKEN, read_webhook, needs_token=False),
]
