"""Events as rows of the journal, and back.

Fields at their default are left out of a row; a row with a field that this version
does not know, or without one that it needs, raises ``UnreadableEventError``.
"""

import json
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from types import UnionType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from moderation.errors import ModerationError
from moderation.events import (
    agenda,
    captions,
    hands,
    nudges,
    people,
    questions,
    recording,
    room,
    sanctions,
    turns,
    voice,
)
from moderation.events.event import ByStaff, Event

_MODULES = (
    agenda,
    captions,
    hands,
    nudges,
    people,
    questions,
    recording,
    room,
    sanctions,
    turns,
    voice,
)

KINDS: dict[str, type[Event]] = {
    name: kind
    for module in _MODULES
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, Event)
    if kind not in (Event, ByStaff)
}
"""Every class of event by its name."""

_DECODERS: dict[type[Any], dict[str, Callable[[Any], Any]]] = {}


class UnreadableEventError(ModerationError):
    """A row of the journal is no event that this version knows."""


class Row(NamedTuple):
    """An event as the journal keeps it."""

    name: str
    """The event's class."""

    body: str
    """Its fields, as a JSON object."""


def to_row(event: Event) -> Row:
    """Return ``event`` as the journal keeps it, without fields at their default."""
    body = {
        field.name: _encode(value)
        for field in fields(event)
        if (value := getattr(event, field.name)) != field.default
        or field.default is MISSING
    }
    return Row(
        type(event).__name__,
        json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    )


def from_row(name: str, body: str) -> Event:
    """Return the event of one row of the journal, or raise ``UnreadableEventError``."""
    kind = KINDS.get(name)
    if kind is None:
        raise UnreadableEventError(f"unknown event {name}")
    try:
        decoders = _decoders(kind)
        values = json.loads(body).items()
        return kind(**{field: decoders[field](value) for field, value in values})
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableEventError(f"unreadable {name}: {error}") from error


def _encode(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {f.name: _encode(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | frozenset):
        return [_encode(item) for item in value]
    return value


def _decoders(kind: type[Any]) -> dict[str, Callable[[Any], Any]]:
    known = _DECODERS.get(kind)
    if known is None:
        hints = get_type_hints(kind)
        known = {field.name: _decoder(hints[field.name]) for field in fields(kind)}
        _DECODERS[kind] = known
    return known


def _decoder(hint: Any) -> Callable[[Any], Any]:
    if get_origin(hint) is UnionType:
        inner = next(arg for arg in get_args(hint) if arg is not type(None))
        decode = _decoder(inner)
        return lambda value: None if value is None else decode(value)
    if get_origin(hint) is tuple:
        item = _decoder(get_args(hint)[0])
        return lambda value: tuple(item(one) for one in value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    if isinstance(hint, type) and is_dataclass(hint):
        parts = _decoders(hint)
        return lambda value: hint(**{k: parts[k](v) for k, v in value.items()})
    if hint is float:
        return float
    return _checked(hint)


def _checked(hint: type[Any]) -> Callable[[Any], Any]:
    def same(value: Any) -> Any:
        if type(value) is not hint:
            raise TypeError(f"{value!r} is no {hint.__name__}")
        return value

    return same
