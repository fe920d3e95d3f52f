"""End-to-end encryption of one voice connection, frame by frame (DAVE).

The MLS group itself lives in ``gateway`` and ``connection``, on the event loop; they
publish a ``DaveStatus`` whenever it changes. Here, on the voice thread, frames are
opened with it and failures are counted.

Rules:

1. Silence frames come unencrypted and are checked first: davey would refuse them
   for members whose key it does not have.
2. A frame that looks sealed is never passed on unopened, and a plain one only where
   the channel runs without DAVE, or did a moment ago. Opaque bytes would decode to
   noise in somebody's name.
3. A frame that does not open is kept by the caller (``ssrc.WAIT_S``) and tried again
   when the group changes: the commit travels by TCP and the frame by UDP.
4. Many failures in a row ask for a recovery (op 31), at growing intervals; when that
   does not help, the receiver says so instead of trying for ever.

Vocabulary: DAVE protocol whitepaper (sealed frame, passthrough, epoch, transition).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import repeat, takewhile

import davey

from media.heard import SILENCE

UPGRADE_S = 10.0
"""Seconds that plain frames pass after a channel took up DAVE."""

FORMER_S = 10.0
"""Seconds that a session goes on opening after another has taken its place; davey
keeps the keys of past epochs as long."""

RECOVER_AFTER = 36
"""Failures in a row of one member that ask for a recovery: 0.72 s of speech."""

RECOVER_EVERY_S = 5.0
"""Seconds between the first two recoveries; each further one waits twice as long."""

RECOVERIES = 5
"""Recoveries of one trouble before giving up; 2 where others are heard well."""

RECOVERIES_BESIDE_OTHERS = 2

HEARD_S = 2.0
"""Seconds after a frame opened for which somebody counts as heard."""

MARKER = b"\xfa\xfa"
SMALLEST_TRAILER = 12
"""Bytes of the shortest trailer: tag 8, nonce 1, size 1, marker 2."""


class Failure(Enum):
    """Why a frame did not open."""

    NO_GROUP = "no_group"
    """The encryption group is not formed yet, or again."""

    NO_KEY = "no_key"
    """The member is not in the group as we know it."""

    WRONG_KEY = "wrong_key"
    """No key of this member fits: another epoch, a replay, or a damaged frame."""

    UNENCRYPTED = "unencrypted"
    """A plain frame where encryption is required."""

    REFUSED = "refused"
    """davey refused for a reason that it did not name."""


SPENT = (Failure.WRONG_KEY, Failure.NO_KEY, Failure.NO_GROUP)
"""How a frame is refused that has been opened before, maybe by a former session."""

REASONS = {
    "NoDecryptorForUser": Failure.NO_KEY,
    "NoValidCryptorFound": Failure.WRONG_KEY,
    "UnencryptedWhenPassthroughDisabled": Failure.UNENCRYPTED,
}
"""davey 0.1 names the reason only in the text of its ValueError."""


@dataclass(frozen=True, slots=True)
class DaveStatus:
    """The encryption group as the event loop knows it."""

    session: davey.DaveSession | None = None

    version: int = 0
    """DAVE protocol version in force (executed); 0 = transport encryption only."""

    generation: int = 0
    """Grows whenever keys or version changed: reason to try held frames again."""

    upgrades: int = 0
    """How often a channel without DAVE took it up: plain frames are in flight then."""

    former: davey.DaveSession | None = None
    """The session before this one, for ``FORMER_S``: when we have to join the group
    anew, others go on in the old epoch until we are back in, and it opens them."""

    switching: bool = False
    """An epoch was entered whose transition is not executed yet (op 22): others may
    not be able to open our frames; we open theirs."""


def sealed(frame: bytes) -> bool:
    """Say whether a frame carries DAVE's trailer (1 in 10 million plain ones does)."""
    return (
        len(frame) >= SMALLEST_TRAILER
        and frame[-2:] == MARKER
        and SMALLEST_TRAILER <= frame[-3] <= len(frame)
    )


def open_frame(
    status: DaveStatus, user_id: int, frame: bytes, *, plain: bool = False
) -> bytes | Failure:
    """Return the Opus packet inside a frame, or why there is none.

    ``plain``: frames that are not encrypted pass, too.
    """
    if frame == SILENCE:
        return frame
    if (plain or status.version == 0) and not sealed(frame):
        return frame
    opened = _open(status.session, user_id, frame)
    if isinstance(opened, Failure) and status.former is not None and sealed(frame):
        earlier = _open(status.former, user_id, frame)
        if isinstance(earlier, bytes):
            return earlier
    return opened


