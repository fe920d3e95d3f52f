"""Driving members over HTTP: ``POST`` does something, ``GET`` tells what was seen.

Meant for clients in other processes and languages; it listens on the loopback only.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiohttp import web

from bot.rehearsal.standin.gateway.gateway import Gateway
from bot.rehearsal.standin.members.errors import MemberError
from bot.rehearsal.standin.members.member import ScriptedMember
from bot.rehearsal.standin.received import Received
from bot.rehearsal.standin.refusals import Refusal
from bot.rehearsal.standin.sightings import Sightings
from bot.rehearsal.standin.tone import speech
from bot.rehearsal.standin.voice_desk import VoiceDesk
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import voice
from bot.rehearsal.standin.world.interaction import Interaction
from bot.rehearsal.standin.world.state import World

Act = Callable[[ScriptedMember, Json], Awaitable[Json]]


class Stage(Protocol):
    """What the control needs from the stand-in."""

    world: World
    sightings: Sightings
    received: Received
    voice: VoiceDesk
    gateway: Gateway

    def member_by_id(self, user_id: int) -> ScriptedMember:
        """Return a scripted member."""


class Control:
    """The control of one stand-in."""

    def __init__(self, stand_in: Stage) -> None:
        self._stand_in = stand_in

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request."""
        if request.method == "GET":
            return web.json_response(self.seen())
        if request.method != "POST":
            return web.json_response({"error": "GET or POST"}, status=405)
        try:
            body = json.loads(await request.text())
            return web.json_response({"ok": True} | await self.do(body))
        except (MemberError, Refusal) as error:
            said = error.message if isinstance(error, Refusal) else str(error)
            return web.json_response({"ok": False, "error": said}, status=400)
        except (KeyError, TypeError, ValueError) as error:
            said = f"cannot read the request: {error!r}"
            return web.json_response({"ok": False, "error": said}, status=400)

    async def do(self, body: Json) -> Json:
        """Let a member do something; return what came of it.

        Raises:
            MemberError: no such member or action, or it is not possible.

        """
        act = ACTS.get(body["do"])
        if act is None:
            raise MemberError(f"cannot {body['do']!r}; can {', '.join(ACTS)}")
        return await act(self._stand_in.member_by_id(int(body["member"])), body)

    def seen(self) -> Json:
        """Return what the stand-in has seen so far."""
        world, sightings = self._stand_in.world, self._stand_in.sightings
        return {
            "online": self._stand_in.gateway.online,
            "calls": [
                {
                    "method": one.method,
                    "path": one.path,
                    "status": one.status,
                    "body": one.sent,
                }
                for one in sightings.calls
            ],
            "voice_states": [voice.to_json(world, one) for one in world.voice.values()],
            "voice_occupants": self._stand_in.voice.occupants(),
            "received_seconds": {
                str(user_id): round(seconds, 3)
                for user_id, seconds in self._stand_in.received.seconds.items()
            },
            "commands": list(world.commands.values()),
            "stage_instances": list(world.stages.values()),
            "scheduled_events": list(world.events.values()),
            "messages": [
                message | {"visible_to": _viewer(world, int(message["id"]))}
                for shelf in world.messages.values()
                for message in shelf.values()
            ],
            "interactions": [_shown(one) for one in world.interactions.values()],
        }


def _viewer(world: World, message_id: int) -> str | None:
    viewer = world.private.get(message_id)
    return None if viewer is None else str(viewer)


def _shown(interaction: Interaction) -> Json:
    original = interaction.original_id
    return {
        "id": str(interaction.id),
        "type": int(interaction.kind),
        "member": str(interaction.user_id),
        "answered": interaction.answered,
        "reply": None if interaction.reply is None else int(interaction.reply),
        "message_id": None if original is None else str(original),
        "modal": interaction.modal,
        "choices": interaction.choices,
    }


async def _join(member: ScriptedMember, body: Json) -> Json:
    await member.join(int(body["channel_id"]))
    return {}


async def _leave(member: ScriptedMember, _: Json) -> Json:
    await member.leave()
    return {}


_speaking: set[asyncio.Task[None]] = set()


async def _speak(member: ScriptedMember, body: Json) -> Json:
    frames = await asyncio.to_thread(speech, float(body["seconds"]))
    task = asyncio.create_task(member.speak(frames))
    _speaking.add(task)
    task.add_done_callback(_speaking.discard)
    if body.get("wait"):
        await task
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
