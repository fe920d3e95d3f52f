"""Serving the page: one aiohttp site, beside the bot or alone."""

import logging

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import UsageError
from bot.page import address
from bot.page.app import Page
from bot.settings import PageSettings

PATIENCE_S = 1.0
"""Seconds that a stop waits for what is being served: somebody's player that pauses
takes no more of a track, and never ends."""

log = logging.getLogger(__name__)


def _is_our_error(record: logging.LogRecord) -> bool:
    """Say whether it is more than a request that is no HTTP, which anybody can send."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


log.addFilter(_is_our_error)


class PageServer:
    """The page on its address, between ``start`` and ``stop``."""

    def __init__(self, page: Page, settings: PageSettings) -> None:
        self._runner = web.AppRunner(
            page.application(),
            access_log=None,
            logger=log,
            shutdown_timeout=PATIENCE_S,
        )
        self._settings = settings
        self.url = ""
        """Where browsers find it, once started."""

    async def start(self) -> None:
        """Listen. Raises UsageError where the address cannot be listened on."""
        host, port = self._settings.host, self._settings.port
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise UsageError(
                f"{address.wrong_key(self._settings, error)}: cannot listen on {host}"
                f" port {port}: {address.why(error)}; {address.way_out(error)}"
            ) from None
        bound = self._runner.addresses[0][1]
        self.url = self._settings.public_url.rstrip("/") or f"http://{host}:{bound}"

    async def stop(self) -> None:
        """Stop listening and finish what is being served, if that takes no time."""
        await self._runner.cleanup()
