"""The words of one Space: its talk goes to the recogniser, lines come back.

What is said while transcription is on is recognised, also where it is heard out only
after the end; nothing said later is. Every line, and why there is none, goes to the
record and to whoever shows it.
"""

import asyncio
import logging

from bot.house import House
from bot.talk.sinks import Sinks, Sound, Whose
from bot.talk.talk import Talk
from media.heard import SpurtGrew, TalkSpurt
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
        self._stopped_at: float | None = None
        self._hurried = asyncio.Event()
        self.on = False
        """Whether what is said now is recognised."""

    def begin(self) -> None:
        """Take what the recogniser has for this Space."""
        transcriber = self._house.transcriber
        transcriber.subscribe(self._whose.space_id, self._uttered, self._missed)

    def turn(self, on: bool) -> None:
        """Recognise what is said from now on, or nothing that is said later."""
        if self.on and not on:
            self._stopped_at = self._house.clock.now() - self._whose.opened_at
        self.on = on

    def grew(self, spurt: SpurtGrew) -> None:
        """Take what somebody has said so far of what they are saying."""
        if self.on:
            sound = Sound(
                spurt.user_id, spurt.start, spurt.end, spurt.pcm, spurt.pcm_start
            )
            self._recognise(sound, Grade.PARTIAL)

    def ended(self, spurt: TalkSpurt) -> None:
        """Take what somebody has said."""
        if not spurt.pcm:
            return
        sound = Sound(spurt.user_id, spurt.start, spurt.end, spurt.pcm, spurt.pcm_start)
        if self.on:
            self._recognise(sound, Grade.LIVE)
        elif self._stopped_at is not None and sound.start < self._stopped_at:
            # In the middle of a sentence: what was said until then has its line.
            self._recognise(sound.until(self._stopped_at), Grade.LIVE)

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
