"""The HTTP API as an aiohttp handler: reads a request, answers it, and records it."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from bot.rehearsal.standin.limits import OLD_S, Buckets
from bot.rehearsal.standin.refusals import Refusal
from bot.rehearsal.standin.rest import (
    applications,
    channels,
    commands,
    events,
    guilds,
    interactions,
    members,
    messages,
    stages,
)
from bot.rehearsal.standin.rest.call import Answer, Call, Route, Routes
from bot.rehearsal.standin.wire import Json, created_at
from bot.rehearsal.standin.world.channels import Channel
from bot.rehearsal.standin.world.drafts import Upload
from bot.rehearsal.standin.world.state import World

VERSION = re.compile(r"^(?:/api)*(?:/v\d+)?(?=/)")
"""What clients put before a path; some are told a base with it, some without."""

ROUTES = Routes(
    applications.ROUTES,
    guilds.ROUTES,
    members.ROUTES,
    stages.ROUTES,
    events.ROUTES,
    messages.ROUTES,
    channels.ROUTES,
    commands.ROUTES,
    interactions.ROUTES,
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as the record keeps them."""

    method: str
    path: str
    query: dict[str, str]
    status: int
    sent: object
    """The JSON that came."""
    returned: object
    """The JSON that went back."""


class Api:
    """Serves ``/api/v10``."""

    def __init__(
        self,
        world: World,
        token: str,
        buckets: Buckets,
        record: Callable[[Exchange], None],
    ) -> None:
        self._world = world
        self._token = token
        self._buckets = buckets
        self._record = record
        self.delay_s = 0.0
        """How long every answer takes: a slow Discord, for tests."""

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one request."""
        path = VERSION.sub("", request.path)
        if self.delay_s:
            await asyncio.sleep(self.delay_s)
        headers: dict[str, str]
        try:
            body, uploads = await _read(request)
        except (ValueError, KeyError, UnicodeDecodeError):
            words = "The request body contains invalid JSON."
            body, uploads, headers = None, [], {}
            answer = _refused(Refusal(400, 50109, words))
        else:
            answer, headers = self._answer(request, path, body, uploads)
        query = dict(request.query)
        self._record(
            Exchange(request.method, path, query, answer.status, body, answer.body)
        )
        return _response(answer, headers)

    def _answer(
        self, request: web.Request, path: str, body: object, uploads: list[Upload]
    ) -> tuple[Answer, dict[str, str]]:
        found = ROUTES.find(request.method, path)
        if isinstance(found, int):
            words = {404: "404: Not Found", 405: "405: Method Not Allowed"}[found]
            return Answer(found, {"message": words, "code": 0}), {}
        route, params = found
        authorised = request.headers.get("Authorization") == f"Bot {self._token}"
        if route.needs_token and not authorised:
            return Answer(401, {"message": "401: Unauthorized", "code": 0}), {}
        now = self._world.now()
        kind, resource = self._bucket(route, params, body)
        free = not route.needs_token
        verdict = self._buckets.spend(kind, resource, now, free=free)
        if not verdict.allowed:
            return Answer(429, verdict.to_json()), verdict.headers | EDGE
        call = Call(
            self._world,
            self._world.bot.id,
            params,
            dict(request.query),
            body,
            uploads,
            request.host,
            request.secure,
        )
        try:
            return route.door(call), verdict.headers
        except Refusal as refusal:
            return _refused(refusal), verdict.headers

    def _bucket(
        self, route: Route, params: dict[str, str], body: object
    ) -> tuple[str, str]:
        if route.door is channels.patch and isinstance(body, dict):
            channel = self._world.guild.channels.get(int(params["channel"]))
            if isinstance(channel, Channel) and _renames(channel, body):
                return "rename", params["channel"]
        if route.door is messages.patch:
            age = self._world.now() - created_at(int(params["message"]))
            if age > OLD_S:
                return "old edit", params["channel"]
        return route.limit, route.resource(params)


EDGE = {"Via": "1.1 google"}
"""How clients tell Discord's own 429 from a ban at its door: only the former has it."""


def _renames(channel: Channel, body: Json) -> bool:
    return any(
        key in body and body[key] != getattr(channel, key) for key in ("name", "topic")
    )


def _refused(refusal: Refusal) -> Answer:
    return Answer(refusal.status, refusal.to_json())


def _response(answer: Answer, headers: dict[str, str]) -> web.Response:
    if answer.body is None:
        return web.Response(status=answer.status, headers=headers)
    body = answer.body
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = {"Content-Type": answer.content_type}
    return web.Response(body=raw, status=answer.status, headers=headers | kind)


async def _read(request: web.Request) -> tuple[object, list[Upload]]:
    if not request.body_exists:
        return None, []
    if request.content_type == "multipart/form-data":
        return await _read_parts(request)
    raw = await request.read()
    if request.content_type == "application/x-www-form-urlencoded":
        return json.loads((await request.post())["payload_json"]), []  # type: ignore[arg-type]  # py-cord's form has one text field
    return (json.loads(raw) if raw else None), []


async def _read_parts(request: web.Request) -> tuple[object, list[Upload]]:
    body: object = {}
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            raise ValueError("a multipart inside a multipart")
        raw = bytes(await part.read(decode=True))
        if part.name == "payload_json":
            body = json.loads(raw)
        elif part.filename is not None:
            number = re.search(r"\d+", part.name or "")
            key = number.group() if number else str(len(uploads))
            kind = part.headers.get("Content-Type", "application/octet-stream")
            uploads.append(Upload(key, part.filename, kind, raw))
    return body, uploads
