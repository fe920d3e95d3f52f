"""``/privacy consent`` and ``status`` in any channel, with a live Space and without."""

import asyncio
from dataclasses import replace

import pytest

from bot import replies
from bot.config import Config
from bot.rooms.consent import version_of
from bot.settings import RecordingSettings
from media.consent import Consent
from moderation.settings import RoomKind
from moderation.store import consents, journal
from moderation.store.consents import ConsentRow
from tests.bot.guild import (
    ANA,
    EVA,
    HOST,
    LUIS,
    Stage,
    bot_on,
    busy,
    place,
    run,
    until,
)


async def answers(stage, name):
    """Return what the ledger has of somebody, oldest first."""
    guild_id, user_id = stage.standin.guild_id, stage.member(name).id
    return await stage.bot.store.read(
        lambda db: consents.history(db, guild_id, user_id)
    )


async def facts(stage, room):
    """Return the members of whose consent a Space was told, in order."""
    rows = await stage.bot.store.read(lambda db: journal.read(db, room.space_id))
    people = {stage.member(name).id: name for name in (HOST, ANA, LUIS, EVA)}
    told = [row.body for row in rows if row.name == "ConsentGiven"]
    return [name for body in told for user, name in people.items() if str(user) in body]


def heard(stage, room):
    """Return how far the hearing of each scripted member goes."""
    people = {stage.member(name).id: name for name in (HOST, ANA, LUIS, EVA)}
    return {people[user]: level for user, level in room.ears.consents.items()}


def elsewhere(stage):
    """Return the same guild, with commands typed in the channel of no Space."""
    return replace(stage, kind=RoomKind.VOICE)


def test_consent_is_looked_at_given_and_taken_back_between_spaces(tmp_path):
    """In any channel; the ledger has it for the guild, and the last one counts."""

    async def play(stage):
        await stage.commands()
        said = [await stage.command(ANA, "privacy status")]
        for level in ("audio", "nothing"):
            await stage.command(ANA, "privacy consent", level=level)
            said.append(await stage.command(ANA, "privacy status"))
        other = await stage.command(LUIS, "privacy status")
        return said, other, await answers(stage, ANA)

    said, other, kept = run(tmp_path, play)

    assert [text.partition(" (")[0][:26] for text in said] == [
        "You have not chosen: nothi",
        "You agreed to transcript a",
        "You chose that nothing of ",
    ]
    assert other == said[0]
    assert [(row.level, row.space_id, row.source) for row in kept] == [
        (2, None, "command"),
        (0, None, "command"),
    ]


def test_an_answer_is_waited_for_while_the_record_is_busy(tmp_path, monkeypatch):
    """Discord is asked for time; what is taken back is heard no more meanwhile."""
    monkeypatch.setattr(replies, "PATIENCE_S", 0.05)

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.command(ANA, "privacy consent", level="audio")
        async with busy(stage.bot.store):
            sent = await stage.said(ANA, "privacy consent", level="nothing")
            await until(lambda: sent.loading)
            during = heard(stage, room)[ANA]
        return during, await stage.answer(sent), await answers(stage, ANA)

    during, said, kept = run(tmp_path, play)

    assert during is Consent.NOTHING
    assert said.startswith("Understood")
    assert [row.level for row in kept] == [2, 0]


def test_what_is_decided_outlives_a_power_cut(tmp_path, monkeypatch):
    """Nobody is recorded after a restart who was told that it is over."""
    seen, record = [], consents.record

    def look(db, consent):
        (synchronous,) = db.execute("PRAGMA synchronous").fetchone()
        seen.append((consent.source, synchronous))
        record(db, consent)

    monkeypatch.setattr(consents, "record", look)

    async def play(stage):
        await stage.commands()
        await stage.command(ANA, "privacy consent", level="nothing")
        sent = await stage.said(ANA, "privacy erase")
        await stage.answer(sent)
        custom_id = stage.button(sent.original_id, "erase")
        await stage.member(ANA).click(sent.original_id, custom_id)
        await until(lambda: len(seen) == 2)

    run(tmp_path, play)

    assert seen == [("command", 2), ("erase", 2)]  # FULL


def test_the_question_is_answered_by_button_between_spaces(tmp_path):
    """The text names the days of the next Space; the answer is to that text."""
    config = Config(recording=RecordingSettings(keep_days=14))

    async def play(stage):
        await stage.commands()
        sent = await stage.said(EVA, "privacy consent")
        text = await stage.answer(sent)
        thanks = await stage.click(EVA, sent.original_id, "allow", "1")
        return text, thanks, await answers(stage, EVA)

    text, thanks, kept = run(tmp_path, play, config=config)

    assert "14 días" in text
    assert "en cualquier momento" in text
    assert thanks.startswith("Gracias")
    assert [(row.level, row.text_version) for row in kept] == [(1, version_of(14))]


def test_an_answer_between_spaces_is_taken_up_by_the_next_one(tmp_path):
    """By whoever is there when it opens, and by whoever comes in later: unasked."""

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, ANA)
        for name, level in ((ANA, "audio"), (LUIS, "transcript"), (EVA, "nothing")):
            await stage.command(name, "privacy consent", level=level)
        room = await stage.opened()
        await until(lambda: heard(stage, room) == {ANA: Consent.AUDIO})
        await stage.command(HOST, "record start")
        await stage.enter(EVA, LUIS)
        await until(lambda: len(room.space.state.consents.answers) == 3)
        await until(lambda: len(stage.told(LUIS)) == 2)  # on choosing, on coming in
        await until(lambda: len(heard(stage, room)) == 3)
        asked = await stage.posted("What may I do with your voice?")
        return heard(stage, room), asked["content"], ids(stage), stage.told(EVA)

    known, asked, people, told = run(tmp_path, play)

    assert known == {
        ANA: Consent.AUDIO,
        LUIS: Consent.TRANSCRIPT,
        EVA: Consent.NOTHING,
    }
    assert [name for name in people if str(people[name]) in asked] == [HOST]
    assert len(told) == 1  # the answer to her own command


