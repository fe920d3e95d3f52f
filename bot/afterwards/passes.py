"""The better pass after a Space: recorded voices once more, when the machine is free.

Rule 1: a Space that was transcribed is queued with its end, in one transaction; a
process that starts takes up what the last one left, from the beginning of that Space.
Rule 2: nothing is recognised again while a live Space is being transcribed; who waited
``PATIENCE_S`` goes on beside it, since live lines go first in the one queue anyway.
Rule 3: what is heard again, and which words replace which, is for ``better``.
"""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from sqlite_utils import Database

from bot.afterwards import exports, sound
from bot.afterwards.better import (
    BEGAN,
    improve,
    look,
    may_hear,
    parts,
    uses_another_model,
)
from bot.house import House
from bot.talk.ears import Ears
from media.errors import MediaError
from media.utterance import Utterance
from media.whisper.final_pass import Part, final_pass
from media.whisper.jobs import Missed
from media.whisper.status import Reason
from moderation.space import Space
from moderation.store import journal, passes, spaces
from moderation.store.database import StoreError
from moderation.store.passes import PassRow
from scheduler.clockwork import becoming

log = logging.getLogger(__name__)

LOOK_S = 2.0
"""Seconds between two looks whether the machine is free."""

PATIENCE_S = 6 * 3600.0
"""Seconds after which a pass waits for no Space any more."""

NO_RECORDING = "no_recording"
NO_WORDS = "not_all_recognised"
"""Reasons that the page words; others are one line of an error."""


class Heard(Protocol):
    """What is asked of a room."""

    ears: Ears

    @property
    def space_id(self) -> int:
        """The Space's id."""

    @property
    def space(self) -> Space:
        """The rules' state."""


class Held(Protocol):
    """What is asked of all rooms."""

    def live(self) -> Sequence[Heard]:
        """Return every room, an ended one until its files are made."""


def note_end(
    db: Database, space_id: int, at: float, hotwords: str, *, wanted: bool
) -> None:
    """Note that a Space is over, and that it waits for a better pass if it has words.

    Its plan is over with it, or still to come where the Space never began: the process
    died before its first fact. One transaction: run it in ``Store.write``.
    """
    spaces.end(db, space_id, at)
    facts = journal.count(db, space_id)
    row = spaces.get(db, space_id)
    if row is not None and row.plan_id is not None:
        becoming.ended(db, row.plan_id, began=bool(facts))
    if wanted and any(facts.get(name) for name in BEGAN):
        passes.queue(db, space_id, hotwords, at)


def note_unbegun(db: Database, at: float) -> None:
    """Note the end of Spaces that a crash left without a fact: they never opened.

    Run it before anything opens in this process, and before the clockwork reads plans.
    """
    for row in spaces.live(db):
        if not journal.count(db, row.id):
            note_end(db, row.id, at, "", wanted=False)


