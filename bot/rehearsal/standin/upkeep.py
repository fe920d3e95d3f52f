"""What Discord does by itself as time passes.

A stage without a speaker closes after some minutes; an event in a room ends some
minutes after the room empties; one that takes place elsewhere starts and ends at its
times; one that nobody starts is cancelled after hours, and a repeated one then goes
on to its next occurrence; a thread that nobody writes in is archived.
"""

import asyncio
from collections.abc import Callable

from bot.rehearsal.standin.wire import moment
from bot.rehearsal.standin.world import stages, statuses, threads, voice
from bot.rehearsal.standin.world.state import World
from bot.rehearsal.standin.world.statuses import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    EXTERNAL,
    SCHEDULED,
)

EVERY_S = 1.0
EMPTY_FOR_S = 300.0
FORGOTTEN_AFTER_S = 4 * 3600.0


class Upkeep:
    """Looks at the world once a second."""

    def __init__(
        self, world: World, also: Callable[[float], None] | None = None
    ) -> None:
        """Look after a world; ``also`` is called with the time at every look."""
        self._world = world
        self._also = also
        self._silent_since: dict[int, float] = {}
        self._empty_since: dict[int, float] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop looking."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def look(self, now: float) -> None:
        """Do what is due at ``now`` (Unix seconds)."""
        if self._also is not None:
            self._also(now)
        self._close_silent_stages(now)
        threads.archive_silent(self._world)
        for event_id, event in list(self._world.events.items()):
            if event["entity_type"] == EXTERNAL:
                self._follow_times(event_id, now)
            elif event["status"] == ACTIVE:
                self._end_in_empty_room(event_id, now)
            elif event["status"] == SCHEDULED:
                due = moment(event["scheduled_start_time"]) + FORGOTTEN_AFTER_S
                if now >= due and not statuses.pass_over(self._world, event_id):
                    statuses.turn(self._world, event, CANCELLED)

    def _close_silent_stages(self, now: float) -> None:
        for channel_id in list(self._world.stages):
            if stages.speakers(self._world, channel_id):
                self._silent_since.pop(channel_id, None)
                continue
            since = self._silent_since.setdefault(channel_id, now)
            if now >= since + EMPTY_FOR_S:
                del self._silent_since[channel_id]
                statuses.close_stage(self._world, channel_id)

    def _follow_times(self, event_id: int, now: float) -> None:
        event = self._world.events[event_id]
        if event["status"] == SCHEDULED and now >= moment(
            event["scheduled_start_time"]
        ):
            statuses.turn(self._world, event, ACTIVE)
        if event["status"] == ACTIVE and now >= moment(event["scheduled_end_time"]):
            statuses.turn(self._world, event, COMPLETED)

    def _end_in_empty_room(self, event_id: int, now: float) -> None:
        channel_id = int(self._world.events[event_id]["channel_id"])
        if voice.people(self._world, channel_id):
            self._empty_since.pop(event_id, None)
            return
        since = self._empty_since.setdefault(event_id, now)
        if now >= since + EMPTY_FOR_S:
            statuses.turn(self._world, self._world.events[event_id], COMPLETED)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            self.look(self._world.now())
