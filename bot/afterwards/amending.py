"""Files of a Space that follow what moderators change in its transcript.

Rule 1: the record is changed first. What is to go out of files stands there until it is
out of them (``redactions.unsettled``): a process that dies in between goes on with it
at its next start, what a disk refuses is tried again, and until then nobody is given
the speaker's sound.
Rule 2: the mix goes before anything else. It is made anew from tracks that are silent
where they have to be, and that takes a while; until then there is none.
Rule 3: nothing is taken out of files that are still being made.
Rule 4: what one file refuses holds up no other.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from bot.afterwards import exports, sound
from bot.afterwards.deletion import sync
from media import render
from media.errors import MediaError
from media.intervals import Interval
from media.silencing import silenced
from moderation.store import redactions, spaces, tracks, transcripts
from moderation.store.database import Store, StoreError
from moderation.store.redactions import RedactionRow
from moderation.store.tracks import TrackRow

log = logging.getLogger(__name__)

_Step = Callable[[], Awaitable[None]]

_Voice = tuple[Path, int | None, float]
"""A track, whose it is, and the second of the Space at which it begins."""

AROUND_S = 0.3
"""Seconds of sound that go with redacted words on either side: a recogniser's times
are not sharper."""

LOOK_S = 600.0
"""Seconds between two looks whether something is left to do."""


class Amendments:
    """Keeps files as the transcript says."""

    def __init__(
        self,
        store: Store,
        now: Callable[[], float],
        is_busy: Callable[[int], bool] = lambda space_id: False,
    ) -> None:
        """``is_busy`` says of a Space whether it is live or its files are being made.

        ``now`` is the clock on the wall.
        """
        self._store = store
        self._now = now
        self.is_busy = is_busy
        self._one_at_a_time = asyncio.Lock()
        self._silencing: int | None = None
        self._edited: set[int] = set()
        self._mixing: dict[int, asyncio.Task[None]] = {}
        self._unmixed: set[int] = set()
        """Spaces whose mix went, and could not be made anew."""
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def at_work(self) -> tuple[int, ...]:
        """Return the Spaces whose sound is being silenced or mixed anew."""
        silencing = () if self._silencing is None else (self._silencing,)
        return (*self._mixing, *silencing)

    def is_unmixed(self, space_id: int) -> bool:
        """Say whether a Space's mix could not be made anew; it is tried again."""
        return space_id in self._unmixed

    def edited(self, space_id: int) -> None:
        """Write the Space's texts anew, soon."""
        if space_id not in self._edited:
            self._edited.add(space_id)
            self._begin(self._follow(space_id))

    async def redacted(self, space_id: int) -> None:
        """Take what is redacted out of tracks, texts and the bytes of the record.

        The mix is made anew afterwards, by itself. Raises OSError and StoreError: it
        is then still to be done.
        """
        async with self._one_at_a_time:
            self._silencing = space_id
            try:
                await self._take_out(space_id)
            finally:
                self._silencing = None
            self._mix(space_id, await self._files(space_id))

    async def run(self) -> None:
        """Do what is left to do, now and from time to time, until cancelled."""
        while True:
            await self.finish()
            await asyncio.sleep(LOOK_S)

    async def finish(self) -> None:
        """Do what an earlier process began, or a disk refused; log what cannot be."""
        for space_id in await self._store.read(redactions.unsettled):
            if not self.is_busy(space_id):
                try:
                    await self.redacted(space_id)
                except (OSError, StoreError) as error:
                    log.error("space %s: not all is redacted: %s", space_id, error)
        # Tracks that are not silent yet would give a mix with the words.
        left = await self._store.read(redactions.unsettled)
        for space_id in await self._store.read(redactions.of_spaces):
            if space_id not in (*left, *self._mixing) and not self.is_busy(space_id):
                self._mix(space_id, await self._files(space_id))
        for space_id in await self._behind():
            await self._follow(space_id)

    async def close(self) -> None:
        """Finish texts; a mix that is being made is left to the next start."""
        for task in self._mixing.values():
            task.cancel()
        await asyncio.gather(
            *self._tasks, *self._mixing.values(), return_exceptions=True
        )

    async def done(self) -> None:
        """Wait until everything has followed, mixes too."""
        while self._tasks or self._mixing:
            await asyncio.gather(*self._tasks, *self._mixing.values())

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take_out(self, space_id: int) -> None:
        rows = await self._store.read(lambda db: redactions.read(db, space_id))
        left = [row for row in rows if row.settled_at is None]
        mixes, voices = await self._sound(space_id)
        steps: list[_Step] = [partial(self._take_mixes_away, space_id, mixes)]
        for path, user_id, start in voices:
            if spans := _spans(left, user_id, start):
                steps.append(partial(asyncio.to_thread, _silence, path, spans))
        steps += [partial(self._write_texts, space_id), self._store.purge]
        troubles = []
        for step in steps:
            try:
                await step()
            except (OSError, StoreError) as error:
                troubles.append(error)
        if troubles:
            raise troubles[0]
        ids, now = [row.id for row in left], self._now()
        await self._store.write(lambda db: redactions.settle(db, ids, now))

    async def _follow(self, space_id: int) -> None:
        async with self._one_at_a_time:
            self._edited.discard(space_id)
            try:
                await self._write_texts(space_id)
            except (OSError, StoreError) as error:
                log.error("space %s: its texts are not as edited: %s", space_id, error)

    async def _write_texts(self, space_id: int) -> None:
        """Write texts anew where there are any, also some that are not whole."""
        folder = await self._folder(space_id)
        if folder is None or self.is_busy(space_id):
            return
        if await asyncio.to_thread(exports.has_texts, folder):
            await exports.rewrite(self._store, space_id, folder)
            await asyncio.to_thread(sync, folder)

    async def _folder(self, space_id: int) -> Path | None:
        space = await self._store.read(lambda db: spaces.get(db, space_id))
        return None if space is None or space.folder is None else Path(space.folder)

    async def _behind(self) -> list[int]:
        """Return the Spaces whose texts are older than the last edit of a line."""
        found = []
        for space_id, at in (await self._store.read(transcripts.edited)).items():
            folder = await self._folder(space_id)
            if folder is not None and await asyncio.to_thread(_is_older, folder, at):
                found.append(space_id)
        return found

    async def _files(self, space_id: int) -> list[TrackRow]:
        files = await self._store.read(lambda db: tracks.read(db, space_id))
        return [one for one in files if one.deleted_at is None]

    async def _sound(self, space_id: int) -> tuple[list[Path], list[_Voice]]:
        """Return mixes and tracks, by record and by disk.

        What lies there may not be on record yet, and would be noted later as it is.
        """
        files, folder = await self._files(space_id), await self._folder(space_id)
        there = None if folder is None else await asyncio.to_thread(sound.find, folder)
        found = () if there is None else there.files
        known = {Path(one.path) for one in files}
        new = [path for path in found if path not in known]
        mixes = [Path(one.path) for one in files if one.kind == "mix"]
        mixes += [path for path in new if path.name == sound.MIX]
        voices = [
            (Path(one.path), one.user_id, one.start)
            for one in files
            if one.kind == "track"
        ]
        voices += [(path, int(path.stem), 0.0) for path in new if path not in mixes]
        return mixes, voices

    async def _take_mixes_away(self, space_id: int, mixes: Iterable[Path]) -> None:
        task = self._mixing.pop(space_id, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        for mix in mixes:
            await asyncio.to_thread(_remove, mix)

    def _mix(self, space_id: int, files: Iterable[TrackRow]) -> None:
        """Begin to make the mix anew, where there was one and there is none."""
        files = [one for one in files if one.deleting_at is None]
        mix = next((one for one in files if one.kind == "mix"), None)
        voices = [Path(one.path) for one in files if one.kind == "track"]
        voices = [path for path in voices if path.is_file() and path.stat().st_size]
        if mix is None or Path(mix.path).exists():
            self._unmixed.discard(space_id)
            return
        if not voices:
            self._unmixed.add(space_id)
            return
        task = asyncio.get_running_loop().create_task(
            self._made_anew(space_id, mix, voices)
        )
        self._mixing[space_id] = task
        task.add_done_callback(lambda done: self._forget(space_id, done))

    def _forget(self, space_id: int, task: asyncio.Task[None]) -> None:
        if self._mixing.get(space_id) is task:
            del self._mixing[space_id]

    async def _made_anew(
        self, space_id: int, mix: TrackRow, voices: list[Path]
    ) -> None:
        path = Path(mix.path)
        try:
            await render.mix(voices, path)
            size = (await asyncio.to_thread(path.stat)).st_size
            if not await self._store.write(lambda db: tracks.resize(db, mix.id, size)):
                await asyncio.to_thread(_remove, path)  # its time was over meanwhile
        except (MediaError, OSError, StoreError) as error:
            self._unmixed.add(space_id)
            log.error("space %s: there is no mix any more: %s", space_id, error)
        else:
            self._unmixed.discard(space_id)


def _spans(
    rows: Iterable[RedactionRow], user_id: int | None, begins: float
) -> list[Interval]:
    """Return the seconds of a member's track that have to be silent."""
    return [
        (max(0.0, row.start - begins - AROUND_S), row.end - begins + AROUND_S)
        for row in rows
        if row.user_id == user_id
    ]


def _is_older(folder: Path, at: float) -> bool:
    """Say whether texts were written before ``at``; none that cannot be looked at."""
    try:
        return (folder / exports.LAST).stat().st_mtime < at
    except OSError:
        return False  # not there as a rule; else retention has logged it


def _remove(mix: Path) -> None:
    if mix.parent.is_dir():
        mix.unlink(missing_ok=True)
        render.partial(mix).unlink(missing_ok=True)
        sync(mix.parent)


def _silence(path: Path, spans: list[Interval]) -> None:
    """Overwrite moments of a track with silence; one that is gone needs none."""
    if not path.is_file():
        return
    with path.open("r+b") as file:
        for at, patch in silenced(file.read(), spans):
            file.seek(at)
            file.write(patch)
        file.flush()
        os.fsync(file.fileno())
