"""A gateway session: numbered dispatches, kept for a while to be replayed.

A session outlives its socket. What is dispatched while nobody is connected waits in
a bounded buffer; who resumes with a sequence number still in it misses nothing.
"""

import asyncio
import json
import secrets
from collections import deque

from bot.rehearsal.standin.gateway.opcodes import CloseCode, HangUp, Op
from bot.rehearsal.standin.intents import Intent, passes, seen
from bot.rehearsal.standin.wire import Json

KEPT = 2000
"""How many dispatches can be replayed."""


class Session:
    """One identified client."""

    def __init__(self, own_id: int, intents: Intent, host: str) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.host = host
        """The name by which the client reached the gateway."""
        self.outgoing: asyncio.Queue[str] | None = None
        """Where the connected socket takes its frames from."""
        self.left_at: float | None = None
        """When its last socket went, in Unix seconds; None while one is there."""
        self.members_requested_at = float("-inf")
        self._own_id = own_id
        self._sequence = 0
        self._kept: deque[tuple[int, str]] = deque(maxlen=KEPT)

    @property
    def sequence(self) -> int:
        """The number of the last dispatch."""
        return self._sequence

    def dispatch(self, name: str, data: Json) -> None:
        """Send a dispatch, if the client's intents let it through."""
        if not passes(name, data, self.intents, self._own_id):
            return
        self._sequence += 1
        shown = seen(name, data, self.intents, self._own_id)
        frame = encode(Op.DISPATCH, shown, name, self._sequence)
        self._kept.append((self._sequence, frame))
        if self.outgoing is not None:
            self.outgoing.put_nowait(frame)

    def attach(self, outgoing: asyncio.Queue[str]) -> None:
        """Send to this socket from now on."""
        self.outgoing, self.left_at = outgoing, None

    def detach(self, outgoing: asyncio.Queue[str], now: float) -> None:
        """Forget a socket that is gone."""
        if self.outgoing is outgoing:
            self.outgoing, self.left_at = None, now

    def can_replay(self, after: int) -> bool:
        """Say whether everything after a sequence number is still here.

        Raises:
            HangUp: the number is from the future (4007).

        """
        if after > self._sequence:
            raise HangUp(CloseCode.INVALID_SEQ)
        oldest = self._kept[0][0] if self._kept else self._sequence + 1
        return after >= oldest - 1

    def replay(self, after: int) -> list[str]:
        """Return the frames after a sequence number."""
        return [frame for number, frame in self._kept if number > after]


def encode(
    op: Op, data: object, name: str | None = None, sequence: int | None = None
) -> str:
    """Write a frame."""
    return json.dumps({"t": name, "s": sequence, "op": int(op), "d": data})
