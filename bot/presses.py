"""Which button goes where: each part of the bot names its verbs and what answers them.

Whatever an answer raises becomes one sentence to who pressed; this is the side of
buttons of ``tree.failed``.
"""

from collections.abc import Awaitable, Callable, Mapping

from bot.client import OnPress, Press
from bot.replies import AnyInteraction

Answers = Mapping[str, OnPress]
"""Verb → what answers it."""

OnError = Callable[[AnyInteraction, Exception], Awaitable[None]]


class Presses:
    """Gives every pressed button to the part of the bot that it is about."""

    def __init__(self, failed: OnError, others: OnPress) -> None:
        """``others`` takes the verbs that nobody named."""
        self._failed = failed
        self._others = others
        self._answers: dict[str, OnPress] = {}

    def take(self, answers: Answers) -> None:
        """Answer these verbs so. Raises ValueError where one is named already."""
        twice = self._answers.keys() & answers.keys()
        if twice:
            raise ValueError(f"verbs named twice: {', '.join(sorted(twice))}")
        self._answers.update(answers)

    async def press(self, interaction: AnyInteraction, press: Press) -> None:
        """Answer a button; every failure is one sentence to who pressed it."""
        try:
            await self._answers.get(press.verb, self._others)(interaction, press)
        except Exception as error:  # noqa: BLE001 (the button's side of tree.on_error: explained or logged there)
            await self._failed(interaction, error)
