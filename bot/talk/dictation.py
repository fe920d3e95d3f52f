"""The words of one Space: its talk goes to the recogniser, lines come back.

What is said while transcription is on is recognised, also where it is heard out only
after the end; nothing said before or later is. Every line, and why there is none, goes
to the record and to whoever shows it.
"""

import asyncio
import logging

from bot.house import House
from bot.talk.sinks import Sinks, Sound, Whose
from bot.talk.talk import Talk
from media.heard import SpurtGrew, TalkSpurt
from media.intervals import Interval
from media.utterance import Grade, Utterance
from media.whisper.jobs import Missed, MissedReason, SpurtAudio

log = logging.getLogger(__name__)

DRAIN_S = 60.0
"""Seconds that the last lines of a Space are waited for when it ends."""

HURRY_S = 5.0
"""Seconds that they are waited for when the process stops: what is recorded is heard
again by the better pass, and what has no words yet is in the record as such."""

UNRECORDED_S = 15.0
"""The same where somebody is transcribed and not recorded: nothing hears them again."""


class Dictation:
    """What is recognised of one Space."""

    def __init__(self, house: House, whose: Whose, talk: Talk, sinks: Sinks) -> None:
        self._house = house
        self._whose = whose
        self._talk = talk
        self._sinks = sinks
        self._was_on: list[Interval] = []
        self._on_since: float | None = None
        self._hurried = asyncio.Event()

    @property
    def on(self) -> bool:
        """Whether what is said now is recognised."""
        return self._on_since is not None

    def begin(self) -> None:
        """Take what the recogniser has for this Space."""
        transcriber = self._house.transcriber
        transcriber.subscribe(self._whose.space_id, self._uttered, self._missed)

    def turn(self, on: bool) -> None:
        """Recognise what is said from now on, or nothing that is said later."""
        now = self._house.clock.now() - self._whose.opened_at
        if self._on_since is None:
            self._on_since = now if on else None
        elif not on:
            self._was_on.append((self._on_since, now))
            self._on_since = None

    def grew(self, spurt: SpurtGrew) -> None:
        """Take what somebody has said so far of what they are saying."""
        if self._on_since is not None:
            sound = Sound(
                spurt.user_id, spurt.start, spurt.end, spurt.pcm, spurt.pcm_start
            )
            self._recognise(sound.since(self._on_since), Grade.PARTIAL)

    def ended(self, spurt: TalkSpurt) -> None:
        """Take what somebody has said."""
        if not spurt.pcm:
            return
        sound = Sound(spurt.user_id, spurt.start, spurt.end, spurt.pcm, spurt.pcm_start)
        # Switched in the middle of a sentence: what was said while it was on is a line.
        for since, until in self._was_on:
            if sound.start < until and since < sound.end:
                self._recognise(sound.since(since).until(until), Grade.LIVE)
        if self._on_since is not None and self._on_since < sound.end:
            self._recognise(sound.since(self._on_since), Grade.LIVE)

    def hurry(self) -> None:
        """Let ``end`` wait for a few seconds only: the process stops."""
        self._hurried.set()

    async def end(self, *, unrecorded: bool) -> None:
        """Wait for the last lines as long as is right, and take no more.

        ``unrecorded``: not all who are transcribed can be heard again.
        """
        if not await self._last_lines(UNRECORDED_S if unrecorded else HURRY_S):
            log.warning("space %s: lines still missing", self._whose.space_id)
        # Whatever still waits is told as missed, and so gets its row.
        why = MissedReason.STOPPED if self._hurried.is_set() else MissedReason.TOO_LATE
        self._house.transcriber.unsubscribe(self._whose.space_id, why)

    async def _last_lines(self, hurry_s: float) -> bool:
        """Wait for the last lines; say whether all came."""
        space_id = self._whose.space_id
        lines = asyncio.create_task(self._house.transcriber.drain(space_id))
        hurry = asyncio.create_task(self._hurried.wait())
        try:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait((lines, hurry), timeout=DRAIN_S, return_when=first)
            if hurry.done():
                await asyncio.wait((lines,), timeout=hurry_s)
            return lines.done()
        finally:
            for task in (lines, hurry):
                task.cancel()

    def _recognise(self, sound: Sound, grade: Grade) -> None:
        self._house.transcriber.submit(
            SpurtAudio(
                space_id=self._whose.space_id,
                user_id=sound.user_id,
                start=sound.start,
                end=sound.end,
                pcm_start=sound.pcm_start,
                pcm=sound.pcm,
                language=self._sinks.language(sound.user_id),
                hotwords=self._sinks.hotwords(),
                grade=grade,
            )
        )

    def _uttered(self, said: Utterance) -> None:
        self._talk.uttered(said)
        self._sinks.uttered(said)
        self._sinks.changed()

    def _missed(self, missed: Missed) -> None:
        log.warning(
            "space %s: %.1f s of speech without words (%s)",
            self._whose.space_id,
            missed.end - missed.start,
            missed.reason,
        )
        self._talk.missed(missed)
        self._sinks.changed()
