"""What the voice gateway says in JSON, checked before anybody acts on it.

discord.py trusts every message; one without a key it expects ends its poller and
leaves a connection that looks alive and hears nobody new. Here a message is either one
of these values or ``MalformedMessage``.
Source: Discord, "Voice Connections", gateway v8; op 12 as observed, undocumented.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address

import davey

from bot.voice.errors import MalformedMessage

READY = 2
SESSION_DESCRIPTION = 4
SPEAKING = 5
HELLO = 8
RESUMED = 9
CLIENTS_CONNECT = 11
VIDEO = 12
CLIENT_DISCONNECT = 13
PREPARE_TRANSITION = 21
EXECUTE_TRANSITION = 22
PREPARE_EPOCH = 24

KEY_BYTES = 32
MOST_MEMBERS = 20_000
"""User ids in one op 11; a stage holds 10,000."""

LONGEST_ID = 20
"""Digits of a number of 64 bits."""

NEWEST_DAVE: int = davey.DAVE_PROTOCOL_VERSION
"""What we offer when we identify; a server may ask for no more."""


@dataclass(frozen=True, slots=True)
class Ready:
    """Op 2: where to send UDP, and which encryptions there are."""

    modes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """Op 4: the transport key; 32 bytes."""

    mode: str
    key: bytes
    dave_version: int


@dataclass(frozen=True, slots=True)
class Speaking:
    """Op 5: whose stream an SSRC is; ``ssrc`` 0 where there is none."""

    user_id: int
    ssrc: int
    speaking: int
    """Bits; 0 = does not send at the moment."""


@dataclass(frozen=True, slots=True)
class Hello:
    """Op 8: how often to send heartbeats."""

    interval_ms: float


@dataclass(frozen=True, slots=True)
class Resumed:
    """Op 9: the session goes on."""


@dataclass(frozen=True, slots=True)
class Connected:
    """Op 11: who is in the channel."""

    user_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Streams:
    """Op 12: the streams of a member; ``audio_ssrc`` 0 where there is none."""

    user_id: int
    audio_ssrc: int


@dataclass(frozen=True, slots=True)
class Disconnected:
    """Op 13: who left the channel."""

    user_id: int


@dataclass(frozen=True, slots=True)
class PrepareTransition:
    """Op 21: another protocol version is coming."""

    transition_id: int
    version: int


@dataclass(frozen=True, slots=True)
class ExecuteTransition:
    """Op 22: what was prepared is in force now."""

    transition_id: int


@dataclass(frozen=True, slots=True)
class PrepareEpoch:
    """Op 24: epoch 1 means that a new group is to be formed."""

    epoch: int
    version: int


@dataclass(frozen=True, slots=True)
class Other:
    """Anything this receiver has no use for; discord.py may."""

    op: int


Message = (
    Ready
    | Described
    | Speaking
    | Hello
    | Resumed
    | Connected
    | Streams
    | Disconnected
    | PrepareTransition
    | ExecuteTransition
    | PrepareEpoch
    | Other
)


def read(message: object) -> Message:
    """Return what a JSON message says; raise MalformedMessage."""
    if not isinstance(message, Mapping) or "d" not in message:
        raise MalformedMessage("a message without d")
    op = number(message, "op")
    if message.get("seq") is not None:
        number(message, "seq")
    data = message["d"]
    if op == RESUMED:
        return Resumed()
    if op not in READERS:
        return Other(op)
    if not isinstance(data, Mapping):
        raise MalformedMessage(f"op {op}: d is no object")
    return READERS[op](data)


def _ready(data: Mapping[str, object]) -> Ready:
    word(data, "ssrc")
    number(data, "port", least=1, most=0xFFFF)
    try:
        IPv4Address(text(data, "ip"))
    except AddressValueError:
        raise MalformedMessage("ip is no address") from None
    return Ready(tuple(mode for mode in items(data, "modes") if isinstance(mode, str)))


def _described(data: Mapping[str, object]) -> Described:
    key = items(data, "secret_key")
    if len(key) != KEY_BYTES:
        raise MalformedMessage(f"a key of {len(key)} bytes")
    octets = [octet for octet in key if isinstance(octet, int) and 0 <= octet <= 255]
    if len(octets) != KEY_BYTES:
        raise MalformedMessage("a key that is no bytes")
    # Discord leaves the field out for clients without DAVE; it means version 0.
    said = data.get("dave_protocol_version") is not None
    version = dave_version(data, "dave_protocol_version") if said else 0
    return Described(text(data, "mode"), bytes(octets), version)


def _speaking(data: Mapping[str, object]) -> Speaking:
    speaking = number(data, "speaking") if data.get("speaking") is not None else 0
    return Speaking(snowflake(data, "user_id"), word(data, "ssrc"), speaking)


def _hello(data: Mapping[str, object]) -> Hello:
    interval = data.get("heartbeat_interval")
    if not isinstance(interval, int | float) or not 100 <= interval <= 3_600_000:
        raise MalformedMessage("a heartbeat interval out of range")
    return Hello(float(interval))


def _connected(data: Mapping[str, object]) -> Connected:
    ids = items(data, "user_ids")
    if len(ids) > MOST_MEMBERS:
        raise MalformedMessage(f"{len(ids)} members at once")
    return Connected(tuple(as_snowflake(user_id) for user_id in ids))


def _streams(data: Mapping[str, object]) -> Streams:
    ssrc = word(data, "audio_ssrc") if data.get("audio_ssrc") is not None else 0
    return Streams(snowflake(data, "user_id"), ssrc)


def _disconnected(data: Mapping[str, object]) -> Disconnected:
    return Disconnected(snowflake(data, "user_id"))


def _prepare_transition(data: Mapping[str, object]) -> PrepareTransition:
    return PrepareTransition(transition(data), dave_version(data, "protocol_version"))


def _execute_transition(data: Mapping[str, object]) -> ExecuteTransition:
    return ExecuteTransition(transition(data))


def _prepare_epoch(data: Mapping[str, object]) -> PrepareEpoch:
    return PrepareEpoch(number(data, "epoch"), dave_version(data, "protocol_version"))


READERS: Mapping[int, Callable[[Mapping[str, object]], Message]] = {
    READY: _ready,
    SESSION_DESCRIPTION: _described,
    SPEAKING: _speaking,
    HELLO: _hello,
    CLIENTS_CONNECT: _connected,
    VIDEO: _streams,
    CLIENT_DISCONNECT: _disconnected,
    PREPARE_TRANSITION: _prepare_transition,
    EXECUTE_TRANSITION: _execute_transition,
    PREPARE_EPOCH: _prepare_epoch,
}


def number(
    data: Mapping[str, object], key: str, *, least: int = -1, most: int = (1 << 64) - 1
) -> int:
    """Return a whole number within bounds."""
    value = data.get(key)
    if type(value) is not int or not least <= value <= most:
        raise MalformedMessage(f"{key} is no whole number from {least} to {most}")
    return value


def word(data: Mapping[str, object], key: str) -> int:
    """Return a number of 32 bits."""
    return number(data, key, least=0, most=(1 << 32) - 1)


def transition(data: Mapping[str, object]) -> int:
    """Return the id of a transition, 16 bits."""
    return number(data, "transition_id", least=0, most=0xFFFF)


def dave_version(data: Mapping[str, object], key: str) -> int:
    """Return a version of DAVE that we speak; 0 = none."""
    return number(data, key, least=0, most=NEWEST_DAVE)


def text(data: Mapping[str, object], key: str) -> str:
    """Return a string."""
    value = data.get(key)
    if not isinstance(value, str):
        raise MalformedMessage(f"{key} is no text")
    return value


def items(data: Mapping[str, object], key: str) -> list[object]:
    """Return a list."""
    value = data.get(key)
    if not isinstance(value, list):
        raise MalformedMessage(f"{key} is no list")
    return value


def snowflake(data: Mapping[str, object], key: str) -> int:
    """Return an id, which Discord writes as a string of digits."""
    return as_snowflake(data.get(key))


def as_snowflake(value: object) -> int:
    """Return an id; raise MalformedMessage."""
    # Longer ones are not even read: Python refuses to, with an error of its own.
    if isinstance(value, str) and len(value) <= LONGEST_ID and value.isascii():
        number_ = int(value) if value.isdigit() else 0
        if 0 < number_ < 1 << 64:
            return number_
    raise MalformedMessage("an id that is none")
