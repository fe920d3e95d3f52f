"""The host panel: private, one per person who opened it, kept up to date in place.

It lives in an ephemeral answer, which Discord lets the bot edit for 15 minutes; after
that its own *Refresh* brings it back in place, or ``/host panel`` opens another one.
Its buttons never stop working.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.faults import FAULTS, named, passes
from bot.panel.pace import EVERY_S
from bot.panel.post import Content
from bot.replies import AnyInteraction, language
from bot.texts.language import Language
from moderation.refused import Refused

log = logging.getLogger(__name__)

OPEN_S = 14 * 60.0
"""Seconds for which an answer is kept up to date; Discord takes edits for 15 min."""

Render = Callable[[Language], Content]


@dataclass(slots=True)
class _Open:
    interaction: AnyInteraction
    since: float
    shown: object


class PrivatePanels:
    """Every host panel that is open in one room."""

    def __init__(
        self, clock: Clock, render: Render, staff: Callable[[], tuple[int, ...]]
    ) -> None:
        self._clock = clock
        self._render = render
        self._staff = staff
        self._open: dict[int, _Open] = {}
        self._stale = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def show(self, interaction: AnyInteraction) -> None:
        """Answer with the panel, for those who run the Space; refuse others."""
        if interaction.user.id not in self._staff():
            raise Refused("right.missing", right_key="right.run_queue")
        content = self._render(language(interaction))
        response = interaction.response
        if _is_pressed_on_panel(interaction):
            await response.edit_message(embed=content.embed, view=content.view())
        else:
            await response.send_message(
                embed=content.embed, view=content.view(), ephemeral=True
            )
        self._open[interaction.user.id] = _Open(
            interaction, self._clock.now(), content.fingerprint()
        )
        if self._task is None:
            self._task = asyncio.create_task(self._follow(), name="host-panels")

    def touch(self) -> None:
        """Say that what is shown may have changed."""
        self._stale.set()

    async def stop(self) -> None:
        """Show the last state and stop."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None
        await self._refresh()

    async def _follow(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            await self._refresh()
            await asyncio.sleep(EVERY_S)

    async def _refresh(self) -> None:
        for user_id, panel in list(self._open.items()):
            if self._clock.now() - panel.since > OPEN_S:
                del self._open[user_id]
                continue
            content = self._render(language(panel.interaction))
            looks = content.fingerprint()
            if looks == panel.shown:
                continue
            panel.shown = looks
            try:
                await panel.interaction.edit_original_response(
                    embed=content.embed, view=content.view()
                )
            except FAULTS as error:
                log.info("host panel of %s not shown: %s", user_id, named(error))
                if passes(error):
                    panel.shown = None
                else:
                    del self._open[user_id]


def _is_pressed_on_panel(interaction: AnyInteraction) -> bool:
    """Say whether a button of such a panel asked for it."""
    message = interaction.message
    return message is not None and message.flags.ephemeral and bool(message.embeds)
