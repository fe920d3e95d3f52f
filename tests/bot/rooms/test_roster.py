"""Who is here and what they are called: each thing once."""

from types import SimpleNamespace

import pytest

from bot.rooms.roster import Roster
from moderation.events import VoiceStateSeen

ANA, GUILD, NOW = 7, 1, 50.0


class FakeTalk:
    """Notes what the talk was told, and does the writing at once."""

    def __init__(self, db):
        self.told = []
        self._db = db

    def seen(self, state):
        self.told.append(state)

    def left(self, user_id):
        self.told.append(user_id)

    def write(self, task):
        task(self._db)


@pytest.fixture
def talk(db):
    return FakeTalk(db)


@pytest.fixture
def facts():
    return []


@pytest.fixture
def woken():
    return []


@pytest.fixture
def roster(talk, facts, woken):
    clock = SimpleNamespace(now=lambda: NOW)
    return Roster(GUILD, clock, talk, facts.append, woken.extend)


def test_a_state_is_a_fact_when_it_is_news(roster, talk, facts, woken):
    """Whether they may speak is looked at each time: Discord had a reason to say it."""
    first, then = VoiceStateSeen(ANA), VoiceStateSeen(ANA, suppressed=True)

    for state in (first, first, then):
        roster.voice_state(ANA, state)

    assert facts == talk.told == [first, then]
    assert woken == [ANA] * 3


def test_who_comes_back_is_new_again(roster, talk, facts):
    """The same state as before is a fact after a leave; the leave itself is none."""
    state = VoiceStateSeen(ANA)
    known = [roster.knows(ANA)]
    for each in (state, None, state):
        roster.voice_state(ANA, each)
        known.append(roster.knows(ANA))

    assert known == [False, True, False, True]
    assert facts == [state, state]
    assert talk.told == [state, ANA, state]


def test_a_name_is_kept_when_it_is_another(roster, db):
    """What the record has of it is not written again for the same name."""
    roster.name(ANA, "Ana")
    db.execute("DELETE FROM members")
    roster.name(ANA, "Ana")
    assert list(db["members"].rows) == []

    roster.name(ANA, "Anita")

    (row,) = db["members"].rows
    assert (row["name"], row["seen_at"], row["guild_id"]) == ("Anita", NOW, GUILD)
    assert roster.names == {ANA: "Anita"}
