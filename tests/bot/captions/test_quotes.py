"""Captions that lose words that are gone: in which thread, and whatever happens."""

import asyncio
import time
from dataclasses import replace
from types import SimpleNamespace

import discord
import pytest

from bot.captions.captions import THREAD
from bot.captions.quoted import Gone
from bot.captions.quotes import ThreadQuotes
from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.world import threads
from media.consent import Consent
from media.utterance import Utterance, utterance_id
from moderation.settings import RoomKind
from moderation.store import (
    caption_lines,
    posts,
    redactions,
    spaces,
    transcripts,
    word_deletions,
)
from moderation.store.database import Store
from tests.bot.guild import ANA, HOST, LUIS, run, until

LEFT = "Call me at █████"
GONE = Gone(1, "Ana", 0.0, ("Call me at 555, please.", "Yes."), LEFT)


def said(stage, name, text, start):
    """Return an utterance of somebody."""
    user_id = stage.member(name).id
    uid = utterance_id(user_id, start)
    return Utterance(uid, user_id, start, start + 1.0, text, "en")


async def captioned(stage, *, noted=True):
    """Hold a Space with captions; return its thread in the stand-in, and its id.

    Without ``noted`` the record does not know which lines stand where: an earlier
    version wrote them.
    """
    await stage.enter(HOST, ANA)
    room = await stage.opened()
    await stage.command(HOST, "captions on")
    world, store = stage.standin.world, stage.bot.store
    await until(lambda: world.guild.threads)
    room.ears.set_consent(stage.member(ANA).id, Consent.TRANSCRIPT)
    spoken = ((1.0, "Call me at 555, please."), (2.0, "Thank you."))
    lines = [said(stage, ANA, text, start) for start, text in spoken]
    for one in lines:
        new = transcripts.NewUtterance(
            uid=one.id, user_id=one.user_id, start=one.start, end=one.end, text=one.text
        )
        await store.write(
            lambda db, new=new: transcripts.record(db, room.space_id, new, 5.0)
        )
    for one in lines:  # at once: in one message
        room.captions.said(one)
    await stage.command(HOST, "captions off")
    (thread,) = world.guild.threads.values()
    async with asyncio.timeout(30.0):
        while not await store.read(  # noqa: ASYNC110 - nobody tells of it otherwise
            lambda db: caption_lines.of_space(db, room.space_id)
        ):
            await asyncio.sleep(0.01)
    await stage.member(LUIS).type(thread.id, "Ana: Call me at 555, please.")
    if not noted:
        await store.write(lambda db: db.execute("DELETE FROM caption_lines"))
    return thread, room.space_id


def texts(stage, thread):
    """Return what stands in the thread."""
    shelf = stage.standin.world.messages[thread.id]
    return [one["content"] for one in shelf.values()]


def of_ana(stage, space_id):
    """Return the first line of the Space as it is gone."""
    one = said(stage, ANA, "", 1.0)
    return replace(
        GONE, space_id=space_id, at=time.time(), user_id=one.user_id, uid=one.id
    )


async def redact(stage, space_id, part):
    """Redact Ana's first line in the record alone."""
    uid = said(stage, ANA, "", 1.0).id

    def write(db):
        row = transcripts.find(db, space_id, uid)
        redactions.redact(db, row.id, row.version, 7, 9.0, part)

    await stage.bot.store.write(write)


@pytest.mark.parametrize("noted", [True, False])
@pytest.mark.parametrize("archived", [False, True])
def test_only_the_bots_own_caption_is_edited(tmp_path, archived, noted):
    """In a thread that nobody has written into for a day, too."""

    async def play(stage):
        thread, space_id = await captioned(stage, noted=noted)
        world = stage.standin.world
        if archived:
            body = Form({"archived": True})
            threads.edit(world, thread.owner_id, thread, body)
        gone = of_ana(stage, space_id)
        quotes = ThreadQuotes(stage.bot.client, stage.bot.store)
        await quotes.note(gone)
        await redact(stage, space_id, (11, 22))
        done = [await quotes.take_out(gone), await quotes.take_out(gone)]
        there = texts(stage, thread)
        threads.delete(world, world.guild.owner_id, thread)
        return [*done, await quotes.take_out(gone)], there

    done, there = run(tmp_path, play, RoomKind.VOICE)

    assert done == [True, True, True]
    assert there == [f"Ana: {LEFT}\nAna: Thank you.", "Ana: Call me at 555, please."]


@pytest.mark.parametrize("noted", [True, False])
def test_a_process_that_was_killed_after_the_record_goes_on(tmp_path, noted):
    """The record has no words any more: what was noted of the messages is enough."""

    async def play(stage):
        thread, space_id = await captioned(stage, noted=noted)
        await ThreadQuotes(stage.bot.client, stage.bot.store).note(
            of_ana(stage, space_id)
        )
        await redact(stage, space_id, None)
        left = [await stage.bot.store.read(caption_lines.stale)]
        await ThreadQuotes(stage.bot.client, stage.bot.store).finish()
        left.append(await stage.bot.store.read(caption_lines.stale))
        return texts(stage, thread), left, space_id

    there, left, space_id = run(tmp_path, play, RoomKind.VOICE)

    assert there == ["Ana: █████\nAna: Thank you.", "Ana: Call me at 555, please."]
    assert left == [[space_id], []]


