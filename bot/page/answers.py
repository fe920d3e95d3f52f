"""What the page answers with: templates filled in the reader's language, and JSON."""

from typing import Any

import jinja2
from aiohttp import web

from bot.page import times
from bot.page.tickets import Viewer
from bot.page.words import catalogue
from media.intervals import seconds
from moderation.store.transcripts import REDACTED

VIEWER = web.RequestKey("viewer", Viewer)
"""Whose session a request comes with."""


class Answers:
    """Fills templates; what members said and call themselves is escaped by them."""

    def __init__(self) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.PackageLoader("bot.page"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["clock"] = times.clock
        self._templates.filters["tenths"] = times.tenths
        self._templates.filters["total"] = seconds
        self._templates.filters["moment"] = times.moment
        self._templates.globals["REDACTED"] = REDACTED

    def fill(self, template: str, language: str, **values: object) -> str:
        """Return a template's HTML."""
        return self._templates.get_template(template).render(
            t=catalogue(language), language=language, **values
        )

    def page(
        self, template: str, language: str, *, status: int = 200, **values: object
    ) -> web.Response:
        """Return a template as a page, or as a piece of one."""
        html = self.fill(template, language, **values)
        return web.Response(text=html, content_type="text/html", status=status)

    def told(
        self, language: str, *keys: str, status: int = 200, **more: Any
    ) -> web.Response:
        """Return a text for the script to show, and what comes with it, as JSON."""
        text = " ".join(catalogue(language)[key] for key in keys)
        return web.json_response({"told": text, **more}, status=status)
