"""What hosts are told about native events.

What lasts is tried again every hour and told once a day: a permission that is missing
for two weeks would be some 300 private messages. What somebody did by hand is told
each time, but for an hour.
"""

import math
from collections.abc import Awaitable, Callable
from typing import Final

from bot.clock import Clock
from bot.texts.language import language_of
from bot.texts.wording import Wording
from scheduler.plans import Plan

TELL_AGAIN_S: Final = 86400.0
"""Seconds in which a host hears of the same trouble once."""

BY_HAND_S: Final = {"plan.event.put_back": 3600.0}
"""The same for what comes of a change by hand: the next one is another."""

Tell = Callable[[int, str], Awaitable[None]]
"""Takes a member and a text, and fails in silence."""


class HostTeller:
    """Tells hosts in private."""

    def __init__(self, tell: Tell, words: Wording, clock: Clock) -> None:
        self._tell = tell
        self._words = words
        self._clock = clock
        self._told: dict[tuple[int, int, int, str], float] = {}

    async def say(self, plan: Plan, key: str) -> None:
        """Tell the host of ``plan``, unless they heard it just now."""
        now = self._clock.now()
        which = (plan.guild_id, plan.channel_id, plan.host_id, key)
        ago_s = now - self._told.get(which, -math.inf)
        # Less than nothing: the wall clock was set back.
        if 0 <= ago_s < BY_HAND_S.get(key, TELL_AGAIN_S):
            return
        self._told[which] = now
        text = self._words.say(
            language_of(plan.language, "en"),
            key,
            {"topic": plan.topic, "starts_at": plan.starts_at},
        )
        await self._tell(plan.host_id, text)
