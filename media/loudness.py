"""Talk by RTP level alone, for voices that must not be decoded.

A frame is talk when it stands out from the speaker's own noise floor and is not far
below the speaker's own voice. Levels are dBov as in RFC 6464: 0 is the loudest, -127
is digital silence.
"""

_LEAST_DBOV = -60.0
"""Frames below this level are never talk."""

_OVER_FLOOR_DB = 6.0
"""Decibels above the noise floor from which on a frame can be talk."""

_UNDER_VOICE_DB = 30.0
"""Decibels below the speaker's voice under which a frame is breath, not talk."""

_QUIETEST_FLOOR_DBOV = -90.0
_FLOOR_RISE_DB = 0.02
_VOICE_RISE, _VOICE_FALL = 0.05, 0.002


class Loudness:
    """One speaker's noise floor and voice, as their packets say them."""

    __slots__ = ("_floor", "_voice")

    def __init__(self) -> None:
        """Start without knowing either: the floor as quiet as can be."""
        self._floor = _QUIETEST_FLOOR_DBOV
        self._voice = _LEAST_DBOV

    def is_talk(self, level_dbov: float) -> bool:
        """Say whether the next 20 ms, this loud, are talk."""
        floor = min(level_dbov, self._floor + _FLOOR_RISE_DB)
        self._floor = max(floor, _QUIETEST_FLOOR_DBOV)
        talk = level_dbov > max(
            _LEAST_DBOV, self._floor + _OVER_FLOOR_DB, self._voice - _UNDER_VOICE_DB
        )
        if talk:
            speed = _VOICE_RISE if level_dbov > self._voice else _VOICE_FALL
            self._voice += speed * (level_dbov - self._voice)
        return talk
