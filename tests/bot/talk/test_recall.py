"""What a Space takes up from the record after a restart."""

import asyncio

import pytest

from bot.talk.recall import mend, recall
from media.consent import Consent
from media.utterance import Utterance
from moderation.effects import Audience, Nudge
from moderation.events import (
    ConsentGiven,
    MemberJoined,
    SpaceOpened,
    SpeechStarted,
    TranscriptStarted,
    VoiceStateSeen,
)
from moderation.events.rows import to_row
from moderation.settings import RoomKind, SpaceSettings
from moderation.store import journal, missed, nudges, spaces, spurts, transcripts
from moderation.store.missed import MissedRow
from moderation.store.nudges import NewNudge
from moderation.store.spurts import SpurtRow
from moderation.store.transcripts import NewUtterance
from tests.bot.guild import ANA as ANA_NAME
from tests.bot.guild import HOST as HUGO
from tests.bot.guild import Stage, bot_on, place, until

HOST, ANA, OPENED = 1, 7, 1000.0
FACTS = (
    (0.0, SpaceOpened(1, 2, 3, RoomKind.STAGE, HOST, "bees", SpaceSettings())),
    (4.0, VoiceStateSeen(ANA, suppressed=True)),
)


def opened(db):
    """Put a Space on record in which Ana was put into the audience after 4 s."""
    new = spaces.NewSpace(
        guild_id=1,
        channel_id=2,
        host_id=HOST,
        kind="stage",
        topic="bees",
        opened_at=OPENED,
        language="es",
    )
    space_id = spaces.create(db, new)
    for at, event in FACTS:
        journal.append(db, space_id, OPENED + at, *to_row(event))
    return spaces.get(db, space_id)


def test_talk_lines_and_gaps_come_back(db):
    """As the room has them live: muted talk left out, gaps without words counted."""
    space = opened(db)
    spurts.record(db, space.id, [SpurtRow(ANA, 1.0, 6.0)])
    said = NewUtterance(uid="7-1000", user_id=ANA, start=1.0, end=6.0, text="Hola.")
    transcripts.record(db, space.id, said, OPENED + 7)
    missed.record(db, space.id, MissedRow(ANA, 10.0, 12.5, "too_late"))

    found = recall(db, space)

    assert found.ledger.talk(20.0)[ANA] == ((1.0, 4.0),)
    assert found.past.spurts == [(ANA, ((1.0, 4.0),))]
    (line,) = found.past.lines
    assert (line.id, line.text, line.language) == ("7-1000", "Hola.", "es")
    assert found.missed_s == 2.5


def test_talk_comes_back_as_it_was_heard(db):
    """Stretches with a short pause between them were one spurt; spurts end in order."""
    space = opened(db)
    rows = [(ANA, 0.0, 1.0), (ANA, 1.4, 3.0), (HOST, 1.5, 2.0), (ANA, 3.7, 3.9)]
    spurts.record(db, space.id, [SpurtRow(*row) for row in rows])

    assert recall(db, space).past.spurts == [
        (HOST, ((1.5, 2.0),)),
        (ANA, ((0.0, 1.0), (1.4, 3.0))),
        (ANA, ((3.7, 3.9),)),
    ]


def test_a_kill_in_the_middle_of_a_sentence_loses_none_of_it(db):
    """Talk up to the last sign of life, and a gap where its words would stand; once."""
    space = opened(db)
    facts = (
        (20.0, MemberJoined(HOST)),
        (20.5, TranscriptStarted(HOST)),
        (20.6, ConsentGiven(HOST, Consent.TRANSCRIPT, "v1")),
        (30.0, SpeechStarted(HOST)),
    )
    for at, event in facts:
        journal.append(db, space.id, OPENED + at, *to_row(event))
    spaces.beat(db, {space.id: 0.0}, OPENED + 38.0)

    found = recall(db, space)
    mend(db, space.id, found)
    again = recall(db, space)

    assert found.ledger.seconds(60.0) == {HOST: 8.0}
    assert (found.missed_s, again.missed_s) == (8.0, 8.0)
    assert spurts.read(db, space.id) == [SpurtRow(HOST, 30.0, 38.0)]
    (gap,) = missed.open_ones(db, space.id)
    assert (gap.start, gap.end, gap.reason) == (30.0, 38.0, "stopped")
    assert (again.broken, again.wordless) == ([], [])
    assert again.ledger.seconds(60.0) == {HOST: 8.0}


