"""Figures of talk: seconds, shares, turns, interruptions, double talk, silence.

Rule 1: each figure comes with the intervals that it was counted from, so that it can
be shown on a timeline and disputed.
Rule 2: a *turn* is somebody's talk with pauses of up to ``TURN_PAUSE_S`` in which
nobody else says something; less than ``BACKCHANNEL_S`` of talk ("yes", "mm") is none.
Rule 3: an *interruption* is a turn that begins while another's talk goes on and
outlasts it.
Rule 4: *double talk* and *mutual silence* are those of ITU-T P.59: at least two talk,
and nobody does.

Times are seconds of the Space.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from media.intervals import (
    Interval,
    Intervals,
    clipped,
    complement,
    contains,
    intersection,
    seconds,
    seconds_within,
    shared,
    union,
)
from moderation.roles import Role
from moderation.talktime.ledger import TalkLedger

TURN_PAUSE_S = 2.0
BACKCHANNEL_S = 0.7
OVERLAP_S = 0.3


@dataclass(frozen=True, slots=True)
class Interruption:
    """Somebody began while another talked, and the other stopped first."""

    user_id: int
    """Who interrupted."""
    interrupted: int
    """Who was talking."""
    start: float
    """When the interruption began, seconds."""
    end: float
    """When the interrupted speaker gave way, seconds."""


@dataclass(frozen=True, slots=True)
class SpeakerFigures:
    """One speaker's talk."""

    user_id: int
    talk: Intervals
    """What ``seconds`` counts."""
    share: float
    """Of everybody's seconds together, 0 to 1."""
    turns: Intervals
    double_talk: Intervals
    """Where somebody else talked too."""
    interruptions: tuple[Interruption, ...]
    """Those that this speaker made."""
    interrupted: tuple[Interruption, ...]
    """Those that this speaker suffered."""
    by_role: Mapping[Role, Intervals]
    """The talk in each role in which the speaker talked."""

    @property
    def seconds(self) -> float:
        """Seconds of talk."""
        return seconds(self.talk)

    @property
    def longest_turn(self) -> Interval | None:
        """The longest turn, if there is any."""
        return max(self.turns, key=lambda turn: turn[1] - turn[0], default=None)

    @property
    def longest_turn_s(self) -> float:
        """How long the longest turn is; 0.0 without any."""
        longest = self.longest_turn
        return longest[1] - longest[0] if longest else 0.0


@dataclass(frozen=True, slots=True)
class TalkFigures:
    """A Space's talk from 0.0 to ``until``."""

    until: float
    speakers: tuple[SpeakerFigures, ...]
    """Who talked most first."""
    double_talk: Intervals
    mutual_silence: Intervals
    by_role: Mapping[Role, float]
    """Seconds of talk of everybody in each role."""
    listening: Mapping[int, Intervals]
    """When each member was present and not deafened; who never was is not here."""


def figures(ledger: TalkLedger, until: float) -> TalkFigures:
    """Count everything in the ledger from 0.0 to ``until``."""
    talk = {
        user_id: clipped(times, 0.0, until)
        for user_id, times in ledger.talk(until).items()
    }
    total = sum(seconds(times) for times in talk.values())
    double_talk = shared(list(talk.values()))
    anybody = union(*talk.values())
    taken = {user_id: turns(times, anybody) for user_id, times in talk.items()}
    broken = interruptions(talk, taken)
    speakers = []
    for user_id, times in talk.items():
        roles = ledger.roles(user_id, until)
        speakers.append(
            SpeakerFigures(
                user_id=user_id,
                talk=times,
                share=seconds(times) / total if total else 0.0,
                turns=taken[user_id],
                double_talk=intersection(times, double_talk),
                interruptions=tuple(b for b in broken if b.user_id == user_id),
                interrupted=tuple(b for b in broken if b.interrupted == user_id),
                by_role={
                    role: talked
                    for role, held in roles.items()
                    if (talked := intersection(times, held))
                },
            )
        )
    return TalkFigures(
        until=until,
        speakers=tuple(sorted(speakers, key=lambda each: -each.seconds)),
        double_talk=double_talk,
        mutual_silence=complement(anybody, 0.0, until),
        by_role=_by_role(speakers),
        listening={
            user_id: heard
            for user_id, times in ledger.listening(until).items()
            if (heard := clipped(times, 0.0, until))
        },
    )


def turns(talk: Intervals, anybody: Intervals) -> Intervals:
    """Return the turns of one speaker's talk, given when anybody talks."""
    taken: list[list[Interval]] = []
    for start, end in talk:
        if taken and _goes_on(taken[-1][-1][1], start, anybody):
            taken[-1].append((start, end))
        else:
            taken.append([(start, end)])
    return tuple(
        (turn[0][0], turn[-1][1]) for turn in taken if seconds(turn) >= BACKCHANNEL_S
    )


def interruptions(
    talk: Mapping[int, Intervals], taken: Mapping[int, Intervals]
) -> list[Interruption]:
    """Find the turns that cut another's short, in time order."""
    every = sorted(
        (start, end, user_id)
        for user_id, theirs in taken.items()
        for start, end in theirs
    )
    found: list[Interruption] = []
    going_on: list[tuple[float, float, int]] = []
    for turn in every:
        start, end, user_id = turn
        going_on = [other for other in going_on if other[1] > start]
        for _, other_end, other_id in going_on:
            gave_way = start + OVERLAP_S <= other_end < end
            if other_id != user_id and gave_way and contains(talk[other_id], start):
                found.append(Interruption(user_id, other_id, start, other_end))
        going_on.append(turn)
    return found


def _goes_on(end: float, start: float, anybody: Intervals) -> bool:
    """Say whether a pause of somebody's is one inside a turn.

    In their own pause whoever talks is somebody else.
    """
    if start - end > TURN_PAUSE_S:
        return False
    return seconds_within(anybody, end, start) < BACKCHANNEL_S


def _by_role(speakers: list[SpeakerFigures]) -> dict[Role, float]:
    total: dict[Role, float] = {}
    for speaker in speakers:
        for role, talked in speaker.by_role.items():
            total[role] = total.get(role, 0.0) + seconds(talked)
    return total
