"""A Space whose every step is checked against what must always hold."""

import copy

from moderation.effects import Explained, Tell
from moderation.events import SpaceOpened, to_row
from moderation.refused import Refused
from moderation.space import Space
from moderation.space.space import NEVER_REFUSED
from tests.moderation.anything import USERS


class Watched:
    """A Space, its journal and its clock."""

    def __init__(self):
        self.space = Space()
        self.now = 0.0
        self.journal = []

    @property
    def opened(self):
        return bool(self.journal)

    def take(self, event, refusable=True):
        """Handle one event; check what it did. Return its effects, None if refused."""
        before = copy.deepcopy(self.space._state)
        floor = floor_of(self.space) if self.opened else None
        waiting = self.space.state.queue.users() if self.opened else []
        try:
            effects = self.space.handle(event, self.now)
        except Refused:
            assert refusable, f"{event} was refused"
            assert self.space._state == before, f"refused {event} left a trace"
            return None
        self.journal.append((self.now, *to_row(event)))
        explained = [effect for effect in effects if isinstance(effect, Explained)]
        if floor is not None and floor_of(self.space) != floor:
            assert explained, f"{event} is not explained"
        check_answer(event, effects)
        self.check_nobody_is_lost(waiting, explained)
        self.check_floor()
        return effects

    def wait(self, seconds):
        """Let time pass; whatever is due happens, and then nothing is due any more."""
        self.now += seconds
        for _ in range(50):
            due = self.space.on_deadline(self.now)
            if not due:
                break
            assert self.space.deadline() <= self.now
            for event in due:
                self.take(event, refusable=False)
        deadline = self.space.deadline()
        assert deadline is None or deadline > self.now

    def check_nobody_is_lost(self, waiting, explained):
        """Whoever waited still waits, was called, or a sentence says why not."""
        state = self.space.state
        for user_id in waiting:
            still = (
                user_id in state.queue
                or user_id in state.floor.invitations
                or user_id in state.floor.seats
            )
            about = {effect.user_id for effect in explained}
            assert still or about & {user_id, None}, f"{user_id} was lost"

    def check_floor(self):
        """Hold the floor to the cap, to its grants, and everybody to one place."""
        state = self.space.state
        seats, invited = set(state.floor.seats), set(state.floor.invitations)
        queue = set(state.queue.users())
        assert len(seats) + len(invited) <= state.floor.cap <= 13
        assert {user for user in USERS if self.space.may_speak(user)} <= seats
        assert not queue & invited
        assert not queue & seats
        assert not invited & seats
        if self.space.is_live:
            hosting = state.hosting
            assert {hosting.host_id, *hosting.cohosts} <= seats
            assert hosting.host_id not in hosting.cohosts
            assert len(hosting.cohosts) == len(set(hosting.cohosts))

    def check_view(self):
        """Hold the view to the state."""
        queue = self.space.view(self.now).queue
        assert [one.position for one in queue] == list(range(1, len(queue) + 1))
        assert {one.user_id for one in queue} == set(self.space.state.queue.users())
        assert [one.wait_s for one in queue] == sorted(one.wait_s for one in queue)

    def check_replay(self):
        """Hold the journal to the truth."""
        assert Space.replay(self.journal).state == self.space.state


def check_answer(event, effects):
    """Hold every act of somebody to one answer for them."""
    if isinstance(event, (*NEVER_REFUSED, SpaceOpened)):
        return
    actor = getattr(event, "by", getattr(event, "user_id", None))
    told = {effect.user_id for effect in effects if isinstance(effect, Tell)}
    assert actor is None or actor in told, f"nobody answers {event}"


def floor_of(space):
    """Return everything whose change needs a sentence that explains it."""
    state = space.state
    return (
        {user: state.role_of(user) for user in USERS},
        set(state.floor.seats),
        set(state.floor.invitations),
        set(state.queue.users()),
        state.phase,
        state.hushed,
        state.locked,
        state.queue_open,
        state.settings,
    )
