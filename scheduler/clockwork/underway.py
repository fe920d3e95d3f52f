"""What is on its way: each thing in a task of its own, some of a kind at a time.

Discord may keep one message waiting for minutes, by its limits or by not answering. It
holds up no other kind, and nothing that is due later: whoever begins something need not
wait for it. What is on its way is not begun a second time.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Final

AT_ONCE: Final = 8
"""Things of one kind on their way at the same time."""


class Underway:
    """The tasks of one bot."""

    def __init__(self) -> None:
        self._going: dict[str, asyncio.Task[None]] = {}
        self._gates: dict[str, asyncio.Semaphore] = {}

    def __contains__(self, key: str) -> bool:
        """Say whether something is on its way."""
        return key in self._going

    def begin(self, key: str, kind: str, work: Awaitable[None]) -> asyncio.Task[None]:
        """Let something be on its way, which must not be yet, and return its task."""
        gate = self._gates.setdefault(kind, asyncio.Semaphore(AT_ONCE))

        async def go() -> None:
            async with gate:
                await work

        task = asyncio.create_task(go(), name=f"send-{kind}")
        self._going[key] = task
        task.add_done_callback(lambda _: self._going.pop(key, None))
        return task

    async def over(self) -> None:
        """Wait for all of it; what fails is not raised here."""
        await ended(self._going.values())


async def ended(
    tasks: Iterable[asyncio.Task[None]],
) -> list[BaseException | None]:
    """Wait for tasks and return what each of them raised."""
    return await asyncio.gather(*tasks, return_exceptions=True)
