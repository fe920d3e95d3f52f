"""Whether a rehearsal showed what it must. Pure.

Every kind of expectation is one row of ``CHECKS``: it looks at what was seen and says
in words what it misses.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from typing_extensions import override

from bot.rehearsal.expectation import (
    Expectation,
    Happened,
    Outcome,
    SpaceOutcome,
    SpaceTruth,
    What,
)

REAL_VOICES_ERROR = 0.25
"""Talk of real recordings is known by their energy alone, breath and room included."""


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that was not met."""

    expected: str
    seen: str

    @override
    def __str__(self) -> str:
        return f"expected {self.expected}; seen: {self.seen}"


def check(expectations: Sequence[Expectation], outcome: Outcome) -> list[Unmet]:
    """Return what was expected and not seen; empty is success.

    Where words could not be recognised (real recordings), what needs them is left out
    and talk time is measured less finely.
    """
    unmet: list[Unmet] = []
    if not outcome.words:
        expectations = [_loosened(one) for one in expectations if not one.needs_words]
    for expected in expectations:
        if expected.what == "reminder":
            unmet += _check_reminder(expected, outcome)
        elif expected.space is None or expected.space not in outcome.spaces:
            unmet.append(Unmet(f"a Space {expected.space}", "it was never opened"))
        else:
            truth = outcome.truth[expected.space]
            seen = outcome.spaces[expected.space]
            unmet += CHECKS[expected.what](expected, seen, truth)
    return unmet


def _happened(
    expected: Expectation, what: str, seen: Sequence[Happened]
) -> Iterator[Unmet]:
    """Want at least one of ``seen`` that fits who, kind and time."""
    early, late = expected.between or (0.0, math.inf)
    fits = any(
        expected.who in (None, one.who)
        and expected.kind in (None, one.kind)
        and early <= one.at <= late
        and one.quotes >= expected.at_least
        for one in seen
    )
    if not fits:
        span = f" between {early:g} s and {late:g} s" if expected.between else ""
        about = f" of {expected.who}" if expected.who else ""
        words = f"{expected.kind} {what}" if expected.kind else what
        if expected.at_least:
            words += f" that quotes {expected.at_least:g} lines"
        yield Unmet(f"{words}{about} in {expected.space}{span}", _listed(seen))


def _listed(seen: Sequence[Happened]) -> str:
    if not seen:
        return "none"
    return ", ".join(
        " ".join(part for part in (one.kind, one.who or "", f"{one.at:.1f} s") if part)
        for one in seen
    )


def _ended(expected: Expectation, seen: SpaceOutcome, _: SpaceTruth) -> Iterator[Unmet]:
    if not seen.ended:
        yield Unmet(f"{expected.space} ended by its host", "it was not")


def _final_pass(
    expected: Expectation, seen: SpaceOutcome, _: SpaceTruth
) -> Iterator[Unmet]:
    """Want a better pass after the Space that heard all it was to hear."""
    if seen.afterwards != "done":
        yield Unmet(f"the final pass over {expected.space} done", seen.afterwards)


def _silence(
    expected: Expectation, seen: SpaceOutcome, _: SpaceTruth
) -> Iterator[Unmet]:
    """Somebody tried to speak without the floor: nothing of it may be counted."""
    who = expected.who or ""
    limit = 0.0 if math.isinf(expected.at_most) else expected.at_most
    talked = seen.talk_s.get(who, 0.0)
    if talked > limit or any(line.who == who for line in seen.lines):
        yield Unmet(f"{who} not heard in {expected.space}", f"{talked:.1f} s of talk")


def _loosened(expected: Expectation) -> Expectation:
    """Return what can be expected of recordings that nobody has labelled."""
    if expected.what != "talk_time":
        return expected
    return replace(expected, at_most=max(expected.at_most, REAL_VOICES_ERROR))


def _talk_time(
    expected: Expectation, seen: SpaceOutcome, truth: SpaceTruth
) -> Iterator[Unmet]:
    for who, seconds in truth.talk_s.items():
        if expected.who not in (None, who) or seconds <= 0:
            continue
        counted = seen.talk_s.get(who, 0.0)
        error = abs(counted - seconds) / seconds
        if error > expected.at_most:
            yield Unmet(
                f"{seconds:.1f} s of talk of {who} in {expected.space} "
                f"within {expected.at_most:.0%}",
                f"{counted:.1f} s, {error:.0%} off",
            )


def _transcript(
    expected: Expectation, seen: SpaceOutcome, truth: SpaceTruth
) -> Iterator[Unmet]:
    """Count the words said that stand in the lines of whoever said them."""
    for who, lines in truth.lines.items():
        if expected.who not in (None, who):
            continue
        said = [word for line in lines for word in _plain_words(line)]
        written = [
            w for one in seen.lines if one.who == who for w in _plain_words(one.text)
        ]
        found = _common(said, written)
        if said and found < expected.at_least * len(said):
            yield Unmet(
                f"at least {expected.at_least:.0%} of the words of {who} "
                f"in {expected.space}",
                f"{found} of {len(said)}",
            )


def _common(said: Sequence[str], written: Sequence[str]) -> int:
    """Return the length of the longest common subsequence of words."""
    row = [0] * (len(written) + 1)
    for word in said:
        above = 0
        for index, other in enumerate(written, 1):
            here = row[index]
            row[index] = above + 1 if word == other else max(row[index], row[index - 1])
            above = here
    return row[-1]


def _plain_words(text: str) -> list[str]:
    """Return the words of a line without case and signs."""
    kept = "".join(c if c.isalnum() or c == "'" else " " for c in text.casefold())
    return kept.split()


def _track(expected: Expectation, seen: SpaceOutcome, _: SpaceTruth) -> Iterator[Unmet]:
    wanted = expected.what == "track"
    if (expected.who in seen.tracks) is not wanted:
        words = "a track" if wanted else "no track"
        listed = ", ".join(sorted(seen.tracks)) or "nobody"
        yield Unmet(f"{words} of {expected.who} in {expected.space}", f"of {listed}")


def _check_reminder(expected: Expectation, outcome: Outcome) -> Iterator[Unmet]:
    early, late = expected.between or (0.0, math.inf)
    if not any(early <= at <= late for at in outcome.reminders):
        seen = ", ".join(f"{at:.1f} s" for at in outcome.reminders) or "none"
        yield Unmet(f"a reminder between {early:g} s and {late:g} s", seen)


CHECKS: Mapping[
    What, Callable[[Expectation, SpaceOutcome, SpaceTruth], Iterator[Unmet]]
] = {
    "ended": _ended,
    "final_pass": _final_pass,
    "floor": lambda e, seen, _: _happened(e, "the floor", seen.floor),
    "hand": lambda e, seen, _: _happened(e, "a raised hand", seen.hands),
    "invitation": lambda e, seen, _: _happened(e, "an invitation", seen.invitations),
    "nudge": lambda e, seen, _: _happened(e, "nudge", seen.nudges),
    "no_track": _track,
    "silence": _silence,
    "talk_time": _talk_time,
    "track": _track,
    "transcript": _transcript,
}
