"""What a member has agreed that the bot may do with their voice.

Levels are ordered: each allows what the ones before it allow. They are enforced
before decoding: without consent a voice is never turned into sound here.
"""

from enum import IntEnum


class Consent(IntEnum):
    """What may be done with one member's voice."""

    NOTHING = 0
    """Heard by people only; the bot counts packets and reads their RTP level."""
    TRANSCRIPT = 1
    """Decoded, detected and recognised; no sound is kept."""
    AUDIO = 2
    """Also recorded, as one track."""
