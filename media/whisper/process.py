"""The bot's end of the recognition process.

Rule 1: the process is started fresh (no fork of a bot with threads) and is killed
when its owner stops; it never outlives the bot.
Rule 2: this end knows messages and exits, not jobs: ``on_message`` per message,
``on_exit`` exactly once. A worker that sends nonsense is ended.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import media
from media.whisper.frames import LENGTHS, Header, packed, size_after, unpacked

log = logging.getLogger(__name__)

STOP_S = 5.0

OnMessage = Callable[[Mapping[str, Any]], None]
OnExit = Callable[[int], None]


class Process(Protocol):
    """What the transcriber needs of a worker: the port that tests fake."""

    async def start(self, on_message: OnMessage, on_exit: OnExit) -> None:
        """Start it; messages and the exit arrive on the event loop."""

    def send(self, header: Header, payload: bytes = b"") -> None:
        """Give it a message; never blocks."""

    def kill(self) -> None:
        """End it at once; ``on_exit`` follows."""

    async def stop(self) -> None:
        """End it and wait until it is gone."""


class WorkerProcess:
    """``python -m media.whisper.worker`` behind pipes."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def start(self, on_message: OnMessage, on_exit: OnExit) -> None:
        """Start the process and read it until it ends."""
        root = str(Path(media.__file__).parent.parent)
        path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "media.whisper.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._reader = asyncio.create_task(
            self._read(self._process, on_message, on_exit), name="whisper-reader"
        )

    def send(self, header: Header, payload: bytes = b"") -> None:
        """Give the worker a message; what a dead worker gets is lost."""
        if self._process is None or self._process.stdin is None:
            return
        if not self._process.stdin.is_closing():
            self._process.stdin.write(packed(header, payload))

    def kill(self) -> None:
        """End the worker at once."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def stop(self) -> None:
        """End the worker by closing its input, then by force, and wait."""
        if self._process is None or self._reader is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(asyncio.shield(self._reader), STOP_S)
        except TimeoutError:
            self.kill()
            await self._reader

    async def _read(
        self,
        process: asyncio.subprocess.Process,
        on_message: OnMessage,
        on_exit: OnExit,
    ) -> None:
        stdout = process.stdout
        if stdout is None:
            raise AssertionError("started with a pipe")
        try:
            while True:
                lengths = await stdout.readexactly(LENGTHS.size)
                header, _ = unpacked(
                    lengths, await stdout.readexactly(size_after(lengths))
                )
                on_message(header)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except (ValueError, LookupError, TypeError) as error:
            # Not read on, it would be taken for one that thinks, and for ever.
            log.warning("the speech worker sends nonsense (%s)", type(error).__name__)
            self.kill()
        on_exit(await process.wait())
