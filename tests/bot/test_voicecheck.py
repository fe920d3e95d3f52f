"""A member's voice, heard, played back and measured, against the stand-in."""

import asyncio

import pytest

from bot.config import Config
from bot.settings import CheckSettings
from moderation.settings import RoomKind
from moderation.store import voice_checks
from tests.bot.guild import ANA, EVA, HOST, LUIS, guild, until


def checking(folder, kind=RoomKind.VOICE):
    """Give a guild whose checks are short."""
    return guild(folder, kind, Config(check=CheckSettings(record_s=1.5)))


async def ask(stage, name):
    """Ask for a check and return the private message with its two buttons."""
    sent = await stage.said(name, "check voice")
    await stage.answer(sent)
    return sent.original_id


async def says(stage, message_id, words):
    """Wait until a message says something."""
    await until(lambda: words in stage.message(message_id)["content"])
    return stage.message(message_id)["content"]


async def begin(stage, name, verb="check_play"):
    """Ask, agree, and wait until the bot listens."""
    asked = await ask(stage, name)
    custom_id = stage.button(asked, verb)
    await stage.member(name).click(asked, custom_id)
    return asked


def test_a_member_hears_themself_and_reads_how_they_sound(tmp_path):
    """Only they are kept; the bot is gone afterwards, and only figures stay."""

    async def main():
        async with checking(tmp_path) as stage:
            await stage.commands()
            await stage.enter(ANA, LUIS)
            asked = await begin(stage, ANA)
            await says(stage, asked, "Now, for")
            people = [stage.member(ANA), stage.member(LUIS)]
            await asyncio.gather(*(one.speak(one.words(1.4)) for one in people))
            text = await says(stage, asked, "of 100")
            me = stage.bot.client.user.id
            ana = stage.member(ANA).id
            kept = await stage.bot.store.read(
                lambda db: voice_checks.of_members(
                    db, stage.standin.guild_id, [ana, stage.member(LUIS).id]
                )
            )
            heard = stage.standin.received.seconds.get(me, 0.0)
            away = me not in stage.standin.world.voice
            return text, kept, ana, heard, away

    text, kept, ana, heard, away = asyncio.run(main())

    assert "**Level**" in text
    assert "LUFS" in text
    assert "**Jitter**" in text
    assert "could not play" not in text
    assert list(kept) == [ana]
    assert 0.5 < heard < 3.0
    assert away


def test_silence_is_no_score(tmp_path):
    """Nothing heard is said so, with what to look at; no score is kept."""

    async def main():
        async with checking(tmp_path) as stage:
            await stage.commands()
            await stage.enter(EVA)
            asked = await begin(stage, EVA, "check_quiet")
            return await says(stage, asked, "demasiado poco")

    assert "borrado" in asyncio.run(main())


def test_a_space_that_opens_takes_the_connection(tmp_path):
    """The check ends with a word, and the Space hears."""

    async def main():
        async with checking(tmp_path) as stage:
            await stage.commands()
            await stage.enter(HOST, ANA)
            asked = await begin(stage, ANA)
            await says(stage, asked, "Now, for")
            room = await stage.opened()
            await until(lambda: room.ears.snapshot() is not None)
            await says(stage, asked, "stopped the check")
            return await stage.command(ANA, "check voice")

    assert "in use in" in asyncio.run(main())


@pytest.mark.parametrize(
    ("kind", "enters", "words"),
    [
        (RoomKind.VOICE, False, "Join a voice"),
        (RoomKind.STAGE, True, "in the audience"),
    ],
)
def test_where_nobody_could_be_heard_it_says_why(tmp_path, kind, enters, words):
    """Before it asks for anything."""

    async def main():
        async with checking(tmp_path, kind) as stage:
            await stage.commands()
            if enters:
                await stage.enter(ANA)
            return await stage.command(ANA, "check voice")

    assert words in asyncio.run(main())
