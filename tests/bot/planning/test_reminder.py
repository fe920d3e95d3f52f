"""What reminders say, and that their buttons fit what they are for."""

import pytest

from bot.planning import reminder
from bot.replies import LIMIT
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from scheduler.clockwork.deliveries import Notice
from scheduler.plans import TOPIC_LENGTH
from scheduler.reminders import Kind, Wish, sends
from scheduler.sends import Send, Timing
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

START = 1_800_000_000.0
WORDS = Wording(load())
PLAN = tea(START, id=4)


def notice(kind, *users):
    send = Send(
        key="k", plan_id=4, kind=kind, due_at=START, starts_at=START, user_ids=users
    )
    return Notice(PLAN, send, Timing.ON_TIME, "n" * 24)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("kind", "verbs"),
    [
        (Kind.MEMBERS, ["plan_when", "plan_forget"]),
        (Kind.DIRECT, ["plan_when", "plan_forget"]),
        (Kind.HOST, ["plan_move", "plan_call_off"]),
        (Kind.START, ["auto_open", "plan_move", "plan_call_off"]),
        (Kind.MISSED, ["plan_again"]),
    ],
)
def test_each_kind_has_the_buttons_that_fit(kind, verbs, language):
    """And each button the nonce, by which the message is found after a crash."""
    view = reminder.buttons(WORDS, language, notice(kind, 7))

    assert [one.press.verb for one in view.children] == verbs
    assert {one.press.arg for one in view.children} == {"n" * 24}
    assert all(len(one.item.custom_id) <= 100 for one in view.children)


@pytest.mark.parametrize(
    ("late_s", "words"), [(-600, "Tea starts"), (240, "it was to start")]
)
def test_only_what_comes_after_the_start_speaks_of_the_past(late_s, words):
    """A late reminder of what is still to come says when it starts."""
    text = reminder.text(
        WORDS, "en", notice(Kind.MEMBERS, 7, 8), START + late_s, public=True
    )

    assert words in text
    assert text.endswith("\n<@7> <@8>")


def test_in_private_nobody_is_named():
    """Who reads it knows who they are."""
    text = reminder.text(WORDS, "en", notice(Kind.DIRECT, 7), START - 60, public=False)

    assert "<@7>" not in text


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("letter", ["T", "*"])
@pytest.mark.parametrize("late_s", [-60, 60])
def test_a_full_list_of_names_fits_beside_the_longest_topic(language, letter, late_s):
    """Discord refuses a message that is too long: nobody in it would be reminded."""
    newest = 2**64 - 1  # no id of a member is longer
    plan = tea(START, topic=letter * TOPIC_LENGTH, channel_id=newest, post_channel_id=5)
    wishes = [Wish(newest - n, 3600.0) for n in range(200)]
    called = sends(plan, wishes, SchedulerSettings())

    texts = [
        reminder.text(
            WORDS,
            language,
            Notice(plan, send, Timing.LATE, "n" * 24),
            START + late_s,
            public=True,
        )
        for send in called
        if send.kind == Kind.MEMBERS
    ]

    assert max(map(len, texts)) <= LIMIT
    assert sum(text.count("<@") for text in texts) == len(wishes)
