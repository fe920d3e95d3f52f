"""One speaker's recording: an append-only Ogg Opus file of the packets received.

Edge: writes files. Nothing is decoded. Rules:

- Slot ``n`` of the Space's grid is at ``n * 20 ms`` of the file: tracks line up.
- Silence between is written out, as 3-byte Opus silence frames (about 0.2 kB per
  second): every player then decodes the right length. Up to 100 ms of loss becomes
  frames without data, which decoders conceal (RFC 7845 section 4.1).
- One page per 0.5 s of sound at most, one ``write()`` per page: with the 0.4 s for
  which the receiver gathers somebody's datagrams, a killed process loses less than
  1 s. A page is written early when the voice stops; long silence, many pages at a time.
- The system is asked to put it on the disk by ``media.tracks``' thread, never by the
  caller of ``write``, who must not wait for a disk.
- A file that exists is repaired (cut after its last good page) and continued.
- ``<user id>.gaps.jsonl`` beside it lists what never came, one JSON object a line;
  0 frames stand for a time without connection.
- A failing write stops the track for good: TrackError, and the file ends on a page.
  A file that is deleted meanwhile, and what the disk refuses later, fail the next write
  or, at the latest, ``close``.
"""

import json
import logging
import os
import threading
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from media import ogg
from media.heard import FRAMES_PER_S, SILENCE, TrackTrouble
from media.ports import TrackError
from media.refusal import Disk
from media.toc import FRAMES, TICKS_PER_FRAME, frames_of

_log = logging.getLogger(__name__)

_PAGE_FRAMES: Final = 25
_SILENT_PAGE_FRAMES: Final = 250
_SILENT_PAGES: Final = 64
"""Of these, as many as are written at a time: 64 KiB, 5 minutes."""

_CONCEALED_FRAMES: Final = 5
_TAIL_BYTES: Final = 1 << 18
_CHANNELS = 2
"""Music and stereo microphones stay what they are; mono packets play on both sides."""


