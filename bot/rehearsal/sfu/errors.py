"""What the voice server refuses: one tree, caught where a client is answered."""

from __future__ import annotations


class VoiceServerError(Exception):
    """The voice server cannot do what was asked of it."""


class MlsError(VoiceServerError):
    """Bytes that are not the MLS message they should be."""


class RtpError(VoiceServerError):
    """A datagram that is not an audio packet of this session."""


class SessionClosedError(VoiceServerError):
    """The client broke the protocol: close its websocket with ``code``."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason
