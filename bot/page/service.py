"""The page beside the bot: served while the bot runs, opened by link."""

from urllib.parse import urlsplit

from bot.clock import Clock
from bot.page.app import Page
from bot.page.editing import Editing
from bot.page.feeds import ROUTE, FeedPort, Feeds
from bot.page.server import PageServer
from bot.page.tickets import Tickets, Viewer
from bot.settings import PageSettings
from moderation.store.database import Store


class PageService:
    """The review page, where the configuration wants one."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        settings: PageSettings,
        feeds: FeedPort,
        editing: Editing | None = None,
    ) -> None:
        """Without ``editing`` the page is for reading."""
        self._settings = settings
        self._tickets = Tickets()
        self._clock = clock
        page = Page(
            store,
            self._tickets,
            clock,
            Feeds(feeds, clock),
            editing,
            encrypted=settings.public_url.startswith("https:"),
        )
        self._server = PageServer(page, settings) if settings.enabled else None

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

    def feed(self, guild_id: int, secret: str) -> str:
        """Return the address of a guild's calendar, empty where it has none.

        Somebody else's calendar has to reach it: it takes an address that was
        configured, not the one that this machine listens on.
        """
        public = urlsplit(self._settings.public_url)
        if not (self.is_on and public.scheme in ("http", "https") and public.hostname):
            return ""
        route = ROUTE.format(guild=guild_id, secret=secret)
        return f"{self._settings.public_url.rstrip('/')}{route}"
