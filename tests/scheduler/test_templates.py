"""Templates: what is kept of a plan, and what a plan of it is like."""

from dataclasses import replace

import pytest

from scheduler.autostart import check
from scheduler.campaigns.campaign import Campaign, CampaignState
from scheduler.guests.guest import Guest, GuestState, Slot
from scheduler.plans import PlanRefused, cancel
from scheduler.templates import (
    MOST,
    NAME_LENGTH,
    check_room,
    fitting,
    of_plan,
    planned,
)
from tests.scheduler.sample import tea

PLAN = tea(
    1_800_000_000.0,
    id=4,
    minutes=45,
    agenda=("10 min Welcome",),
    format="debate",
    series_id=9,
    occurrence="2027-03-04",
    event_id=77,
    cohost_ids=(8, 5),
    post_channel_id=6,
)


def template(name="Tea time", plan=PLAN, **more):
    return of_plan(plan, name, 3, 1.0, **more)


def test_a_plan_of_a_template_is_like_the_first_one_at_no_time_yet():
    """Another host, and nothing of what the first one has become."""
    made = planned(template(plan=cancel(PLAN, "ill")), 5, 50.0, 60)

    assert (made.topic, made.minutes, made.agenda) == ("Tea", 45, PLAN.agenda)
    assert (made.format, made.channel_id) == ("debate", 2)
    assert (made.id, made.event_id, made.series_id, made.reason) == (0, None, None, "")
    assert (made.host_id, made.starts_at, made.post_channel_id) == (5, 50.0, 60)
    assert made.cohost_ids == (8,)  # who hosts is no co-host


def test_guests_who_declined_are_not_in_it():
    """And nobody is, unless asked for."""
    there = Guest(
        plan_id=4, user_id=7, slot=Slot("item", 1), invited_by=3, invited_at=0
    )
    gone = replace(there, user_id=8, state=GuestState.DECLINED)

    kept = template(guests=[there, gone]).extras.guests

    assert [(one.user_id, one.slot) for one in kept] == [(7, Slot("item", 1))]
    assert template().extras.guests == ()


@pytest.mark.parametrize(
    ("state", "kept"), [(CampaignState.ACTIVE, True), (CampaignState.CANCELLED, False)]
)
def test_words_of_a_campaign_are_kept_while_it_runs(state, kept):
    """Its channels are not: they are the guild's."""
    campaign = Campaign(
        plan_id=4, guild_id=1, made_at=0, by=3, state=state, words={"es": "Ven"}
    )

    found = template(campaign=campaign).extras.campaign

    assert (found is not None and dict(found.hooks) == {"es": "Ven"}) is kept


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("", "template.no_name"),
        ("  ", "template.no_name"),
        ("x" * (NAME_LENGTH + 1), "template.long_name"),
    ],
)
def test_what_is_no_name_is_refused(name, key):
    """With the text that says why."""
    with pytest.raises(PlanRefused) as refused:
        template(name)

    assert refused.value.key == key


def test_a_guild_has_no_end_of_templates():
    """One may still be replaced, whatever its capitals."""
    full = [template(f"t{n}") for n in range(MOST)]

    check_room(full, template("T7"))
    with pytest.raises(PlanRefused) as refused:
        check_room(full, template("new"))

    assert refused.value.key == "template.too_many"


def test_what_begins_as_typed_comes_first_and_there_are_25():
    """Discord shows no more; the topic is looked at too."""
    known = [template(f"Weekly {n:02}") for n in range(40)]
    known += [template("A weekly one"), template("Other", replace(PLAN, topic="Choir"))]

    found = fitting(known, "weekly", 25)

    assert len(found) == 25
    assert found[0].name == "Weekly 00"
    assert [one.name for one in fitting(known, "CHOIR", 25)] == ["Other"]
    assert fitting(known, "nothing", 25) == []


def test_the_only_cohost_may_plan_it_as_host():
    """Without anybody to hand over to, it is called off in the host's absence."""
    model = replace(PLAN, auto_start=True, absent="hand_over", cohost_ids=(9,))
    kept = of_plan(model, "Weekly", 3, 1.0)
    made = planned(kept, 9, 1.0, None)
    assert check(made) == made
    assert (made.host_id, made.cohost_ids, made.absent) == (9, (), "cancel")
