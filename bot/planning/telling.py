"""What hosts are told about native events: the same trouble at most once an hour."""

from collections.abc import Awaitable, Callable
from typing import Final

from bot.clock import Clock
from bot.texts.language import language_of
from bot.texts.wording import Wording
from scheduler.plans import Plan

TELL_AGAIN_S: Final = 3600.0
"""Seconds in which a host hears of the same trouble once."""

Tell = Callable[[int, str], Awaitable[None]]
"""Takes a member and a text, and fails in silence."""


class HostTeller:
    """Tells hosts in private."""

    def __init__(self, tell: Tell, words: Wording, clock: Clock) -> None:
        self._tell = tell
        self._words = words
        self._clock = clock
        self._told: dict[tuple[int, str], float] = {}

    async def say(self, plan: Plan, key: str) -> None:
        """Tell the host of ``plan``, unless they heard it just now."""
        now, which = self._clock.now(), (plan.host_id, key)
        if now - self._told.get(which, -TELL_AGAIN_S) < TELL_AGAIN_S:
            return
        self._told[which] = now
        text = self._words.say(
            language_of(plan.language, "en"),
            key,
            {"topic": plan.topic, "starts_at": plan.starts_at},
        )
        await self._tell(plan.host_id, text)
