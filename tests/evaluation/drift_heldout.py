"""Constants chosen on the other meetings, and what they give on the one left out.

The shipped constants are fixed; this says how far they depend on the meetings at hand.
One meeting after the other is left out: what is chosen on the rest scores it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple

import numpy as np

from tests.evaluation.drift_scores import Scores, area, pooled

STEPS = 12
"""Newton steps of a fit; it has three numbers and settles in fewer."""


def chosen(candidates: Mapping[str, Sequence[Scores]]) -> tuple[Scores, Counter[str]]:
    """Return each meeting's scores by the candidate that is best on the others.

    Also returns how often each candidate was chosen.
    """
    count = len(next(iter(candidates.values())))
    held, names = [], Counter[str]()
    for left in range(count):
        best = max(candidates, key=lambda name: _quality(candidates[name], left))
        held.append(candidates[best][left])
        names[best] += 1
    return pooled(held), names


def _quality(said: Sequence[Scores], left: int) -> float:
    rest = _without(said, left)
    return area(rest.on, rest.other) + area(rest.on, rest.same)


def fused(
    words: Sequence[Scores], meaning: Sequence[Scores]
) -> tuple[Scores, list[float]]:
    """Return each meeting's fused scores by weights fitted on the others.

    Also returns the share of the weight that meaning got each time.
    """
    held, shares = [], []
    for left in range(len(words)):
        weights = _fit(_without(words, left), _without(meaning, left))
        pairs = zip(astuple(words[left]), astuple(meaning[left]), strict=True)
        held.append(Scores(*(_features(a, b) @ weights for a, b in pairs)))
        shares.append(float(weights[1] / (weights[0] + weights[1])))
    return pooled(held), shares


def _without(said: Sequence[Scores], left: int) -> Scores:
    return pooled([one for n, one in enumerate(said) if n != left])


def _features(words: np.ndarray, meaning: np.ndarray) -> np.ndarray:
    return np.stack([_odds(words), _odds(meaning), np.ones(len(words))], axis=1)


def _odds(scores: np.ndarray) -> np.ndarray:
    kept = np.clip(scores, 1e-4, 1 - 1e-4)
    return np.log(kept / (1 - kept))


def _fit(words: Scores, meaning: Scores) -> np.ndarray:
    """Return weights and bias by logistic regression; on and off weigh the same."""
    kinds = [
        _features(a, b)
        for a, b in zip(astuple(words), astuple(meaning), strict=True)
        if len(a)
    ]
    features = np.concatenate(kinds)
    on = np.repeat([1.0] + [0.0] * (len(kinds) - 1), [len(kind) for kind in kinds])
    share = np.concatenate(
        [
            np.full(len(kind), (1 if n == 0 else 1 / (len(kinds) - 1)) / len(kind))
            for n, kind in enumerate(kinds)
        ]
    )
    weights = np.zeros(3)
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (share * (on - likely))
        curve = (features * (share * likely * (1 - likely))[:, None]).T @ features
        weights += np.linalg.solve(curve, slope)
    return weights