def test_captions_that_were_not_noted_are_found_by_their_words(tmp_path):
    """Discord did not answer when it was asked where they stand; by now it does."""

    async def play(stage):
        thread, space_id = await captioned(stage, noted=False)
        gone = of_ana(stage, space_id)
        await redact(stage, space_id, None)
        quotes = ThreadQuotes(stage.bot.client, stage.bot.store)
        done = await quotes.take_out(replace(gone, left="█████"))
        return done, texts(stage, thread)

    done, there = run(tmp_path, play, RoomKind.VOICE)

    assert done
    assert there[0] == "Ana: █████\nAna: Thank you."


def test_a_caption_that_somebody_deleted_quotes_nobody(tmp_path):
    """Nothing is left to do about it, and it is looked for once."""

    async def play(stage):
        thread, space_id = await captioned(stage)
        await redact(stage, space_id, None)
        shelf = stage.standin.world.messages[thread.id]
        del shelf[next(iter(shelf))]
        quotes = ThreadQuotes(stage.bot.client, stage.bot.store)
        done = await quotes.take_out(of_ana(stage, space_id))
        return done, await stage.bot.store.read(
            lambda db: caption_lines.of_space(db, space_id)
        )

    assert run(tmp_path, play, RoomKind.VOICE) == (True, [])


class Closed:
    """A Discord that answers with one error."""

    user = SimpleNamespace(id=9)

    def __init__(self, error):
        self._error = error

    async def fetch_channel(self, channel_id):
        raise self._error


async def asked(error, ask):
    """Ask of a Space without a thread, and of one whose thread answers with an error.

    Return both answers; in place of one that raises, the class of what it raises.
    """
    async with Store(":memory:") as store:
        new = spaces.NewSpace(
            guild_id=3, channel_id=4, host_id=1, kind="voice", topic="", opened_at=0
        )
        await store.write(lambda db: spaces.create(db, new))
        quotes = ThreadQuotes(Closed(error), store)
        without_thread = await ask(quotes, GONE)
        await store.write(lambda db: posts.keep(db, 1, THREAD, 4, 5))
        try:
            return without_thread, await ask(quotes, GONE)
        except OSError as raised:
            return without_thread, type(raised)


@pytest.mark.parametrize(
    ("error", "done"),
    [
        (discord.Forbidden(SimpleNamespace(status=403, reason=""), ""), False),
        (discord.NotFound(SimpleNamespace(status=404, reason=""), ""), True),
        (ConnectionResetError(104, "gone"), False),
    ],
)
def test_what_discord_refuses_is_told(error, done):
    """A thread that is deleted quotes nobody; a Space without one asks nobody."""
    assert asyncio.run(asked(error, ThreadQuotes.take_out)) == (True, done)


@pytest.mark.parametrize("noted", [True, False])
def test_captions_of_a_member_are_taken_out_and_empty_ones_deleted(tmp_path, noted):
    """Nobody else's message is touched, and again changes nothing."""

    async def play(stage):
        thread, space_id = await captioned(stage, noted=noted)
        wordings = ("Call me at 555, please.", "Thank you.")
        gone = replace(of_ana(stage, space_id), uid="", wordings=wordings)
        quotes = ThreadQuotes(stage.bot.client, stage.bot.store)
        done = [await quotes.forget(gone), await quotes.forget(gone)]
        return done, texts(stage, thread)

    done, there = run(tmp_path, play, RoomKind.VOICE)

    assert done == [True, True]
    assert there == ["Ana: Call me at 555, please."]


def test_a_member_is_erased_from_captions_whose_words_are_gone(tmp_path):
    """``transcript.keep_days`` took the words from the record, not from Discord."""

    async def play(stage):
        thread, space_id = await captioned(stage)
        store = stage.bot.store
        await store.write(lambda db: word_deletions.forget(db, space_id, 9.0, ""))
        gone = replace(of_ana(stage, space_id), uid="", wordings=(), name="Anita")
        done = await ThreadQuotes(stage.bot.client, store).forget(gone)
        left = await store.read(lambda db: caption_lines.of_space(db, space_id))
        return done, texts(stage, thread), left

    assert run(tmp_path, play, RoomKind.VOICE) == (
        True,
        ["Ana: Call me at 555, please."],
        [],
    )


def test_a_thread_that_captions_were_moved_from_loses_the_lines_too(tmp_path):
    """It was closed for a while, and the record has another one by now."""

    async def play(stage):
        thread, space_id = await captioned(stage)
        store = stage.bot.store
        await store.write(lambda db: posts.forget(db, space_id, THREAD))
        gone = replace(of_ana(stage, space_id), uid="", wordings=())
        done = await ThreadQuotes(stage.bot.client, store).forget(gone)
        return done, texts(stage, thread)

    assert run(tmp_path, play, RoomKind.VOICE) == (
        True,
        ["Ana: Call me at 555, please."],
    )


@pytest.mark.parametrize(
    ("error", "done"),
    [
        (discord.Forbidden(SimpleNamespace(status=403, reason=""), ""), False),
        (discord.NotFound(SimpleNamespace(status=404, reason=""), ""), True),
        (ConnectionResetError(104, "gone"), ConnectionResetError),
    ],
)
def test_what_may_go_well_later_is_raised(error, done):
    """An erasure waits for a network that is gone, and not for a permission."""
    assert asyncio.run(asked(error, ThreadQuotes.forget)) == (True, done)
