"""What one websocket still has to send, in order; its only writer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from bot.rehearsal.sfu.opcodes import Op

Message = str | bytes


@dataclass(frozen=True, slots=True)
class Ending:
    """The last thing in an outbox: close the websocket."""

    code: int
    reason: str = ""


class Outbox:
    """Messages of one websocket."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Message | Ending] = asyncio.Queue()
        self.ended_with: int | None = None
        """The code with which this side closes the websocket."""

    def put(self, message: Message) -> None:
        """Send a message as it is."""
        self.queue.put_nowait(message)

    def say(self, op: Op, body: Mapping[str, object] | None) -> None:
        """Send what belongs to this websocket alone and is never sent again."""
        self.put(json.dumps({"op": int(op), "d": body}))

    def end(self, code: int, reason: str) -> None:
        """Close the websocket after what is waiting."""
        if self.ended_with is None:
            self.ended_with = code
            self.queue.put_nowait(Ending(code, reason))

    async def drain(self, socket: web.WebSocketResponse) -> None:
        """Send what comes until the end."""
        while True:
            message = await self.queue.get()
            try:
                if isinstance(message, Ending):
                    reason = message.reason.encode()
                    await socket.close(code=message.code, message=reason)
                    return
                if isinstance(message, str):
                    await socket.send_str(message)
                else:
                    await socket.send_bytes(message)
            except ConnectionError:
                return
