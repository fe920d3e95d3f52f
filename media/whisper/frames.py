"""Messages between the bot and its recognition process.

One message is two big-endian 32-bit lengths, a JSON header and a binary payload.
Headers carry words on the way back; they go through the pipe and nowhere else.
"""

import json
import struct
from collections.abc import Mapping
from typing import IO, Any

LENGTHS = struct.Struct(">II")

Header = Mapping[str, Any]


def packed(header: Header, payload: bytes = b"") -> bytes:
    """Return the message as bytes."""
    body = json.dumps(header, separators=(",", ":")).encode()
    return LENGTHS.pack(len(body), len(payload)) + body + payload


def unpacked(lengths: bytes, rest: bytes) -> tuple[dict[str, Any], bytes]:
    """Split the bytes after ``lengths`` into header and payload."""
    size, _ = LENGTHS.unpack(lengths)
    return json.loads(rest[:size]), rest[size:]


def size_after(lengths: bytes) -> int:
    """Return how many bytes follow the two lengths."""
    return sum(LENGTHS.unpack(lengths))


def read(stream: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """Read one message, or None where the stream ends."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    rest = stream.read(size_after(lengths))
    return unpacked(lengths, rest) if len(rest) == size_after(lengths) else None
