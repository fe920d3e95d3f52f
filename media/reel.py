"""One speaker's sound of the near past, in the pieces in which it came.

Pieces are kept as they are: what is never asked for is never copied. Positions are
slots of the Space's grid; sound is int16 little-endian, 16 kHz, mono, in whole frames
of 20 ms.
"""

from collections import deque

_BYTES = 640


class Reel:
    """Frames from ``start`` until ``end``, without a hole."""

    __slots__ = ("_pieces", "end", "start")

    def __init__(self) -> None:
        """Begin with nothing."""
        self._pieces: deque[bytes] = deque()
        self.start = self.end = 0

    def __bool__(self) -> bool:
        """Say whether there is any sound."""
        return bool(self._pieces)

    def append(self, slot: int, pcm: bytes) -> None:
        """Add whole frames from ``slot`` on; what is missing before them is zeros."""
        if not self._pieces:
            self.start = slot
        elif slot > self.end:
            self._pieces.append(bytes((slot - self.end) * _BYTES))
        else:
            slot = self.end
        self._pieces.append(pcm)
        self.end = slot + len(pcm) // _BYTES

    def cut(self, start: int, until: int) -> bytes:
        """Return the frames between two slots, as far as there are any."""
        first = max(0, start - self.start) * _BYTES
        return b"".join(self._pieces)[first : max(0, until - self.start) * _BYTES]

    def drop(self, until: int) -> None:
        """Forget the sound before slot ``until``."""
        pieces = self._pieces
        while pieces and self.start < until:
            frames = len(pieces[0]) // _BYTES
            spare = until - self.start
            if spare < frames:
                pieces[0] = pieces[0][spare * _BYTES :]
                self.start = until
            else:
                pieces.popleft()
                self.start += frames

    def clear(self) -> None:
        """Forget everything."""
        self._pieces.clear()
