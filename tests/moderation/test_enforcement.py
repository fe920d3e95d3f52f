"""Reconciliation against a small Discord that behaves as the real one does."""

import random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from moderation.effects import Disconnect
from moderation.enforcement import (
    Blocked,
    Mute,
    Plan,
    Powers,
    Seen,
    Suppress,
    Unmute,
    Unsuppress,
    owed,
    plan,
)
from moderation.events import (
    Answer,
    Demoted,
    HandRaised,
    InvitationAnswered,
    Invited,
    MemberJoined,
    MemberLeft,
    RoomHushed,
    SpaceEnded,
    SpaceOpened,
    SpeechStarted,
    VoiceStateSeen,
)
from moderation.refused import Refused
from moderation.settings import RoomKind, SpaceSettings
from moderation.space import Space
from tests.moderation.anything import HOST, USERS, any_event

ROOM, ELSEWHERE = 3, 4
ANN, BOB, CHO = 2, 3, 4
CAN = Powers()


def opened(kind, *present):
    """Return a Space of ``kind`` with the host and these members in the room."""
    space = Space()
    space.handle(SpaceOpened(1, 9, ROOM, kind, HOST, "bees", SpaceSettings()), 0.0)
    for user_id in (HOST, *present):
        space.handle(MemberJoined(user_id), 0.0)
    return space


def on_floor(space, user_id):
    """Give a member the floor."""
    space.handle(Invited(HOST, user_id), 0.0)
    space.handle(InvitationAnswered(user_id, Answer.ACCEPTED), 0.0)


class NotInVoiceError(Exception):
    """Discord's 40032."""


class SmallDiscord:
    """Voice states as Discord keeps them: a server mute belongs to the member."""

    def __init__(self, kind):
        self.kind = kind
        self.where = {}
        self.muted = set()
        self.muted_by_moderator = set()
        self.suppressed = {}
        self.hand_up = {}

    def seen(self):
        return {
            user: Seen(
                where,
                user in self.muted,
                self.suppressed[user],
                self.hand_up[user],
            )
            for user, where in self.where.items()
        }

    def join(self, user_id, channel_id):
        self.where[user_id] = channel_id
        on_stage = self.kind is RoomKind.STAGE and channel_id == ROOM
        self.suppressed[user_id], self.hand_up[user_id] = on_stage, False

    def leave(self, user_id):
        del self.where[user_id]

    def call(self, call, ledger):
        user_id = call.user_id
        match call:
            case Mute():
                ledger.add(user_id)
                self.mute(user_id, on=True)
            case Unmute():
                assert user_id in ledger
                assert user_id not in self.muted_by_moderator
                self.mute(user_id, on=False)
                ledger.discard(user_id)
            case Suppress():
                self.suppressed[user_id], self.hand_up[user_id] = True, False
            case Unsuppress():
                self.suppressed[user_id], self.hand_up[user_id] = False, True

    def mute(self, user_id, on):
        if user_id not in self.where:
            raise NotInVoiceError
        (self.muted.add if on else self.muted.discard)(user_id)