def ids(stage):
    return {name: stage.member(name).id for name in (HOST, ANA, LUIS, EVA)}


@pytest.mark.parametrize("left", [False, True])
def test_withdrawing_reaches_a_live_space_from_any_channel(tmp_path, left):
    """Also one that the member has left for now; who never was there is no fact."""

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.command(ANA, "privacy consent", level="audio")
        before = heard(stage, room)
        if left:
            await stage.member(ANA).leave()
            await until(lambda: not room.roster.knows(stage.member(ANA).id))
        outside = elsewhere(stage)
        await outside.command(LUIS, "privacy consent", level="audio")
        await outside.command(ANA, "privacy consent", level="nothing")
        return before, heard(stage, room), await facts(stage, room)

    before, after, told = run(tmp_path, play)

    assert before == {ANA: Consent.AUDIO}
    assert after == {ANA: Consent.NOTHING}
    assert told == [ANA, ANA]


def test_every_live_space_that_knows_the_member_hears_of_it(tmp_path):
    """With two Spaces nobody is asked which is meant."""

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, ANA)
        first = await stage.opened()
        other = elsewhere(stage)
        await stage.command(ANA, "privacy consent", level="transcript")
        await other.enter(LUIS, ANA)
        await until(lambda: not first.roster.knows(stage.member(ANA).id))
        await other.command(LUIS, "space start", topic="Compost", language="en")
        (second,) = (one for one in stage.bot.rooms.live() if one is not first)
        await until(lambda: heard(stage, second) == {ANA: Consent.TRANSCRIPT})
        await stage.command(ANA, "privacy consent", level="nothing")
        return [heard(stage, room) for room in (first, second)]

    assert run(tmp_path, play) == [{ANA: Consent.NOTHING}] * 2


def test_what_is_taken_back_is_not_heard_while_the_ledger_waits(tmp_path):
    """A writer that is busy with something else delays the row, not the silence."""

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.command(ANA, "privacy consent", level="audio")
        store, goes_on = stage.bot.store, asyncio.Event()
        write = store.write

        async def waiting(task, **how):
            await goes_on.wait()
            return await write(task, **how)

        store.write = waiting
        sent = await stage.said(ANA, "privacy consent", level="nothing")
        await until(lambda: heard(stage, room) == {ANA: Consent.NOTHING})
        unwritten = len(await answers(stage, ANA))
        goes_on.set()
        await stage.answer(sent)
        return unwritten, len(await answers(stage, ANA))

    assert run(tmp_path, play) == (1, 2)


def test_a_withdrawal_that_no_space_heard_of_holds_after_a_restart(tmp_path):
    """Killed after the row and before the fact, the process leaves only the row."""

    async def main():
        async with place() as standin:
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot)
                await stage.commands()
                await stage.enter(HOST, ANA)
                await stage.opened()
                await stage.command(ANA, "privacy consent", level="audio")
                row = ConsentRow(
                    guild_id=standin.guild_id,
                    user_id=stage.member(ANA).id,
                    level=int(Consent.NOTHING),
                    text_version=version_of(30),
                    source="command",
                    at=bot.house.clock.now(),
                )
                await bot.store.write(lambda db: consents.record(db, row))
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot)
                (room,) = bot.rooms.live()
                await until(lambda: len(room.ears.consents) == 1)
                return heard(stage, room), await taken(room)

    async def taken(room):
        people = room.space.state.consents
        await until(lambda: set(people.answers.values()) == {Consent.NOTHING})
        return True

    assert asyncio.run(main()) == ({ANA: Consent.NOTHING}, True)


def test_longer_than_the_question_said_is_asked_again(tmp_path):
    """The question outlives the process that asked; its answer is to what it said."""

    async def main():
        async with place() as standin:
            config = Config(recording=RecordingSettings(keep_days=7))
            async with bot_on(standin, tmp_path, config) as bot:
                stage = Stage(standin, bot)
                await stage.commands()
                sent = await stage.said(ANA, "privacy consent")
                await stage.answer(sent)
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot)
                again = await stage.click(ANA, sent.original_id, "allow", "2")
                first = await answers(stage, ANA)
                await stage.click(ANA, sent.original_id, "allow", "1")
                return again, first, await answers(stage, ANA)

    again, first, then = asyncio.run(main())

    assert "for 30 days" in again
    assert first == []
    assert [(row.level, row.text_version) for row in then] == [(1, version_of(7))]


def test_status_never_says_less_than_is_kept(tmp_path):
    """Longer from now on: what was agreed holds in the Space that is live, and ends."""

    async def main():
        said = []
        async with place() as standin:
            for days in (30, 90):
                config = Config(recording=RecordingSettings(keep_days=days))
                async with bot_on(standin, tmp_path, config) as bot:
                    stage = Stage(standin, bot)
                    await stage.commands()
                    if days == 30:
                        await stage.enter(HOST, ANA)
                        await stage.opened()
                        await stage.command(ANA, "privacy consent", level="audio")
                    said.append(await stage.command(ANA, "privacy status"))
                    if days == 90:
                        await stage.command(HOST, "space end")
                        await until(lambda bot=bot: not bot.rooms.live())
                        said.append(await stage.command(ANA, "privacy status"))
        return said

    during, after_restart, after = asyncio.run(main())

    assert during == after_restart == "You agreed to transcript and audio."
    assert after.startswith("You have not chosen")
