"""Serving a file by what is asked of it, however oddly that is asked.

Rule 1: who resumes a download says which file they have the beginning of; the rest is
theirs only if it is the rest of that one. A track that was silenced meanwhile is
another, and is sent whole.
Rule 2: what is no date is no condition.
"""

import asyncio
from email.utils import parsedate_to_datetime
from pathlib import Path

from aiohttp import hdrs, web
from aiohttp.abc import AbstractStreamWriter
from typing_extensions import override

DATES = (hdrs.IF_MODIFIED_SINCE, hdrs.IF_UNMODIFIED_SINCE)


class File(web.FileResponse):
    """A file, or the part of it that is asked for."""

    @override
    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        """Answer without what aiohttp ignores, or ends in an error over.

        Of ``If-Range`` it knows dates only, and sends a part of whatever is there to
        who names a file by its tag; a date beyond all years it cannot read at all.
        """
        headers = request.headers.copy()
        for name in DATES:
            if name in headers and not _is_date(headers[name]):
                headers.popall(name)
        wanted = headers.get(hdrs.IF_RANGE)
        if wanted is not None and not _is_date(wanted):
            headers.popall(hdrs.IF_RANGE)
            if wanted != await asyncio.to_thread(_tag, self._path):
                headers.popall(hdrs.RANGE, None)
        if headers != request.headers:
            request = request.clone(headers=headers)
        return await super().prepare(request)


def _is_date(text: str) -> bool:
    try:
        parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return False
    return True


def _tag(path: Path) -> str:
    """Return the file's tag as aiohttp writes it; empty where there is no file."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f'"{found.st_mtime_ns:x}-{found.st_size:x}"'
