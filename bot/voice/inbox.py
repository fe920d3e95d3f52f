"""Datagrams out of a socket, many at a time, each with the time it arrived.

On 64-bit Linux one ``recvmmsg`` takes up to ``BATCH`` datagrams and the kernel's own
time of each. It is called without letting go of the GIL (``PyDLL``; it never blocks):
beside a busy Python thread each release can cost 5 ms, which at 1,250 packets a second
is the difference between hearing everything and hearing a sixth. The kernel's times are
right however late the thread is. Elsewhere plain ``recv`` does.

One thread drains an inbox: its buffers are used again by the next call.
"""

import ctypes
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from bot.voice.transport import LARGEST_DATAGRAM

BATCH = 64
"""Datagrams per system call."""

MOST_AT_ONCE = 8192
"""Datagrams per ``drain``: as many as the kernel keeps (``buffer``), for whoever has to
hear all that came until now; no more, as a flood must not keep the thread for ever."""

STEP_S = 0.1
"""By so much both clocks may differ in what time has passed between two ``drain``."""

SO_TIMESTAMPNS = 35
"""Linux, asm-generic/socket.h: SO_TIMESTAMPNS_OLD."""

CONTROL_BYTES = 32
"""One control message: header 16, struct timespec 16."""


class Datagram(NamedTuple):
    """What came in."""

    data: bytes

    arrived_at: float
    """Seconds, on the clock that the inbox was given."""


class Inbox(Protocol):
    """A socket that can be emptied."""

    def drain(self) -> list[Datagram]:
        """Return everything that has arrived, oldest first; never blocks."""


class _Iovec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Message(ctypes.Structure):
    """``struct mmsghdr`` of 64-bit Linux."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vector", ctypes.c_void_p),
        ("vector_length", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
        ("padding", ctypes.c_int),
        ("received", ctypes.c_uint32),
    )


_new = tuple.__new__  # makes a named tuple at half the cost of calling its class

_MESSAGE_BYTES = 64
_CONTROL_LENGTH_AT = 40 // 8
_RECEIVED_AT = 56 // 4


class BatchInbox:
    """``recvmmsg`` with kernel timestamps."""

    def __init__(self, sock: socket.socket, now: Callable[[], float]) -> None:
        self._socket = sock
        self._now = now
        self._ahead = now() - time.time()
        self._receive = ctypes.PyDLL(None, use_errno=True).recvmmsg
        self._data = (ctypes.c_ubyte * (BATCH * LARGEST_DATAGRAM))()
        self._control = (ctypes.c_ubyte * (BATCH * CONTROL_BYTES))()
        self._vectors = (_Iovec * BATCH)()
        self._messages = (_Message * BATCH)()
        self._prepare()
        # The kernel overwrites lengths: one copy resets all of them for the next call.
        self._fresh = bytes(self._messages)
        self._bytes = memoryview(self._data)
        self._stamps = memoryview(self._control).cast("B").cast("q")
        self._lengths = memoryview(self._messages).cast("B").cast("I")
        self._controls = memoryview(self._messages).cast("B").cast("Q")
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)

    def _prepare(self) -> None:
        data, control = ctypes.addressof(self._data), ctypes.addressof(self._control)
        for at in range(BATCH):
            vector = self._vectors[at]
            vector.base = data + at * LARGEST_DATAGRAM
            vector.length = LARGEST_DATAGRAM
            message = self._messages[at]
            message.vector = ctypes.addressof(vector)
            message.vector_length = 1
            message.control = control + at * CONTROL_BYTES
            message.control_length = CONTROL_BYTES

    def drain(self) -> list[Datagram]:
        """Return everything that has arrived, oldest first; never blocks."""
        drained: list[Datagram] = []
        descriptor = self._socket.fileno()
        # Both clocks now: what the wall said at arrival becomes a time on ours. Where
        # the wall was set meanwhile, nobody knows for which datagrams.
        here = self._now()
        before, self._ahead = self._ahead, here - time.time()
        stepped = abs(self._ahead - before) > STEP_S
        while len(drained) < MOST_AT_ONCE:
            ctypes.memmove(self._messages, self._fresh, len(self._fresh))
            count = self._receive(
                descriptor, self._messages, BATCH, socket.MSG_DONTWAIT, None
            )
            if count < 0:
                # EAGAIN ends the batch, EBADF a closed socket's. ECONNREFUSED tells of
                # a server that is gone, once, and clears itself; the gateway finds out
                # on its own.
                return drained
            self._collect(drained, count, here, stepped=stepped)
            if count < BATCH:
                break
        return drained

    def _collect(
        self, drained: list[Datagram], count: int, here: float, *, stepped: bool
    ) -> None:
        """Append what one call brought."""
        data = self._bytes
        arrivals = [here] * count if stepped else self._arrivals(here, count)
        lengths = self._lengths[_RECEIVED_AT :: _MESSAGE_BYTES // 4][:count].tolist()
        start = 0
        for length, arrived_at in zip(lengths, arrivals, strict=True):
            datagram = data[start : start + length].tobytes()
            drained.append(_new(Datagram, (datagram, arrived_at)))
            start += LARGEST_DATAGRAM

    def _arrivals(self, here: float, count: int) -> list[float]:
        """Return when each message arrived, on the caller's clock."""
        ahead = self._ahead
        stamps, words = self._stamps, CONTROL_BYTES // 8
        times = [
            seconds + ahead + nanoseconds * 1e-9
            for seconds, nanoseconds in zip(
                stamps[2::words][:count].tolist(),
                stamps[3::words][:count].tolist(),
                strict=True,
            )
        ]
        given = self._controls[_CONTROL_LENGTH_AT :: _MESSAGE_BYTES // 8][:count]
        if min(given.tolist()) < CONTROL_BYTES:
            return [here] * count
        return [at if at <= here else here for at in times]


class PlainInbox:
    """``recv``, one datagram at a time; stamped when it is read."""

    def __init__(self, sock: socket.socket, now: Callable[[], float]) -> None:
        self._socket = sock
        self._now = now

    def drain(self) -> list[Datagram]:
        """Return everything that has arrived, oldest first; never blocks."""
        drained: list[Datagram] = []
        here = self._now()
        while len(drained) < MOST_AT_ONCE:
            try:
                data = self._socket.recv(LARGEST_DATAGRAM)
            except OSError:  # nothing there, or the server is gone (see BatchInbox)
                break
            drained.append(Datagram(data, here))
        return drained


def inbox(sock: socket.socket, now: Callable[[], float]) -> Inbox:
    """Return the best inbox that this system has; ``now`` gives arrival times."""
    fits = struct.calcsize("P") == 8 and ctypes.sizeof(_Message) == _MESSAGE_BYTES
    if sys.platform == "linux" and fits and sys.byteorder == "little":
        try:
            return BatchInbox(sock, now)
        except (OSError, AttributeError):  # no such option, or no recvmmsg in libc
            return PlainInbox(sock, now)
    return PlainInbox(sock, now)
