"""Whatever the rules of a Space can say has words in both languages."""

import ast
import random
import re

import pytest

from bot.texts.catalogue import TextMissingError, load
from bot.texts.language import LANGUAGES
from bot.texts.wording import Wording
from media.heard import TrackTrouble
from moderation.events import EndReason, MemberJoined, SpaceOpened
from moderation.ladder import LadderSettings, Rung
from moderation.questions import QuestionStatus
from moderation.refused import Refused
from moderation.requests import QueueMode, RequestKind
from moderation.roles import Right
from moderation.settings import RoomKind, SpaceSettings
from moderation.space import Space
from tests.figures import ROOT
from tests.moderation.anything import HOST, TEXTS, USERS, any_event


def said(seed, events=300):
    """Return the texts of one Space in which anything happens, by key."""
    rng = random.Random(seed)
    choices = SpaceSettings(
        cap=rng.choice([2, 3, 5]),
        queue_mode=rng.choice(list(QueueMode)),
        sides=("for", "against"),
        turn_s=rng.choice([None, 20.0]),
        auto_end=rng.random() < 0.5,
        auto_call=rng.random() < 0.5,
        ladder=LadderSettings(rungs=tuple(Rung), gap_s=1.0),
    )
    space, now, texts = Space(), 0.0, {}
    kind = rng.choice(list(RoomKind))

    def take(event):
        try:
            effects = space.handle(event, now)
        except Refused as refused:
            texts[refused.key] = refused.params
            return
        for effect in effects:
            if hasattr(effect, "params"):
                texts[effect.key] = effect.params
        for hand in space.view(now).queue:
            texts[hand.reason_key] = hand.reason_params

    take(SpaceOpened(1, 2, 3, kind, HOST, "bees", choices))
    for user_id in USERS:
        take(MemberJoined(user_id, moderator=user_id == USERS[-1]))
    for _ in range(events):
        take(any_event(rng, space))
        if rng.random() < 0.2:
            now += rng.choice([0.5, 5.0, 20.0])
            for event in space.on_deadline(now):
                take(event)
    return texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_any_space_has_words(language):
    """A missing text or placeholder would fail in front of people."""
    wording = Wording(load())
    texts = {}
    for seed in range(60):
        texts |= said(seed)
    failures = []
    for key, params in texts.items():
        named = {
            name: "done" if name in ("cause_key", "reason_key") else value
            for name, value in params.items()
        }
        if key in TEXTS or not key:
            continue  # the key of a reminder is the planner's
        try:
            wording.say(language, key, named)
        except (TextMissingError, KeyError) as error:
            failures.append(f"{key}: {error!r}")

    assert failures == []
    assert len(texts) > 150


FAMILIES = {
    "kind": RequestKind,
    "mode": QueueMode,
    "why": QueueMode,
    "right": Right,
    "question.status": QuestionStatus,
    "space.ended": EndReason,
    "room.ended": EndReason,
    "recording": TrackTrouble,
}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_member_of_a_family_has_words(family):
    """A key made from a word of the rules exists for each of its words."""
    join = "_" if family.endswith("ended") else "."
    keys = [f"{family}{join}{word.value}" for word in FAMILIES[family]]

    assert [key for key in keys if not load().has(key)] == []


KEY = r"[a-z]+(\.[a-z_]+[a-z])+"


def literal_keys():
    """Yield every text key that stands in the code of the rules."""
    folder = ROOT / "moderation"
    nouns = ("queue", "floor", "cases", "agenda", "questions")
    files = [*folder.glob("space/*.py"), *(folder / f"{noun}.py" for noun in nouns)]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.fullmatch(KEY, text):
                yield text


def test_every_key_in_the_rules_has_words():
    """Also those that hardly ever happen."""
    keys = set(literal_keys())

    assert {key for key in keys if not load().has(key)} == set()
    assert len(keys) > 150
