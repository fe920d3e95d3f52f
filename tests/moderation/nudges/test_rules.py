"""The nudge rules: each finds its reason, and nothing where there is none."""

import pytest

from moderation.nudges import rules
from moderation.nudges.facts import Drifting, Monologue, NudgeFacts
from moderation.nudges.settings import NudgeSettings

SETTINGS = NudgeSettings()
HOST, ANA, BEN = 1, 7, 8
OPENED = 1000.0


def facts(at=60.0, **changes):
    room = {
        "opened_at": OPENED,
        "host_ids": frozenset({HOST}),
        "speakers": {HOST: OPENED, ANA: OPENED, BEN: OPENED},
    }
    return NudgeFacts(now=OPENED + at, **(room | changes))


@pytest.mark.parametrize("rule", rules.RULES)
def test_quiet_room_gives_no_reason(rule):
    """A minute after the opening nothing is wrong yet."""
    assert list(rule(facts(), SETTINGS)) == []


@pytest.mark.parametrize(
    ("rule", "situation", "name", "about"),
    [
        (rules.unheard, {"unheard": {ANA: 1040, BEN: 1045}}, "unheard", ANA),
        (rules.drift, {"drifting": Drifting(0.1, "Tea", ("x",))}, "drift", None),
        (rules.monologue, {"monologue": Monologue(ANA, 180)}, "monologue", ANA),
        (rules.dominance, {"talk_s": {ANA: 200, BEN: 60, HOST: 30}}, "dominance", ANA),
        (rules.hand, {"at": 400, "hands": {5: 1050, 6: 1070}}, "hand", 5),
        (rules.silent_guest, {"at": 700, "spoke_at": {BEN: 1500}}, "silent_guest", ANA),
        (rules.listeners, {"at": 900, "listeners": 4}, "listeners", None),
        (rules.length, {"at": 3300}, "closing", None),
        (rules.length, {"at": 3600}, "too_long", None),
        (rules.length, {"at": 1600, "ends_at": 2800}, "closing", None),
        (rules.length, {"at": 720, "ends_at": OPENED + 900}, "closing", None),
        (rules.length, {"at": 900, "ends_at": OPENED + 900}, "over_plan", None),
        (
            rules.guest_off_floor,
            {"at": 600, "guests": frozenset({5, ANA})},
            "guest_off_floor",
            5,
        ),
        (
            rules.guest_unconfirmed,
            {"at": 600, "unconfirmed": frozenset({5, ANA})},
            "guest_unconfirmed",
            5,
        ),
        (rules.agenda, {"at": 300}, "no_agenda", None),
        (rules.agenda, {"at": 300, "has_topic": False}, "no_topic", None),
        (rules.commercial, {"words": 400, "promotion": 81}, "commercial", None),
    ],
)
def test_reason_is_found(rule, situation, name, about):
    """Each rule names itself and whom it is about, the longest waiting first."""
    finding = next(rule(facts(**situation), SETTINGS))

    assert (finding.rule, finding.user_id) == (name, about)


@pytest.mark.parametrize(
    ("rule", "situation"),
    [
        (rules.unheard, {"unheard": {ANA: 1055}}),
        (rules.monologue, {"monologue": Monologue(ANA, 179)}),
        (
            rules.monologue,
            {"monologue": Monologue(HOST, 500), "speakers": {HOST: OPENED}},
        ),
        (rules.dominance, {"talk_s": {ANA: 100, BEN: 10}}),
        (rules.dominance, {"talk_s": {ANA: 150, BEN: 150}}),
        (
            rules.dominance,
            {"talk_s": {HOST: 90, ANA: 210}, "speakers": {HOST: 0, ANA: 0}},
        ),
        (rules.hand, {"at": 300, "hands": {5: 1050}}),
        (rules.silent_guest, {"at": 700, "spoke_at": {ANA: 1500, BEN: 1500}}),
        (
            rules.silent_guest,
            {"at": 700, "spoke_at": {BEN: 1500}, "unheard": {ANA: 1000}},
        ),
        (rules.listeners, {"at": 900, "listeners": 0}),
        (rules.listeners, {"at": 900, "listeners": 4, "invited_at": 1800}),
        (rules.length, {"at": 3299}),
        (rules.length, {"at": 719, "ends_at": OPENED + 900}),
        (rules.length, {"at": 4000, "ends_at": OPENED + 5400}),
        (rules.guest_off_floor, {"at": 599, "guests": frozenset({5})}),
        (
            rules.guest_off_floor,
            {"at": 900, "guests": frozenset({5, HOST}), "spoke_at": {5: OPENED + 60}},
        ),
        (rules.guest_unconfirmed, {"at": 599, "unconfirmed": frozenset({5})}),
        (
            rules.guest_unconfirmed,
            {"at": 900, "unconfirmed": frozenset({5}), "spoke_at": {5: OPENED + 60}},
        ),
        (rules.agenda, {"at": 300, "has_agenda": True}),
        (rules.commercial, {"words": 400, "promotion": 80}),
        (rules.commercial, {"words": 399, "promotion": 300}),
    ],
)
def test_no_reason_is_found(rule, situation):
    """Just below a limit, or where the reason does not hold, a rule keeps quiet."""
    assert list(rule(facts(**situation), SETTINGS)) == []


def test_finding_carries_the_numbers_that_its_text_shows():
    """*Ana raised her hand 6 min ago* needs who and how long."""
    (finding,) = rules.hand(facts(at=460, hands={ANA: OPENED + 100}), SETTINGS)

    assert finding.params == {"user_id": ANA, "wait_s": 360.0}
    assert finding.choices == ("invite",)


def test_drift_brings_its_evidence():
    """The host sees the two lines that weigh most."""
    (finding,) = rules.drift(facts(drifting=Drifting(0.2, "Tea", ("a", "b"))), SETTINGS)

    assert (finding.score, finding.evidence) == (0.2, ("a", "b"))
    assert finding.choices == ("back_to_topic", "new_topic", "park", "disagree")


def test_agenda_can_be_left_to_the_host():
    """Zero seconds mean that nobody is told to have an agenda."""
    assert list(rules.agenda(facts(at=5000), NudgeSettings(agenda_s=0))) == []


def test_everybody_who_waits_is_found_the_longest_first():
    """A hand that was spoken of just now does not hide the one behind it."""
    found = rules.hand(facts(at=900, hands={5: 1300, 6: 1100, 7: 1800}), SETTINGS)

    assert [finding.user_id for finding in found] == [6, 5]


def test_promotion_brings_the_phrases_that_count():
    """The host sees what was taken for promotion before letting it pass."""
    sold = {"words": 500, "promotion": 300, "promoted_by": ("tea.example", "order now")}
    (finding,) = rules.commercial(facts(**sold), SETTINGS)

    assert finding.evidence == ("tea.example", "order now")
    assert finding.choices == ("not_promotion",)
