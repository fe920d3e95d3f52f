"""Who is told what was recognised: the Spaces, each by its own callbacks.

Rule: a Space that fails over what it is told costs no other its lines.
"""

import logging
from collections.abc import Callable

from media.utterance import Utterance
from media.whisper.jobs import Missed

log = logging.getLogger(__name__)

OnUtterance = Callable[[Utterance], None]
OnMissed = Callable[[Missed], None]


class Listeners:
    """The callbacks of every Space."""

    def __init__(self) -> None:
        self._of: dict[int, tuple[OnUtterance, OnMissed]] = {}

    def add(
        self, space_id: int, on_utterance: OnUtterance, on_missed: OnMissed
    ) -> None:
        """Tell a Space from now on; its former callbacks are told no more."""
        self._of[space_id] = on_utterance, on_missed

    def remove(self, space_id: int) -> None:
        """Tell a Space no more."""
        self._of.pop(space_id, None)

    def tell(self, space_id: int, said: Utterance) -> None:
        """Tell a Space a line; nothing where nobody listens for it."""
        if space_id not in self._of:
            return
        try:
            self._of[space_id][0](said)
        except Exception as error:  # noqa: BLE001 (one Space's trouble is not all's)
            # Its text may quote what was said.
            name = type(error).__name__
            log.error("space %s: a line was not taken: %s", space_id, name)

    def miss(self, missed: Missed) -> None:
        """Tell a Space what has no words; nothing where nobody listens for it."""
        if missed.space_id in self._of:
            self._of[missed.space_id][1](missed)
