"""How fast a Space is rebuilt after a crash."""

import random
import time
from collections.abc import Iterator

from moderation.events import (
    HandRaised,
    InvitationAnswered,
    MemberJoined,
    MemberLeft,
    NextCalled,
    SpaceOpened,
    SpeechEnded,
    SpeechStarted,
    SteppedDown,
    VoiceStateSeen,
    to_row,
)
from moderation.events.turns import Answer
from moderation.refused import Refused
from moderation.requests import QueueMode
from moderation.settings import RoomKind, SpaceSettings
from moderation.space import Space
from tests.figures import Figure

EVENTS = 10_000
PEOPLE = 500
RUNS = 5
HOST = 1


def journal(count: int) -> list[tuple[float, str, str]]:
    """Return the journal of a busy evening: ``count`` events of 500 people."""
    rng = random.Random(7)
    space, rows, now = Space(), [], 0.0
    settings = SpaceSettings(queue_mode=QueueMode.FAIR, turn_s=120.0)

    def take(event):
        try:
            space.handle(event, now)
        except Refused:
            return
        rows.append((now, *to_row(event)))

    take(SpaceOpened(1, 2, 3, RoomKind.STAGE, HOST, "bees", settings))
    take(MemberJoined(HOST))
    while len(rows) < count:
        now += rng.expovariate(2.0)
        user_id = rng.randrange(2, PEOPLE)
        speaker = rng.choice(list(space.state.floor.seats))
        for event in _moment(rng, space, user_id, speaker):
            take(event)
        for event in space.on_deadline(now):
            take(event)
    return rows[:count]


def _moment(rng, space, user_id, speaker):
    """Return what happens at one moment of such an evening."""
    chance = rng.random()
    if chance < 0.35:
        return [SpeechStarted(speaker), SpeechEnded(speaker, rng.uniform(0.3, 20.0))]
    if chance < 0.6:
        return [MemberJoined(user_id), VoiceStateSeen(user_id, suppressed=True)]
    if chance < 0.7 and user_id != HOST:
        return [MemberLeft(user_id)]
    if chance < 0.85:
        return [HandRaised(user_id, note="about the price of honey")]
    if chance < 0.95:
        invited = list(space.state.floor.invitations)
        answers = [InvitationAnswered(user, Answer.ACCEPTED) for user in invited]
        return [NextCalled(HOST), *answers]
    return [SteppedDown(speaker)] if speaker != HOST else []


def figures() -> Iterator[Figure]:
    """Measure the replay of one journal, several times; the median counts."""
    rows = journal(EVENTS)
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        Space.replay(rows)
        taken.append(time.perf_counter() - start)
    yield Figure(
        "floor.replay_10k_s",
        sorted(taken)[len(taken) // 2],
        "s",
        "lower",
        target=1.0,
        n=RUNS,
    )
