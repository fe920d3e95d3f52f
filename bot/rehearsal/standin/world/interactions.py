"""Interactions: sending them to the application, and taking its answers.

The first answer must come within 3 s (10062), only once (40060) and of a type that
fits; after that the token posts, edits and deletes for 15 minutes (Discord,
"Receiving and Responding").
"""

import secrets

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.refusals import (
    Fault,
    Refusal,
    bad_field,
    invalid_form,
    unknown,
)
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import component_rules, messages, reactions
from bot.rehearsal.standin.world.channels import DirectChannel
from bot.rehearsal.standin.world.drafts import EPHEMERAL, LOADING, Draft
from bot.rehearsal.standin.world.interaction import (
    ANSWER_WITHIN_S,
    REPLIES,
    TOKEN_LASTS_S,
    Interaction,
    Kind,
    Reply,
)
from bot.rehearsal.standin.world.state import Answered, World

COMMAND_MESSAGE, MENU_MESSAGE, REPLY_MESSAGE = 20, 23, 19
BOT_DM = 1
"""Where an interaction took place: in a direct message with the application."""
ATTACHMENT_LIMIT = 10 * 1024 * 1024


def send(
    world: World,
    kind: Kind,
    user_id: int,
    channel_id: int,
    data: Json,
    *,
    source: Json | None = None,
    cause: Json | None = None,
) -> Interaction:
    """Send what a member did to the application."""
    interaction = Interaction(
        world.new_id(),
        secrets.token_urlsafe(64),
        kind,
        user_id,
        channel_id,
        world.now(),
        data,
        source_id=None if source is None else int(source["id"]),
        cause=cause,
    )
    world.interactions[interaction.token] = interaction
    payload = _payload(world, interaction)
    if source is not None:
        payload["message"] = reactions.shown(world, source, world.bot.id)
    world.announce("INTERACTION_CREATE", payload)
    return interaction


def _payload(world: World, interaction: Interaction) -> Json:
    user_id = interaction.user_id
    channel = world.channel(interaction.channel_id)
    theirs, ours = (world.granted(one, channel) for one in (user_id, world.bot.id))
    common: Json = {
        "id": str(interaction.id),
        "application_id": str(world.application_id),
        "type": int(interaction.kind),
        "token": interaction.token,
        "version": 1,
        "channel_id": str(channel.id),
        "channel": channel.to_json() | {"permissions": str(int(theirs))},
        "locale": world.users[user_id].locale,
        "app_permissions": str(int(ours)),
        "entitlements": [],
        "attachment_size_limit": ATTACHMENT_LIMIT,
        "data": interaction.data,
    }
    if isinstance(channel, DirectChannel):
        return common | _in_private(world, user_id)
    return common | _in_guild(world, user_id, theirs)


def _in_private(world: World, user_id: int) -> Json:
    """Return what an interaction in a direct message has: a user and no guild."""
    return {
        "user": world.users[user_id].to_json(),
        "authorizing_integration_owners": {"0": "0"},
        "context": BOT_DM,
    }


def _in_guild(world: World, user_id: int, theirs: Permission) -> Json:
    guild = world.guild
    member = guild.members[user_id]
    return {
        "guild_id": str(guild.id),
        "guild": {
            "id": str(guild.id),
            "locale": guild.locale,
            "features": guild.features,
        },
        "member": member.to_json() | {"permissions": str(int(theirs))},
        "guild_locale": guild.locale,
        "authorizing_integration_owners": {"0": str(guild.id)},
        "context": 0,
    }


def answer(world: World, interaction_id: int, token: str, draft: Draft) -> Interaction:
    """Take the application's first answer; ``draft`` holds the whole callback."""
    interaction = world.interactions.get(token)
    if interaction is None or interaction.id != interaction_id:
        raise unknown(10062, "interaction")
    if world.now() > interaction.created_at + ANSWER_WITHIN_S:
        raise unknown(10062, "interaction")
    if interaction.answered:
        words = "Interaction has already been acknowledged."
        raise Refusal(400, 40060, words)
    kind = draft.body.get("type")
    if kind not in REPLIES[interaction.kind]:
        allowed = ", ".join(str(int(one)) for one in sorted(REPLIES[interaction.kind]))
        words = f"Value must be one of {{{allowed}}}."
        raise bad_field(("type",), "BASE_TYPE_CHOICES", words)
    reply = Reply(kind)
    inner = Draft(draft.body.get("data") or {}, draft.uploads)
    message = _apply(world, interaction, reply, inner)
    interaction.reply = reply
    world.tell(Answered(interaction, message))
    return interaction


def _apply(
    world: World, interaction: Interaction, reply: Reply, draft: Draft
) -> Json | None:
    match reply:
        case Reply.MESSAGE:
            draft.check(flags=draft.flags)
            draft.require_something()
            message = _post(world, interaction, draft)
            interaction.original_id = int(message["id"])
            return message
        case Reply.DEFERRED_MESSAGE:
            message = _post(world, interaction, draft, LOADING)
            interaction.original_id, interaction.loading = int(message["id"]), True
            return message
        case Reply.DEFERRED_UPDATE | Reply.UPDATE:
            return _update_source(world, interaction, draft, reply)
        case Reply.CHOICES:
            interaction.choices = _checked_choices(draft.body.get("choices") or [])
        case Reply.MODAL:
            wrong = component_rules.of_modal(draft.body, ("data",))
            if wrong:
                raise invalid_form(*wrong)
            interaction.modal = draft.body
    return None


