"""Talk spurts of one speaker: frames that are talk or not → spurts with two ends.

The convention of talk time, here and nowhere else:

- Talk begins when ``onset_s`` of speech came within a little more than that; it is then
  counted from the first of those frames.
- A pause of up to ``JOIN_S`` (0.2 s) inside speech is talk; a longer one is not.
- A spurt ends when the pause reaches the hangover, when it is cut, or when it is split.

The talk intervals are exact; the sound handed to recognition begins ``_LEAD`` before
them and ends ``_TAIL`` after, so that no consonant is lost.

Time is fed as slots of the Space's grid, never read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from media.heard import (
    FRAME_S,
    FRAMES_PER_S,
    Heard,
    SpurtClosed,
    SpurtEnded,
    SpurtGrew,
    SpurtStarted,
    TalkSpurt,
)
from media.reel import Reel

JOIN_S = 0.2
"""Seconds of pause that still count as talk."""

_JOIN = round(JOIN_S / FRAME_S)
_LEAD = 15
_TAIL = 10
_SLACK = 1
"""Frames of the onset window that need not be speech."""


@dataclass(frozen=True, slots=True)
class SpurtSettings:
    """When a talk spurt begins and ends."""

    onset_s: float = 0.1
    """Seconds of speech that make a spurt; clicks and breaths are shorter."""
    hangover_s: float = 0.6
    """Seconds of pause that end it."""
    split_after_s: float = 15.0
    """From this length on, a pause of ``JOIN_S`` splits it."""
    split_at_s: float = 28.0
    """At this length it is split wherever it is."""
    partial_s: float = 2.0
    """Seconds of new talk after which what was said so far is worth a line."""


class Spurts:
    """Finds one speaker's talk spurts in frames that come in order."""

    def __init__(self, user_id: int, settings: SpurtSettings) -> None:
        """Begin in silence."""
        self._user_id = user_id
        self._onset = max(1, round(settings.onset_s / FRAME_S))
        self._hangover = max(_JOIN + 1, round(settings.hangover_s / FRAME_S))
        self._split_after = round(settings.split_after_s / FRAME_S)
        self._split_at = round(settings.split_at_s / FRAME_S)
        self._partial = max(1, round(settings.partial_s / FRAME_S))
        self._told = -1
        self._reel = Reel()
        self._recent: list[int] = []
        self._talk: list[tuple[int, int]] = []
        self._from = self._last = -1
        self._split_slot = -_JOIN - 1
        self._lost = 0
        self.talk_s = 0.0

    @property
    def is_talking(self) -> bool:
        """Say whether a spurt is open."""
        return self._from >= 0

    def lasts(self, until: int) -> bool:
        """Say whether no spurt can begin before slot ``until``, whatever comes.

        One is open; if it ends, too little time is left for the next one's onset.
        """
        return (
            self._from >= 0
            and until - self._last - 1 < self._hangover + self._onset
            and until - self._first < self._split_after
        )

    def hear(
        self, slot: int, talk: Sequence[bool], pcm: bytes, heard: list[Heard]
    ) -> None:
        """Take frames from ``slot`` on, each talk or not, with their sound or none.

        What came of it is added to ``heard``.
        """
        if pcm:
            self._keep(slot, pcm)
        if self._is_plain(slot, talk):
            return
        for at, active in enumerate(talk, slot):
            if self._from < 0:
                if active:
                    self._rise(at, heard)
            elif active:
                if at - self._last > _JOIN + 1:
                    self._rest(at, heard)  # where nothing came, nobody has looked yet
                    if self._from < 0:
                        self._rise(at, heard)
                        continue
                    self._talk.append((self._from, self._last + 1))
                    self._from = at
                self._last = at
                if at + 1 - self._first >= self._split_at:
                    self._split(at + 1, heard)
            else:
                self._rest(at + 1, heard)
        if pcm and self._from < 0:
            self._forget()

    def _is_plain(self, slot: int, talk: Sequence[bool]) -> bool:
        """Deal at once with frames that are all silence in silence, or talk in talk."""
        if self._from < 0:
            if True in talk:
                return False
            self._forget()
            return True
        end = slot + len(talk)
        if (
            False in talk
            or slot - self._last > _JOIN + 1
            or end - self._first >= self._split_at
        ):
            return False
        self._last = end - 1
        return True

    def tell(self, heard: list[Heard]) -> None:
        """Tell what an open spurt has grown to, where enough is new and has sound."""
        if self._from < 0 or not self._reel:
            return
        end = self._last + 1
        if end - max(self._first, self._told) < self._partial:
            return
        self._told = end
        slot = max(self._reel.start, self._first - _LEAD)
        heard.append(
            SpurtGrew(
                self._user_id,
                self._first / FRAMES_PER_S,
                end / FRAMES_PER_S,
                self._reel.cut(slot, self._reel.end),
                slot / FRAMES_PER_S,
            )
        )

    def lose(self, frames: int) -> None:
        """Count frames lost inside an open spurt."""
        if self._from >= 0:
            self._lost += frames

    def idle(self, until: int, heard: list[Heard]) -> None:
        """Let time pass to slot ``until`` without frames."""
        if self._from >= 0:
            self._rest(until, heard)

    def cut(self, until: int, heard: list[Heard]) -> None:
        """End the spurt at slot ``until``, whatever came after."""
        self._recent.clear()
        if self._from >= 0:
            self._talk.append((self._from, self._last + 1))
            self._talk = [
                (start, min(end, until)) for start, end in self._talk if start < until
            ]
            self._end(SpurtClosed.CUT, min(self._last + 1 + _TAIL, until), heard)
        self._reel.clear()

    @property
    def _first(self) -> int:
        """Return the slot where the open spurt began."""
        return self._talk[0][0] if self._talk else self._from

    def _rise(self, at: int, heard: list[Heard]) -> None:
        """Note one frame of speech in silence; enough of them begin a spurt."""
        if at - self._split_slot <= _JOIN:
            self._from, self._last = self._split_slot, at
        else:
            recent = self._recent
            recent.append(at)
            while recent[0] <= at - self._onset - _SLACK:
                del recent[0]
            if len(recent) < self._onset:
                return
            self._from, self._last = recent[0], at
            recent.clear()
        heard.append(SpurtStarted(self._user_id, self._from / FRAMES_PER_S))

    def _rest(self, until: int, heard: list[Heard]) -> None:
        """End the spurt if the pause up to ``until`` is long enough."""
        pause = until - self._last - 1
        if pause >= self._hangover:
            closed = SpurtClosed.PAUSE
        elif pause > _JOIN and self._last - self._first >= self._split_after:
            closed = SpurtClosed.SPLIT
        else:
            return
        self._talk.append((self._from, self._last + 1))
        self._end(closed, self._last + 1 + _TAIL, heard)

    def _split(self, at: int, heard: list[Heard]) -> None:
        """End the spurt in the midst of speech; what follows begins where it ends."""
        self._talk.append((self._from, at))
        self._end(SpurtClosed.SPLIT, at, heard)
        self._split_slot = at

    def _end(self, closed: SpurtClosed, until: int, heard: list[Heard]) -> None:
        """Tell the spurt, with its sound up to slot ``until``."""
        talk = tuple(
            (start / FRAMES_PER_S, end / FRAMES_PER_S) for start, end in self._talk
        )
        self.talk_s += sum(end - start for start, end in talk)
        start = self._talk[0][0] if talk else until
        pcm_slot = max(self._reel.start, start - _LEAD)
        pcm = self._reel.cut(pcm_slot, until)
        self._reel.drop(until)
        heard.append(
            SpurtEnded(
                TalkSpurt(
                    user_id=self._user_id,
                    start=start / FRAMES_PER_S,
                    end=talk[-1][1] if talk else start / FRAMES_PER_S,
                    talk=talk,
                    pcm=pcm,
                    pcm_start=pcm_slot / FRAMES_PER_S,
                    lost_frames=self._lost,
                    closed=closed,
                )
            )
        )
        self._talk.clear()
        self._from = self._last = -1
        self._lost = 0

    def _keep(self, slot: int, pcm: bytes) -> None:
        """Keep sound at its slot."""
        if self._from < 0 and slot - self._reel.end > self._hangover:
            self._reel.clear()
        self._reel.append(slot, pcm)

    def _forget(self) -> None:
        """Keep no more sound of silence than a spurt's beginning needs."""
        enough = self._reel.end - _LEAD - self._onset - _SLACK
        if enough - self._reel.start > _LEAD:
            self._reel.drop(enough)
