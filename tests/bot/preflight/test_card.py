"""The words of the go/no-go card, in both languages and at their longest."""

from dataclasses import replace

import pytest

from bot.preflight import card
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from scheduler.plans import PlanState
from scheduler.preflight.readiness import Machine, Person, Posting, Room, look
from scheduler.preflight.settings import PreflightSettings
from tests.scheduler.preflight.test_readiness import NOW, PLAN, READY

WORDS = Wording(load())

ABSENT = Machine(free_mb=1, needed_mb=500, model="absent")
LACKING = Posting(channel_id=10**18, lacks=("view_channel", "send_messages"))
FAULTS = ("level", "clipping", "noise", "loss", "jitter")


def guest(number, **more):
    return Person(user_id=10**18 + number, checked_at=NOW, faults=FAULTS, **more)


WORST = replace(
    READY,
    host=replace(READY.host, in_guild=False),
    guests=(
        *(guest(number, confirmed=False, score=20, here=True) for number in range(4)),
        *(guest(number, score=70, here=True) for number in range(4, 8)),
        *(guest(number, in_guild=False) for number in range(8, 12)),
    ),
    room=Room(
        lacks=("mute_members", "move_members"),
        community=False,
        taken_by="x" * 100,
        voice_in=10**18,
    ),
    postings=(Posting(channel_id=1, there=False), LACKING, LACKING),
    rules=False,
    machine=ABSENT,
)


def shown(facts, language="en", plan=PLAN):
    lines = look(plan, facts, PreflightSettings(), NOW)
    return card.text(WORDS, language, plan, lines, NOW)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"room": Room(there=False)},
        {"guests": ()},
        {"machine": Machine(free_mb=9, needed_mb=0, model="off")},
        {"machine": Machine(free_mb=9, needed_mb=0, model="no_smaller")},
        {"guests": (guest(1), guest(2, confirmed=False))},
    ],
)
def test_every_line_has_words(language, changed):
    """A missing text or placeholder would fail in front of the host."""
    text = shown(replace(READY, **changed), language)

    assert "{" not in text


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_worst_day_fits_a_message_and_loses_no_trouble(language):
    """What is cut are lines that say yes; each trouble has its advice."""
    text = shown(WORST, language, replace(PLAN, agenda=(), topic="y" * 100))
    lines = look(replace(PLAN, agenda=()), WORST, PreflightSettings(), NOW)
    mark = WORDS.say(language, "gonogo.mark.no")
    advice = "What to do:" if language == "en" else "Qué hacer:"

    assert len(text) <= 2000
    noes = [one for one in text.splitlines() if one.startswith(mark)]
    assert len(noes) == sum(line.verdict.value == "no" for line in lines)
    assert all(advice in one for one in noes)
    assert text.splitlines()[-1].startswith("-# ")


def test_the_first_word_is_the_verdict():
    """Whoever listens to it knows at once."""
    assert shown(READY).startswith("**GO.**")
    assert shown(WORST).startswith("**NO-GO.**")
    assert "One thing could be better" in shown(replace(READY, rules=False))


def test_a_score_stands_with_its_name_and_what_was_wrong():
    """Only as far as names go; of more people the number is told."""
    text = shown(replace(READY, guests=tuple(guest(n, score=70) for n in range(8))))

    assert f"<@{10**18}> 70 of 100 (level, clipping, noise" in text
    assert f"<@{10**18 + 7}> 70" not in text
    assert "3 more" in text


def test_a_topic_pings_and_formats_nothing():
    """It is a member's text."""
    text = shown(READY, plan=replace(PLAN, topic="@everyone **hi**"))

    assert "@everyone" not in text
    assert "**hi**" not in text


@pytest.mark.parametrize("state", ["opened", "ended", "cancelled", "missed"])
def test_a_plan_that_is_not_to_come_has_nothing_left_to_check(state):
    """The card says what became of it."""
    plan = replace(PLAN, state=PlanState(state))

    assert "nothing left to check" in card.over(WORDS, "en", plan)
    assert card.over(WORDS, "en", PLAN) is None
