"""When somebody speaks in a clean recording, by its energy: the truth of a rehearsal.

Pure. Pauses up to 0.2 s belong to speech; longer ones do not count as talk.
"""

import numpy as np
from numpy.typing import NDArray

Span = tuple[float, float]
"""Start and end in seconds."""

FRAME_S = 0.01
BELOW_PEAK_DB = 40.0
"""How far under the loudest frame a frame may be and still be speech."""
ABOVE_NOISE_DB = 8.0
"""How far over the recording's quietest frames a frame must be."""
NOISE_PERCENT = 5.0
SURELY_DB = 20.0
"""A frame at most so far under the loudest one is speech whatever the noise."""
JOIN_S = 0.2
SHORTEST_S = 0.03


def spoken(pcm: NDArray[np.int16], rate: int) -> list[Span]:
    """Return the spans of speech in mono samples at ``rate`` Hz, in order."""
    size = round(rate * FRAME_S)
    count = len(pcm) // size
    if count == 0:
        return []
    frames = pcm[: count * size].astype(np.float64).reshape(count, size)
    levels = np.sqrt(np.mean(frames**2, axis=1))
    below_peak = levels.max() * 10 ** (-BELOW_PEAK_DB / 20)
    noise = float(np.percentile(levels, NOISE_PERCENT))
    # A clip without any pause has no noise to be above: what is loud is surely speech.
    surely = levels.max() * 10 ** (-SURELY_DB / 20)
    above_noise = min(noise * 10 ** (ABOVE_NOISE_DB / 20), surely)
    loud = levels > max(1.0, below_peak, above_noise)
    spans: list[Span] = []
    for index in np.flatnonzero(loud):
        start, end = index * FRAME_S, (index + 1) * FRAME_S
        if spans and start - spans[-1][1] <= JOIN_S + 1e-9:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return [
        (round(float(start), 2), round(float(end), 2))
        for start, end in spans
        if end - start >= SHORTEST_S
    ]
