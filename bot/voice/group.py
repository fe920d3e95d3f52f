"""The end-to-end encryption group of one voice connection: MLS, on the event loop.

discord.py keeps the ``davey.DaveSession`` and its few fields; this class drives them
instead of discord.py's inline code, because that code

- ignores every DAVE message while there is no session yet: a channel that starts
  without DAVE could never be upgraded;
- lets an error of ``process_proposals`` end the websocket's poller;
- sets a version in force when it is announced, not when it is executed;
- admits whomever the server proposes.

Rules: errors of the group never leave this class except as ``GroupRefused``; whoever
is proposed must be known to be in the channel; every change is published.
Fields of discord.py used: ``dave_session``, ``dave_protocol_version``,
``dave_pending_transitions``, ``dave_downgraded`` (``tests/bot/voice/test_pinned.py``).
"""

import logging
from collections.abc import Callable

import davey
from discord.voice_state import VoiceConnectionState

from bot.voice.dave import DaveStatus

log = logging.getLogger(__name__)

DOWNGRADE_S = 120
"""Seconds that plain frames are let through when a channel leaves DAVE."""

REJOIN_S = 5.0
"""Seconds in which what was refused is not asked for again: whoever asked to be added
anew gets commits of the group that they left until the server has acted."""

OUTSIDE = (davey.SessionStatus.inactive, davey.SessionStatus.pending)
"""States of a session that is in no group and founds none."""

REFUSALS = (ValueError, RuntimeError)
"""What davey raises at bytes it cannot process."""


class GroupRefused(Exception):  # noqa: N818 (the peer's message was refused, nothing failed here)
    """The group could not process a message; ``str`` says which."""