class Evening:
    """A Space in a Discord where members and moderators work against the bot."""

    def __init__(self, kind):
        self.space = opened(kind)
        self.discord = SmallDiscord(kind)
        self.discord.join(HOST, ROOM)
        self.ledger = set()
        self.now = 0.0

    def tell(self, event):
        try:
            effects = self.space.handle(event, self.now)
        except Refused:
            return
        for effect in effects:
            if isinstance(effect, Disconnect) and effect.user_id in self.discord.where:
                self.goes(effect.user_id)

    def show(self, user_id):
        """Tell the Space what Discord shows of a member in the room."""
        if self.discord.where.get(user_id) == ROOM:
            seen = self.discord.seen()[user_id]
            self.tell(
                VoiceStateSeen(
                    user_id,
                    server_muted=seen.server_muted,
                    suppressed=seen.suppressed,
                    hand_up=seen.hand_up,
                )
            )

    def comes(self, user_id, channel_id):
        self.goes(user_id)
        self.discord.join(user_id, channel_id)
        if channel_id == ROOM:
            self.tell(MemberJoined(user_id))

    def goes(self, user_id):
        if user_id in self.discord.where:
            was = self.discord.where[user_id]
            self.discord.leave(user_id)
            if was == ROOM:
                self.tell(MemberLeft(user_id))

    def something_happens(self, rng):
        event = any_event(rng, self.space)
        if not isinstance(event, MemberJoined | MemberLeft | VoiceStateSeen):
            self.tell(event)

    def gets_the_floor(self, user_id):
        self.tell(Invited(HOST, user_id))
        self.tell(InvitationAnswered(user_id, Answer.ACCEPTED))

    def moderator_mutes_by_hand(self, user_id, on):
        """Mute or unmute; it counts as the moderator's unless ours stands already."""
        if user_id not in self.discord.where:
            return
        if on and user_id not in self.discord.muted:
            if user_id not in self.ledger:
                self.discord.muted_by_moderator.add(user_id)
        elif not on:
            self.discord.muted_by_moderator.discard(user_id)
        self.discord.mute(user_id, on)
        self.show(user_id)

    def moderator_moves_by_hand(self, user_id, suppress):
        on_stage = self.discord.kind is RoomKind.STAGE
        if on_stage and self.discord.where.get(user_id) == ROOM:
            self.discord.suppressed[user_id] = suppress
            self.discord.hand_up[user_id] = False
            self.show(user_id)

    def accepts_in_discord(self, user_id):
        if self.discord.hand_up.get(user_id) and not self.discord.suppressed[user_id]:
            self.discord.hand_up[user_id] = False
            self.show(user_id)

    def bot_reconciles(self):
        """One round of calls is enough, unless a member's answer changed the Space."""
        for _ in range(4):
            seen, governed = self.discord.seen(), {ROOM}
            found = plan(self.space, seen, self.ledger, CAN, now=self.now)
            calls = [*found.calls, *owed(seen, self.ledger, governed)]
            if not calls:
                break
            for call in calls:
                self.discord.call(call, self.ledger)
            for call in calls:
                self.show(call.user_id)
        else:
            raise AssertionError(f"no end of calls: {calls}")
        self.check_room()

    def go_on(self, rng):
        """Let one thing happen."""
        user_id = rng.choice(USERS)
        match rng.randrange(8):
            case 0:
                self.comes(user_id, rng.choice([ROOM, ROOM, ELSEWHERE]))
            case 1:
                self.goes(user_id)
            case 2:
                self.gets_the_floor(user_id)
            case 3:
                self.moderator_mutes_by_hand(user_id, rng.random() < 0.5)
            case 4:
                self.moderator_moves_by_hand(user_id, rng.random() < 0.5)
            case 5:
                self.accepts_in_discord(user_id)
            case _:
                self.something_happens(rng)

    def check_room(self):
        discord = self.discord
        assert not discord.muted_by_moderator - discord.muted
        for user_id, where in discord.where.items():
            may = self.space.may_speak(user_id)
            ours = user_id in self.ledger
            if where != ROOM or not self.space.is_live:
                assert not ours
            elif discord.kind is RoomKind.VOICE:
                muted = user_id in discord.muted
                assert muted or may, f"{user_id} can speak without the floor"
                assert not (may and ours), f"{user_id} has the floor and is muted"
            else:
                called = may or self.space.is_called(user_id)
                assert discord.suppressed[user_id] is not called
        assert {u for u in self.ledger if u in discord.where} <= discord.muted


class EnforcementMachine(RuleBasedStateMachine):
    """An evening in any order."""

    @initialize(kind=st.sampled_from(RoomKind))
    def open(self, kind):
        self.evening = Evening(kind)

    @rule(seed=st.integers(0, 2**16), length=st.integers(1, 20))
    def goes_on(self, seed, length):
        rng = random.Random(seed)
        for _ in range(length):
            self.evening.go_on(rng)

    @rule(user_id=st.sampled_from(USERS), channel_id=st.sampled_from([ROOM, ELSEWHERE]))
    def comes(self, user_id, channel_id):
        self.evening.comes(user_id, channel_id)

    @rule(user_id=st.sampled_from(USERS))
    def leaves(self, user_id):
        self.evening.goes(user_id)

    @rule(user_id=st.sampled_from(USERS))
    def gets_the_floor(self, user_id):
        self.evening.gets_the_floor(user_id)

    @rule(user_id=st.sampled_from(USERS), on=st.booleans())
    def is_muted_by_hand(self, user_id, on):
        self.evening.moderator_mutes_by_hand(user_id, on)

    @rule()
    def bot_reconciles(self):
        self.evening.bot_reconciles()


