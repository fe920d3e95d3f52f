"""What a member can be told to do over HTTP: a name, and the fields that it reads."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.rehearsal.standin.members.member import ScriptedMember
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.interaction import Interaction

Act = Callable[[ScriptedMember, Json], Awaitable[Json]]


async def _join(member: ScriptedMember, body: Json) -> Json:
    await member.join(int(body["channel_id"]))
    return {}


async def _leave(member: ScriptedMember, _: Json) -> Json:
    await member.leave()
    return {}


async def _speak(member: ScriptedMember, body: Json) -> Json:
    frames = await asyncio.to_thread(member.words, float(body["seconds"]))
    speaking = member.start_speaking(frames)
    if body.get("wait"):
        await speaking
    return {}


async def _type(member: ScriptedMember, body: Json) -> Json:
    reply_to = body.get("reply_to")
    message = await member.type(
        int(body["channel_id"]),
        body["content"],
        reply_to=None if reply_to is None else int(reply_to),
    )
    return {"message_id": message["id"]}


async def _click(member: ScriptedMember, body: Json) -> Json:
    return _sent(await member.click(int(body["message_id"]), body["custom_id"]))


async def _select(member: ScriptedMember, body: Json) -> Json:
    message_id, custom_id = int(body["message_id"]), body["custom_id"]
    return _sent(await member.select(message_id, custom_id, body["values"]))


async def _command(member: ScriptedMember, body: Json) -> Json:
    where = body.get("channel_id")
    sent = await member.command(
        body["name"],
        body.get("options") or {},
        channel_id=None if where is None else int(where),
    )
    return _sent(sent)


async def _autocomplete(member: ScriptedMember, body: Json) -> Json:
    options = body.get("options") or {}
    return _sent(await member.autocomplete(body["name"], body["focused"], options))


async def _menu(member: ScriptedMember, body: Json) -> Json:
    message_id, user_id = body.get("message_id"), body.get("user_id")
    sent = await member.use_menu(
        body["name"],
        message_id=None if message_id is None else int(message_id),
        user_id=None if user_id is None else int(user_id),
    )
    return _sent(sent)


async def _fill(member: ScriptedMember, body: Json) -> Json:
    opened_by = member.interaction(int(body["interaction_id"]))
    return _sent(await member.fill(opened_by, body["values"]))


async def _accept(member: ScriptedMember, _: Json) -> Json:
    await member.accept()
    return {}


async def _decline(member: ScriptedMember, _: Json) -> Json:
    await member.decline()
    return {}


async def _raise_hand(member: ScriptedMember, body: Json) -> Json:
    await member.raise_hand(up=bool(body.get("up", True)))
    return {}


async def _step_down(member: ScriptedMember, _: Json) -> Json:
    await member.step_down()
    return {}


async def _react(member: ScriptedMember, body: Json) -> Json:
    on = bool(body.get("on", True))
    await member.react(int(body["message_id"]), body["emoji"], on=on)
    return {}


async def _set_self(member: ScriptedMember, body: Json) -> Json:
    await member.set_self(mute=body.get("mute"), deaf=body.get("deaf"))
    return {}


async def _rsvp(member: ScriptedMember, body: Json) -> Json:
    interested = bool(body.get("interested", True))
    await member.rsvp(int(body["event_id"]), interested=interested)
    return {}


async def _mute(member: ScriptedMember, body: Json) -> Json:
    await member.mute(int(body["user_id"]), on=bool(body.get("on", True)))
    return {}


async def _suppress(member: ScriptedMember, body: Json) -> Json:
    await member.suppress(int(body["user_id"]), on=bool(body.get("on", True)))
    return {}


async def _move(member: ScriptedMember, body: Json) -> Json:
    where = body.get("channel_id")
    await member.move(int(body["user_id"]), None if where is None else int(where))
    return {}


def _sent(interaction: Interaction) -> Json:
    return {"interaction_id": str(interaction.id)}


ACTS: dict[str, Act] = {
    "join": _join,
    "leave": _leave,
    "speak": _speak,
    "type": _type,
    "click": _click,
    "select": _select,
    "command": _command,
    "autocomplete": _autocomplete,
    "menu": _menu,
    "fill": _fill,
    "accept": _accept,
    "decline": _decline,
    "raise_hand": _raise_hand,
    "step_down": _step_down,
    "react": _react,
    "set_self": _set_self,
    "rsvp": _rsvp,
    "mute": _mute,
    "suppress": _suppress,
    "move": _move,
}
"""What a member can be told to do."""
