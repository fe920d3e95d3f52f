"""The voices of a practice: of whom, since when, and what was measured of each.

Only who agreed is kept, the last ten seconds, in memory; who takes it back is
forgotten at once. What goes to the record is a score and what was wrong.
"""

import asyncio
import logging
from collections.abc import Callable, Collection

from bot.preflight.panel import Figures
from bot.voicecheck import as_kept, figures
from media.consent import Consent
from media.heard import VoicePacket
from media.ports import OpusError
from media.soundcheck import judge
from media.tap import Recent
from moderation.store.voice_checks import VoiceCheckRow

log = logging.getLogger(__name__)

LEAST_HEARD_S = 3.0
"""Seconds of sound from which on somebody is measured."""

SetConsent = Callable[[int, Consent], None]


class Voices:
    """Who of a practice agreed to be measured, and how they sound."""

    def __init__(self) -> None:
        self.recent = Recent()
        """What hears them, in the place of the hearing chain."""

        self._agreed: set[int] = set()
        self._measured: dict[int, tuple[VoicePacket, Figures]] = {}

    def agreed(self, user_id: int) -> bool:
        """Say whether a member is measured."""
        return user_id in self._agreed

    def figures(self, user_id: int) -> Figures | None:
        """Return what was measured of a member last."""
        known = self._measured.get(user_id)
        return None if known is None else known[1]

    def allow(self, user_id: int, *, allowed: bool, consent: SetConsent) -> None:
        """Measure a member from now on, or forget them."""
        if allowed:
            self._agreed.add(user_id)
        else:
            self._agreed.discard(user_id)
            self._measured.pop(user_id, None)
        consent(user_id, Consent.AUDIO if allowed else Consent.NOTHING)
        self.recent.allow(self._agreed)

    def keep_only(self, user_ids: Collection[int], consent: SetConsent) -> None:
        """Forget whoever is not among these any more."""
        for user_id in self._agreed - set(user_ids):
            self.allow(user_id, allowed=False, consent=consent)

    async def measure(self, now: float) -> list[VoiceCheckRow]:
        """Make figures of everybody who said something since the last time.

        Returns what the record is to keep, ``now`` in Unix seconds. Decoding takes
        some 0.1 s each, beside the event loop.
        """
        found = []
        for user_id in sorted(self._agreed):
            packets = self.recent.read(user_id)
            known = self._measured.get(user_id)
            if not packets or (known and known[0] is packets[-1]):
                continue
            try:
                measured = await asyncio.to_thread(figures, packets)
            except OpusError as error:
                log.warning("practice: %s", error)
                continue
            enough = measured.heard_s >= LEAST_HEARD_S
            # They may have taken it back while their sound was decoded.
            if enough and measured.loudness_lufs is not None and self.agreed(user_id):
                made = Figures(measured, tuple(judge(measured)))
                self._measured[user_id] = (packets[-1], made)
                found.append(as_kept(user_id, now, made.findings))
        return found
