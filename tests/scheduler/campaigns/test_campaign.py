"""Campaigns: states, texts, teasers, announcements out of turn."""

import pytest

from scheduler.campaigns.campaign import (
    HOOK_LENGTH,
    REQUESTS,
    TEASERS,
    Campaign,
    CampaignState,
    request,
    teaser,
    turn,
    with_texts,
)
from scheduler.plans import Plan, PlanRefused
from tests.scheduler.sample import tea

PLAN = tea(1e9, agenda=("Soil", "Water"))
CAMPAIGN = Campaign(plan_id=1, guild_id=1, made_at=0.0, by=3)


def test_it_pauses_goes_on_and_ends():
    """When it goes on is noted; nothing leads out of cancelled."""
    paused = turn(CAMPAIGN, CampaignState.PAUSED, 5.0)
    active = turn(paused, CampaignState.ACTIVE, 9.0)
    over = turn(active, CampaignState.CANCELLED, 10.0)

    assert (paused.resumed_at, active.resumed_at) == (0.0, 9.0)
    for state in CampaignState:
        with pytest.raises(PlanRefused):
            turn(over, state, 11.0)


def test_pausing_twice_is_refused():
    """The refusal names the state that it is in."""
    paused = turn(CAMPAIGN, CampaignState.PAUSED, 5.0)

    with pytest.raises(PlanRefused) as refused:
        turn(paused, CampaignState.PAUSED, 6.0)

    assert refused.value.params["state_key"] == "promo.state_name.paused"


def test_announcements_out_of_turn_are_few():
    """Whoever presses the button again and again is stopped."""
    asked = CAMPAIGN
    for at in range(REQUESTS):
        asked = request(asked, float(at))

    with pytest.raises(PlanRefused, match="requests"):
        request(asked, 99.0)
    with pytest.raises(PlanRefused, match="state"):
        request(turn(CAMPAIGN, CampaignState.PAUSED, 1.0), 2.0)


def test_teasers_are_lines_without_their_bullets():
    """What was typed as a list becomes a list; an empty language has no texts."""
    made = with_texts(
        CAMPAIGN, {"en": " Come! ", "es": "  "}, {"en": "- Soil\n\n• Water", "es": ""}
    )

    assert made.words == {"en": "Come!"}
    assert made.teasers == {"en": ("Soil", "Water")}


@pytest.mark.parametrize(
    ("words", "teasers", "key"),
    [
        ({"en": "x" * (HOOK_LENGTH + 1)}, {}, "promo.long_words"),
        ({}, {"en": "x" * 141}, "promo.long_teaser"),
        ({}, {"en": "\n".join("x" * (TEASERS + 1))}, "promo.many_teasers"),
    ],
)
def test_texts_that_are_too_long_are_refused(words, teasers, key):
    """Two thousand characters have to hold the whole announcement."""
    with pytest.raises(PlanRefused) as refused:
        with_texts(CAMPAIGN, words, teasers)

    assert refused.value.key == key


def test_teasers_take_turns_and_fall_back_to_the_agenda():
    """Each announcement teases something else; another language has the agenda."""
    made = with_texts(CAMPAIGN, {}, {"es": "Suelo"})

    assert [teaser(PLAN, made, "en", n) for n in range(3)] == ["Soil", "Water", "Soil"]
    assert teaser(PLAN, made, "es", 5) == "Suelo"
    assert teaser(Plan(**(as_dict(PLAN) | {"agenda": ()})), made, "en", 0) == ""


def as_dict(plan):
    return {name: getattr(plan, name) for name in plan.__dataclass_fields__}
