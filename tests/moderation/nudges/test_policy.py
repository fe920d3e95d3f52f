"""The nudge policy: pace, readers, feedback."""

import pytest

from moderation.effects import Audience
from moderation.nudges.facts import Drifting, Monologue, NudgeFacts
from moderation.nudges.policy import NudgePolicy
from moderation.nudges.settings import NudgeSettings

HOST, ANA, BEN = 1, 7, 8


def settings(**changes):
    return NudgeSettings(
        **({"host_gap_s": 120.0, "cooldown_s": 300.0, "agenda_s": 0.0} | changes)
    )


def facts(now, **changes):
    room = {
        "opened_at": 0.0,
        "host_ids": frozenset({HOST}),
        "speakers": {HOST: 0.0, ANA: 0.0, BEN: 0.0},
        "spoke_at": {ANA: now, BEN: now},
    }
    return NudgeFacts(now=now, **(room | changes))


def long_talk(now, user_id=ANA):
    return facts(now, monologue=Monologue(user_id, 200.0))


DRIFT = Drifting(0.1, "Tea", ("a", "b"))


def rules_of(nudges):
    return [nudge.rule for nudge in nudges]


def test_the_same_reason_is_found_again_after_its_cooldown():
    """The person hears of it; the ladder decides who else, and how loudly."""
    policy = NudgePolicy(settings())

    heard = [policy.consider(long_talk(now)) for now in (0, 100, 300, 600)]

    assert [[n.audience for n in nudges] for nudges in heard] == [
        [Audience.MEMBER],
        [],
        [Audience.MEMBER],
        [Audience.MEMBER],
    ]
    assert heard[0][0].key == "nudge.monologue.member"


def test_a_short_break_does_not_end_the_cooldown():
    """Pausing a moment does not earn a second warning at once."""
    policy = NudgePolicy(settings())
    policy.consider(long_talk(0))
    policy.consider(facts(20))

    assert policy.consider(long_talk(100)) == []


def test_hosts_get_one_nudge_per_gap_the_most_urgent_first():
    """Two reasons at once: the bot never becomes the noise."""
    policy = NudgePolicy(settings())
    both = {"drifting": DRIFT, "unheard": {ANA: -100.0}}

    assert rules_of(policy.consider(facts(0, **both))) == ["unheard"]
    assert rules_of(policy.consider(facts(119, **both))) == []
    assert rules_of(policy.consider(facts(120, **both))) == ["drift"]


def test_member_and_hosts_are_paced_apart():
    """A private word to a speaker does not use up the hosts' turn."""
    policy = NudgePolicy(settings())

    given = policy.consider(facts(0, drifting=DRIFT, monologue=Monologue(ANA, 200.0)))

    assert [(n.rule, n.audience) for n in given] == [
        ("drift", Audience.HOSTS),
        ("monologue", Audience.MEMBER),
    ]


def test_host_who_dominates_reads_it_where_hosts_read():
    """A host is not messaged as a member."""
    (nudge,) = NudgePolicy(settings()).consider(long_talk(0, HOST))

    assert nudge.audience is Audience.HOSTS


def test_not_helpful_slows_a_rule_and_then_silences_it():
    """Feedback counts for the rest of the Space, for this rule alone."""
    policy = NudgePolicy(settings())
    off_topic = {"drifting": DRIFT}
    policy.consider(facts(0, **off_topic))

    policy.answered("drift", "not_helpful")
    assert policy.consider(facts(300, **off_topic)) == []
    assert rules_of(policy.consider(facts(600, **off_topic))) == ["drift"]

    policy.answered("drift", "not_helpful")
    assert policy.consider(facts(10_000, **off_topic, ends_at=1e9)) == []
    given = policy.consider(facts(10_000, unheard={ANA: 0.0}, ends_at=1e9))
    assert rules_of(given) == ["unheard"]


def test_other_answers_do_not_slow_a_rule():
    """Answering *back to topic* is help taken."""
    policy = NudgePolicy(settings())
    policy.consider(facts(0, drifting=DRIFT))

    policy.answered("drift", "back_to_topic")

    assert rules_of(policy.consider(facts(300, drifting=DRIFT))) == ["drift"]


@pytest.mark.parametrize("off", [{"enabled": False}, {"off": ("drift",)}])
def test_nudges_can_be_turned_off(off):
    """All of them, or one rule."""
    assert NudgePolicy(settings(**off)).consider(facts(0, drifting=DRIFT)) == []


def test_nudge_offers_the_rules_answers_and_not_helpful():
    """Five buttons at most fit into one row."""
    (nudge,) = NudgePolicy(settings()).consider(facts(0, drifting=DRIFT))

    assert nudge.choices[-1] == "not_helpful"
    assert len(nudge.choices) == 5
    assert nudge.evidence == ("a", "b")


def test_hosts_hear_of_one_person_at_a_time():
    """Two hands are up: the second is named when the hosts have had their pause."""
    policy = NudgePolicy(settings())
    hands = {"hands": {ANA: -900.0, BEN: -600.0}}

    named = [policy.consider(facts(now, **hands)) for now in (0, 60, 120, 240, 300)]

    assert [[n.user_id for n in nudges] for nudges in named] == [
        [ANA],
        [],
        [BEN],
        [],
        [ANA],
    ]


def test_what_the_ladder_told_the_hosts_counts_as_a_nudge():
    """Two minutes between two nudges, whichever way they come."""
    policy = NudgePolicy(settings())

    policy.given("monologue", ANA, Audience.HOSTS, 0.0)

    assert policy.consider(facts(119, drifting=DRIFT)) == []
    assert rules_of(policy.consider(facts(120, drifting=DRIFT))) == ["drift"]


def test_a_word_that_would_go_to_the_hosts_waits_for_their_pause():
    """The ladder's next rung is the hosts: it is not climbed while they read."""
    policy = NudgePolicy(settings())
    policy.consider(facts(0, drifting=DRIFT))
    going_on = {"monologue": Monologue(ANA, 300.0), "reported_next": frozenset({ANA})}

    assert policy.consider(facts(60, **going_on)) == []
    assert rules_of(policy.consider(facts(120, **going_on))) == ["monologue"]
    hands = policy.consider(facts(180, hands={BEN: -900.0}))
    assert hands == []


@pytest.mark.parametrize(
    ("after_s", "answers", "said"),
    [
        (100, 0, []),
        (300, 0, ["drift"]),
        (300, 1, []),
        (600, 1, ["drift"]),
        (1e5, 2, []),
    ],
)
def test_pace_and_answers_go_on_after_a_restart(after_s, answers, said):
    """What the record has of earlier nudges counts as if they were said here."""
    policy = NudgePolicy(settings())
    policy.given("drift", None, Audience.HOSTS, 0.0)
    for _ in range(answers):
        policy.answered("drift", "not_helpful")

    found = policy.consider(facts(after_s, drifting=DRIFT, ends_at=1e9))

    assert rules_of(found) == said
