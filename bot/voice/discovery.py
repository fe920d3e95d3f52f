"""IP discovery: the one question that a voice server is documented to answer by UDP."""

import struct

QUESTION_BYTES = 74


def question(ssrc: int) -> bytes:
    """Return what asks a voice server for our address, as it sees it."""
    return struct.pack(">HHI66x", 1, QUESTION_BYTES - 4, ssrc)


def address(answer: bytes) -> tuple[str, int] | None:
    """Return address and port of an IP discovery answer, None if it is none."""
    if len(answer) != QUESTION_BYTES or answer[:4] != b"\x00\x02\x00\x46":
        return None
    text, _, rest = answer[8:72].partition(b"\x00")
    if not text.isascii() or rest.strip(b"\x00"):
        return None
    return text.decode("ascii"), int.from_bytes(answer[72:74])
