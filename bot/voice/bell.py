"""How other threads reach the voice thread: commands, and a bell that wakes it.

Any thread may ``post``; everything else belongs to the thread that waits.
"""

import asyncio
import contextlib
import selectors
import socket
from collections import deque
from collections.abc import Callable


class Bell:
    """Commands for one thread, and what it sleeps on."""

    def __init__(self) -> None:
        self._commands: deque[Callable[[], None]] = deque()
        self._bell, self._ringer = socket.socketpair()
        self._bell.setblocking(False)
        self._ringer.setblocking(False)
        # epoll or kqueue, never select(): descriptors may be 1024 and above.
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._bell, selectors.EVENT_READ)

    @property
    def rings(self) -> bool:
        """Whether commands wait."""
        return bool(self._commands)

    def post(self, command: Callable[[], None]) -> None:
        """Have a command carried out on the waiting thread, in order."""
        self._commands.append(command)
        try:
            self._ringer.send(b"\x00")
        except OSError:  # full: it rings already; closed: nobody waits any more
            return

    async def obeyed(self) -> None:
        """Return, on the event loop, when what was posted has been carried out."""
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def settle() -> None:
            if not done.done():  # whoever awaited it may have given up
                done.set_result(None)

        def tell() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                loop.call_soon_threadsafe(settle)

        self.post(tell)
        await done

    def watch(self, sock: socket.socket) -> None:
        """Wake for what arrives here, too."""
        self._selector.register(sock, selectors.EVENT_READ)

    def forget(self, sock: socket.socket) -> None:
        """Wake for it no longer; call before closing it."""
        self._selector.unregister(sock)

    def wait(self, seconds: float) -> None:
        """Sleep until a command comes or something arrives, or so long."""
        if not self._commands:
            self._selector.select(seconds)

    def obey(self, first: Callable[[], None]) -> None:
        """Carry out what was posted, if anything was; ``first`` goes before.

        An error leaves the rest for the next time; one in ``first`` holds up none.
        """
        try:
            while self._bell.recv(4096):
                pass
        except BlockingIOError:
            pass  # rung dry
        if not self._commands:
            return
        try:
            first()
        finally:
            self._carry_out()

    def _carry_out(self) -> None:
        while self._commands:
            self._commands.popleft()()

    def close(self) -> None:
        """Stop waiting for good."""
        self._selector.close()
        self._bell.close()
        self._ringer.close()
