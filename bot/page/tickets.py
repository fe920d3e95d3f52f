"""Who may look: a signed link is exchanged once for a session.

Discord has already said who the member is when the link is made, inside an
ephemeral answer. The link is good for a few minutes and for one exchange; the
session it buys is a signed cookie. Opening the link changes nothing (link previews
fetch it too): only the button on the page that it shows does.
"""

import secrets
from dataclasses import asdict, dataclass

from itsdangerous import BadSignature, URLSafeSerializer

TICKET_S = 300.0
"""How long a link can be exchanged."""

SESSION_S = 8 * 3600.0
"""How long a session lasts."""


class TicketError(Exception):
    """The link or the session is not good; ``str`` of it is a text key."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who may review one guild's Spaces."""

    user_id: int
    guild_id: int
    name: str
    language: str
    """Of the page: en or es."""

    space_id: int = 0
    """The one Space that they may look at; 0 for all of the guild's."""

    def may_see(self, space_id: int) -> bool:
        """Say whether they may look at a Space of the guild."""
        return self.space_id in (0, space_id)


class Tickets:
    """Makes and redeems links and sessions. ``secret`` outlives a restart or not."""

    def __init__(self, secret: bytes | None = None) -> None:
        key = secret or secrets.token_bytes(32)
        self._tickets = URLSafeSerializer(key, salt="ticket")
        self._sessions = URLSafeSerializer(key, salt="session")
        self._redeemed: dict[str, float] = {}

    def issue(self, viewer: Viewer, now: float) -> str:
        """Return a ticket that ``redeem`` accepts once within ``TICKET_S``."""
        body = asdict(viewer) | {"at": now, "nonce": secrets.token_hex(8)}
        return str(self._tickets.dumps(body))

    def look(self, ticket: str, now: float) -> Viewer:
        """Return whose ticket it is without using it up. Raises TicketError."""
        viewer, nonce = self._read(self._tickets, ticket, now, TICKET_S)
        if nonce in self._redeemed:
            raise TicketError("ticket.used")
        return viewer

    def redeem(self, ticket: str, now: float) -> str:
        """Use a ticket up and return the session's cookie. Raises TicketError."""
        viewer = self.look(ticket, now)
        _, nonce = self._read(self._tickets, ticket, now, TICKET_S)
        self._redeemed = {
            old: at for old, at in self._redeemed.items() if now - at < TICKET_S
        }
        self._redeemed[nonce] = now
        return str(self._sessions.dumps(asdict(viewer) | {"at": now, "nonce": ""}))

    def session(self, cookie: str, now: float) -> Viewer:
        """Return who a cookie belongs to. Raises TicketError."""
        viewer, _ = self._read(self._sessions, cookie, now, SESSION_S)
        return viewer

    @staticmethod
    def _read(
        serializer: URLSafeSerializer, signed: str, now: float, lifetime_s: float
    ) -> tuple[Viewer, str]:
        try:
            body = serializer.loads(signed)
        except BadSignature:
            raise TicketError("ticket.bad") from None
        at, nonce = float(body.pop("at")), str(body.pop("nonce"))
        if not 0 <= now - at < lifetime_s:
            raise TicketError("ticket.old")
        return Viewer(**body), nonce
