"""Who may identify: what the main gateway told each client to say."""

from __future__ import annotations

from dataclasses import dataclass

from bot.rehearsal.sfu import payload
from bot.rehearsal.sfu.errors import SessionClosedError
from bot.rehearsal.sfu.opcodes import Close


@dataclass(frozen=True, slots=True)
class Ticket:
    """Session id and token of one user."""

    session_id: str
    token: str


class Tickets:
    """The tickets of one voice server."""

    def __init__(self, server_id: int | None) -> None:
        self._server_id = server_id
        self._tickets: dict[int, Ticket] = {}

    def issue(self, user_id: int, ticket: Ticket) -> None:
        """Let a user in with this ticket; an earlier one is void."""
        self._tickets[user_id] = ticket

    def withdraw(self, user_id: int) -> None:
        """Let a user in no more."""
        self._tickets.pop(user_id, None)

    def check(self, body: payload.Json) -> tuple[int, str]:
        """Return user id and session id of an identify, or refuse it."""
        user_id = payload.snowflake_of(body, "user_id")
        ticket = Ticket(
            payload.text_of(body, "session_id"), payload.text_of(body, "token")
        )
        server_id = payload.snowflake_of(body, "server_id")
        if self._server_id not in (None, server_id):
            raise SessionClosedError(Close.SERVER_NOT_FOUND, "Server not found.")
        self.check_ticket(user_id, ticket)
        return user_id, ticket.session_id

    def check_ticket(self, user_id: int, shown: Ticket) -> None:
        """Refuse a wrong token (4004) or session id (4006)."""
        issued = self._tickets.get(user_id)
        if issued is None or issued.token != shown.token:
            raise SessionClosedError(
                Close.AUTHENTICATION_FAILED, "Authentication failed."
            )
        if issued.session_id != shown.session_id:
            raise SessionClosedError(
                Close.SESSION_INVALID, "Session is no longer valid."
            )
