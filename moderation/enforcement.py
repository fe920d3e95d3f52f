"""Reconciliation: what to ask of Discord so that those who have the floor are heard.

Rule 1: compare, never remember. From what the Space says and what Discord shows, name
the fewest calls; when all of them succeeded and are seen, there are none left.
Rule 2: most urgent first: who is speaking without the floor, then who got the floor,
then from whom it was taken, then who could speak without it, then tidying up.
Rule 3: a server mute outlives the room (Discord, Modify Guild Member), so it is written
in the mute ledger *before* the call. Only a mute in the ledger is ever lifted; a
moderator's own mute is respected and shown as ``foreign``.
Rule 4: a mute can be lifted only while its member is in some voice channel (40032). The
debt stays in the ledger until then; ``owed`` names those that can be paid.
Rule 5: a suppressed listener on a stage needs no call, however many there are.

The ledger is a set of user ids of one guild. To carry out a call: ``Mute``: write the
debt, then mute. ``Unmute``: unmute, then strike the debt out; on 40032 leave it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from moderation.settings import RoomKind
from moderation.space import Space


@dataclass(frozen=True, slots=True)
class Seen:
    """A member's voice state as Discord shows it. The bot itself is not listed."""

    channel_id: int | None
    """Where they are; None for in no voice channel."""

    server_muted: bool = False
    suppressed: bool = False

    hand_up: bool = False
    """Request to speak is set: a raised hand while suppressed, an open invitation
    while not."""

    speaking: bool = False
    """Heard right now; the Space's own knowledge counts as well."""


@dataclass(frozen=True, slots=True)
class Call:
    """One thing to ask of Discord, about one member."""

    user_id: int


@dataclass(frozen=True, slots=True)
class Mute(Call):
    """Server-mute; into the ledger first."""


@dataclass(frozen=True, slots=True)
class Unmute(Call):
    """Lift our own server mute; out of the ledger afterwards."""


@dataclass(frozen=True, slots=True)
class Suppress(Call):
    """Send to the audience of the stage; also takes back invitation and raised hand."""


@dataclass(frozen=True, slots=True)
class Unsuppress(Call):
    """Invite onto the stage; a human still has to accept in Discord's own window."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """A call that cannot be made."""

    call: Call

    permission: str
    """The missing permission by Discord's name for it, e.g. ``mute_members``."""


@dataclass(frozen=True, slots=True)
class Powers:
    """What the bot may do in the room's channel."""

    mute_members: bool = True
    """Needed for every call: server mute and suppress (Discord, Permissions)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now."""

    calls: tuple[Call, ...] = ()
    """Most urgent first."""

    urgent: int = 0
    """How many of the calls, from the first on, should not wait for anything."""

    blocked: tuple[Blocked, ...] = ()
    """What cannot be done, for the host to know; most urgent first."""

    foreign: tuple[int, ...] = ()
    """Members with the floor whom a moderator has muted; that is respected."""

    retry_at: float | None = None
    """Unix seconds when a call that failed before may be tried again."""


class Urgency(IntEnum):
    """How soon a call is needed; the lowest first."""

    UNHEARD = 0
    """Speaks without the floor."""
    FLOOR = 1
    """Has the floor, or is invited, and cannot speak."""
    TAKEN = 2
    """Had the floor and can still speak."""
    OPEN = 3
    """Could speak without the floor."""
    TIDY = 4


@dataclass(slots=True)
class _Wanted:
    """The calls found so far."""

    calls: list[tuple[Urgency, Call]] = field(default_factory=list)
    foreign: list[int] = field(default_factory=list)

    def add(self, urgency: Urgency, call: Call) -> None:
        self.calls.append((urgency, call))


