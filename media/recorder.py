"""Whether one speaker is being recorded, and the track while they are.

A track opens with the first packet that is to be in it, or sooner where an empty list
is taken, and closes when recording or consent ends. While the disk takes its time to
open it, packets wait in memory; where it ends before, they are written once it is open,
on the folder's thread. A track that fails stays stopped: ``TrackStopped`` is
said once, and nothing is written that would look whole. When recording or consent is
turned on anew it is tried again.
"""

from functools import partial

from media.heard import Heard, TrackStopped, TrackTrouble
from media.ports import Ended, Track, TrackError, TrackFolder
from media.stream import Gap, Placed

_MOST_WAITING = 3000
"""Stretches of packets that wait for their file, at least a minute of speech; a disk
that needs longer counts as failed."""


class Recorder:
    """One speaker's track, when there is one."""

    __slots__ = (
        "_allowed",
        "_ended",
        "_folder",
        "_is_opening",
        "_on",
        "_stopped",
        "_track",
        "_user_id",
        "_waiting",
        "frames",
    )

    def __init__(self, user_id: int, folder: TrackFolder | None) -> None:
        """Record nothing yet; ``folder`` None never records."""
        self._user_id = user_id
        self._folder = folder
        self._track: Track | None = None
        self._waiting: Placed = []
        self._is_opening = False
        self._ended: list[Ended] = []
        self._stopped = False
        self._allowed = False
        self._on = False
        self.frames = 0

    def allow(self, allowed: bool, slot: int, heard: list[Heard]) -> None:
        """Note the member's consent; without it the track closes at ``slot``."""
        if allowed and not self._allowed:
            self._stopped = False
        self._allowed = allowed
        if not allowed:
            self.close(slot, heard)

    def turn(self, on: bool, slot: int, heard: list[Heard]) -> None:
        """Switch recording on or off for this member at ``slot``."""
        if on and not self._on:
            self._stopped = False
        self._on = on
        if not on:
            self.close(slot, heard)

    def take(self, placed: Placed, heard: list[Heard]) -> None:
        """Write packets at their slots, and note losses."""
        if self._folder is None or self._stopped:
            return
        if not (self._on and self._allowed):
            return
        try:
            if self._track is None:
                self._waiting += placed
                self._track = self._folder.ready(self._user_id)
                self._is_opening = self._track is None
                if self._track is None:
                    if len(self._waiting) > _MOST_WAITING:
                        slow = "the disk does not open the track"
                        raise TrackError(slow, TrackTrouble.SLOW)
                    return
                placed, self._waiting = self._waiting, []
            self._write(self._track, placed)
        except TrackError as error:
            self._stop(error, heard)

    def _write(self, track: Track, placed: Placed) -> None:
        for item in placed:
            if isinstance(item, Gap):
                # What a file that is continued lists already is not listed again.
                start = max(item.start, track.next_slot)
                if start < item.until:
                    frames = min(item.frames, item.until - start)
                    track.lose(start, item.until, frames)
            elif not item.is_withheld:
                # What a file that is continued holds already is not for it.
                held = max(0, track.next_slot - item.slot)
                if held < len(item.opus):
                    track.write(item.slot + held, item.opus[held:])
                    self.frames += len(item.opus) - held

    def pause(self, heard: list[Heard]) -> None:
        """Hand what is buffered to the system: the voice stopped."""
        if self._track is not None:
            try:
                self._track.flush()
            except TrackError as error:
                self._stop(error, heard)

    def close(self, slot: int, heard: list[Heard]) -> None:
        """End the track at ``slot``; recording may go on later in the same file."""
        try:
            if self._is_opening and self._folder is not None:
                self._is_opening = False
                finish = partial(self._finish, self._waiting, slot)
                self._waiting = []
                self._ended.append(self._folder.complete(self._user_id, finish))
            track, self._track = self._track, None
            if track is not None:
                self._ended.append(track)
                track.end(slot)
        except TrackError as error:
            self._stop(error, heard)

    def _finish(self, waiting: Placed, slot: int, track: Track) -> None:
        """Write what waited for the file, and end it; on the thread that opened it.

        Until that is done nobody else writes (``TrackFolder.complete``).
        """
        try:
            self._write(track, waiting)
        finally:
            track.end(slot)

    def release(self) -> list[Ended]:
        """Give up what has ended: whoever takes it settles it, or deletes the file."""
        ended, self._ended = self._ended, []
        return ended

    def settle(self, heard: list[Heard]) -> None:
        """Wait until the disk has what was recorded; say so where it refused."""
        ended, self._ended = self._ended, []
        for track in ended:
            try:
                track.settle()
            except TrackError as error:
                self._stop(error, heard)

    def _stop(self, error: TrackError, heard: list[Heard]) -> None:
        """Say that the track stopped, and let go of it."""
        self._stopped = True
        self._waiting = []
        self._is_opening = False
        if self._folder is not None:
            self._folder.abandon(self._user_id)
        track, self._track = self._track, None
        heard.append(TrackStopped(self._user_id, error.trouble, str(error)))
        if track is not None:
            try:
                track.end(0)
            except TrackError:
                return  # it has been said