def _open(
    session: davey.DaveSession | None, user_id: int, frame: bytes
) -> bytes | Failure:
    """Try one session's keys."""
    if session is None or not session.ready:
        return Failure.NO_GROUP
    try:
        return session.decrypt(user_id, davey.MediaType.audio, frame)
    except ValueError as error:
        return reason(error)


def open_usual(
    status: DaveStatus, user_id: int, frames: Sequence[bytes]
) -> list[bytes]:
    """Return the Opus packets inside frames of one member, as ``open_frame`` does.

    It ends before the first frame that does not open at once or is ``SILENCE``: what
    becomes of that one, and of those after it, is to be seen one by one.
    """
    if SILENCE in frames:
        frames = frames[: frames.index(SILENCE)]
    if status.version == 0:
        return list(takewhile(_is_plain, frames))
    session, opened = status.session, list[bytes]()
    if session is None or not session.ready:
        return opened
    decrypt, audio = session.decrypt, davey.MediaType.audio
    try:
        # What opened before one did not is in the list then.
        opened.extend(map(decrypt, repeat(user_id), repeat(audio), frames))
    except ValueError:
        return opened
    return opened


def _is_plain(frame: bytes) -> bool:
    return not sealed(frame)


def reason(error: ValueError) -> Failure:
    """Return the failure that davey's error names."""
    text = str(error)
    for name, failure in REASONS.items():
        if name in text:
            return failure
    return Failure.REFUSED


def whose(
    status: DaveStatus, frame: bytes, candidates: Iterable[int]
) -> tuple[int, bytes] | None:
    """Return the one member whose key opens the frame, and its Opus packet.

    Only the sender's ratchet verifies the 64-bit tag, so the first success is right.
    A wrong candidate costs about 2.5 µs and leaves no trace in the session.
    """
    if not sealed(frame):
        return None
    for user_id in candidates:
        opened = open_frame(status, user_id, frame)
        if isinstance(opened, bytes):
            return user_id, opened
    return None


def members(status: DaveStatus) -> list[int]:
    """Return who is in the encryption group, as far as we know."""
    sessions = (s for s in (status.session, status.former) if s is not None and s.ready)
    return list({int(user_id): None for s in sessions for user_id in s.get_user_ids()})


class Recovery:
    """When to ask to be added to the group anew, and when to stop asking."""

    def __init__(self) -> None:
        self._row: dict[int, int] = {}
        self._last_opened: float | None = None
        self._attempts = 0
        self._asked_for: set[int] = set()
        """Members of the present trouble: not heard since it was first asked."""
        self._not_before = 0.0
        self.total = 0
        """Recoveries asked for, ever."""
        self.given_up: set[int] = set()
        """Members whom no recovery made heard; one opened frame acquits them."""

    def opened(self, user_id: int, now: float) -> None:
        """Note that a frame of the member opened."""
        self._last_opened = now
        if user_id in self._row:
            self.forget(user_id)

    def failed(self, user_id: int) -> None:
        """Note that a frame of the member did not open though the group stands."""
        self._row[user_id] = self._row.get(user_id, 0) + 1

    def forget(self, user_id: int) -> None:
        """Drop what was noted: the member left, or is heard."""
        self._row.pop(user_id, None)
        self.given_up.discard(user_id)
        self._asked_for.discard(user_id)
        if not self._asked_for:
            self._attempts = 0

    def due(self, now: float) -> bool:
        """Say whether op 31 is to be sent now; the caller then does send it."""
        failing = {u for u, n in self._row.items() if n >= RECOVER_AFTER}
        failing -= self.given_up
        if now < self._not_before or not failing:
            return False
        self._not_before = now + RECOVER_EVERY_S * 2**self._attempts
        if self._attempts >= self._limit(now):
            self.given_up |= failing
            self._asked_for.clear()
            self._attempts = 0
            return False
        self._asked_for |= failing
        self._attempts += 1
        self.total += 1
        self._row = dict.fromkeys(self._row, 0)
        return True

    def _limit(self, now: float) -> int:
        """Return how many recoveries this trouble is worth.

        Each one silences everybody for a moment, so the many come before the one.
        """
        recent = self._last_opened is not None and now - self._last_opened < HEARD_S
        return RECOVERIES_BESIDE_OTHERS if recent else RECOVERIES
