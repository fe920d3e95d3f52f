"""Captions on the loopback: a live post, a thread, and nobody who did not agree."""

import logging
from unittest import mock

import discord
import pytest

from bot import logs
from bot.captions import captions as edge
from bot.panel import pace
from media.consent import Consent
from media.utterance import Grade, Utterance, utterance_id
from moderation.settings import RoomKind
from moderation.store import posts
from tests.bot.guild import ANA, HOST, LUIS, run, until


def said(stage, name, text, start, grade=Grade.LIVE):
    """Return an utterance of somebody."""
    user_id = stage.member(name).id
    name = utterance_id(user_id, start)
    return Utterance(name, user_id, start, start + 1.0, text, "en", grade=grade)


def live(stage):
    """Return the text of the live post."""
    return next(
        one["content"]
        for one in reversed(stage.messages())
        if one["content"].startswith(("Live captions", "Captions are over"))
    )


def history(stage):
    """Return the messages of the captions' threads."""
    world = stage.standin.world
    return [
        one["content"]
        for thread in world.guild.threads
        for one in world.messages.get(thread, {}).values()
    ]


def test_what_is_said_stands_in_one_post_and_in_the_thread(
    tmp_path, monkeypatch, caplog
):
    """Names first, no pings, uncertain lines made good, consent obeyed at once."""
    monkeypatch.setattr(pace, "EVERY_S", 0.1)
    caplog.set_level(logging.DEBUG)
    logs.hush()

    async def play(stage):
        await stage.enter(HOST, ANA, LUIS)
        room = await stage.opened()
        ana, luis = stage.member(ANA).id, stage.member(LUIS).id
        told = [await stage.command(HOST, "captions on")]
        await until(lambda: stage.standin.world.guild.threads)
        await until(
            lambda: any("Live captions" in one["content"] for one in stage.messages())
        )
        room.ears.set_consent(ana, Consent.TRANSCRIPT)
        room.captions.said(said(stage, ANA, "I think @every", 1.0, Grade.PARTIAL))
        room.captions.said(said(stage, LUIS, "Not for you.", 1.5))
        await until(lambda: "I think" in live(stage))
        unsure = live(stage)
        room.captions.said(said(stage, ANA, "I think @everyone <@1>.", 1.0))
        await until(lambda: "I think @\u200beveryone" in live(stage))
        sure = live(stage)
        room.ears.set_consent(ana, Consent.NOTHING)
        room.captions.touch()
        await until(lambda: "I think" not in live(stage))
        room.ears.set_consent(ana, Consent.TRANSCRIPT)
        told.append(await stage.command(HOST, "captions off"))
        await until(lambda: "over" in live(stage))
        await room.actions.stop()  # the row goes after the post has changed
        kept = await stage.bot.store.read(lambda db: posts.of_space(db, room.space_id))
        return told, unsure, sure, history(stage), kept, luis

    told, unsure, sure, thread, kept, _ = run(tmp_path, play, RoomKind.VOICE)

    assert "turned captions on" in told[0]
    assert "turned captions off" in told[1]
    assert "Ana: I think @\u200bevery…" in unsure
    assert "Luis" not in sure
    assert sure.count("Ana:") == 1
    assert "<@1>" not in sure
    assert thread == ["Ana: I think @\u200beveryone \\<@\u200b1\\>."]
    assert edge.THREAD in kept
    assert edge.POST not in kept
    assert "I think" not in caplog.text  # whatever level was asked for
    assert "Not for you" not in caplog.text


def test_what_was_erased_is_in_no_caption(tmp_path, monkeypatch):
    """Neither in the live post, nor in what still waits for the thread."""
    monkeypatch.setattr(pace, "EVERY_S", 0.1)

    async def play(stage):
        await stage.enter(HOST, ANA, LUIS)
        room = await stage.opened()
        ana, luis = stage.member(ANA).id, stage.member(LUIS).id
        await stage.command(HOST, "captions on")
        await until(lambda: stage.standin.world.guild.threads)
        await until(
            lambda: any("Live captions" in one["content"] for one in stage.messages())
        )
        for user_id in (ana, luis):
            room.ears.set_consent(user_id, Consent.TRANSCRIPT)
        room.captions.said(said(stage, ANA, "About beds", 1.0))
        room.captions.said(said(stage, LUIS, "About pumps", 2.0))
        await until(lambda: "About beds" in live(stage))
        await room.captions.forget(ana)
        await until(lambda: "About beds" not in live(stage))
        shown = live(stage)
        await stage.command(HOST, "captions off")
        await until(lambda: "over" in live(stage))
        return shown, history(stage)

    shown, thread = run(tmp_path, play, RoomKind.VOICE)

    assert "About pumps" in shown
    assert thread == ["Luis: About pumps"]


@pytest.mark.parametrize("chosen", [True, False])
def test_captions_go_to_no_thread_that_the_bot_cannot_read(tmp_path, chosen):
    """What was redacted or erased could not be taken out of it; the hosts hear why."""

    async def play(stage):
        await stage.enter(HOST)
        room = await stage.opened()
        text, *_ = room.venue.channel.guild.text_channels
        may = discord.Permissions.all()
        may.update(read_message_history=False, administrator=False)
        with mock.patch.object(
            discord.TextChannel, "permissions_for", return_value=may
        ):
            await room.captions.start(text.id if chosen else None)
        await until(lambda: any("have no thread" in one for one in stage.told(HOST)))
        (told,) = [one for one in stage.told(HOST) if "have no thread" in one]
        return told, room.captions.thread_id, dict(stage.standin.world.guild.threads)

    told, thread_id, threads = run(tmp_path, play, RoomKind.VOICE)

    assert "Read Message History" in told
    assert (thread_id, threads) == (None, {})