class DaveGroup:
    """Follows epochs and transitions for one connection."""

    def __init__(
        self, state: VoiceConnectionState, publish: Callable[[DaveStatus], None]
    ) -> None:
        self._state = state
        self._publish = publish
        self._version = 0
        self._generation = 0
        self._upgrades = 0
        self._sender: bytes | None = None
        self._former: davey.DaveSession | None = None
        self._entering = 0
        """Transition of the epoch that we entered and others may not have yet."""
        self._asked_at = -REJOIN_S
        self.last_transition = 0

    def restart(self) -> None:
        """Forget transitions of a former voice session."""
        self._state.dave_pending_transitions.clear()
        self._state.dave_downgraded = False
        self._sender = None
        self._entering = 0
        self._asked_at = -REJOIN_S
        self.last_transition = 0

    def describe(self, version: int) -> None:
        """Take over the version of op 4, before discord.py sets up the session."""
        self._state.dave_pending_transitions.clear()
        self._state.dave_downgraded = False
        self._version = version
        if version == 0:
            self._state.dave_session = None

    def described(self) -> None:
        """Go on after discord.py has set up the session of op 4, if there is one."""
        self.changed()

    def set_aside(self) -> davey.DaveSession | None:
        """Make room for a new session; return the one that still opens frames.

        davey's own ``reinit`` would forget the keys of everybody who goes on in the
        old epoch until we are back in the group. ``let_go`` has to follow.
        """
        session, self._state.dave_session = self._state.dave_session, None
        if session is not None and session.ready:
            self._former = session
        return self._former

    def let_go(self, former: davey.DaveSession | None) -> None:
        """Forget a session that was set aside."""
        if former is not None and self._former is former:
            self._former = None
            self.changed()

    def renewed(self) -> None:
        """Go on with the new session."""
        session = self._state.dave_session
        if session is not None and self._sender is not None:
            try:
                self._take_sender(session, self._sender)
            except GroupRefused:
                log.warning("voice: the group refused its external sender")
                self._sender = None
        self.changed()

    def changed(self) -> None:
        """Publish what is in force."""
        self._generation += 1
        self._publish(
            DaveStatus(
                self._state.dave_session,
                self._version,
                self._generation,
                self._upgrades,
                self._former,
                switching=bool(self._entering),
            )
        )

    def members(self) -> set[int]:
        """Return who is in the group; nobody while there is none."""
        session = self._state.dave_session
        if session is None or not session.ready:
            return set()
        return {int(user_id) for user_id in session.get_user_ids()}

    def external_sender(self, package: bytes) -> None:
        """Take op 25, for this session and those after it.

        It may precede op 4, or op 24: a session in a group takes none, the next does.
        """
        session = self._state.dave_session
        if session is None or session.ready:
            session = davey.DaveSession(davey.DAVE_PROTOCOL_VERSION, 1, 1)
        self._take_sender(session, package)
        self._sender = package

    def _take_sender(self, session: davey.DaveSession, package: bytes) -> None:
        try:
            session.set_external_sender(package)
        except REFUSALS as error:
            raise GroupRefused("external sender") from error

    def proposals(self, revoke: bool, body: bytes, expected: list[int]) -> bytes | None:
        """Process op 27; return the body of op 28, if any. Raises GroupRefused."""
        session = self._session("proposals")
        kind = (
            davey.ProposalsOperationType.revoke
            if revoke
            else davey.ProposalsOperationType.append
        )
        try:
            answer = session.process_proposals(kind, body, expected)
        except REFUSALS as error:
            raise GroupRefused("proposals") from error
        if answer is None:
            return None
        return answer.commit + (answer.welcome or b"")

    def entering(self, transition_id: int) -> None:
        """Note that an epoch is about to be entered: nothing is sent in the old one.

        Whoever is new in it could not open that. 0: it was refused.
        """
        self._entering = transition_id
        self.changed()

    def commit(self, transition_id: int, body: bytes) -> None:
        """Process op 29. Raises GroupRefused."""
        session = self._session("commit")
        try:
            session.process_commit(body)
        except REFUSALS as error:
            raise GroupRefused("commit") from error
        self._entered(transition_id)

    def welcome(self, transition_id: int, body: bytes) -> None:
        """Process op 30. Raises GroupRefused."""
        session = self._session("welcome")
        try:
            session.process_welcome(body)
        except REFUSALS as error:
            raise GroupRefused("welcome") from error
        self._entered(transition_id)

    def astray(self, welcomed: bool, now: float) -> bool:
        """Say whether a refused commit or welcome asks for a recovery (op 31).

        A commit does not where we wait for a welcome. ``now``: any steady seconds.
        """
        session = self._state.dave_session
        if session is None or now - self._asked_at < REJOIN_S:
            return False
        return welcomed or session.status not in OUTSIDE

    def asked(self, now: float) -> None:
        """Note that op 31 goes out."""
        self._asked_at = now

    def _session(self, what: str) -> davey.DaveSession:
        session = self._state.dave_session
        if session is None:
            raise GroupRefused(what)
        return session

    def _entered(self, transition_id: int) -> None:
        """Note the new epoch; its frames open at once, whatever the transition."""
        self._asked_at = -REJOIN_S
        self.last_transition = self._entering = transition_id
        version = self._state.dave_protocol_version
        if transition_id:
            self._remember(transition_id, version)
        else:
            self._execute(version)
        self.changed()

    def _remember(self, transition_id: int, version: int) -> None:
        pending = self._state.dave_pending_transitions
        pending[transition_id] = version
        while len(pending) > 64:  # announced and never executed: the oldest goes
            del pending[next(iter(pending))]

    def prepare(self, transition_id: int, version: int) -> bool:
        """Take op 21; return whether op 23 is to be sent."""
        self.last_transition = transition_id
        if transition_id == 0:
            self._execute(version)
            self.changed()
            return False
        self._remember(transition_id, version)
        session = self._state.dave_session
        if version == 0 and session is not None:
            session.set_passthrough_mode(True, DOWNGRADE_S)
        return True

    def execute(self, transition_id: int) -> None:
        """Take op 22."""
        version = self._state.dave_pending_transitions.pop(transition_id, None)
        if version is None:
            log.info("voice: transition %d was never prepared", transition_id)
            return
        if transition_id == self._entering:
            self._entering = 0
        self._execute(version)
        self.changed()

    def _execute(self, version: int) -> None:
        if self._version == 0 and version:
            self._upgrades += 1
        self._version = version
        self._state.dave_protocol_version = version
        self._state.dave_downgraded = version == 0
