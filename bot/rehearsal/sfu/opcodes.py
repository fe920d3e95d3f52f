"""Numbers of the voice gateway, version 8 (Discord, "Voice Connections")."""

from __future__ import annotations

from enum import IntEnum


class Op(IntEnum):
    """Opcodes; 25 to 30 travel as binary messages, all others as JSON."""

    IDENTIFY = 0
    SELECT_PROTOCOL = 1
    READY = 2
    HEARTBEAT = 3
    SESSION_DESCRIPTION = 4
    SPEAKING = 5
    HEARTBEAT_ACK = 6
    RESUME = 7
    HELLO = 8
    RESUMED = 9
    CLIENTS_CONNECT = 11
    VIDEO = 12
    CLIENT_DISCONNECT = 13
    SESSION_UPDATE = 14
    MEDIA_SINK_WANTS = 15
    BACKEND_VERSION = 16
    CLIENT_FLAGS = 18
    CLIENT_PLATFORM = 20
    PREPARE_TRANSITION = 21
    EXECUTE_TRANSITION = 22
    TRANSITION_READY = 23
    PREPARE_EPOCH = 24
    EXTERNAL_SENDER = 25
    KEY_PACKAGE = 26
    PROPOSALS = 27
    COMMIT_WELCOME = 28
    ANNOUNCE_COMMIT = 29
    WELCOME = 30
    INVALID_COMMIT_WELCOME = 31


class Close(IntEnum):
    """Close codes of the voice websocket."""

    UNKNOWN_OPCODE = 4001
    UNREADABLE = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    SESSION_INVALID = 4006
    SESSION_TIMEOUT = 4009
    SERVER_NOT_FOUND = 4011
    UNKNOWN_PROTOCOL = 4012
    DISCONNECTED = 4014
    SERVER_CRASHED = 4015
    UNKNOWN_ENCRYPTION = 4016
    DAVE_REQUIRED = 4017
    BAD_REQUEST = 4020
    RATE_LIMITED = 4021
    CALL_TERMINATED = 4022


# These end the session: a client must identify anew (or not come back at all).
FINAL = frozenset(Close) - {Close.SERVER_CRASHED}

# What a client that resumes must not miss: numbered, and kept until acknowledged.
BUFFERED = frozenset(
    {
        Op.SPEAKING,
        Op.CLIENTS_CONNECT,
        Op.CLIENT_DISCONNECT,
        Op.PREPARE_TRANSITION,
        Op.EXECUTE_TRANSITION,
        Op.PREPARE_EPOCH,
        Op.EXTERNAL_SENDER,
        Op.PROPOSALS,
        Op.ANNOUNCE_COMMIT,
        Op.WELCOME,
    }
)
