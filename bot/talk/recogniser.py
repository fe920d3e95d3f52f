"""How recognition is doing, told to those who run the room.

Rule: a transcript is never silent without a word: whenever the mode changes (smaller
model, after the Space only, talk time only, and back) the hosts are told once, with
the reason; the panel shows it as long as it lasts. So is a smaller model that fails,
before it is missed.
"""

from collections.abc import Callable

from media.whisper.status import Mode, TranscriberStatus
from moderation import effects as fx


class RecogniserWatch:
    """Follows the recogniser for one room."""

    def __init__(self, perform: Callable[[list[fx.Effect]], None]) -> None:
        self._perform = perform
        self._mode = Mode.FULL
        self._smaller_fails = False

    def follow(self, status: TranscriberStatus | None) -> None:
        """Take one look; None: nothing is transcribed here."""
        if status is None:
            return
        if status.smaller_fails and not self._smaller_fails:
            self._smaller_fails = True
            self._perform([fx.TellHosts("speech.smaller_fails")])
        if status.mode is self._mode:
            return
        self._mode = status.mode
        params: fx.Params = {
            "reason_key": f"speech.reason_{status.reason.name.lower()}",
            "lag_s": status.lag_s,
        }
        key = f"speech.{status.mode.name.lower()}"
        self._perform([fx.TellHosts(key, params=params)])
