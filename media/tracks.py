"""The tracks of one Space: a directory with one file per recorded member.

Edge: a directory, and one daemon thread that syncs the open tracks about every 5 s, so
that a power cut loses no more. The thread only syncs, and ends by itself when no track
is open. Files are opened, and synced and closed at their end, on short-lived threads of
their own, because a disk that others keep busy may take a second for each; what waited
for a file whose recording ended meanwhile is written there, too. Everything else
happens on the thread that calls.
"""

import _thread
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from media.heard import TrackTrouble
from media.ports import Ended, TrackError
from media.refusal import FULL, Disk
from media.track import OggTrack


class _Opening:
    """One track on its way."""

    def __init__(
        self,
        open_: Callable[[int], OggTrack],
        user_id: int,
        former: "_Opening | None" = None,
    ) -> None:
        """Begin, once ``former`` has ended, which has the same file."""
        self._open, self._user_id, self._former = open_, user_id, former
        self._lock = threading.Lock()
        self._abandoned = False
        self._finish: Callable[[OggTrack], None] | None = None
        self._track: OggTrack | None = None
        self._error: TrackError | None = None
        self.ended = threading.Event()
        """Set when the track is open, or cannot be opened."""
        # Not a threading.Thread: its start waits until it runs, 0.5 ms and more, and
        # where a full room begins to talk that is 25 times in a row.
        _thread.start_new_thread(self._run, ())

    def _run(self) -> None:
        """Open the track; close it again where nobody wants it any more."""
        former, self._former = self._former, None
        try:
            if former is not None:
                former.ended.wait()
            track = self._open(self._user_id)
            with self._lock:
                self._track = track
                finish = self._finish
                if self._abandoned:
                    _let_go(track)
            if finish is not None:
                finish(track)
        except TrackError as error:
            self._error = error
        finally:
            self.ended.set()

    @property
    def is_given_up(self) -> bool:
        """Say whether the track ends by itself: nobody else may take it."""
        return self._abandoned or self._finish is not None

    def complete(self, finish: Callable[[OggTrack], None]) -> None:
        """End the track by ``finish``, now or when it is open."""
        with self._lock:
            self._finish = finish
            track = self._track
        if track is not None:
            try:
                finish(track)
            except TrackError as error:
                self._error = error

    def settle(self) -> None:
        """Wait until what was completed is on the disk. Raise TrackError."""
        self.take().settle()

    def take(self) -> OggTrack:
        """Wait, and return the track or raise TrackError."""
        self.ended.wait()
        if self._error is not None:
            raise self._error
        if self._track is None:
            raise TrackError(f"{self._user_id}: opening the track failed")
        return self._track

    def abandon(self) -> None:
        """Have the track closed, unless it ends by itself."""
        with self._lock:
            if self.is_given_up:
                return
            self._abandoned = True
            if self._track is not None:
                _let_go(self._track)


class OggFolder:
    """Where ``<user id>.opus`` and ``<user id>.gaps.jsonl`` are."""

    def __init__(self, directory: Path, *, sync_every_s: float = 5.0) -> None:
        """Use ``directory``, made at the first track."""
        self.directory = directory
        self._sync_every_s = sync_every_s
        self._disk = Disk()
        self._tracks: list[OggTrack] = []
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._syncing: threading.Thread | None = None
        self._openings: dict[int, _Opening] = {}
        """The newest of each member: those that were given up, too, because the next
        one waits for their end. Two would write over each other."""

    def track(self, user_id: int) -> OggTrack:
        """Open a member's track, new or continued; may block. Raise TrackError."""
        opening = self._openings.pop(user_id, None)
        if opening is not None and opening.is_given_up:
            opening.ended.wait()
            opening = None
        return self._open(user_id) if opening is None else opening.take()

    def ready(self, user_id: int) -> OggTrack | None:
        """Do the same without waiting: None until it is open; ask again then."""
        opening = self._openings.get(user_id)
        if opening is None or opening.is_given_up:
            opening = self._openings[user_id] = _Opening(self._open, user_id, opening)
        return self.track(user_id) if opening.ended.is_set() else None

    def complete(self, user_id: int, finish: Callable[[OggTrack], None]) -> Ended:
        """Have ``finish`` end the track that is being opened, once it is open.

        Raises TrackError where none is.
        """
        opening = self._openings.get(user_id)
        if opening is None or opening.is_given_up:
            raise TrackError(f"{user_id}: no track is being opened")
        opening.complete(finish)
        return opening

    def abandon(self, user_id: int) -> None:
        """Ask no more: close what is being opened once it is open."""
        opening = self._openings.get(user_id)
        if opening is not None:
            opening.abandon()

    def _open(self, user_id: int) -> OggTrack:
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            full = error.errno in FULL
            raise TrackError(
                f"{self.directory.name}: {error.strerror}",
                TrackTrouble.DISK if full else TrackTrouble.FOLDER,
            ) from error
        track = OggTrack(self.directory / f"{user_id}.opus", user_id, self._disk)
        with self._lock:
            self._tracks.append(track)
            if self._syncing is None:
                self._syncing = threading.Thread(
                    target=self._sync, name="track-sync", daemon=True
                )
                self._syncing.start()
        return track

    def close(self) -> None:
        """Stop syncing at once; the tracks are closed by who writes them.

        Those that nobody took after all are closed here.
        """
        self._closing.set()
        for user_id in list(self._openings):
            self.abandon(user_id)
        syncing = self._syncing
        if syncing is not None:
            syncing.join()

    def _sync(self) -> None:
        """Sync every open track, again and again while there is one."""
        while not self._closing.wait(self._sync_every_s):
            with self._lock:
                self._tracks = [track for track in self._tracks if not track.is_closed]
                tracks = list(self._tracks)
                if not tracks:
                    self._syncing = None
                    return
            for track in tracks:
                track.sync()


def _let_go(track: OggTrack) -> None:
    """Close a track that nobody wants any more; there is nothing in it to lose."""
    with contextlib.suppress(TrackError):
        track.end(0)