class FinalPasses:
    """Does the passes that wait, one after another."""

    def __init__(self, house: House, rooms: Held) -> None:
        self._house = house
        self._rooms = rooms
        self.doing: int | None = None
        """The Space that is being heard again."""

    async def run(self) -> None:
        """Do what waits, whenever the machine is free, until cancelled."""
        while True:
            try:
                if not await self.do_next():
                    await asyncio.sleep(LOOK_S)
            except StoreError as error:
                log.error("final passes wait: %s", error)
                await asyncio.sleep(LOOK_S)

    async def do_next(self) -> bool:
        """Do the pass that has waited longest, if it may be done now; say if so."""
        house = self._house
        if house.transcriber.status().reason is not Reason.NONE:
            return False
        busy = {room.space_id for room in self._rooms.live()}
        waiting = await house.store.read(passes.waiting)
        for row in waiting:
            if row.space_id not in busy and self._is_free(row):
                self.doing = row.space_id
                try:
                    await self._do(row)
                finally:
                    self.doing = None
                return True
        return False

    async def are_waiting(self) -> bool:
        """Say whether any pass is still to be done."""
        return bool(await self._house.store.read(passes.waiting))

    def _is_free(self, row: PassRow) -> bool:
        if self._house.clock.now() - row.queued_at >= PATIENCE_S:
            return True
        return not any(
            room.ears.transcribing and room.space.is_live for room in self._rooms.live()
        )

    async def _do(self, row: PassRow) -> None:
        house, space_id = self._house, row.space_id
        now = house.clock.now()
        if not await house.store.write(lambda db: passes.begin(db, space_id, now)):
            log.warning("space %s: its final pass is given up", space_id)
            return
        try:
            reason = await self._better(row)
        except asyncio.CancelledError:
            # The process stops: that is no failure of this pass.
            await house.store.write(lambda db: passes.put_back(db, space_id))
            raise
        except (MediaError, OSError, LookupError) as error:
            log.warning("space %s: final pass: %s", space_id, error)
            await self._settle(space_id, "failed", str(error)[:200])
            return
        if reason is not None:
            await self._settle(space_id, "done", reason)

    async def _settle(self, space_id: int, state: str, reason: str) -> None:
        now = self._house.clock.now()
        await self._house.store.write(
            lambda db: passes.settle(db, space_id, state, now, reason=reason)
        )
        log.info("space %s: final pass %s", space_id, state)

    async def _better(self, row: PassRow) -> str | None:
        """Go over one Space; return what could not be done, None: try again later."""
        house, space_id = self._house, row.space_id
        kept = await house.store.read(lambda db: exports.read(db, space_id))
        if kept.space.folder is None:
            return NO_RECORDING
        folder = Path(kept.space.folder)
        await sound.note_tracks(house.store, space_id, folder, house.config.recording)
        kept, levels = await house.store.read(lambda db: look(db, space_id))
        wanted = parts(kept, levels)
        if not wanted:
            return NO_RECORDING
        desk = _Desk(house, space_id)
        try:
            faults = await self._listen(row, wanted)
        finally:
            await desk.close()
        await exports.rewrite(house.store, space_id, folder)
        if not desk.missed:
            return "; ".join(faults)[:200]
        broken = house.transcriber.status().reason is not Reason.NONE
        return None if broken else NO_WORDS

    async def _listen(self, row: PassRow, wanted: Sequence[Part]) -> list[str]:
        """Hear every part again; return what is wrong with tracks, a line each."""

        async def free(user_id: int) -> bool:
            while not self._is_free(row):  # noqa: ASYNC110 (rooms have no event for it)
                await asyncio.sleep(LOOK_S)
            return await self._house.store.read(
                lambda db: may_hear(db, row.space_id, user_id)
            )

        heard, words = self._house.transcriber, row.hotwords
        faults = []
        for part in wanted:
            try:
                await final_pass(heard, row.space_id, [part], words, free=free)
            except MediaError as error:
                log.warning("space %s: final pass: %s", row.space_id, error)
                faults.append(str(error))
                await heard.drain(row.space_id)  # what came before the fault
        return faults


class _Desk:
    """Writes down what a pass finds, as long as it lasts."""

    def __init__(self, house: House, space_id: int) -> None:
        self.missed = 0
        self._refused: StoreError | None = None
        self._house = house
        self._space_id = space_id
        self._writing: set[asyncio.Task[None]] = set()
        house.transcriber.subscribe(space_id, self._uttered, self._missed)

    async def close(self) -> None:
        """Listen no more and wait for what is being written.

        Raises StoreError where a line could not be: the pass is to be done again.
        """
        self._house.transcriber.unsubscribe(self._space_id)
        if self._writing:
            await asyncio.gather(*self._writing)
        if self._refused is not None:
            raise self._refused

    def _uttered(self, said: Utterance) -> None:
        task = asyncio.get_running_loop().create_task(self._keep(said))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    def _missed(self, missed: Missed) -> None:
        self.missed += 1

    async def _keep(self, said: Utterance) -> None:
        house, space_id = self._house, self._space_id
        another = uses_another_model(house.config.speech)
        now = house.clock.now()
        try:
            await house.store.write(
                lambda db: improve(db, space_id, said, now, another=another)
            )
        except StoreError as error:
            self._refused = error
