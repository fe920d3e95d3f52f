"""The first byte of an Opus packet: how long the packet is (RFC 6716 section 3.1).

Discord's clients send one 20 ms frame per packet; other senders may send 40 or 60 ms.
Only whole numbers of 20 ms fit the grid that tracks and talk spurts are on.
"""

TICKS_PER_FRAME = 960
"""RTP and Ogg ticks (48 kHz) of 20 ms."""

_MAX_TICKS = 5760
_SILK_TICKS = (480, 960, 1920, 2880)
_HYBRID_TICKS = (480, 960)
_CELT_TICKS = (120, 240, 480, 960)


def _ticks(config: int) -> int:
    """Return the ticks of one frame of a TOC configuration number, 0 to 31."""
    if config < 12:
        return _SILK_TICKS[config % 4]
    if config < 16:
        return _HYBRID_TICKS[config % 2]
    return _CELT_TICKS[config % 4]


_TICKS = tuple(_ticks(toc >> 3) for toc in range(256))
_COUNT = (1, 2, 2, 0)
"""Frames by the code in the TOC's low bits; code 3 says it in the next byte."""

FRAMES = tuple(
    0
    if toc & 3 == 3 or _TICKS[toc] * _COUNT[toc & 3] % TICKS_PER_FRAME
    # A packet of code 3, or off the grid, needs a second look: frames_of().
    else _TICKS[toc] * _COUNT[toc & 3] // TICKS_PER_FRAME
    for toc in range(256)
)
"""20 ms frames by TOC byte; 0 where ``frames_of`` must look closer."""


def frames_of(opus: bytes) -> int:
    """Return how many 20 ms frames a packet holds; 0 if it is off the grid or bad."""
    if not opus:
        return 0
    frames = FRAMES[opus[0]]
    if frames or opus[0] & 3 != 3 or len(opus) < 2:
        return frames
    ticks = _TICKS[opus[0]] * (opus[1] & 0x3F)
    if ticks > _MAX_TICKS or ticks % TICKS_PER_FRAME:
        return 0
    return ticks // TICKS_PER_FRAME
