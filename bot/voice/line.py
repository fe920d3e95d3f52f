"""The socket that a link hears by, one after another.

Voice thread only. The socket is a duplicate: discord.py may close its own at any time.
"""

import logging
import socket
from collections.abc import Callable, Iterable

from bot.voice.bell import Bell
from bot.voice.buffer import overrun
from bot.voice.inbox import inbox
from bot.voice.intake import Intake
from bot.voice.listener import Wire

log = logging.getLogger(__name__)


class Line:
    """What a link's datagrams come in by, and keepalives go out by."""

    def __init__(self, intake: Intake, bell: Bell, now: Callable[[], float]) -> None:
        """Have no socket yet; ``now`` gives seconds of the Space."""
        self._intake = intake
        self._bell = bell
        self._now = now
        self._socket: socket.socket | None = None
        self._overrun = 0
        """Datagrams lost in the kernel on former sockets."""
        self.wire: Wire | None = None
        """The newest one."""
        self.connects = 0
        """How many there were."""

    @property
    def is_open(self) -> bool:
        """Say whether there is a socket at present."""
        return self._socket is not None

    @property
    def overrun(self) -> int:
        """Return how many datagrams the kernel has dropped, ever."""
        return self._overrun + (overrun(self._socket) if self._socket else 0)

    def open(self, wire: Wire, duplicate: socket.socket) -> None:
        """Take datagrams from this wire's socket; the former one is closed."""
        self._socket, self.wire = duplicate, wire
        self._intake.inbox = inbox(duplicate, self._now)
        self._bell.watch(duplicate)
        self.connects += 1

    def send(self, datagrams: Iterable[bytes]) -> None:
        """Send keepalives."""
        for datagram in datagrams:
            try:
                if self._socket is not None:
                    self._socket.send(datagram)
            except OSError as error:  # a hiccup, or the answers will be missed
                log.debug("voice: keepalive not sent: %s", error)

    def close(self, hear_out: Callable[[], None]) -> None:
        """Let go of the socket when ``hear_out`` has taken what it still holds."""
        former, self._socket = self._socket, None
        if former is None:
            return
        try:
            hear_out()
        finally:
            self._intake.inbox = None
            self._overrun += overrun(former)
            self._bell.forget(former)
            former.close()
