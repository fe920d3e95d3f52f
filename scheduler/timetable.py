"""The timetable: everything that all plans call for, the earliest first.

It is a cache of rows: made from them at start, and for one plan again whenever that
plan or a wish for it has changed.
"""

import heapq
from collections.abc import Collection, Iterable
from typing import Generic, Protocol, TypeVar


class Due(Protocol):
    """One message or other thing that a plan calls for at some time."""

    @property
    def key(self) -> str:
        """What it is; nothing else has the same key."""

    @property
    def plan_id(self) -> int:
        """The plan that calls for it."""

    @property
    def due_at(self) -> float:
        """Unix seconds."""


T = TypeVar("T", bound=Due)


class Timetable(Generic[T]):
    """What is still to come, by time."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, str]] = []
        self._sends: dict[str, T] = {}
        self._of_plan: dict[int, set[str]] = {}

    def put(self, plan_id: int, sends: Iterable[T], done: Collection[str]) -> None:
        """Replace what the plan calls for; keys in ``done`` are over already."""
        for key in self._of_plan.pop(plan_id, ()):
            self._sends.pop(key, None)
        keys = self._of_plan[plan_id] = set()
        for send in sends:
            if send.key not in done:
                keys.add(send.key)
                self._sends[send.key] = send
                heapq.heappush(self._heap, (send.due_at, send.key))

    def next_at(self) -> float | None:
        """Return when the next message is due (Unix seconds), or None."""
        while self._heap:
            due_at, key = self._heap[0]
            send = self._sends.get(key)
            if send is not None and send.due_at == due_at:
                return due_at
            heapq.heappop(self._heap)  # replaced or taken since
        return None

    def take_due(self, now: float) -> list[T]:
        """Take out and return everything due at ``now`` or before."""
        due: list[T] = []
        while (at := self.next_at()) is not None and at <= now:
            _, key = heapq.heappop(self._heap)
            send = self._sends.pop(key)
            self._of_plan[send.plan_id].discard(key)
            due.append(send)
        return due

    def give_back(self, sends: Iterable[T]) -> None:
        """Let what was taken out be due again: it could not be seen to."""
        for send in sends:
            self._of_plan.setdefault(send.plan_id, set()).add(send.key)
            self._sends[send.key] = send
            heapq.heappush(self._heap, (send.due_at, send.key))

    def __len__(self) -> int:
        """Return how many messages are still to come."""
        return len(self._sends)
