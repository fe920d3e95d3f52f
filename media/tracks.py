"""The tracks of one Space: a directory with one file per recorded member.

Edge: a directory, and one daemon thread that syncs the open tracks about every 5 s, so
that a power cut loses no more. The thread only syncs, and ends by itself when no track
is open; everything else happens on the thread that calls.
"""

import threading
from pathlib import Path

from media.ports import TrackError
from media.track import OggTrack


class OggFolder:
    """Where ``<user id>.opus`` and ``<user id>.gaps.jsonl`` are."""

    def __init__(self, directory: Path, *, sync_every_s: float = 5.0) -> None:
        """Use ``directory``, made at the first track."""
        self.directory = directory
        self._sync_every_s = sync_every_s
        self._tracks: list[OggTrack] = []
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._syncing: threading.Thread | None = None

    def track(self, user_id: int) -> OggTrack:
        """Open a member's track, new or continued. Raise TrackError."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrackError(f"{self.directory.name}: {error.strerror}") from error
        track = OggTrack(self.directory / f"{user_id}.opus", user_id)
        with self._lock:
            self._tracks.append(track)
            if self._syncing is None:
                self._syncing = threading.Thread(
                    target=self._sync, name="track-sync", daemon=True
                )
                self._syncing.start()
        return track

    def close(self) -> None:
        """Stop syncing at once; the tracks are closed by who writes them."""
        self._closing.set()
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
