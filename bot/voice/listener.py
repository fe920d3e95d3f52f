"""The ports of the voice thread: what it is told, and whom it tells.

The connection (event loop) calls; the voice thread acts on it before the next batch,
in the order of the calls.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from bot.voice.dave import DaveStatus
from media.heard import Heard


class LinkState(Enum):
    """Where the voice connection stands."""

    IDLE = "idle"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    RECONNECTING = "reconnecting"
    LOST = "lost"
    """Nobody is trying any more; the room decides."""


@dataclass(frozen=True, slots=True)
class Wire:
    """The UDP side of one handshake."""

    socket: socket.socket
    """Connected and not blocking. The voice thread works on its own duplicate: a
    descriptor closed by one thread and polled by another can become somebody else's."""

    mode: str
    """Transport encryption, as Discord names it."""

    key: bytes
    """32 bytes."""

    channel_id: int

    user_id: int
    """The bot's own."""

    ssrc: int
    """Of what the bot sends."""

    address: tuple[str, int] | None = None
    """The bot's, as the server was told it: the one that it had from there."""


class Listener(Protocol):
    """Who listens to what the connection says."""

    def listen(self, wire: Wire) -> None:
        """Hear this wire from now on: a new one, or the same one with a new key."""

    def deafen(self) -> None:
        """Hear out the present wire and let go of it."""

    def renew(self) -> None:
        """Forget who had which SSRC: the voice session is a new one."""

    async def catch_up(self) -> None:
        """Return when what has come until now is opened, with the keys there are."""

    def group(self, status: DaveStatus) -> None:
        """Open frames with this from now on."""

    def identify(self, user_id: int, ssrc: int) -> None:
        """Attribute an SSRC to a member (op 5, op 12)."""

    def speaking(self, user_id: int) -> None:
        """Expect packets of a member who is said to speak (op 5)."""

    def departed(self, user_id: int) -> None:
        """Expect no more packets of a member after those in flight (op 13)."""

    def server_deaf(self, on: bool) -> None:
        """Note whether a moderator has deafened us: nothing is sent to us then."""

    def changed(self, state: LinkState, reason: str) -> None:
        """Note where the connection stands; called on the event loop."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Whom the receiver tells."""

    heard: Callable[[list[Heard]], None]
    """Voice thread: facts, in order."""

    changed: Callable[[LinkState, str], None]
    """Event loop: the connection's state and why."""

    recover: Callable[[], None]
    """Voice thread: the encryption group has to be joined anew (op 31)."""

    rejoin: Callable[[], None]
    """Voice thread: the transport key fits nothing, or nothing comes in that should; a
    new session brings another key and another way. Event loop: there was no descriptor
    left to hear a wire with."""

    ended: Callable[[], None]
    """Voice thread, last: the hearing is closed."""
