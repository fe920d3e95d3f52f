"""The thread with everything: what becomes of a line when Discord is not there."""

import asyncio
import sys
from dataclasses import replace
from types import SimpleNamespace

import aiohttp
import discord
import pytest

from bot.captions import history
from bot.captions.captions import LEFT, POST, THREAD, Captions
from bot.panel.pace import Pace
from media.consent import Consent
from media.utterance import Utterance, utterance_id
from moderation.store import caption_lines, posts, spaces
from moderation.store.database import Store

ANA, ME = 1, 99


def said(n):
    start = float(n)
    return Utterance(
        utterance_id(ANA, start), ANA, start, start + 0.5, f"Line {n}.", "en"
    )


class Thread:
    """A thread that can be out of reach, and notes what is written."""

    id = 5

    def __init__(self, faults=(), old=()):
        self.faults, self.sent = list(faults), []
        self._old = old

    async def send(self, text, **_look):
        """Take a message; a fault of None is none."""
        await asyncio.sleep(0)
        fault = self.faults.pop() if self.faults else None
        if fault is not None:
            raise fault
        self.sent.append(text)
        return SimpleNamespace(id=100 + len(self.sent))

    async def history(self, *, limit):
        for author, content in self._old[:limit]:
            who = SimpleNamespace(id=author)
            yield SimpleNamespace(id=50, author=who, content=content)


class Post:
    """The room's chat, in which the live post stands."""

    id = 4

    async def send(self, **_shown):
        return SimpleNamespace(id=7, channel=SimpleNamespace(get_partial_message=edit))


def edit(number):
    async def nothing(**_shown):
        """Show it."""

    return SimpleNamespace(id=number, edit=nothing)


def captioned(play, thread, *, recent=(), restarted=False):
    """Run ``play(captions, room)``; return what hosts were told, and what is kept."""
    told = []
    channel = Post()
    channel.guild = SimpleNamespace(id=3)
    room = SimpleNamespace(
        space_id=1,
        names={ANA: "Ana"},
        ears=SimpleNamespace(
            consents={ANA: Consent.TRANSCRIPT}, follow=lambda _on: None
        ),
        talk=SimpleNamespace(recent=lambda: list(recent), space_time=lambda: 9.0),
        venue=SimpleNamespace(channel=channel),
        say=lambda key, params=None: key,
        recogniser=lambda: None,
        perform=lambda effects: told.extend(effect.key for effect in effects),
    )

    async def main():
        async with Store(":memory:") as store:
            await store.write(
                lambda db: spaces.create(
                    db,
                    spaces.NewSpace(
                        guild_id=3,
                        channel_id=4,
                        host_id=ANA,
                        kind="voice",
                        topic="tea",
                        opened_at=0.0,
                    ),
                )
            )
            await store.write(lambda db: posts.keep(db, 1, THREAD, 4, thread.id))
            if restarted:
                await store.write(lambda db: posts.keep(db, 1, POST, 4, 7))
            client = SimpleNamespace(
                user=SimpleNamespace(id=ME),
                get_partial_messageable=lambda *_, **__: thread,
            )
            house = SimpleNamespace(store=store, client=client)
            captions = Captions(house, room, Pace(0.0))
            await captions.start(None)
            await play(captions, room)
            await captions.stop()
            thread.noted = await store.read(lambda db: caption_lines.of_space(db, 1))
            return told, await store.read(lambda db: posts.of_space(db, 1))

    return asyncio.run(main())


@pytest.mark.parametrize(
    "fault",
    [
        aiohttp.ServerDisconnectedError(),
        ConnectionResetError(104, "gone"),
        discord.DiscordServerError(SimpleNamespace(status=503, reason=""), ""),
    ],
)
def test_lines_wait_for_a_network_that_is_gone_for_a_moment(fault, monkeypatch):
    """None is lost and none comes twice."""
    monkeypatch.setattr(history, "EVERY_S", 0.01)
    thread = Thread([fault])

    async def play(captions, _room):
        captions.said(said(1))
        await asyncio.sleep(0.05)
        captions.said(said(2))
        await asyncio.sleep(0.05)

    told, _ = captioned(play, thread)

    assert "\n".join(thread.sent).split("\n") == ["Ana: Line 1.", "Ana: Line 2."]
    assert told == []


def test_waiting_lines_of_who_took_their_consent_back_are_not_written(monkeypatch):
    """Also what was said before."""
    monkeypatch.setattr(history, "EVERY_S", 0.01)
    thread = Thread([TimeoutError()])

    async def play(captions, room):
        captions.said(said(1))
        await asyncio.sleep(0.005)
        room.ears.consents[ANA] = Consent.NOTHING
        await asyncio.sleep(0.05)

    captioned(play, thread)

    assert thread.sent == []


