"""The page's routes: aiohttp handlers that read the record and fill a template.

Nothing is served without a session but the link's own page, the style, the script
and calendar feeds, which have a secret of their own. No asset comes from anywhere
else, and the policy header says so to the browser. What members said and call
themselves is escaped by the templates.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from bot.clock import Clock
from bot.page import review, sounds, times
from bot.page.answers import VIEWER, Answers
from bot.page.editing import Editing
from bot.page.feeds import Feeds
from bot.page.files import File
from bot.page.finding import FILES, Finding
from bot.page.tickets import SESSION_S, TicketError, Tickets
from moderation.store import spaces
from moderation.store.database import Store

COOKIE = "tertulia_session"
OPEN = ("/open", "/static/", "/calendar/")
"""What is served without a session."""

SPACE = r"/spaces/{space:\d{1,18}}"
"""No more digits than the record's numbers can have."""

STATIC = {path.name: path for path in (Path(__file__).parent / "static").iterdir()}
"""Our own files by their names: no name that somebody types gets to the disk."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; media-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""Content-Security-Policy: only our own files, no inline code."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    """The review page over one store."""

    def __init__(
        self,
        store: Store,
        tickets: Tickets,
        clock: Clock,
        feeds: Feeds | None = None,
        editing: Editing | None = None,
        *,
        encrypted: bool = False,
    ) -> None:
        """Without ``editing`` the page is for reading.

        ``encrypted``: browsers come by https, whose end may be a proxy before us.
        """
        self._encrypted = encrypted
        self._store = store
        self._feeds = feeds
        self._editing = editing
        self._tickets = tickets
        self._clock = clock
        self._answers = Answers()

    def application(self) -> web.Application:
        """Return the routes as an aiohttp application."""
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                web.get("/", self._spaces),
                web.get("/open", self._open),
                web.post("/open", self._redeem),
                web.get(SPACE, self._space),
                web.get(SPACE + r"/audio/{track:\d{1,18}}", self._audio),
                web.get("/static/{name}", self._static),
            ]
        )
        app.add_routes(Finding(self._store).routes())
        if self._feeds is not None:
            app.add_routes(self._feeds.routes())
        if self._editing is not None:
            app.add_routes(self._editing.routes())
        return app

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        try:
            if not request.path.startswith(OPEN):
                request[VIEWER] = self._tickets.session(
                    request.cookies.get(COOKIE, ""), self._clock.now()
                )
            response = await handler(request)
        except TicketError as error:
            key = str(error) if COOKIE in request.cookies or request.query else ""
            response = self._message(request, key or "ticket.none", status=403)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            key = "busy" if error.status in (429, 503) else "not-found"
            response = self._message(request, key, status=error.status)
            if "Retry-After" in error.headers:
                response.headers["Retry-After"] = error.headers["Retry-After"]
        if not response.prepared:
            response.headers["Content-Security-Policy"] = POLICY
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    async def _open(self, request: web.Request) -> web.Response:
        ticket = request.query.get("ticket", "")
        viewer = self._tickets.look(ticket, self._clock.now())
        return self._answers.page(
            "open.html", viewer.language, viewer=viewer, ticket=ticket
        )

    async def _redeem(self, request: web.Request) -> web.Response:
        ticket = await _ticket(request)
        cookie = self._tickets.redeem(ticket, self._clock.now())
        response = web.Response(status=303, headers={"Location": "/"})
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=int(SESSION_S),
            httponly=True,
            samesite="Strict",
            secure=self._encrypted or request.secure,
        )
        return response

    async def _spaces(self, request: web.Request) -> web.Response:
        viewer = request[VIEWER]
        if viewer.space_id:
            raise web.HTTPSeeOther(f"/spaces/{viewer.space_id}")
        rows = await self._store.read(
            lambda db: spaces.recent(db, viewer.guild_id, 100)
        )
        return self._answers.page(
            "spaces.html", viewer.language, viewer=viewer, spaces=rows
        )

    async def _space(self, request: web.Request) -> web.Response:
        viewer = request[VIEWER]
        found = await self._find(request)
        editing = self._editing
        return self._answers.page(
            "space.html",
            viewer.language,
            review=found,
            may_edit=editing is not None and await editing.may_edit(viewer),
            is_unmixed=editing is not None
            and found.lacks_mix_alone
            and editing.is_unmixed(found.space.id),
            files=tuple(FILES),
            convention=times.convention(viewer.language),
        )

    async def _audio(self, request: web.Request) -> web.StreamResponse:
        guild_id, space_id = self._whose(request)
        track_id = int(request.match_info["track"])
        path = await self._store.read(
            lambda db: sounds.find(db, guild_id, space_id, track_id)
        )
        if path is None:
            raise web.HTTPNotFound
        return File(path, headers={"Content-Type": "audio/ogg"})

    async def _find(self, request: web.Request) -> review.Review:
        guild_id, space_id = self._whose(request)
        found = await self._store.read(lambda db: review.find(db, guild_id, space_id))
        if found is None:
            raise web.HTTPNotFound
        return found

    async def _static(self, request: web.Request) -> web.StreamResponse:
        path = STATIC.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return File(path)

    @staticmethod
    def _whose(request: web.Request) -> tuple[int, int]:
        """Return guild and Space. Raises HTTPNotFound where they may not look."""
        viewer, space_id = request[VIEWER], int(request.match_info["space"])
        if not viewer.may_see(space_id):
            raise web.HTTPNotFound
        return viewer.guild_id, space_id

    def _message(self, request: web.Request, key: str, *, status: int) -> web.Response:
        wanted = request.headers.get("Accept-Language", "")
        language = "es" if wanted.lower().startswith("es") else "en"
        return self._answers.page("message.html", language, status=status, key=key)


async def _ticket(request: web.Request) -> str:
    """Return the ticket of the form that the link opens.

    From our own page only: another site could log somebody in as whoever it likes, and
    what they do then would be that one's deed. Raises HTTPException for what no browser
    sends.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise web.HTTPForbidden
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    try:
        form = await request.post()
    except (ValueError, LookupError):  # bytes that are no text; an unknown encoding
        raise web.HTTPBadRequest from None
    return str(form.get("ticket", ""))
