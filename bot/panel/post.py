"""One message that is kept up to date in place.

Rules: at most one edit per channel and ``pace.EVERY_S`` seconds but for the last state,
the newest content wins, nothing is sent when nothing changed, what did not get through
is tried again, and a message that somebody deleted is posted again. Its id is kept in
the record, so that after a restart the same message goes on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import discord

from bot.faults import FAULTS, named, passes
from bot.panel.buttons import SpaceButton
from bot.panel.pace import Pace
from bot.panel.selects import SpaceSelect
from moderation.store.database import StoreError

log = logging.getLogger(__name__)

GLANCE_S = 0.25
"""Seconds between two looks that show nothing new."""

Kept = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Content:
    """What a post shows."""

    embed: discord.Embed
    buttons: tuple[SpaceButton, ...] = ()
    text: str = ""
    menus: tuple[SpaceSelect, ...] = ()
    """Below the buttons, a row each."""

    def view(self) -> discord.ui.View:
        """Return the buttons as discord.py sends them; they never time out."""
        view = discord.ui.View(timeout=None)
        for item in (*self.buttons, *self.menus):
            view.add_item(item)
        # Clicks are found by their custom_id (DynamicItem), not by this object.
        view.stop()
        return view

    def fingerprint(self) -> object:
        """Return a value that is equal when the content looks the same."""
        items = (*self.buttons, *self.menus)
        shown = [repr(item.to_component_dict()) for item in items]
        return (self.text, self.embed.to_dict(), shown)

    def message(self) -> dict[str, Any]:
        """Return it as discord.py sends and edits it."""
        return {
            "content": self.text or None,
            "embed": self.embed,
            "view": self.view(),
        }


class Shown(Protocol):
    """What a post can show."""

    def fingerprint(self) -> object:
        """Return a value that is equal when the content looks the same."""

    def message(self) -> dict[str, Any]:
        """Return it as discord.py sends and edits it."""


class LivePost:
    """A message in a channel that follows what it is told to show."""

    def __init__(
        self,
        channel: discord.abc.Messageable,
        render: Callable[[], Shown],
        *,
        message_id: int | None = None,
        on_posted: Kept,
        pace: Pace | None = None,
    ) -> None:
        """``pace``: shared by the posts of one channel; None: this is the only one."""
        self._channel = channel
        self._render = render
        self._on_posted = on_posted
        self._pace = pace or Pace()
        self._message: discord.PartialMessage | None = None
        if message_id is not None and isinstance(
            channel, discord.TextChannel | discord.VoiceChannel | discord.StageChannel
        ):
            self._message = channel.get_partial_message(message_id)
        self._stale = asyncio.Event()
        self._shown: object = None
        self._unkept: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._showing: asyncio.Task[bool] | None = None

    @property
    def message_id(self) -> int | None:
        """The message's id once it is posted."""
        return None if self._message is None else self._message.id

    def start(self) -> None:
        """Begin to follow; call it on the event loop."""
        self._stale.set()
        self._task = asyncio.create_task(self._follow(), name="live-post")

    def touch(self) -> None:
        """Say that what is shown may have changed."""
        self._stale.set()

    async def finish(self) -> bool:
        """Show the last state and stop; say whether it is shown."""
        if self._task is None:
            return True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None
        if self._showing is not None:
            await self._showing
        return await self._show_or_log()

    async def _follow(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            if self._render().fingerprint() == self._shown:
                await asyncio.sleep(GLANCE_S)
                continue
            async with self._pace.turn():
                # Never cut off on its way: a message whose id is not known yet would
                # stay there, and another one would be posted beside it.
                self._showing = asyncio.create_task(self._show_or_log(), name="showing")
                await asyncio.shield(self._showing)

    async def _show_or_log(self) -> bool:
        try:
            await self._show()
            return True
        except (*FAULTS, StoreError) as error:
            log.warning("live post not shown: %s", named(error))
            if passes(error):
                self._stale.set()
            return False

    async def _show(self) -> None:
        content = self._render()
        looks = content.fingerprint()
        if looks == self._shown:
            await self._keep()
            return
        if self._message is not None:
            try:
                await self._message.edit(**content.message())
            except discord.NotFound:
                self._message = None
        if self._message is None:
            await self._post(content)
        self._shown = looks
        await self._keep()

    async def _post(self, content: Shown) -> None:
        message = await self._channel.send(**content.message())
        self._message = message.channel.get_partial_message(message.id)  # type: ignore[union-attr]  # a message's channel can hold messages
        self._unkept = message.id

    async def _keep(self) -> None:
        """Put the id of a new message on record; raises StoreError."""
        if self._unkept is not None:
            await self._on_posted(self._unkept)
            self._unkept = None