def test_a_thread_that_was_deleted_is_told_and_not_used_again(monkeypatch):
    """Once; turned on again, captions get another one."""
    monkeypatch.setattr(history, "EVERY_S", 0.01)
    gone = discord.NotFound(SimpleNamespace(status=404, reason=""), "")
    thread = Thread([gone])

    async def play(captions, _room):
        for n in range(3):
            captions.said(said(n))
            await asyncio.sleep(0.03)
        assert captions.thread_id is None

    told, kept = captioned(play, thread)

    assert told == ["captions.thread_closed"]
    assert THREAD not in kept
    assert thread.sent == []


def test_a_line_on_its_way_at_the_end_is_written_once(monkeypatch):
    """Captions stop while Discord has not answered yet."""
    monkeypatch.setattr(history, "EVERY_S", 0.01)
    thread, answered = Thread(), asyncio.Event()
    send = thread.send

    async def slowly(text, **look):
        await answered.wait()
        await send(text, **look)

    thread.send = slowly

    async def play(captions, _room):
        captions.said(said(1))
        await asyncio.sleep(0.03)
        asyncio.get_running_loop().call_later(0.03, answered.set)

    captioned(play, thread)

    assert thread.sent == ["Ana: Line 1."]


@pytest.mark.parametrize(
    ("there", "written"),
    [
        ([(ME, "Ana: Line 1.\nAna: Line 2.")], ["Ana: Line 3.\nAna: Line 4."]),
        ([(8, "hello"), (ME, "Ana: Line 3.")], ["Ana: Line 4."]),
        ([(ME, "Ana: Line 4.")], []),
        ([(ME, "Ana: Something older.")], []),
        ([], []),
    ],
)
def test_what_a_killed_process_had_not_written_follows(there, written):
    """From the newest line that stands in the thread; unknown, nothing comes twice."""
    thread = Thread(old=there)

    async def play(_captions, _room):
        """Nothing more is said."""

    captioned(play, thread, recent=[said(n) for n in (1, 2, 3, 4)], restarted=True)

    assert thread.sent == written


def lines_of(thread):
    """Return of which utterance every line is that was noted, by message."""
    return {one.id: [line.uid for line in one.lines] for one in thread.noted}


def test_it_is_noted_which_lines_stand_in_which_message(monkeypatch):
    """They may have to go when the record has their words no more."""
    monkeypatch.setattr(history, "EVERY_S", 0.01)
    thread = Thread()

    async def play(captions, _room):
        captions.said(said(1))
        captions.said(said(2))
        await asyncio.sleep(0.05)
        captions.said(said(3))

    captioned(play, thread)

    assert lines_of(thread) == {
        101: [said(1).id, said(2).id],
        102: [said(3).id],
    }
    assert {one.thread_id for one in thread.noted} == {thread.id}


def test_what_a_killed_process_had_not_noted_is_noted():
    """Its newest message holds lines that the record has at no place."""
    there = [(ME, "Ana: Line 1.\nAna: Line 7.\nAna: Line 2.\nAna: Line 2.")]
    thread = Thread(old=there)
    again = replace(said(2), id="again")

    async def play(_captions, _room):
        """Nothing more is said."""

    captioned(play, thread, recent=[said(1), said(2), again], restarted=True)

    assert lines_of(thread) == {50: [said(1).id, "", said(2).id, "again"]}


def test_pages_that_wait_for_the_network_are_those_that_were_not_sent(monkeypatch):
    """Of several messages at once, one that does not get through comes later, whole."""
    monkeypatch.setattr(history, "EVERY_S", 0.01)
    thread = Thread([TimeoutError(), None, None])  # the third of four
    long = [replace(said(n), text=f"{n} " + "word " * 110) for n in range(12)]

    async def play(captions, _room):
        for one in long:
            captions.said(one)
        await asyncio.sleep(0.1)

    captioned(play, thread)

    lines = "\n".join(thread.sent).split("\n")
    assert [line.split()[1] for line in lines] == [str(n) for n in range(12)]


def test_a_live_post_that_keeps_its_lines_is_noted(monkeypatch):
    """Discord does not answer at the end: they would stand there for ever."""

    def closed(number):
        async def refuse(**_shown):
            raise TimeoutError

        return SimpleNamespace(id=number, edit=refuse)

    monkeypatch.setattr(sys.modules[__name__], "edit", closed)

    async def play(captions, _room):
        await asyncio.sleep(0.05)

    _, kept = captioned(play, Thread())

    assert (POST in kept, kept[LEFT].message_id) == (False, 7)


def test_a_live_post_that_says_that_it_is_over_is_not():
    """Nothing is left to do about it."""

    async def play(captions, _room):
        await asyncio.sleep(0.05)

    _, kept = captioned(play, Thread())

    assert not {POST, LEFT} & set(kept)