def plan(
    space: Space,
    seen: Mapping[int, Seen],
    ledger: Collection[int],
    powers: Powers,
    *,
    now: float,
    not_before: Mapping[int, float] | None = None,
) -> Plan:
    """Return what makes the room as the Space says.

    ``seen`` may hold any members of the guild; those outside the room's channel are
    left to ``owed``. ``not_before`` names the members whose last call failed and the
    Unix seconds before which it is not tried again.
    """
    state = space.state
    wanted = _Wanted()
    for user_id, voice in seen.items():
        if voice.channel_id != state.channel_id:
            continue
        if state.kind is RoomKind.STAGE:
            _on_stage(space, user_id, voice, ledger, wanted)
        else:
            _in_voice(space, user_id, voice, ledger, wanted)
    return _planned(wanted, powers, now, not_before or {})


def _planned(
    wanted: _Wanted, powers: Powers, now: float, not_before: Mapping[int, float]
) -> Plan:
    ranked = sorted(wanted.calls, key=lambda pair: pair[0])
    ordered = [call for _, call in ranked]
    pressing = {call.user_id for urgency, call in ranked if urgency <= Urgency.TAKEN}
    foreign = tuple(wanted.foreign)
    if not powers.mute_members:
        blocked = tuple(Blocked(call, "mute_members") for call in ordered)
        return Plan(blocked=blocked, foreign=foreign)
    later = [not_before.get(call.user_id, now) for call in ordered]
    ready = [call for call, at in zip(ordered, later, strict=True) if at <= now]
    retry_at = min((at for at in later if at > now), default=None)
    urgent = sum(call.user_id in pressing for call in ready)
    return Plan(tuple(ready), urgent, foreign=foreign, retry_at=retry_at)


def owed(
    seen: Mapping[int, Seen], ledger: Collection[int], governed: Collection[int]
) -> tuple[Unmute, ...]:
    """Return the mutes of a guild that are owed and can be lifted now.

    ``governed`` are the channels of live Spaces, which ``plan`` sees to. Everybody
    else who is in a voice channel is unmuted; the rest have to wait for their next
    join.
    """
    free = []
    for user_id in ledger:
        voice = seen.get(user_id)
        if voice is None or voice.channel_id is None:
            continue
        if voice.channel_id not in governed:
            free.append(Unmute(user_id))
    return tuple(free)


def _in_voice(
    space: Space, user_id: int, voice: Seen, ledger: Collection[int], wanted: _Wanted
) -> None:
    ours = user_id in ledger
    if not space.is_live:
        if ours:
            wanted.add(Urgency.TIDY, Unmute(user_id))
    elif space.may_speak(user_id):
        # Whatever is shown: a mute may be on its way and not seen yet.
        if ours:
            wanted.add(Urgency.FLOOR, Unmute(user_id))
        elif voice.server_muted:
            wanted.foreign.append(user_id)
    elif not voice.server_muted:
        wanted.add(_without_floor(space, user_id, voice), Mute(user_id))


def _on_stage(
    space: Space, user_id: int, voice: Seen, ledger: Collection[int], wanted: _Wanted
) -> None:
    if user_id in ledger:
        wanted.add(Urgency.TIDY, Unmute(user_id))  # brought from a voice channel
    if not space.is_live:
        return
    if space.may_speak(user_id) or space.is_called(user_id):
        if voice.suppressed:
            wanted.add(Urgency.FLOOR, Unsuppress(user_id))
        muted = voice.server_muted and user_id not in ledger
        if muted and space.may_speak(user_id):
            wanted.foreign.append(user_id)
    elif not voice.suppressed:
        wanted.add(_without_floor(space, user_id, voice), Suppress(user_id))
    elif voice.hand_up and not space.has_hand_up(user_id):
        wanted.add(Urgency.TIDY, Suppress(user_id))


def _without_floor(space: Space, user_id: int, voice: Seen) -> Urgency:
    if voice.speaking or space.is_speaking(user_id):
        return Urgency.UNHEARD
    state = space.state
    # Nobody comes onto a stage unsuppressed: it is the floor that was taken there.
    had_it = user_id in state.floor.seats or state.people.spoken(user_id).turns > 0
    return Urgency.TAKEN if had_it or state.kind is RoomKind.STAGE else Urgency.OPEN
