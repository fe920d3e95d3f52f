"""Driving members over HTTP: ``POST`` does something, ``GET`` tells what was seen.

Meant for clients in other processes and languages; it listens on the loopback only.
"""

import json
from typing import Protocol

from aiohttp import web

from bot.errors import BotError
from bot.rehearsal.standin.acts import ACTS
from bot.rehearsal.standin.gateway.gateway import Gateway
from bot.rehearsal.standin.members.errors import MemberError
from bot.rehearsal.standin.members.member import ScriptedMember
from bot.rehearsal.standin.received import Received
from bot.rehearsal.standin.refusals import Refusal
from bot.rehearsal.standin.sightings import Sightings
from bot.rehearsal.standin.voice_desk import VoiceDesk
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import voice
from bot.rehearsal.standin.world.interaction import Interaction
from bot.rehearsal.standin.world.state import World


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
        except BotError as error:
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
