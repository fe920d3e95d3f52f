"""Go or no-go: what was found about a plan, line by line, and the verdict.

Rules:

- ``NO`` is what keeps the Space from being held as it was planned; one is enough for
  NO-GO. ``MIND`` is what it can be held without.
- Nothing is a ``NO`` that nobody can do anything about before the start: each has its
  advice, at the edge's text of the same name.
- A voice check counts for ``check_days``; a voice nobody has checked is no fault.
- Lines are about people by name, so that the host knows whom to write to.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from scheduler.plans import Plan
from scheduler.preflight.settings import PreflightSettings

Param = str | int | float | None

DAY_S: Final = 86400.0


class Verdict(Enum):
    """How one thing stands, the worst first."""

    NO = "no"
    MIND = "mind"
    YES = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who is to speak: the host, or an invited guest."""

    user_id: int
    confirmed: bool = True
    """Whether they said that they come; a host has, by planning it."""

    in_guild: bool = True
    here: bool = False
    """Whether they are in the room already."""

    checked_at: float | None = None
    """When they last checked their voice (Unix seconds), or None."""

    score: int = 0
    """What that came to, 0 to 100."""

    faults: tuple[str, ...] = ()
    """What was wrong with it: ``level``, ``noise``…"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The channel that the Space is to be held in."""

    there: bool = True
    lacks: tuple[str, ...] = ()
    """Permissions that the bot does not have in it."""

    community: bool = True
    """Whether the guild may hold stages, where it is one."""

    taken_by: str | None = None
    """Topic of the Space that is live in it."""

    voice_in: int | None = None
    """Another channel in which the guild's one voice connection is in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A channel in which the plan is announced."""

    channel_id: int
    there: bool = True
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The machine that the bot runs on."""

    free_mb: int
    needed_mb: int
    model: str = "ready"
    """``ready``, ``no_smaller`` (it failed), ``absent``, or ``off`` by choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that was looked at."""

    host: Person
    guests: tuple[Person, ...] = ()
    room: Room = field(default_factory=Room)
    postings: tuple[Posting, ...] = ()
    rules: bool = True
    machine: Machine


@dataclass(frozen=True, slots=True)
class Line:
    """One finding."""

    verdict: Verdict
    about: str
    """Chooses the text and, unless it is a ``YES``, the advice."""

    params: Mapping[str, Param] = field(default_factory=dict)
    people: tuple[Person, ...] = ()
    """Whom it is about."""

    places: tuple[int, ...] = ()
    """Which channels it is about, where there may be several."""


def look(
    plan: Plan, facts: Facts, settings: PreflightSettings, now: float
) -> list[Line]:
    """Return every finding, the worst first; ``now`` is in Unix seconds."""
    found = [
        *_room(plan, facts.room),
        *_postings(facts.postings),
        *_people(facts),
        *_voices([facts.host, *facts.guests], settings, now),
        _either(facts.rules, "rules"),
        Line(Verdict.YES, "topic", {"topic": plan.topic}),
        _either(bool(plan.agenda), "agenda", {"n": len(plan.agenda)}),
        *_machine(facts.machine),
    ]
    order = list(Verdict)
    return sorted(found, key=lambda line: order.index(line.verdict))


def goes(lines: Iterable[Line]) -> bool:
    """Return whether it is a GO."""
    return all(line.verdict is not Verdict.NO for line in lines)


def _room(plan: Plan, room: Room) -> Iterable[Line]:
    where = {"space_channel": plan.channel_id}
    if not room.there:
        yield Line(Verdict.NO, "room_gone")
        return
    if not room.community:
        yield Line(Verdict.NO, "no_community", where)
    if room.lacks:
        keys = " ".join(f"permission.{name}" for name in room.lacks)
        yield Line(Verdict.NO, "room_lacks", {**where, "permission_keys": keys})
    else:
        yield Line(Verdict.YES, "room_allowed")
    if room.taken_by is not None:
        yield Line(Verdict.NO, "room_taken", {**where, "topic": room.taken_by})
    else:
        yield Line(Verdict.YES, "room_free", where)
    if room.voice_in is not None:
        yield Line(Verdict.MIND, "voice_in_use", {"space_channel": room.voice_in})


def _postings(postings: Sequence[Posting]) -> Iterable[Line]:
    if not all(one.there for one in postings):
        yield Line(Verdict.MIND, "posting_gone")
    lacking = [one for one in postings if one.there and one.lacks]
    if lacking:
        names = dict.fromkeys(name for one in lacking for name in one.lacks)
        keys = " ".join(f"permission.{name}" for name in names)
        places = tuple(one.channel_id for one in lacking)
        params = {"permission_keys": keys}
        yield Line(Verdict.NO, "posting_lacks", params, places=places)
    if postings and all(one.there and not one.lacks for one in postings):
        yield Line(Verdict.YES, "posting_allowed", {"n": len(postings)})


def _people(facts: Facts) -> Iterable[Line]:
    host = facts.host
    if not host.in_guild:
        yield Line(Verdict.NO, "host_gone", people=(host,))
    gone = tuple(one for one in facts.guests if not one.in_guild)
    coming = [one for one in facts.guests if one.in_guild]
    confirmed = tuple(one for one in coming if one.confirmed)
    silent = tuple(one for one in coming if not one.confirmed)
    if gone:
        yield Line(Verdict.NO, "guests_gone", people=gone)
    if silent:
        verdict = Verdict.MIND if confirmed else Verdict.NO
        yield Line(verdict, "unconfirmed", people=silent)
    if confirmed:
        yield Line(Verdict.YES, "confirmed", people=confirmed)
    here = tuple(one for one in (host, *coming) if one.here)
    if here:
        yield Line(Verdict.YES, "here", people=here)


def _voices(
    people: Iterable[Person], settings: PreflightSettings, now: float
) -> Iterable[Line]:
    good, poor, unknown = [], [], []
    for one in people:
        if not one.in_guild:
            continue
        at = one.checked_at
        if at is None or now - at > settings.check_days * DAY_S:
            unknown.append(one)
        elif one.score < settings.least_score:
            poor.append(one)
        else:
            good.append(one)
    if poor:
        yield Line(Verdict.NO, "voice_poor", people=tuple(poor))
    if unknown:
        yield Line(Verdict.MIND, "voice_unchecked", people=tuple(unknown))
    if good:
        yield Line(Verdict.YES, "voice_good", people=tuple(good))


def _machine(machine: Machine) -> Iterable[Line]:
    room = {"free_mb": machine.free_mb, "needed_mb": machine.needed_mb}
    enough = machine.free_mb >= machine.needed_mb
    yield Line(
        Verdict.YES if enough else Verdict.NO, "disk" if enough else "disk_full", room
    )
    lacks = machine.model in ("absent", "no_smaller")
    verdict = Verdict.MIND if lacks else Verdict.YES
    yield Line(verdict, f"model_{machine.model}")


def _either(there: bool, about: str, params: Mapping[str, Param] | None = None) -> Line:
    if there:
        return Line(Verdict.YES, about, params or {})
    return Line(Verdict.MIND, f"no_{about}")
