"""A Space with a few people in it, to be told one thing at a time."""

import pytest

from moderation.effects import Explained
from moderation.events import (
    Answer,
    HandRaised,
    InvitationAnswered,
    Invited,
    MemberJoined,
    SpaceOpened,
)
from moderation.refused import Refused
from moderation.settings import RoomKind, SpaceSettings
from moderation.space import Space

HOST, ANN, BOB, CHO, MOD = 1, 2, 3, 4, 9


class Scene:
    """A live Space with its host, ANN, BOB, CHO and a guild moderator present."""

    def __init__(self, kind=RoomKind.VOICE, **choices):
        self.space = Space()
        self.now = 100.0
        settings = SpaceSettings(**choices)
        self.do(SpaceOpened(1, 2, 3, kind, HOST, "bees", settings))
        for user_id in (HOST, ANN, BOB, CHO):
            self.do(MemberJoined(user_id))
        self.do(MemberJoined(MOD, moderator=True))

    @property
    def state(self):
        return self.space.state

    def do(self, event, after=0.0):
        """Handle one event ``after`` seconds; return its effects."""
        self.now += after
        return self.space.handle(event, self.now)

    def refuses(self, event):
        """Return the key with which an event is refused."""
        with pytest.raises(Refused) as refused:
            self.space.handle(event, self.now)
        return refused.value.key

    def seat(self, *users):
        """Bring members onto the floor."""
        for user_id in users:
            self.do(Invited(HOST, user_id))
            self.do(InvitationAnswered(user_id, Answer.ACCEPTED))

    def hands(self, *users):
        """Raise hands a second apart."""
        for user_id in users:
            self.do(HandRaised(user_id), after=1.0)

    def wait(self, seconds):
        """Let time pass and handle what is due; return those events."""
        self.now += seconds
        happened = []
        while due := self.space.on_deadline(self.now):
            for event in due:
                self.space.handle(event, self.now)
            happened += due
        return happened

    @property
    def queue(self):
        return [hand.user_id for hand in self.state.hands()]

    @property
    def floor(self):
        return set(self.state.floor.seats)

    @property
    def why(self):
        """The key of the last explained change."""
        return self.state.last.key


def only(effects, kind):
    """Return the effects of one class."""
    return [effect for effect in effects if isinstance(effect, kind)]


def keys(effects):
    """Return the text keys of explained changes."""
    return [effect.key for effect in only(effects, Explained)]
