"""A scripted member's half of DAVE: a real session inside the voice server.

Rule: like Discord's own clients, and unlike the bare library, a scripted member changes
its keys when the transition is executed (op 22), not when the commit arrives. So what
follows a commit waits with it.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

import davey

from bot.rehearsal.sfu.delivery import AT_ONCE, Body, Sent
from bot.rehearsal.sfu.opcodes import Op
from bot.rehearsal.sfu.rtp import SILENCE

_log = logging.getLogger(__name__)

_KEY_CHANGES = (Op.ANNOUNCE_COMMIT, Op.WELCOME)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a member sends to the delivery service."""

    op: Op
    body: Body


class DaveMember:
    """One scripted member's DAVE session."""

    def __init__(
        self, user_id: int, channel_id: int, *, encrypting: bool = True
    ) -> None:
        self.user_id = user_id
        self._channel_id = channel_id
        self._session = davey.DaveSession(1, user_id, channel_id)
        self._encrypting = encrypting
        self._upgrading = False
        """Plain frames go on until the new group has keys."""
        self._downgrading: int | None = None
        self._offered = False
        self._held: deque[tuple[Op, Body]] = deque()

    @property
    def ready(self) -> bool:
        """Whether the member is in a group and can encrypt for it."""
        return bool(self._encrypting and self._session.ready)

    @property
    def privacy_code(self) -> str | None:
        """The code that all members of the group see."""
        return self._session.voice_privacy_code

    def encrypt(self, opus: bytes) -> bytes | None:
        """Encrypt an Opus frame; None while the member has no key."""
        if not self._encrypting or opus == SILENCE:
            return opus
        if self._session.ready:
            self._upgrading = False
            return bytes(self._session.encrypt_opus(opus))
        return opus if self._upgrading else None

    def decrypt(self, user_id: int, frame: bytes) -> bytes | None:
        """Decrypt another member's frame; None while the key is not known."""
        if frame == SILENCE or not self._encrypting:
            return frame
        try:
            return bytes(self._session.decrypt(user_id, davey.MediaType.audio, frame))
        except ValueError:  # the library's only error; the reason is in the text
            return None

    def receive(self, sent: Sent) -> list[Reply]:
        """Take a message of the delivery service and answer it."""
        op, body = sent.op, sent.body
        if op is Op.EXECUTE_TRANSITION:
            return self._execute(_number(body))
        if op is Op.PREPARE_EPOCH:
            self._held.clear()
        elif op in _KEY_CHANGES:
            self._held.append((op, body))
            return [Reply(Op.TRANSITION_READY, {"transition_id": _transition(body)})]
        elif self._held and op is not Op.PREPARE_TRANSITION:
            self._held.append((op, body))
            return []
        return self._process(op, body)

    def _execute(self, number: int) -> list[Reply]:
        if number == self._downgrading:
            self._encrypting, self._downgrading = False, None
            self._held.clear()
            return []
        replies: list[Reply] = []
        if not any(_is_change(held, number) for held in self._held):
            return replies
        switched = False
        while self._held and not (switched and self._held[0][0] in _KEY_CHANGES):
            held = self._held.popleft()
            switched = switched or _is_change(held, number)
            replies += self._process(*held)
        return replies

    def _process(self, op: Op, body: Body) -> list[Reply]:
        match op:
            case Op.EXTERNAL_SENDER:
                self._session.set_external_sender(_raw(body))
                return [] if self._offered else [self._offer()]
            case Op.PREPARE_EPOCH:
                self._upgrading = not self._encrypting
                self._encrypting = True
                self._session.reinit(1, self.user_id, self._channel_id)
                return [self._offer()]
            case Op.PREPARE_TRANSITION:
                return self._prepare(body)
            case Op.PROPOSALS:
                return self._commit(_raw(body))
            case Op.ANNOUNCE_COMMIT | Op.WELCOME:
                return self._change_keys(op, _raw(body))
            case _:
                return []

    def _offer(self) -> Reply:
        self._offered = True
        return Reply(Op.KEY_PACKAGE, bytes(self._session.get_serialized_key_package()))

    def _prepare(self, body: Body) -> list[Reply]:
        number = _number(body)
        if number == AT_ONCE or isinstance(body, bytes):
            return []
        if body["protocol_version"] == 0:
            self._downgrading = number
        return [Reply(Op.TRANSITION_READY, {"transition_id": number})]

    def _commit(self, body: bytes) -> list[Reply]:
        kind = davey.ProposalsOperationType
        operation = kind.revoke if body[0] else kind.append
        try:
            made = self._session.process_proposals(operation, body[1:])
        except ValueError as error:
            _log.warning("member %s cannot follow a proposal: %s", self.user_id, error)
            return []
        if made is None:
            return []
        return [
            Reply(Op.COMMIT_WELCOME, bytes(made.commit) + bytes(made.welcome or b""))
        ]

    def _change_keys(self, op: Op, body: bytes) -> list[Reply]:
        try:
            if op is Op.WELCOME:
                self._session.process_welcome(body[2:])
            else:
                self._session.process_commit(body[2:])
        except ValueError as error:
            _log.warning("member %s cannot follow a commit: %s", self.user_id, error)
            self._session.reinit(1, self.user_id, self._channel_id)
            invalid = Reply(
                Op.INVALID_COMMIT_WELCOME, {"transition_id": _transition(body)}
            )
            return [invalid, self._offer()]
        return []


def _raw(body: Body) -> bytes:
    assert isinstance(body, bytes)  # noqa: S101 (binary opcodes carry bytes)
    return body


def _number(body: Body) -> int:
    assert isinstance(body, Mapping)  # noqa: S101 (the other opcodes carry JSON)
    return body["transition_id"]


def _transition(body: Body) -> int:
    """Read the transition id in front of a commit or a welcome."""
    return int.from_bytes(_raw(body)[:2], "big")


def _is_change(held: tuple[Op, Body], number: int) -> bool:
    return held[0] in _KEY_CHANGES and _transition(held[1]) == number
