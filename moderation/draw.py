"""A draw by lot that comes out the same on every machine and at every replay."""

import hashlib


def draw(seed: int, user_id: int, turns: int) -> float:
    """Return a member's lot, at least 0 and below 1; the lowest is next.

    A lot changes with each turn had, not with each hand raised: lowering the hand and
    raising it again draws the same one.
    """
    text = f"{seed}:{user_id}:{turns}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:6]) / 2**48
