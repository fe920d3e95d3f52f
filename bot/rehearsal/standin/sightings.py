"""What the stand-in has seen, in order, and waiting for what is still to come."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from bot.errors import BotError
from bot.rehearsal.standin.rest.api import Exchange
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.state import Answered, Dispatch, Notice

Sight = Exchange | Notice

PATIENCE_S: Final = 30.0
"""Seconds that somebody waits who does not say how long: a machine may be busy."""


class NotSeen(BotError):  # noqa: N818  # reads as what happened
    """What was waited for did not happen in time."""


class Sightings:
    """The record of one run; everything in it is a copy."""

    def __init__(self) -> None:
        self.all: list[Sight] = []
        self._waiting: list[tuple[Callable[[Sight], bool], asyncio.Future[Sight]]] = []

    def see(self, sight: Sight) -> None:
        """Note something, and wake who waits for it."""
        kept = _copied(sight)
        self.all.append(kept)
        for wanted, future in list(self._waiting):
            if not future.done() and wanted(kept):
                future.set_result(kept)

    @property
    def calls(self) -> list[Exchange]:
        """Every request to the HTTP API."""
        return [one for one in self.all if isinstance(one, Exchange)]

    @property
    def messages(self) -> list[Json]:
        """Every state of every message, ephemeral ones included."""
        found = (message_of(one) for one in self.all)
        return [one for one in found if one is not None]

    async def first(
        self,
        wanted: Callable[[Sight], bool],
        what: str,
        *,
        within_s: float = PATIENCE_S,
        since: int = 0,
    ) -> Sight:
        """Return the first sight (from index ``since`` on) that fits, past or coming.

        Raises:
            NotSeen: ``what`` did not happen in ``within_s`` seconds.

        """
        for sight in self.all[since:]:
            if wanted(sight):
                return sight
        future: asyncio.Future[Sight] = asyncio.get_running_loop().create_future()
        entry = (wanted, future)
        self._waiting.append(entry)
        try:
            async with asyncio.timeout(within_s):
                return await future
        except TimeoutError as error:
            raise NotSeen(f"not seen within {within_s:g} s: {what}") from error
        finally:
            self._waiting.remove(entry)

    async def message(
        self,
        wanted: Callable[[Json], bool],
        what: str = "a message",
        *,
        within_s: float = PATIENCE_S,
        since: int = 0,
    ) -> Json:
        """Return the first message (posted or edited) that fits, past or coming."""

        def fits(sight: Sight) -> bool:
            found = message_of(sight)
            return found is not None and wanted(found)

        sight = await self.first(fits, what, within_s=within_s, since=since)
        return message_of(sight) or {}

    async def call(
        self,
        method: str,
        path: str,
        *,
        within_s: float = PATIENCE_S,
        since: int = 0,
    ) -> Exchange:
        """Return the first request with this method and path, past or coming."""

        def fits(sight: Sight) -> bool:
            same = isinstance(sight, Exchange) and sight.method == method
            return same and sight.path == path  # type: ignore[union-attr]  # same says so

        sight = await self.first(
            fits, f"{method} {path}", within_s=within_s, since=since
        )
        if not isinstance(sight, Exchange):
            raise NotSeen(f"{method} {path}")
        return sight


def message_of(sight: Sight) -> Json | None:
    """Return the message that a sight shows, if it shows one."""
    match sight:
        case Dispatch("MESSAGE_CREATE" | "MESSAGE_UPDATE", data):
            return data
        case Answered(message=message):
            return message
        case _:
            return None


def _copied(sight: Sight) -> Sight:
    match sight:
        case Exchange():
            sent, returned = sight.sent, sight.returned
            return replace(sight, sent=_copy(sent), returned=_copy(returned))
        case Dispatch(name, data):
            return Dispatch(name, _copy(data))
        case Answered():
            return replace(sight, message=_copy(sight.message))


def _copy(value: Any) -> Any:
    """Copy JSON, quicker than deepcopy: a bot's commands are thousands of texts."""
    match value:
        case dict():
            return {key: _copy(one) for key, one in value.items()}
        case list():
            return [_copy(one) for one in value]
        case _:
            return value
