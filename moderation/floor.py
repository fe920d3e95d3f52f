"""The floor: who may speak, and who was invited to.

Rule 1: seats and open invitations together never exceed the cap, so that whoever
accepts finds a seat. Host and co-hosts count.
Rule 2: nobody has a seat without ``grant``, and a grant needs an invitation or a role.
Rule 3: this file knows no roles and no Discord; the Space asks it.

The words are those of RFC 8855 (BFCP): a floor request is granted, and released by its
holder or revoked by the chair.
"""

from dataclasses import dataclass, field, replace

from moderation.queue import Hand
from moderation.refused import Refused
from moderation.turns import TurnClock


@dataclass(slots=True)
class Seat:
    """A place on the floor."""

    user_id: int
    since: float
    """Unix seconds when it was granted."""

    clock: TurnClock | None = None
    """None without a time limit."""

    hand: Hand | None = None
    """The hand that led here or went up since; lowered by real speech."""

    spoken_s: float = 0.0
    """Speech since the seat was granted, or since the hand went up."""

    extensions: int = 0
    """Minutes that the speaker gave themself."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A seat kept for somebody who was asked."""

    user_id: int
    until: float
    """Unix seconds."""

    by: int | None
    """Who invited; None where the queue moved on by itself."""

    hand: Hand | None
    """The hand that was up, if any."""

    since: float = 0.0
    """Unix seconds when it was made."""

    note: str = ""
    """What was said with it."""


@dataclass(slots=True)
class Floor:
    """The seats of one Space."""

    cap: int
    """Seats and invitations at most."""

    seats: dict[int, Seat] = field(default_factory=dict)
    """By user, oldest first."""

    invitations: dict[int, Invitation] = field(default_factory=dict)
    """By user, oldest first."""

    @property
    def free(self) -> int:
        """Seats that neither a holder nor an invitation takes."""
        return self.cap - len(self.seats) - len(self.invitations)

    def require_free(self) -> None:
        """Refuse if no seat is free."""
        if self.free <= 0:
            raise Refused("floor.full", n=self.cap)

    def invite(self, invitation: Invitation) -> None:
        """Keep a seat for somebody."""
        self.require_free()
        self.invitations[invitation.user_id] = invitation

    def uninvite(self, user_id: int) -> Invitation | None:
        """Give the kept seat up; return the invitation."""
        return self.invitations.pop(user_id, None)

    def grant(self, user_id: int, now: float, turn_s: float | None = None) -> Seat:
        """Give somebody a seat: the one kept for them, or a free one."""
        invitation = self.invitations.pop(user_id, None)
        if invitation is None:
            self.require_free()
        clock = None if turn_s is None else TurnClock.start(now, turn_s)
        seat = Seat(user_id, now, clock, invitation.hand if invitation else None)
        self.seats[user_id] = seat
        return seat

    def release(self, user_id: int) -> Seat | None:
        """Take somebody off the floor; return the seat they had."""
        return self.seats.pop(user_id, None)

    def stood_still(self, since: float, now: float) -> None:
        """Let clocks and invitations lose nothing of the time from ``since`` to now.

        What was granted or made meanwhile began then.
        """
        for seat in self.seats.values():
            if seat.clock is not None and not seat.clock.over:
                seat.clock = seat.clock.shifted(now - max(since, seat.since))
        for user_id, invitation in self.invitations.items():
            until = invitation.until + now - max(since, invitation.since)
            self.invitations[user_id] = replace(invitation, until=until)
