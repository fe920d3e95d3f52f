"""Captions that lose redacted words: which lines, and in which thread."""

import asyncio
import time
from dataclasses import replace
from types import SimpleNamespace

import discord
import pytest

from bot.captions.captions import THREAD
from bot.captions.quotes import Gone, ThreadQuotes, forgotten, without
from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.world import threads
from media.consent import Consent
from media.utterance import Utterance, utterance_id
from moderation.settings import RoomKind
from moderation.store import posts, spaces
from moderation.store.database import Store
from tests.bot.guild import ANA, HOST, LUIS, run, until

LEFT = "Call me at █████"
GONE = Gone(1, "Ana", 0.0, ("Call me at 555, please.", "Yes."), LEFT)


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Ana: Call me at 555, please.", f"Ana: {LEFT}"),
        (
            "Luis: Hello.\nAna: Yes.\nLuis: Bye.",
            f"Luis: Hello.\nAna: {LEFT}\nLuis: Bye.",
        ),
        # She was called otherwise then; a word that many say is not hers alone.
        ("Anita: Call me at 555, please.", f"Anita: {LEFT}"),
        ("Luis: Yes.", "Luis: Yes."),
        ("Luis: She said: Yes.", "Luis: She said: Yes."),
        ("Ana: Call me at 556, please.", "Ana: Call me at 556, please."),
    ],
)
def test_a_caption_is_known_by_its_words_and_its_name(message, left):
    """Other lines of the same message stay as they are."""
    assert without(message, GONE) == left


def test_words_are_known_as_captions_write_them():
    """Harmless there: without markup and pings, and a long line in pieces."""
    said = "*Call* @everyone " + "and on " * 120
    gone = replace(GONE, wordings=(said,), left="█████")
    pieces = [
        "Ana: \\*Call\\* @\u200beveryone " + "and on " * 83,
        "Ana: " + "and on " * 37,
    ]

    left = without("\n".join(piece.strip() for piece in pieces), gone)

    assert left == "Ana: █████\nAna: █████"


def said(stage, name, text, start):
    """Return an utterance of somebody."""
    user_id = stage.member(name).id
    uid = utterance_id(user_id, start)
    return Utterance(uid, user_id, start, start + 1.0, text, "en")


async def captioned(stage):
    """Hold a Space with captions; return its thread in the stand-in, and its id."""
    await stage.enter(HOST, ANA)
    room = await stage.opened()
    await stage.command(HOST, "captions on")
    world = stage.standin.world
    await until(lambda: world.guild.threads)
    room.ears.set_consent(stage.member(ANA).id, Consent.TRANSCRIPT)
    room.captions.said(said(stage, ANA, "Call me at 555, please.", 1.0))
    room.captions.said(said(stage, ANA, "Thank you.", 2.0))
    await stage.command(HOST, "captions off")
    (thread,) = world.guild.threads.values()
    await until(lambda: world.messages.get(thread.id))
    await stage.member(LUIS).type(thread.id, "Ana: Call me at 555, please.")
    return thread, room.space_id


@pytest.mark.parametrize("archived", [False, True])
def test_only_the_bots_own_caption_is_edited(tmp_path, archived):
    """In a thread that nobody has written into for a day, too."""

    async def play(stage):
        thread, space_id = await captioned(stage)
        world = stage.standin.world
        if archived:
            body = Form({"archived": True})
            threads.edit(world, thread.owner_id, thread, body)
        gone = replace(GONE, space_id=space_id, at=time.time())
        quotes = ThreadQuotes(stage.bot.client, stage.bot.store)
        done = [await quotes.take_out(gone), await quotes.take_out(gone)]
        texts = [one["content"] for one in world.messages[thread.id].values()]
        threads.delete(world, world.guild.owner_id, thread)
        return [*done, await quotes.take_out(gone)], texts

    done, texts = run(tmp_path, play, RoomKind.VOICE)

    assert done == [True, True, True]
    assert texts == [f"Ana: {LEFT}\nAna: Thank you.", "Ana: Call me at 555, please."]


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


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Ana: Yes.", ""),
        ("Luis: Hello.\nAna: Yes.\nLuis: Yes.", "Luis: Hello.\nLuis: Yes."),
        ("Anita: Call me at 555, please.\nLuis: Hi.", "Luis: Hi."),
        ("Ana: That is somebody else.", "Ana: That is somebody else."),
    ],
)
def test_a_member_who_is_erased_leaves_no_line(message, left):
    """Not even their name; others' lines of the same message stay."""
    assert forgotten([message], GONE) == [left]


def test_names_of_before_are_known_by_what_is_surely_theirs():
    """Members rename themselves; a short line under a name of theirs goes, too."""
    before = ["Anita: Yes.\nLuis: Yes.", "Anita: Call me at 555, please.", "Ana: Yes."]

    assert forgotten(before, GONE) == ["Luis: Yes.", "", ""]


def test_captions_of_a_member_are_taken_out_and_empty_ones_deleted(tmp_path):
    """Nobody else's message is touched, and again changes nothing."""

    async def play(stage):
        thread, space_id = await captioned(stage)
        wordings = ("Call me at 555, please.", "Thank you.")
        gone = replace(GONE, space_id=space_id, wordings=wordings)
        quotes = ThreadQuotes(stage.bot.client, stage.bot.store)
        done = [await quotes.forget(gone), await quotes.forget(gone)]
        shelf = stage.standin.world.messages[thread.id]
        return done, [one["content"] for one in shelf.values()]

    done, texts = run(tmp_path, play, RoomKind.VOICE)

    assert done == [True, True]
    assert texts == ["Ana: Call me at 555, please."]


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
