"""Nudges that are said, and nudges that climb."""

from bot.conduct import Conduct
from moderation.effects import Audience, Nudge
from moderation.events import ConductNudged

ANA = 7


def nudge(audience, user_id, **params):
    return Nudge("nudge.a", params=params, rule="a", audience=audience, user_id=user_id)


def test_what_one_person_does_climbs_and_the_rest_is_said():
    """The ladder is the Space's; what the hosts read needs none."""
    facts, said = [], []
    for_hosts = nudge(Audience.HOSTS, ANA)

    Conduct(facts.append, said.extend).give(
        [nudge(Audience.MEMBER, ANA, talk_s=190.0, share=0.8), for_hosts]
    )

    assert facts == [ConductNudged(ANA, "a", talk_s=190.0, share=0.8)]
    assert said == [for_hosts]


def test_a_figure_that_was_not_measured_is_none():
    """A monologue has no share."""
    facts = []

    Conduct(facts.append, None).give([nudge(Audience.MEMBER, ANA, talk_s=9.0)])

    assert facts == [ConductNudged(ANA, "a", talk_s=9.0)]