def _update_source(
    world: World, interaction: Interaction, draft: Draft, reply: Reply
) -> Json:
    if interaction.source_id is None:
        raise bad_field(("type",), "BASE_TYPE_CHOICES", "There is no message.")
    source = world.messages[interaction.channel_id][interaction.source_id]
    interaction.original_id = interaction.source_id
    interaction.message_ids.add(interaction.source_id)
    if reply is Reply.DEFERRED_UPDATE:
        return source
    draft.check(flags=source["flags"] | draft.flags)
    return messages.edit(world, source, draft)


def _checked_choices(choices: list[Json]) -> list[Json]:
    """Return what autocomplete offers, or refuse it."""
    path = ("data", "choices")
    wrong: list[Fault] = []
    if len(choices) > 25:
        words = "Must be 25 or fewer in length."
        wrong.append(Fault(path, "BASE_TYPE_MAX_LENGTH", words))
    for index, one in enumerate(choices):
        for key in ("name", "value"):
            text = one.get(key)
            if key == "value" and isinstance(text, int | float):
                continue
            if not 1 <= len(str(text or "")) <= 100:
                words = "Must be between 1 and 100 in length."
                here = (*path, index, key)
                wrong.append(Fault(here, "BASE_TYPE_BAD_LENGTH", words))
    if wrong:
        raise invalid_form(*wrong)
    return choices


def _post(world: World, interaction: Interaction, draft: Draft, flags: int = 0) -> Json:
    channel = world.channel(interaction.channel_id)
    kinds = {Kind.COMMAND: COMMAND_MESSAGE, Kind.COMPONENT: REPLY_MESSAGE}
    kind = kinds.get(interaction.kind, 0)
    if interaction.kind is Kind.COMMAND and interaction.data.get("type") != 1:
        kind = MENU_MESSAGE
    extra: Json = {
        "type": kind,
        "flags": draft.flags | flags,
        "application_id": str(world.application_id),
        "webhook_id": str(world.application_id),
        "interaction_metadata": metadata(world, interaction),
    }
    message = messages.post(world, world.bot.to_json(), channel, draft, extra)
    interaction.message_ids.add(int(message["id"]))
    if message["flags"] & EPHEMERAL:
        world.private[int(message["id"])] = interaction.user_id
    return message


def metadata(world: World, interaction: Interaction) -> Json:
    """Return the ``interaction_metadata`` of the messages that answer it."""
    made: Json = {
        "id": str(interaction.id),
        "type": int(interaction.kind),
        "user": world.users[interaction.user_id].to_json(),
        "authorizing_integration_owners": {"0": str(world.guild.id)},
    }
    if interaction.kind is Kind.COMPONENT:
        made["interacted_message_id"] = str(interaction.source_id)
    if interaction.kind is Kind.MODAL and interaction.cause is not None:
        made["triggering_interaction_metadata"] = interaction.cause
    return made


def by_token(world: World, token: str) -> Interaction:
    """Return an answered interaction by its token, or refuse."""
    interaction = world.interactions.get(token)
    if interaction is None or not interaction.answered:
        raise unknown(10015, "Webhook")
    if world.now() > interaction.created_at + TOKEN_LASTS_S:
        raise Refusal(401, 50027, "Invalid Webhook Token")
    return interaction


def follow_up(world: World, interaction: Interaction, draft: Draft) -> Json:
    """Post another message; the first one after a deferral fills that in."""
    if interaction.loading and interaction.original_id is not None:
        return edit(world, interaction, interaction.original_id, draft)
    draft.check(flags=draft.flags)
    draft.require_something()
    message = _post(world, interaction, draft)
    world.tell(Answered(interaction, message))
    return message


def message_of(world: World, interaction: Interaction, message_id: int) -> Json:
    """Return a message that answers the interaction, or refuse with 10008."""
    message = world.messages.get(interaction.channel_id, {}).get(message_id)
    if message is None or message_id not in interaction.message_ids:
        raise unknown(10008, "Message")
    return message


def original_of(interaction: Interaction) -> int:
    """Return the id that ``@original`` stands for, or refuse with 10008."""
    if interaction.original_id is None:
        raise unknown(10008, "Message")
    return interaction.original_id


def edit(world: World, interaction: Interaction, message_id: int, draft: Draft) -> Json:
    """Edit a message that answers the interaction."""
    message = message_of(world, interaction, message_id)
    draft.check(flags=message["flags"] | draft.flags)
    if message_id == interaction.original_id:
        interaction.loading = False
        message["flags"] &= ~LOADING
    messages.edit(world, message, draft)
    world.tell(Answered(interaction, message, edited=True))
    return message
