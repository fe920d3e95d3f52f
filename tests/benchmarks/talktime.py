"""Talk time of a full stage: what keeping the figures costs of a core."""

import random
import time
from collections.abc import Iterator

from moderation.roles import Role
from moderation.talktime.figures import figures as talk_figures
from moderation.talktime.ledger import TalkLedger
from tests.figures import Figure

SPEAKERS = 24
SPACE_S = 3600
LOOK_S = 1
PANEL_S = 15
"""How often the live panel asks for everything; shares are asked for every second."""


def figures() -> Iterator[Figure]:
    """Run an hour of 24 people who interrupt each other, as fast as it goes."""
    rng = random.Random(24)
    ledger = TalkLedger()
    spurts = sorted(_spurts(rng), key=lambda spurt: spurt[2])
    for user_id in range(SPEAKERS):
        ledger.listen(user_id, 0.0)
        ledger.assign(user_id, Role.SPEAKER, 0.0)
    at = looks = 0
    began = time.process_time()
    for now in range(0, SPACE_S, LOOK_S):
        while at < len(spurts) and spurts[at][2] < now:
            user_id, start, end = spurts[at]
            ledger.began(user_id, start)
            ledger.heard(user_id, [(start, end)])
            at += 1
        ledger.shares(float(now))
        if now % PANEL_S == 0:
            talk_figures(ledger, float(now))
            looks += 1
    took = time.process_time() - began
    yield Figure(
        "talktime.core_percent_24",
        100 * took / SPACE_S,
        "%",
        "lower",
        1.0,
        {"spurts": float(len(spurts)), "full tables": float(looks)},
        SPEAKERS,
    )


def _spurts(rng: random.Random) -> Iterator[tuple[int, float, float]]:
    """Make everybody's talk: spurts of some seconds, 15 % of the time."""
    for user_id in range(SPEAKERS):
        now = rng.uniform(0, 20)
        while now < SPACE_S:
            length = min(rng.expovariate(1 / 3.0) + 0.3, 28.0)
            yield user_id, now, now + length
            now += length + rng.expovariate(1 / 18.0)
