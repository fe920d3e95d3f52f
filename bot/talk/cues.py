"""Soft tones in the room: a nudge without words, the end of a turn.

One at a time; while one sounds, others are left out, because a tone that comes late
says the wrong thing. On a stage the bot takes a place among the speakers for its first
tone and keeps it: stepping up and down for every second of sound would be a show.
Where it may not be heard, the hosts are told once per reason.
"""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable

from bot.faults import FAULTS, named
from bot.rooms.venue import Venue
from bot.voice.errors import CannotPlay, Unable
from media import tone as tones
from media.encode import encode
from media.ports import OpusError
from moderation import effects as fx

log = logging.getLogger(__name__)

NOTES = {fx.Tone.NUDGE: tones.NUDGE, fx.Tone.TIME: tones.TIME}

STEP_UP_S = (0.2, 0.5, 1.0)
"""Seconds between looks whether Discord has made us a speaker."""

TOLD = (Unable.SUPPRESSED, Unable.MUTED)
"""What a host can mend; the rest is told of by whoever watches the connection."""

Play = Callable[[list[bytes]], Awaitable[None]]
"""Plays a sound in the room; raises CannotPlay."""


@functools.cache
def sound(tone: fx.Tone) -> list[bytes]:
    """Return a tone as Opus packets, made once; raises OpusError."""
    return encode(tones.chime(NOTES[tone]))


class Cues:
    """The tones of one room."""

    def __init__(
        self,
        play: Play,
        venue: Venue,
        perform: Callable[[list[fx.Effect]], None],
    ) -> None:
        self._play = play
        self._venue = venue
        self._perform = perform
        self._sounding: asyncio.Task[None] | None = None
        self._told: set[str] = set()

    def play(self, tone: fx.Tone) -> None:
        """Begin to play a tone, unless one sounds already."""
        if self._sounding is None or self._sounding.done():
            self._sounding = asyncio.create_task(self._sound(tone), name="tone")

    async def stop(self) -> None:
        """End the tone that sounds."""
        if self._sounding is not None:
            self._sounding.cancel()
            await asyncio.gather(self._sounding, return_exceptions=True)

    async def _sound(self, tone: fx.Tone) -> None:
        try:
            packets = await asyncio.to_thread(sound, tone)
            await self._play_as_speaker(packets)
        except CannotPlay as failed:
            log.info("no tone %s: %s", tone.value, failed.why.value)
            if failed.why in TOLD:
                self._tell(failed.why.value)
        except OpusError as failed:
            log.warning("no tone %s: %s", tone.value, failed)

    async def _play_as_speaker(self, packets: list[bytes]) -> None:
        """Play; from the audience of a stage, step up first."""
        try:
            await self._play(packets)
        except CannotPlay as failed:
            if failed.why is not Unable.SUPPRESSED or not await self._step_up():
                raise
            await self._play(packets)

    async def _step_up(self) -> bool:
        """Become a speaker of the stage; False where Discord does not let us."""
        try:
            await self._venue.step_up()
        except FAULTS as error:
            log.info("no speaker: %s", named(error))
            return False
        for pause_s in STEP_UP_S:
            if self._venue.audible:
                break
            await asyncio.sleep(pause_s)
        return self._venue.audible

    def _tell(self, why: str) -> None:
        key = f"cues.{why}_{self._venue.kind.value}"
        if key not in self._told:
            self._told.add(key)
            self._perform([fx.TellHosts(key)])
