"""Why the page cannot listen where it should, and what to do about it."""

import errno
import os

from bot.settings import PageSettings


def wrong_key(settings: PageSettings, error: OSError) -> str:
    """Return the key that is to blame, as it stands in the configuration."""
    if _is_of_port(error):
        return f"page.port = {settings.port}"
    return f"page.host = {settings.host!r}"


def why(error: OSError) -> str:
    """Return what the system says, without asyncio's words around it."""
    told = (error.strerror or str(error)) if (error.errno or 0) <= 0 else ""
    return told or os.strerror(error.errno or 0)


def way_out(error: OSError) -> str:
    """Return what to do, beginning in lower case."""
    if is_taken(error):
        return "stop what uses it, or set page.port to another (0 takes a free one)"
    if _is_of_port(error):
        return "set page.port to 1024 or more; a proxy can listen below"
    return "set page.host to an address of this machine"


def is_taken(error: OSError) -> bool:
    """Say whether somebody listens there already; that may be this bot."""
    return error.errno == errno.EADDRINUSE


def _is_of_port(error: OSError) -> bool:
    return error.errno in (errno.EADDRINUSE, errno.EACCES)
