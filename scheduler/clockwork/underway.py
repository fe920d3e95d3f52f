"""What is on its way: each thing in a task of its own, some of a kind at a time.

Discord may keep one message waiting for minutes, by its limits or by not answering. It
holds up no other kind, and nothing that is due later: whoever begins something need not
wait for it. What is on its way is not begun a second time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

AT_ONCE: Final = 8
"""Things of one kind on their way at the same time."""

STOP_S: Final = 10.0
"""Seconds that a bot which is stopped waits for what is on its way. What is left then
stays claimed, and is looked for and sent by the next one."""


Work = Callable[[], Awaitable[None]]
"""Begun when its turn comes, so that nothing is left over of what is let go of."""


class Underway:
    """The tasks of one bot."""

    def __init__(self) -> None:
        self._going: dict[str, asyncio.Task[None]] = {}
        self._gates: dict[str, asyncio.Semaphore] = {}

    def __contains__(self, key: str) -> bool:
        """Say whether something is on its way."""
        return key in self._going

    def begin(self, key: str, kind: str, work: Work) -> asyncio.Task[None]:
        """Let something be on its way, which must not be yet, and return its task."""
        gate = self._gates.setdefault(kind, asyncio.Semaphore(AT_ONCE))

        async def go() -> None:
            async with gate:
                await work()

        task = asyncio.create_task(go(), name=f"send-{kind}")
        self._going[key] = task
        task.add_done_callback(lambda _: self._going.pop(key, None))
        return task

    async def over(self, within_s: float = STOP_S) -> None:
        """Wait for all of it, ``within_s`` seconds at most, and let go of the rest."""
        await let_go(self._going.values(), within_s)


async def ended(
    tasks: Iterable[asyncio.Task[None]],
) -> list[BaseException | None]:
    """Wait for tasks and return what each of them raised."""
    return await asyncio.gather(*tasks, return_exceptions=True)


async def let_go(tasks: Iterable[asyncio.Task[None]], within_s: float = STOP_S) -> None:
    """Wait for tasks, ``within_s`` seconds at most, and cancel the rest.

    What they raise is not raised here.
    """
    going = set(tasks)
    if going:
        _, late = await asyncio.wait(going, timeout=within_s)
        for task in late:
            task.cancel()
        await ended(going)
