"""Expectations of a rehearsal: each kind met and unmet."""

import dataclasses

import pytest

from bot.rehearsal.expectation import (
    Expectation,
    Happened,
    Heard,
    Outcome,
    SpaceOutcome,
    SpaceTruth,
)
from bot.rehearsal.reckoning import CHECKS, check

SEEN = SpaceOutcome(
    ended=True,
    talk_s={"Ben": 15.5, "Emma": 8.0},
    floor=[Happened("Ben", 15.0)],
    hands=[Happened("Ben", 7.0, "chat")],
    invitations=[Happened("Ben", 13.5)],
    nudges=[Happened("Ben", 35.0, "monologue"), Happened(None, 52.0, "drift", 2)],
    lines=[Heard("Ben", 15.0, "I think the budget costs ten dollars.")],
    tracks=frozenset({"Ben"}),
    afterwards="done",
)
TRUTH = SpaceTruth(
    talk_s={"Ben": 15.7},
    lines={"Ben": ["i think the budget costs twenty dollars"]},
)
OUTCOME = Outcome({"talk": SEEN}, {"talk": TRUTH}, reminders=[41.0])


def expect(what, **keys):
    space = None if what == "reminder" else "talk"
    return Expectation(**{"what": what, "space": space} | keys)


MET = [
    expect("ended"),
    expect("final_pass"),
    expect("floor", who="Ben"),
    expect("hand", who="Ben", kind="chat"),
    expect("invitation", who="Ben", between=(10.0, 20.0)),
    expect("nudge", kind="monologue", who="Ben", between=(30.0, 40.0)),
    expect("nudge", kind="drift", at_least=2),
    expect("silence", who="Marco"),
    expect("talk_time", at_most=0.05),
    expect("transcript", at_least=0.8),
    expect("track", who="Ben"),
    expect("no_track", who="Emma"),
    expect("reminder", between=(40.0, 45.0)),
]


@pytest.mark.parametrize("expected", MET, ids=lambda e: e.what)
def test_met(expected):
    """What was seen leaves nothing to say."""
    assert check([expected], OUTCOME) == []


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        (expect("floor", who="Emma"), "the floor of Emma in talk; seen: Ben 15.0 s"),
        (
            expect("hand", who="Ben", kind="button"),
            "button a raised hand of Ben in talk; seen: chat Ben 7.0 s",
        ),
        (
            expect("invitation", who="Ben", between=(20.0, 30.0)),
            "an invitation of Ben in talk between 20 s and 30 s; seen: Ben 13.5 s",
        ),
        (
            expect("nudge", kind="dominance"),
            "dominance nudge in talk; seen: monologue Ben 35.0 s, drift 52.0 s",
        ),
        (
            expect("nudge", kind="drift", at_least=3),
            "drift nudge that quotes 3 lines in talk; "
            "seen: monologue Ben 35.0 s, drift 52.0 s",
        ),
        (expect("silence", who="Emma"), "Emma not heard in talk; seen: 8.0 s of talk"),
        (
            expect("talk_time", at_most=0.01),
            "15.7 s of talk of Ben in talk within 1%; seen: 15.5 s, 1% off",
        ),
        (
            expect("transcript", at_least=0.9),
            "at least 90% of the words of Ben in talk; seen: 6 of 7",
        ),
        (expect("track", who="Emma"), "a track of Emma in talk; seen: of Ben"),
        (expect("no_track", who="Ben"), "no track of Ben in talk; seen: of Ben"),
        (
            expect("reminder", between=(0.0, 40.0)),
            "a reminder between 0 s and 40 s; seen: 41.0 s",
        ),
    ],
)
def test_unmet(expected, line):
    """The line says what was expected and what was seen."""
    (unmet,) = check([expected], OUTCOME)

    assert str(unmet) == f"expected {line}"


def test_a_space_that_did_not_end_by_its_host():
    """An end by error or by the end of the run is not the host's."""
    seen = dataclasses.replace(SEEN, ended=False)
    outcome = dataclasses.replace(OUTCOME, spaces={"talk": seen})

    assert [u.seen for u in check([expect("ended")], outcome)] == ["it was not"]


def test_a_pass_that_did_not_hear_everything():
    """A pass that is done with a reason, or waits, is not what was expected."""
    seen = dataclasses.replace(SEEN, afterwards="done: not_all_recognised")
    outcome = dataclasses.replace(OUTCOME, spaces={"talk": seen})

    (unmet,) = check([expect("final_pass")], outcome)

    assert unmet.seen == "done: not_all_recognised"


@pytest.mark.parametrize("expected", MET[:-1], ids=lambda e: e.what)
def test_a_space_that_was_never_opened(expected):
    """Nothing that was expected of it is met."""
    (unmet,) = check([expected], Outcome({}, {"talk": TRUTH}))

    assert unmet.seen == "it was never opened"


def test_without_recognised_words():
    """A run that cannot know words does not expect them, nor the drift."""
    outcome = dataclasses.replace(OUTCOME, words=False)
    wanted = [
        expect("transcript", at_least=1.0),
        expect("nudge", kind="drift", between=(0.0, 1.0)),
        expect("nudge", kind="monologue", between=(0.0, 1.0)),
    ]

    assert [u.expected.split()[0] for u in check(wanted, outcome)] == ["monologue"]


def test_talk_of_real_recordings():
    """What is known by energy alone is compared less finely."""
    outcome = dataclasses.replace(OUTCOME, words=False)
    far = dataclasses.replace(SEEN, talk_s={"Ben": 11.0})

    assert check([expect("talk_time", at_most=0.01)], outcome) == []
    outcome = dataclasses.replace(outcome, spaces={"talk": far})
    assert len(check([expect("talk_time", at_most=0.01)], outcome)) == 1


def test_every_kind_has_its_check():
    """No kind of expectation can be written that nobody checks."""
    assert {e.what for e in MET} == {*CHECKS, "reminder"}
