"""The page beside the bot: served while the bot runs, opened by link."""

from bot.clock import Clock
from bot.page.app import Page
from bot.page.server import PageServer
from bot.page.tickets import Tickets, Viewer
from bot.settings import PageSettings
from moderation.store.database import Store


class PageService:
    """The review page, where the configuration wants one."""

    def __init__(self, store: Store, clock: Clock, settings: PageSettings) -> None:
        self._tickets = Tickets()
        self._clock = clock
        self._server = (
            PageServer(Page(store, self._tickets, clock), settings)
            if settings.enabled
            else None
        )

    @property
    def is_on(self) -> bool:
        """Say whether there is a page."""
        return self._server is not None

    async def start(self) -> None:
        """Serve, if wanted. Raises UsageError where the port is taken."""
        if self._server is not None:
            await self._server.start()

    async def stop(self) -> None:
        """Serve no more."""
        if self._server is not None:
            await self._server.stop()

    def link(self, viewer: Viewer) -> str:
        """Return a link that opens the page for one person, once."""
        if self._server is None:
            return ""
        ticket = self._tickets.issue(viewer, self._clock.now())
        return f"{self._server.url}/open?ticket={ticket}"