@pytest.mark.parametrize(("lag_s", "gaps"), [(0.0, []), (300.0, [(100.0, 110.0)])])
def test_a_kill_while_words_were_minutes_late_is_no_silence(db, lag_s, gaps):
    """What waited for the recogniser then has a gap, however long ago it was said."""
    space = opened(db)
    facts = (
        (20.0, MemberJoined(HOST)),
        (20.5, TranscriptStarted(HOST)),
        (20.6, ConsentGiven(HOST, Consent.TRANSCRIPT, "v1")),
    )
    for at, event in facts:
        journal.append(db, space.id, OPENED + at, *to_row(event))
    spurts.record(db, space.id, [SpurtRow(HOST, 50.0, 60.0)])
    spurts.record(db, space.id, [SpurtRow(HOST, 100.0, 110.0)])
    spaces.beat(db, {space.id: lag_s}, OPENED + 400.0)

    found = recall(db, space)

    assert [(row.start, row.end) for row in found.wordless] == gaps


def test_nudges_come_back_with_their_answers(db):
    """Rule, reader (one that is not known is a host), evidence, what was answered."""
    space = opened(db)
    new = NewNudge(
        space_id=space.id,
        rule="drift",
        step="hosts",
        at=OPENED + 60,
        evidence={"params": {"topic": "bees"}, "lines": ["a", "b"]},
    )
    nudges.answer(db, nudges.record(db, new), "disagree", HOST, OPENED + 70)
    bare = NewNudge(
        space_id=space.id,
        rule="monologue",
        step="somebody",
        at=OPENED + 80,
        user_id=ANA,
        evidence={},
    )
    nudges.record(db, bare)

    drift, monologue = recall(db, space).past.nudges

    assert (drift.rule, drift.audience) == ("drift", Audience.HOSTS)
    assert (drift.topic, drift.lines) == ("bees", ["a", "b"])
    assert (drift.answer, drift.answered_at) == ("disagree", OPENED + 70)
    assert (monologue.user_id, monologue.audience) == (ANA, Audience.HOSTS)
    assert (monologue.answer, monologue.lines) == (None, [])


def test_room_goes_on_where_the_last_process_stopped(tmp_path):
    """Captions keep their lines; a nudge just given is not given again."""

    async def main():
        async with place() as standin:
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot, RoomKind.VOICE)
                await stage.enter(HUGO, ANA_NAME)
                room = await stage.opened()
                ana = stage.member(ANA_NAME).id
                await stage.command(HUGO, "captions on")
                await stage.command(ANA_NAME, "privacy consent", level="transcript")
                await until(lambda: captions(stage))
                said = Utterance(f"{ana}-0", ana, 0.0, 1.0, "Welcome back.", "en")
                room.talk.uttered(said)
                room.captions.said(said)
                room.perform([too_long()])
                await until(lambda: any("open for" in t for t in stage.told(HUGO)))
            async with bot_on(standin, tmp_path) as bot:
                await until(bot.rooms.live)
                (room,) = bot.rooms.live()
                await until(lambda: "Welcome back." in captions(stage))
                talk = room.talk.conversation
                talk.plan(room.house.clock.now() - 1.0, frozenset())
                soon = talk.on_deadline(room.house.clock.now() + 60.0)
                later = talk.on_deadline(room.house.clock.now() + 130.0)
                return [n.rule for n in soon], [n.rule for n in later]

    soon, later = asyncio.run(main())

    assert soon == []
    assert later == ["over_plan"]


def captions(stage):
    """Return the text of the live captions."""
    shown = [one["content"] for one in stage.messages()]
    return "".join(text for text in shown if text.startswith("Live captions"))


def too_long():
    """Return a nudge to the hosts."""
    return Nudge(
        "nudge.too_long.hosts",
        params={"open_s": 4000.0},
        rule="too_long",
        audience=Audience.HOSTS,
        choices=("not_helpful",),
    )
