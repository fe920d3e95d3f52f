"""What a host reads before a Space is planned."""

import asyncio
from dataclasses import replace
from datetime import date

import pytest

from bot.planning import question
from bot.planning.drafts import Draft
from bot.planning.outlook import look_ahead
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from moderation.store.database import Store
from scheduler.clockwork import records
from scheduler.plans import PlanRefused
from scheduler.settings import SchedulerSettings
from tests.scheduler.sample import tea

NOW = 1_800_000_000.0  # Friday, 15 January 2027, 08:00 UTC
HOUR, DAY = 3600.0, 86400.0
PLAN = tea(
    NOW + HOUR,
    topic="Tea & *cake*",
    minutes=90,
    zone="Europe/Madrid",
    post_channel_id=5,
)
WORDS = Wording(load())


def asked(plan, *others, repeat=None, reader="en", meant=(), until=None):
    """Return text and buttons of the card for ``plan`` beside other plans."""
    draft = Draft(id=9, plan=plan, repeat=repeat, when="at 10", others=meant)

    async def main():
        async with Store(":memory:") as store:
            for other in others:
                await store.write(lambda db, one=other: records.keep(db, one))
            settings = SchedulerSettings()
            outlook = await store.read(
                lambda db: look_ahead(db, plan, repeat, settings, NOW, until)
            )
            view = question.buttons(WORDS, reader, draft, outlook)
            made = [each.item for each in view.children]
            labels = [(one.label, one.disabled) for one in made]
            return question.text(WORDS, reader, draft, outlook), labels

    return asyncio.run(main())


def test_everything_that_was_understood_is_said():
    """Topic, time for every reader and on the host's clock, length, room, card."""
    text, labels = asked(PLAN)

    assert text.splitlines() == [
        r"🗓️ **Tea & \*cake\***",
        "<t:1800003600:F> (<t:1800003600:R>) on your clock; 10:00 in Europe/Madrid",
        "90 min in <#2>; you host it",
        "Shall I plan it, and post its card in <#5>? Until then nothing is planned.",
    ]
    assert labels == [("Plan it", False), ("Change…", False), ("Cancel", False)]


def test_another_meaning_is_one_press_away():
    """At most two, with the hour on the host's clock."""
    meant = (NOW + 13 * HOUR, NOW + 25 * HOUR, NOW + 37 * HOUR)

    _, labels = asked(PLAN, meant=meant)

    assert [label for label, _ in labels[1:3]] == [
        "I meant 15.01. 22:00",
        "I meant 16.01. 10:00",
    ]
    assert len(labels) == 5


def test_everything_in_the_way_is_named():
    """The channel's other plan and the host's own: no way to confirm, one to change."""
    there = [
        replace(PLAN, host_id=8, topic="Coffee"),
        replace(PLAN, channel_id=6, topic="Juice"),
        replace(PLAN, guild_id=4, topic="Elsewhere"),
    ]

    text, labels = asked(PLAN, *there)

    assert "⚠️ In that channel Coffee is planned <t:1800003600:R>." in text
    assert "⚠️ At that time <@3> hosts Juice, <t:1800003600:R>." in text
    assert "Elsewhere" not in text
    assert labels[0] == ("Plan it", True)


def test_a_series_says_its_days_and_what_is_left_out():
    """A few dates, the others counted."""
    taken = replace(PLAN, host_id=8, starts_at=NOW + HOUR + 2 * DAY)

    text, _ = asked(PLAN, taken, repeat="daily", reader="es")

    assert "🔁 Vuelve cada día: <t:1800090000:f>, <t:1800262800:f>," in text
    assert text.count(":f>") == 5
    assert "y 8 más" in text
    assert "porque ya hay otra cosa planeada: <t:1800176400" in text


def test_a_series_that_leaves_the_day_out_begins_later():
    """Monday to Friday, asked for a Saturday: the card says Monday."""
    saturday = replace(PLAN, starts_at=NOW + DAY + HOUR)

    text, _ = asked(saturday, repeat="weekdays")

    assert f"<t:{round(NOW + 3 * DAY + HOUR)}:F>" in text


@pytest.mark.parametrize(
    ("plan", "repeat", "key"),
    [
        (replace(PLAN, starts_at=NOW), None, "plan.past"),
        (replace(PLAN, starts_at=NOW + 20 * DAY), "monthly", "plan.too_far"),
        (replace(PLAN, minutes=0), None, "plan.length"),
        (replace(PLAN, topic=" "), None, "plan.no_topic"),
    ],
)
def test_what_can_never_be_planned_is_refused(plan, repeat, key):
    """Said at once instead of asked."""
    with pytest.raises(PlanRefused) as refused:
        asked(plan, repeat=repeat)

    assert refused.value.key == key


def test_a_series_with_an_end_says_which_and_how_many():
    """The fifteenth of January is a Friday: three weeks of it, at nine in UTC."""
    text, _ = asked(PLAN, repeat="weekly", until=date(2027, 2, 4))

    last = f"<t:{round(PLAN.starts_at + 14 * DAY)}:F>"
    assert f"🏁 3 in all; the last one is {last}." in text.splitlines()


def test_a_series_that_ends_before_it_comes_back_says_so():
    """It is one Space, and says that it is."""
    text, _ = asked(PLAN, repeat="monthly", until=date(2027, 2, 4))

    assert "🔁 Once: the end comes before it would come back." in text
    assert "🏁 1 in all" in text