class OggTrack:
    """One speaker's file, written in order."""

    def __init__(self, path: Path, user_id: int, disk: Disk | None = None) -> None:
        """Create the file, or repair and continue it. Raise TrackError.

        ``disk``: what the folder's other files have met.
        """
        self.path = path
        self._disk = Disk() if disk is None else disk
        self.gaps_path = path.with_suffix(".gaps.jsonl")
        self._serial = zlib.crc32(str(user_id).encode())
        self._packets: list[bytes] = []
        self._gaps: list[str] = []
        self._segments = 0
        self._next = self._page_from = self._sequence = self._size = 0
        self._synced = 0
        """Bytes that the disk has taken."""
        self._failure: TrackError | None = None
        self._told = False
        """Whoever writes knows of the failure."""
        self._ending: threading.Thread | None = None
        self._closing = threading.Lock()
        self._closed = False
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._disk.refused(self.path, error) from error
        try:
            self._resume(user_id)
        except OSError as error:
            os.close(self._file)
            raise self._disk.refused(self.path, error) from error
        except TrackError:
            os.close(self._file)
            raise

    @property
    def next_slot(self) -> int:
        """Return the first slot that can be written."""
        return self._next

    @property
    def is_closed(self) -> bool:
        """Say whether the file is closed."""
        return self._closed

    def write(self, slot: int, packets: Sequence[bytes]) -> None:
        """Append packets of one frame each, or one longer packet.

        They follow each other from ``slot`` on; what lies before is silence.
        """
        if slot != self._next:
            self._fill(slot)
        each = ogg.segments(max(packets, key=len))
        frames = frames_of(packets[0]) if len(packets) == 1 else 1
        at = 0
        while at < len(packets):
            if self._segments + each > ogg.MAX_SEGMENTS:
                self.flush()
            room = self._page_from + _PAGE_FRAMES - self._next
            fitting = (ogg.MAX_SEGMENTS - self._segments) // each
            some = packets[at : at + max(1, min(room, fitting))]
            self._packets += some
            self._segments += each * len(some)
            self._next += frames * len(some)
            if self._next - self._page_from >= _PAGE_FRAMES:
                self.flush()
            at += len(some)

    def lose(self, slot: int, until: int, frames: int) -> None:
        """Note that ``frames`` sent between two slots never came."""
        gap = {
            "start": round(slot / FRAMES_PER_S, 3),
            "end": round(until / FRAMES_PER_S, 3),
            "frames": frames,
        }
        self._gaps.append(json.dumps(gap) + "\n")
        toc = self._packets[-1][0] & 0xFC if self._packets else 0
        short = slot == self._next and until - slot == frames <= _CONCEALED_FRAMES
        if short and self._packets and FRAMES[toc] == 1:
            for lost in range(slot, until):
                self.write(lost, [bytes((toc,))])

    def flush(self) -> None:
        """Write the gaps noted, and the page begun, to the file.

        Gaps go first: a process that is killed in between leaves no loss unlisted.
        """
        if self._gaps:
            self._write_gaps()
        if self._packets:
            self._write_page(self._packets)
            self._packets = []
            self._segments = 0

    def end(self, slot: int) -> None:
        """Fill with silence up to ``slot`` and flush; a thread syncs and closes.

        Raise TrackError for a failure that nobody has been told of yet.
        """
        try:
            if self._failure is None:
                if slot > self._next:
                    self._fill(slot)
                self.flush()
            self._tell()
        finally:
            self._ending = threading.Thread(
                target=self._sync_and_close, name="track-close", daemon=True
            )
            self._ending.start()

    def settle(self) -> None:
        """Wait until what ended is on the disk and closed. Raise TrackError."""
        if self._ending is not None:
            self._ending.join()
        self._tell()

    def _tell(self) -> None:
        """Raise TrackError for a failure that nobody has been told of yet."""
        if self._failure is not None and not self._told:
            raise self._said(self._failure)

    def _sync_and_close(self) -> None:
        if self._failure is None:
            self.sync()
        with self._closing:
            self._closed = True
            os.close(self._file)

    def sync(self) -> None:
        """Have the system put the file on the disk; blocks. For any thread.

        A refusal stops the track: the next write raises TrackError.
        """
        with self._closing:
            if self._closed:
                return
            try:
                file = os.dup(self._file)
            except OSError as error:  # no descriptor left: nothing is wrong with it
                _log.warning("%s not synced: %s", self.path.name, error.strerror)
                return
        try:
            self.path.stat()  # what goes into a deleted file is lost
            size = self._size
            os.fsync(file)
            if size > self._synced:  # where nothing was new, it proves nothing
                self._synced = size
                self._disk.works()
        except OSError as error:
            self._failure = self._disk.refused(self.path, error)
        finally:
            os.close(file)

    def _fill(self, slot: int) -> None:
        """Write silence from where the file ends up to ``slot``."""
        if slot < self._next:
            raise TrackError(f"{self.path.name}: slot {slot} is already written")
        short = min(slot - self._next, self._page_from + _PAGE_FRAMES - self._next)
        if self._packets and self._segments + short <= ogg.MAX_SEGMENTS:
            self._silence(short)
        self.flush()
        while slot - self._next >= _SILENT_PAGE_FRAMES:
            self._write_silent_pages((slot - self._next) // _SILENT_PAGE_FRAMES)
        if slot > self._next:
            self._silence(slot - self._next)
            if slot - self._page_from >= _PAGE_FRAMES:
                self.flush()

    def _silence(self, frames: int) -> None:
        """Add silence to the page begun."""
        self._packets += [SILENCE] * frames
        self._segments += frames
        self._next += frames

    def _write_page(self, packets: list[bytes], flags: int = 0) -> None:
        """Append one page to the file."""
        if self._failure is not None:
            raise self._said(self._failure)
        granule = self._next * TICKS_PER_FRAME
        self._append(ogg.page(self._serial, self._sequence, granule, packets, flags))
        self._sequence += 1
        self._page_from = self._next

    def _write_silent_pages(self, most: int) -> None:
        """Write whole pages of silence, ``most`` or as many as one call may write.

        Whoever speaks after two hours has 1,440 of them before their first word, and
        the thread that hears everybody waits for it.
        """
        if self._failure is not None:
            raise self._said(self._failure)
        count = min(most, _SILENT_PAGES)
        ends = [self._next + _SILENT_PAGE_FRAMES * (n + 1) for n in range(count)]
        granules = [end * TICKS_PER_FRAME for end in ends]
        self._append(
            ogg.repeated(
                self._serial, self._sequence, granules, SILENCE, _SILENT_PAGE_FRAMES
            )
        )
        self._sequence += count
        self._next = self._page_from = ends[-1]

    def _append(self, pages: bytes) -> None:
        """Put pages at the end of the file."""
        try:
            written = os.pwrite(self._file, pages, self._size)
            # A disk that fills up takes a part and refuses the rest.
            while written < len(pages):
                written += os.pwrite(self._file, pages[written:], self._size + written)
        except OSError as error:
            raise self._stop(error) from error
        self._size += len(pages)

    def _write_gaps(self) -> None:
        """Append the gaps noted since the last page to the list beside the file."""
        try:
            with self.gaps_path.open("a", encoding="utf-8") as file:
                file.writelines(self._gaps)
        except OSError as error:
            raise self._stop(error) from error
        self._gaps.clear()

    def _stop(self, error: OSError) -> TrackError:
        """Stop writing for good, with the file ending on a whole page."""
        self._failure = self._disk.refused(self.path, error)
        try:
            os.ftruncate(self._file, self._size)
        except OSError as uncut:
            # The file then ends in a torn page, which every reader skips.
            _log.warning("%s not cut back: %s", self.path.name, uncut.strerror)
        return self._said(self._failure)

    def _said(self, failure: TrackError) -> TrackError:
        """Return the failure to raise it: from now on it is known."""
        self._told = True
        return failure

    def _resume(self, user_id: int) -> None:
        """Write the headers of a new file, or find where an old one goes on."""
        size = os.fstat(self._file).st_size
        tail_at = max(0, size - _TAIL_BYTES)
        last = ogg.last_page(os.pread(self._file, _TAIL_BYTES, tail_at), self._serial)
        if isinstance(last, ogg.Page) and last.sequence:
            self._size = tail_at + last.offset + last.size
            self._sequence = last.sequence + 1
            self._next = self._page_from = last.granule // TICKS_PER_FRAME
            os.ftruncate(self._file, self._size)
            return
        found = ogg.pages(os.pread(self._file, _TAIL_BYTES, 0))
        if any(isinstance(p, ogg.Page) and p.serial != self._serial for p in found):
            raise TrackError(
                f"{self.path.name}: not a track of this member", TrackTrouble.FOREIGN
            )
        os.ftruncate(self._file, 0)
        self._write_page([ogg.head(_CHANNELS)], ogg.FIRST)
        self._write_page([ogg.tags([f"TERTULIA_USER={user_id}"])])
