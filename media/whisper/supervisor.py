"""Keeps one recognition process alive.

Rule 1: a process that ends without being told to is started again, later each time
it ends without having recognised anything in between. So is one that cannot be started
again, or not load again what it had loaded: the machine may be short of memory.
Rule 2: a model that cannot be loaded at first is not tried again: that needs a person.
Rule 3: a model that takes longer than ``load_s`` is taken for one that hangs (a disk
that does not answer, a driver): its process is ended, and rule 1 applies.
Rule 4: whoever owns it learns of readiness, loss and failure, in that vocabulary.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from media.whisper.frames import Header
from media.whisper.process import Process
from media.whisper.settings import SpeechSettings

log = logging.getLogger(__name__)

BACKOFF_S = 0.2
MAX_BACKOFF_S = 60.0


class Owner(Protocol):
    """Who is told about the worker, always on the event loop."""

    def on_ready(self) -> None:
        """Learn that the model is loaded: calls may be sent."""

    def on_lost(self, code: int, streak: int) -> None:
        """Learn that the worker ended, ``streak`` times in a row; it comes back."""

    def on_failed(self, error: str) -> None:
        """Learn that the model cannot be loaded: the worker stays away."""

    def on_message(self, message: Mapping[str, Any]) -> None:
        """Take the worker's answer to a call."""


class Supervisor:
    """Starts, watches, restarts and ends the worker."""

    def __init__(
        self,
        settings: SpeechSettings,
        model: Path,
        owner: Owner,
        new_process: Callable[[], Process],
    ) -> None:
        self._settings = settings
        self._model = model
        self._owner = owner
        self._new_process = new_process
        self._process: Process | None = None
        self._respawning: asyncio.Task[None] | None = None
        self._streak = 0
        self._loaded = False
        self._is_loading = False
        self._loading_since: float | None = None
        self._over = False

    async def start(self) -> None:
        """Start the worker; ``on_ready`` follows when it has loaded its model."""
        try:
            await self._spawn()
        except OSError as error:
            self._fail(f"no process can be started: {error}")

    async def _spawn(self) -> None:
        process = self._process = self._new_process()
        await process.start(self._on_message, self._on_exit)
        self._is_loading, self._loading_since = True, None
        settings = asdict(self._settings)
        process.send({"settings": settings, "model": str(self._model)})

    async def _respawn(self) -> None:
        try:
            await self._spawn()
        except OSError as error:
            log.warning("no speech worker can be started: %s", error)
            self._on_exit(error.errno or 1)

    async def stop(self) -> None:
        """End the worker for good."""
        self._over = True
        if self._respawning is not None:
            self._respawning.cancel()
            await asyncio.gather(self._respawning, return_exceptions=True)
        if self._process is not None:
            await self._process.stop()

    def send(self, header: Header, payload: bytes) -> None:
        """Give the worker a call."""
        if self._process is not None:
            self._process.send(header, payload)

    def kill(self) -> None:
        """End a worker that hangs; it is started again."""
        if self._process is not None:
            self._process.kill()

    def observe(self, now: float) -> None:
        """End a worker that hangs while it loads; called every second.

        ``now`` is in seconds of any steady clock.
        """
        if not self._is_loading:
            return
        if self._loading_since is None:
            self._loading_since = now
        elif now - self._loading_since > self._settings.load_s:
            log.warning("the speech worker hangs while it loads: it is started again")
            self._loading_since = None
            self.kill()

    def _on_message(self, message: Mapping[str, Any]) -> None:
        if self._over:
            return
        match message["kind"]:
            case "ready":
                self._loaded, self._is_loading = True, False
                self._owner.on_ready()
            case "failed" if self._loaded:
                self._is_loading = False
                log.warning("the speech model is not loaded: %s", message["error"])
            case "failed":
                self._fail(message["error"])
            case _:
                self._streak = 0
                self._owner.on_message(message)

    def _on_exit(self, code: int) -> None:
        if self._over:
            return
        self._is_loading = False
        self._streak += 1
        self._owner.on_lost(code, self._streak)
        delay = min(BACKOFF_S * 2 ** (self._streak - 1), MAX_BACKOFF_S)
        self._respawning = asyncio.create_task(
            self._after(delay, self._respawn()), name="whisper-respawn"
        )

    def _fail(self, error: str) -> None:
        self._over, self._is_loading = True, False
        self._owner.on_failed(error)

    async def _after(self, delay: float, work: Coroutine[Any, Any, None]) -> None:
        try:
            await asyncio.sleep(delay)
        except asyncio.CancelledError:
            work.close()
            raise
        await work
