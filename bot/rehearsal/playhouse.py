"""The other side of a rehearsal, in a process of its own.

Discord's stand-in and its scripted members take turns with nobody: the bot has its
process to itself, as it has when the other side is Discord. The two talk by JSON
lines, one way on the child's output (``stage`` says how far it is), the other way by
one line on its input: *begin*.

    ready     the stand-in serves; with everything a client must be told
    began     the first Space of the scenario begins, at ``at`` (Unix seconds)
    finished  the last one is over; with what members could not do
    failed    the scenario could not be played; ``why`` is one line
"""

import asyncio
import contextlib
import json
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from bot.errors import BotError, UsageError
from bot.rehearsal.standin.connector import loopback

READY_S = 120.0
"""How long the child may take to prepare the voices and serve."""

END_S = 5.0
"""How long it may take to leave."""


class PlayhouseError(BotError):
    """The other side of the rehearsal fell over; the message is one line."""


class Playhouse:
    """The child process, seen from the bot's side."""

    def __init__(self, scenario: Path, voices: Path | None) -> None:
        self._arguments = [str(scenario)]
        if voices is not None:
            self._arguments += ["--voices", str(voices)]
        self._process: asyncio.subprocess.Process | None = None
        self.description: Mapping[str, Any] = {}
        """What a client must be told, the members' ids, and the truth of the script."""

    async def __aenter__(self) -> Self:
        """Start the child and wait until it serves. Raises PlayhouseError."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.rehearsal.playing",
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the parent, which ends the child
            limit=2**20,  # the first line holds the whole script
        )
        try:
            async with asyncio.timeout(READY_S):
                self.description = await self._stage("ready")
        except TimeoutError:
            await self._end()
            raise PlayhouseError(f"the stand-in was not up in {READY_S:g} s") from None
        except PlayhouseError:
            await self._end()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the child."""
        await self._end()

    @property
    def token(self) -> str:
        """The bot's token there."""
        return str(self.description["token"])

    def connector(self) -> aiohttp.TCPConnector:
        """Return what leads a client in this process there."""
        context = ssl.create_default_context(cafile=self.description["ca"])
        return loopback(int(self.description["tls_port"]), context)

    async def begin(self) -> float:
        """Let the members act; return the Unix second at which they began."""
        process = self._running()
        if process.stdin is None:
            raise PlayhouseError("the stand-in takes no orders")
        process.stdin.write(b"begin\n")
        await process.stdin.drain()
        return float((await self._stage("began"))["at"])

    async def finished(self) -> list[str]:
        """Wait until the last Space is over; return what members could not do."""
        return [str(one) for one in (await self._stage("finished"))["failures"]]

    async def _stage(self, wanted: str) -> Mapping[str, Any]:
        process = self._running()
        if process.stdout is None:
            raise PlayhouseError("the stand-in says nothing")
        async for line in process.stdout:
            told = json.loads(line)
            if told["stage"] == "failed":
                raise PlayhouseError(str(told["why"]))
            if told["stage"] == wanted:
                return dict(told)
        code = await process.wait()
        raise PlayhouseError(f"the stand-in ended with code {code}, not {wanted}")

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise UsageError("the playhouse has not been entered")
        return self._process

    async def _end(self) -> None:
        process = self._running()
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(END_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
