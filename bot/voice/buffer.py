"""The kernel's buffer of a UDP socket: what bridges the time until somebody reads.

The default of Linux (``net.core.rmem_default``, 208 KiB) holds 166 voice datagrams,
0.13 s of 25 speakers; whatever stops the process for longer loses sound. More than
``net.core.rmem_max`` is given only to root.
"""

import socket

WANTED_BYTES = 4 << 20

SO_RCVBUFFORCE = 33
"""Linux: beyond the system's limit, where the process may."""

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


def holds_s(size_bytes: int, speakers: int) -> float:
    """Return the seconds of so many speakers that a buffer holds."""
    return size_bytes / DATAGRAM_BYTES / (50 * speakers)
