"""Which frames are talk: the verdicts of the detector, weighed by level.

webrtcvad alone takes hum, breath and keys for speech. A frame counts here when the
detector says speech *and* it stands out from the speaker's own noise floor *and* it is
not far below the speaker's own voice. The floor follows the quietest frames.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActivitySettings:
    """What makes a frame talk."""

    least_dbov: float = -60.0
    """Frames below this level are never talk."""
    over_floor_db: float = 6.0
    """Decibels above the noise floor from which a frame can be talk."""
    under_voice_db: float = 35.0
    """Decibels below the speaker's voice from which on it is breath, not talk."""


class Activity:
    """One speaker's noise floor, and what stands out from it."""

    __slots__ = ("_floor", "_peak", "_settings")

    def __init__(self, settings: ActivitySettings) -> None:
        """Start without knowing the floor: as quiet as can be."""
        self._settings = settings
        self._floor = -90.0
        self._peak = -60.0

    def weigh(self, verdicts: Sequence[bool], levels: Sequence[float]) -> list[bool]:
        """Say for each frame, in order, whether it is talk. Levels in dBov."""
        settings = self._settings
        least = settings.least_dbov
        floor, peak = self._floor, self._peak
        talk = []
        for verdict, level in zip(verdicts, levels, strict=True):
            if level < floor:
                floor = level
            else:
                floor += min(0.02, level - floor)
            active = (
                verdict
                and level > least
                and level > floor + settings.over_floor_db
                and level > peak - settings.under_voice_db
            )
            if active:
                peak += (level - peak) * (0.05 if level > peak else 0.002)
            talk.append(active)
        self._floor, self._peak = floor, peak
        return talk
