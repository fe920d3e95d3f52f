"""By which model each call is recognised, and whether the smaller one works.

Rule 1: the final pass has its own model; live lines have the live one, or the smaller
one while the degradation plan says so.
Rule 2: what failed once is done again by the live model.
Rule 3: a smaller model that fails twice in a row is used no more, and it is said why.

``now`` is an argument in seconds of any steady clock.
"""

import logging
from pathlib import Path

from media.utterance import Grade
from media.whisper.calls import Call
from media.whisper.degradation import Degradation
from media.whisper.models import Models
from media.whisper.settings import SpeechSettings
from media.whisper.status import Mode

log = logging.getLogger(__name__)


class Means:
    """The models of one transcriber, and what becomes of them."""

    def __init__(self, settings: SpeechSettings) -> None:
        """Begin at the full mode; ``models`` is for whoever has found them."""
        self._settings = settings
        self._degradation = Degradation(
            slow_lag_s=settings.slow_lag_s,
            hopeless_lag_s=settings.hopeless_lag_s,
            smaller=bool(settings.smaller_model),
        )
        self._by_smaller: set[int] = set()
        """Calls under way that the smaller model has."""
        self.models = Models(Path(), Path(), Path())
        self.since = float("-inf")
        """When the mode last changed."""
        self.without_smaller = ""
        """Why the smaller model is used no more; empty while it may be."""

    @property
    def mode(self) -> Mode:
        """Return how far down the degradation plan recognition is."""
        return self._degradation.mode

    def observe(self, lag_s: float, now: float) -> None:
        """Take in the present lag."""
        mode = self.mode
        if self._degradation.observe(lag_s, now) is not mode:
            self.since = now

    def choose(self, call: Call) -> tuple[Path, int]:
        """Return model and beam width of a call that is sent now."""
        settings, models = self._settings, self.models
        if call.grade is Grade.FINAL:
            model, beam = models.final, settings.final_beam
        else:
            failed = any(ticket.deaths for ticket in call.tickets)
            smaller = self.mode is Mode.SMALLER and not failed
            model = models.smaller if smaller else models.live
            beam = settings.live_beam
        if model == models.smaller != models.live:
            self._by_smaller.add(call.number)
        return model, beam

    def answered(self, number: int) -> None:
        """Take in that a call was answered."""
        if number in self._by_smaller:
            self._by_smaller.remove(number)
            self._degradation.smaller_worked()

    def refused(self, number: int, error: str, now: float) -> None:
        """Take in that the model failed over a call."""
        if number in self._by_smaller:
            self._by_smaller.remove(number)
            self._note_failure(error, now)

    def lost(self, error: str, now: float) -> None:
        """Take in that the worker ended over all calls under way."""
        if self._by_smaller:
            self._by_smaller.clear()
            self._note_failure(error, now)

    def _note_failure(self, error: str, now: float) -> None:
        """Count a failure of the smaller model, and say so where it was the last."""
        if self._degradation.smaller_failed():
            self.since = now
            smaller = self.models.smaller
            self.without_smaller = f"smaller speech model {smaller}: {error}; not used"
            log.warning("%s", self.without_smaller)
