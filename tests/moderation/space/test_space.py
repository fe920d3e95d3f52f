"""The whole Space under anything that can happen to it, in any order."""

import dataclasses
import random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from moderation.events import (
    KINDS,
    Answer,
    HandRaised,
    InvitationAnswered,
    Invited,
    MemberJoined,
    MemberLeft,
    SpaceEnded,
    SpaceOpened,
    SpeechEnded,
)
from moderation.events.rows import to_row
from moderation.ladder import LadderSettings, Rung
from moderation.refused import Refused
from moderation.requests import QueueMode, RequestKind
from moderation.settings import RoomKind, SpaceSettings
from moderation.space import Space
from moderation.space.rights import NEEDS
from moderation.space.space import TAKES
from moderation.view import Phase
from tests.moderation.anything import ENDINGS, HOST, USERS, any_event, any_of, openings
from tests.moderation.watched import Watched

people = st.sampled_from(USERS)


class SpaceMachine(RuleBasedStateMachine):
    """People, hosts, Discord and the clock do what they like."""

    def __init__(self):
        super().__init__()
        self.watched = Watched()

    @initialize(opening=openings(), here=st.sets(people))
    def open(self, opening, here):
        self.watched.take(opening)
        for user_id in {HOST, *here}:
            self.watched.take(MemberJoined(user_id))

    @rule(seed=st.integers(0, 2**16), length=st.integers(1, 12))
    def anything_happens(self, seed, length):
        rng = random.Random(seed)
        for _ in range(length):
            self.watched.take(any_event(rng, self.watched.space))

    @rule(user_id=people, kind=st.sampled_from(RequestKind))
    def raises_hand(self, user_id, kind):
        self.watched.take(HandRaised(user_id, kind))

    @rule(user_id=people)
    def comes(self, user_id):
        self.watched.take(MemberJoined(user_id, moderator=user_id == USERS[-1]))

    @rule(user_id=people)
    def goes(self, user_id):
        self.watched.take(MemberLeft(user_id))

    @rule(by=st.sampled_from([HOST, 2]), user_id=people)
    def is_invited(self, by, user_id):
        self.watched.take(Invited(by, user_id))

    @rule(pick=st.integers(0, 9), answer=st.sampled_from(Answer))
    def answers(self, pick, answer):
        invited = list(self.watched.space.state.floor.invitations)
        if invited:
            user_id = invited[pick % len(invited)]
            self.watched.take(InvitationAnswered(user_id, answer))

    @rule(user_id=people, seconds=st.sampled_from([0.4, 2.0, 5.0]))
    def speaks(self, user_id, seconds):
        self.watched.take(SpeechEnded(user_id, seconds))

    @rule(seconds=st.sampled_from([0.1, 1.0, 10.0, 40.0]))
    def time_passes(self, seconds):
        self.watched.wait(seconds)

    @precondition(lambda self: len(self.watched.journal) > 30)
    @rule(seed=st.integers(0, 50))
    def ends(self, seed):
        rng = random.Random(seed)
        self.watched.take(any_of(rng, rng.choice(ENDINGS)))

    @invariant()
    def view_shows_what_is(self):
        if self.watched.opened:
            self.watched.check_view()

    def teardown(self):
        if self.watched.opened:
            self.watched.check_replay()


TestSpaceMachine = SpaceMachine.TestCase
TestSpaceMachine.settings = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("seed", range(30))
def test_any_long_history_keeps_every_rule(seed):
    """Whatever happens for an hour: cap, grants, queue, explanations, replay."""
    rng = random.Random(seed)
    watched = Watched()
    choices = SpaceSettings(
        cap=rng.choice([2, 3, 5]),
        queue_mode=rng.choice(list(QueueMode)),
        sides=("for", "against"),
        turn_s=rng.choice([None, 20.0, 60.0]),
        auto_end=rng.random() < 0.5,
        auto_call=rng.random() < 0.5,
        ladder=LadderSettings(rungs=tuple(Rung), gap_s=1.0),
    )
    kind = rng.choice(list(RoomKind))
    watched.take(SpaceOpened(1, 2, 3, kind, HOST, "bees", choices))
    for user_id in USERS:
        watched.take(MemberJoined(user_id, moderator=user_id == USERS[-1]))

    for _ in range(300):
        watched.take(any_event(rng, watched.space))
        if rng.random() < 0.2:
            watched.take(MemberJoined(HOST))
            watched.wait(rng.choice([0.5, 5.0, 20.0]))
        watched.check_view()

    watched.check_replay()


def test_every_event_is_taken():
    """A fact that nobody takes would crash a live Space."""
    assert set(KINDS.values()) - set(TAKES) == {SpaceOpened}


def test_every_act_of_staff_needs_a_right():
    """What is done ``by`` somebody is checked against the rights table."""
    acts = {
        kind
        for kind in KINDS.values()
        if "by" in {f.name for f in dataclasses.fields(kind)}
        and kind.__name__ != "ConductNudged"
    }

    assert acts == set(NEEDS)


@pytest.fixture
def space():
    space = Space()
    space.handle(SpaceOpened(1, 2, 3, RoomKind.VOICE, HOST, "bees", SpaceSettings()), 0)
    space.handle(MemberJoined(HOST), 0.0)
    return space


def test_nothing_happens_before_the_opening():
    """The opening is the first event of every journal."""
    space = Space()

    with pytest.raises(Refused) as refused:
        space.handle(MemberJoined(2), 0.0)

    assert refused.value.key == "space.not_open"
    assert space.deadline() is None
    assert space.on_deadline(1e9) == []
    assert not space.is_live


def test_a_space_opens_once(space):
    """A second opening is refused."""
    again = SpaceOpened(1, 2, 3, RoomKind.VOICE, 5, "wasps", SpaceSettings())

    with pytest.raises(Refused) as refused:
        space.handle(again, 1.0)

    assert refused.value.key == "space.already_open"
    assert space.view(1.0).topic == "bees"


def test_two_hosts_ending_at_once_end_it_once(space):
    """After the end, whoever asks is told so, and plain facts change nothing."""
    space.handle(SpaceEnded(HOST), 1.0)

    with pytest.raises(Refused) as refused:
        space.handle(SpaceEnded(HOST), 1.0)

    assert refused.value.key == "space.ended"
    assert space.handle(MemberLeft(HOST), 2.0) == []
    assert space.view(2.0).phase is Phase.ENDED
    assert not space.may_speak(HOST)


def test_what_an_earlier_version_allowed_costs_no_space():
    """A row that is refused today changes nothing, and what follows is taken."""
    opened = SpaceOpened(1, 2, 3, RoomKind.VOICE, HOST, "bees", SpaceSettings())
    events = [opened, HandRaised(99), MemberJoined(99), HandRaised(99)]
    rows = [(float(at), *to_row(event)) for at, event in enumerate(events)]

    assert Space.replay(rows).has_hand_up(99)
