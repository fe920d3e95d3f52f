"""The kernel's buffer of a UDP socket: what bridges the time until somebody reads.

The default of Linux (``net.core.rmem_default``, 208 KiB) holds 166 voice datagrams,
0.13 s of 25 speakers; whatever stops the process for longer loses sound. More than
``net.core.rmem_max`` is given only to root.
"""

import socket
import struct

WANTED_BYTES = 4 << 20

SO_RCVBUFFORCE = 33
"""Linux: beyond the system's limit, where the process may."""

SO_MEMINFO = 55
"""Linux: what the kernel keeps for a socket, nine words of 32 bits; drops come last."""

_MEMINFO = struct.Struct("=9I")

DATAGRAM_BYTES = 1283
"""What the kernel accounts for one voice datagram of 233 bytes, its overhead included
(measured on Linux 6: 212,992 bytes hold 166)."""


def enlarge(sock: socket.socket) -> int:
    """Ask for ``WANTED_BYTES``; return what the kernel now accounts for.

    Linux doubles what is asked for, to pay for its own overhead.
    """
    for option in (socket.SO_RCVBUF, SO_RCVBUFFORCE):
        try:
            sock.setsockopt(socket.SOL_SOCKET, option, WANTED_BYTES)
        except OSError:  # not allowed, or not Linux: the first one has to do
            break
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)


def overrun(sock: socket.socket) -> int:
    """Return how many datagrams the kernel has dropped for want of room.

    0 where the system does not say (Linux does).
    """
    try:
        said = sock.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, _MEMINFO.size)
    except OSError:
        return 0
    return int(_MEMINFO.unpack(said)[-1]) if len(said) == _MEMINFO.size else 0


def holds_s(size_bytes: int, speakers: int) -> float:
    """Return the seconds of so many speakers that a buffer holds."""
    return size_bytes / DATAGRAM_BYTES / (50 * speakers)