TestEnforcementMachine = EnforcementMachine.TestCase
TestEnforcementMachine.settings = settings(
    max_examples=80,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("kind", RoomKind)
@pytest.mark.parametrize("seed", range(20))
def test_any_long_evening_ends_in_order(kind, seed):
    """Whatever people and moderators do, reconciling ends, and the room is right."""
    rng = random.Random(seed)
    evening = Evening(kind)
    for user_id in USERS:
        evening.comes(user_id, ROOM)

    for _ in range(150):
        evening.go_on(rng)
        if rng.random() < 0.4:
            evening.bot_reconciles()

    evening.bot_reconciles()


def test_a_listener_in_a_voice_channel_is_muted():
    """In a voice channel only a server mute silences somebody at once."""
    space = opened(RoomKind.VOICE, ANN)

    found = plan(space, {HOST: Seen(ROOM), ANN: Seen(ROOM)}, set(), CAN, now=0.0)

    assert found == Plan((Mute(ANN),))


def test_a_thousand_suppressed_listeners_need_no_call():
    """A stage starts everybody suppressed for free."""
    listeners = range(100, 1100)
    space = opened(RoomKind.STAGE, *listeners)
    seen = {user: Seen(ROOM, suppressed=True) for user in listeners}

    assert plan(space, seen, set(), CAN, now=0.0) == Plan()


def test_who_speaks_without_the_floor_is_silenced_first():
    """Most urgent first: heard without the floor, then the floor, then the silent."""
    space = opened(RoomKind.VOICE, ANN, BOB, CHO)
    on_floor(space, BOB)
    space.handle(SpeechStarted(CHO), 1.0)
    seen = {
        ANN: Seen(ROOM),
        BOB: Seen(ROOM, server_muted=True),
        CHO: Seen(ROOM),
    }

    found = plan(space, seen, {BOB}, CAN, now=1.0)

    assert found.calls == (Mute(CHO), Unmute(BOB), Mute(ANN))


def test_the_floor_that_was_taken_does_not_wait_for_the_silent():
    """A demoted speaker is silenced before, and apart from, who only came in."""
    space = opened(RoomKind.VOICE, ANN, BOB)
    on_floor(space, BOB)
    space.handle(Demoted(HOST, BOB), 5.0)

    found = plan(space, {ANN: Seen(ROOM), BOB: Seen(ROOM)}, set(), CAN, now=5.0)

    assert found.calls == (Mute(BOB), Mute(ANN))
    assert found.urgent == 1


def test_a_moderators_own_mute_is_respected_and_shown():
    """A mute that is not in the ledger is never lifted."""
    space = opened(RoomKind.VOICE, ANN)
    on_floor(space, ANN)

    found = plan(space, {ANN: Seen(ROOM, server_muted=True)}, set(), CAN, now=0.0)

    assert found == Plan(foreign=(ANN,))


def test_an_unmute_does_not_wait_for_the_mute_to_be_seen():
    """The ledger says that a mute is on its way, so it is lifted all the same."""
    space = opened(RoomKind.VOICE, ANN)
    on_floor(space, ANN)

    assert plan(space, {ANN: Seen(ROOM)}, {ANN}, CAN, now=0.0).calls == (Unmute(ANN),)


def test_the_end_lifts_our_mutes():
    """A mute of ours does not outlive the Space."""
    space = opened(RoomKind.VOICE, ANN, BOB)
    space.handle(SpaceEnded(HOST), 1.0)
    seen = {ANN: Seen(ROOM, server_muted=True), BOB: Seen(ROOM, server_muted=True)}

    assert plan(space, seen, {ANN}, CAN, now=1.0).calls == (Unmute(ANN),)


@pytest.mark.parametrize(
    ("where", "paid"),
    [
        (None, ()),
        (ROOM, ()),
        (ELSEWHERE, (Unmute(ANN),)),
    ],
)
def test_a_debt_is_paid_as_soon_as_the_member_is_in_some_voice_channel(where, paid):
    """40032 until the next join; a live Space's own channel is left to its plan."""
    assert owed({ANN: Seen(where, server_muted=True)}, {ANN, BOB}, {ROOM}) == paid


def test_a_debt_is_paid_on_a_stage_too():
    """Whoever was muted in a voice channel is not muted on a stage."""
    space = opened(RoomKind.STAGE, ANN)
    seen = {ANN: Seen(ROOM, server_muted=True, suppressed=True)}

    assert plan(space, seen, {ANN}, CAN, now=0.0).calls == (Unmute(ANN),)


def test_an_invited_member_is_invited_in_discord_once():
    """Discord's invitation stays open until the member answers it."""
    space = opened(RoomKind.STAGE, ANN)
    space.handle(Invited(HOST, ANN), 0.0)

    first = plan(space, {ANN: Seen(ROOM, suppressed=True)}, set(), CAN, now=0.0)
    then = plan(space, {ANN: Seen(ROOM, hand_up=True)}, set(), CAN, now=0.0)

    assert first.calls == (Unsuppress(ANN),)
    assert then.calls == ()


def test_somebody_put_on_stage_by_hand_goes_back():
    """Who may speak is the Space's decision, also against a stage moderator."""
    space = opened(RoomKind.STAGE, ANN)

    assert plan(space, {ANN: Seen(ROOM)}, set(), CAN, now=0.0).calls == (Suppress(ANN),)


@pytest.mark.parametrize(("raised", "calls"), [(True, ()), (False, (Suppress(ANN),))])
def test_a_hand_that_the_space_does_not_know_is_lowered_in_discord(raised, calls):
    """Discord shows a raised hand exactly as long as the Space does."""
    space = opened(RoomKind.STAGE, ANN)
    if raised:
        space.handle(HandRaised(ANN), 0.0)
    seen = {ANN: Seen(ROOM, suppressed=True, hand_up=True)}

    assert plan(space, seen, set(), CAN, now=0.0).calls == calls


def test_hush_silences_speakers_and_not_the_host():
    """Hushed, only staff are heard."""
    space = opened(RoomKind.VOICE, ANN)
    on_floor(space, ANN)
    space.handle(RoomHushed(HOST), 1.0)

    found = plan(space, {HOST: Seen(ROOM), ANN: Seen(ROOM)}, set(), CAN, now=1.0)

    assert found.calls == (Mute(ANN),)


def test_what_cannot_be_done_names_the_missing_permission():
    """Nothing fails in silence."""
    space = opened(RoomKind.VOICE, ANN)

    found = plan(space, {ANN: Seen(ROOM)}, set(), Powers(mute_members=False), now=0.0)

    assert found == Plan(blocked=(Blocked(Mute(ANN), "mute_members"),))


def test_a_failed_call_is_tried_again_later():
    """A call that failed waits; the others do not wait for it."""
    space = opened(RoomKind.VOICE, ANN, BOB)
    seen = {ANN: Seen(ROOM), BOB: Seen(ROOM)}

    found = plan(space, seen, set(), CAN, now=10.0, not_before={ANN: 12.0})

    assert found == Plan((Mute(BOB),), retry_at=12.0)
    assert Mute(ANN) in plan(space, seen, set(), CAN, now=12.0).calls


def test_members_elsewhere_are_left_alone():
    """A plan is for one room."""
    space = opened(RoomKind.VOICE)

    assert plan(space, {ANN: Seen(ELSEWHERE)}, set(), CAN, now=0.0) == Plan()


def test_an_ended_stage_needs_no_call():
    """Suppression cleans itself up."""
    space = opened(RoomKind.STAGE, ANN)
    space.handle(SpaceEnded(HOST), 1.0)

    assert plan(space, {ANN: Seen(ROOM)}, set(), CAN, now=1.0) == Plan()


def test_who_is_only_invited_is_not_told_of_a_moderators_mute():
    """They do not have the floor yet."""
    space = opened(RoomKind.STAGE, ANN)
    space.handle(Invited(HOST, ANN), 1.0)

    seen = {ANN: Seen(ROOM, server_muted=True, hand_up=True)}

    assert plan(space, seen, set(), CAN, now=2.0).foreign == ()


def test_a_moderators_mute_is_shown_on_a_stage_too():
    """Whoever has the floor and is not heard should know why."""
    space = opened(RoomKind.STAGE, ANN)
    on_floor(space, ANN)

    found = plan(space, {ANN: Seen(ROOM, server_muted=True)}, set(), CAN, now=0.0)

    assert found == Plan(foreign=(ANN,))
