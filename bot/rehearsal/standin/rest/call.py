"""One request to the HTTP API, its answer, and the routes that lead to a door."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.drafts import Draft, Upload
from bot.rehearsal.standin.world.state import World

Body = Json | list[Json] | bytes | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int
    body: Body = None
    content_type: str = "application/json"
    """Exactly this: discord.py does not read JSON with a charset behind it."""


DONE = Answer(204)


@dataclass(slots=True)
class Call:
    """A request after its body was read."""

    world: World
    actor_id: int
    """The application's bot, or 0 for who needs no token."""
    params: dict[str, str]
    query: dict[str, str] = field(default_factory=dict)
    body: object = None
    uploads: list[Upload] = field(default_factory=list)
    host: str = ""
    """The name by which the client reached us, with a port unless the default."""
    secure: bool = True

    def id(self, name: str) -> int:
        """Return a path parameter that is a snowflake; ``@me`` is the actor."""
        value = self.params[name]
        return self.actor_id if value == "@me" else int(value)

    def form(self) -> Form:
        """Return the body for reading field by field."""
        return Form(self.body)

    def draft(self) -> Draft:
        """Return the body as a message to post."""
        return Draft(Form(self.body).body, self.uploads)

    def number(self, name: str) -> int | None:
        """Return a query parameter that is a number, if it was sent."""
        value = self.query.get(name, "")
        return int(value) if value.isdecimal() else None


Door = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path, the door behind it, and its rate limit."""

    method: str
    path: str
    """With ``{names}``; ``guild``, ``channel`` and ``webhook`` with its ``token`` have
    own buckets (Discord, "Rate Limits", top-level resources)."""
    door: Door
    limit: str = "route"
    needs_token: bool = True

    @property
    def pattern(self) -> re.Pattern[str]:
        """The path as an expression with named groups."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path))

    def resource(self, params: dict[str, str]) -> str:
        """Return the name of the route's bucket for these parameters."""
        major = [
            params[one]
            for one in ("guild", "channel", "webhook", "token")
            if one in params
        ]
        own = f"{self.method}{self.path} " if self.limit == "route" else " "
        return own + "/".join(major)


class Routes:
    """All routes, to be found by method and path."""

    def __init__(self, *tables: list[Route]) -> None:
        self._routes = [(route.pattern, route) for table in tables for route in table]

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | int:
        """Return the route and its parameters, or the HTTP status of the failure."""
        status = 404
        for pattern, route in self._routes:
            match = pattern.fullmatch(path)
            if match and _sound(match.groupdict()):
                if route.method == method:
                    return route, match.groupdict()
                status = 405
        return status


TEXTS = frozenset({"emoji", "token", "code", "name"})
"""Parameters that are no snowflakes."""


def _sound(params: dict[str, str]) -> bool:
    return all(
        value.isdecimal() or value in ("@me", "@original") or name in TEXTS
        for name, value in params.items()
    )
