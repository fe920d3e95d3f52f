"""Go or no-go: what stands in the way, what only could be better, and whose it is."""

from dataclasses import replace

import pytest

from scheduler.preflight.readiness import (
    Facts,
    Machine,
    Person,
    Posting,
    Room,
    Verdict,
    goes,
    look,
)
from scheduler.preflight.settings import PreflightSettings
from tests.scheduler.sample import tea

NOW = 1_800_000_000.0
HOST, ANA, BEN = 3, 7, 8
PLAN = tea(NOW + 900, id=4, host_id=HOST, agenda=("Welcome",))


def person(user_id, score=90, days=1.0, **more):
    return Person(user_id=user_id, checked_at=NOW - days * 86400, score=score, **more)


READY = Facts(
    host=person(HOST),
    guests=(person(ANA), person(BEN)),
    postings=(Posting(channel_id=5),),
    machine=Machine(free_mb=1000, needed_mb=500),
)


def found(facts=READY, plan=PLAN):
    return look(plan, facts, PreflightSettings(), NOW)


def by_about(lines):
    return {line.about: line for line in lines}


def test_everything_ready_is_a_go_without_a_but():
    """Every line says yes, and people are named."""
    lines = found()

    assert {line.verdict for line in lines} == {Verdict.YES}
    assert goes(lines)
    named = [one.user_id for one in by_about(lines)["confirmed"].people]
    assert named == [ANA, BEN]


GONE = Person(user_id=BEN, in_guild=False)
SILENT = person(BEN, confirmed=False)


@pytest.mark.parametrize(
    ("changed", "about"),
    [
        ({"room": Room(there=False)}, "room_gone"),
        ({"room": Room(lacks=("mute_members",))}, "room_lacks"),
        ({"room": Room(community=False)}, "no_community"),
        ({"room": Room(taken_by="Coffee")}, "room_taken"),
        ({"postings": (Posting(channel_id=5, lacks=("x",)),)}, "posting_lacks"),
        ({"host": replace(READY.host, in_guild=False)}, "host_gone"),
        ({"guests": (person(ANA), GONE)}, "guests_gone"),
        ({"guests": (SILENT,)}, "unconfirmed"),
        ({"guests": (person(ANA, score=59),)}, "voice_poor"),
        ({"machine": Machine(free_mb=1, needed_mb=500)}, "disk_full"),
    ],
)
def test_what_stands_in_the_way_is_a_no_go(changed, about):
    """One NO is enough, and it comes first."""
    lines = found(replace(READY, **changed))

    assert lines[0].about == about
    assert not goes(lines)


@pytest.mark.parametrize(
    ("changed", "about"),
    [
        ({"room": Room(voice_in=9)}, "voice_in_use"),
        ({"postings": (Posting(channel_id=5, there=False),)}, "posting_gone"),
        ({"guests": (person(ANA), SILENT)}, "unconfirmed"),
        ({"guests": (person(ANA, days=8),)}, "voice_unchecked"),
        ({"guests": (Person(user_id=ANA),)}, "voice_unchecked"),
        ({"rules": False}, "no_rules"),
        ({"machine": Machine(free_mb=9, needed_mb=0, model="absent")}, "model_absent"),
        (
            {"machine": Machine(free_mb=9, needed_mb=0, model="no_smaller")},
            "model_no_smaller",
        ),
    ],
)
def test_what_only_could_be_better_is_still_a_go(changed, about):
    """The Space can be held without it."""
    lines = found(replace(READY, **changed))

    assert lines[0].about == about
    assert lines[0].verdict is Verdict.MIND
    assert goes(lines)


def test_no_agenda_is_said():
    """The host reads it while there is time to write one."""
    assert "no_agenda" in by_about(found(plan=replace(PLAN, agenda=())))


def test_a_model_that_is_switched_off_is_nobodys_fault():
    """The organiser chose it."""
    machine = Machine(free_mb=9, needed_mb=0, model="off")

    assert by_about(found(replace(READY, machine=machine)))["model_off"].verdict is (
        Verdict.YES
    )


def test_where_the_room_is_gone_nothing_else_is_said_of_it():
    """There is nothing to grant in a channel that is deleted."""
    lines = by_about(found(replace(READY, room=Room(there=False))))

    assert {"room_free", "room_allowed"}.isdisjoint(lines)


def test_who_left_has_no_voice_to_check():
    """One line per trouble."""
    lines = by_about(found(replace(READY, guests=(GONE,))))

    assert "voice_unchecked" not in lines


def test_who_is_there_already_is_named():
    """Host and guests alike."""
    here = replace(READY, guests=(person(ANA, here=True),))

    assert [one.user_id for one in by_about(found(here))["here"].people] == [ANA]
