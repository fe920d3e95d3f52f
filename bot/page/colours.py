"""Colours of voices on the page.

All have one luminance, which stands out by 3 to 1 from every ground that the style
puts them on, light and dark. Neighbours are the golden angle apart. Pure.
"""

import colorsys
from functools import cache

GOLDEN_ANGLE = 137.508
SATURATION = 0.6
LUMINANCE = 0.195
"""Relative, as WCAG 2 defines it, 0 to 1."""


@cache
def colour(place: int) -> str:
    """Return the colour of the voice at ``place``, from 0: ``#rrggbb``."""
    hue = place * GOLDEN_ANGLE % 360 / 360
    dark, light = 0.0, 1.0
    for _ in range(12):  # halves: finer than a step of eight bits
        middle = (dark + light) / 2
        if luminance(_spelled(hue, middle)) < LUMINANCE:
            dark = middle
        else:
            light = middle
    return _spelled(hue, light)


def luminance(spelled: str) -> float:
    """Return the relative luminance of ``#rrggbb``, 0 (black) to 1 (white)."""
    red, green, blue = (
        _linear(int(spelled[at : at + 2], 16) / 255) for at in (1, 3, 5)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _spelled(hue: float, lightness: float) -> str:
    parts = colorsys.hls_to_rgb(hue, lightness, SATURATION)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
