"""Private words, by the most private way that is open."""

import asyncio
from types import SimpleNamespace

import aiohttp
import discord

from bot.clock import ManualClock
from bot.rooms.courier import OPEN_S, Courier
from bot.rooms.venue import Venue
from bot.texts.catalogue import load
from bot.texts.wording import Wording

ANA = 2


def refusal():
    """Return Discord's answer where a member takes no messages."""
    answer = SimpleNamespace(status=403, reason="Forbidden")
    return discord.Forbidden(answer, {"code": 50007, "message": "no"})


class Way:
    """Somewhere words can be sent to."""

    def __init__(self, *, refuses=False, faults=()):
        self.sent = []
        self._refuses = refuses
        self._faults = list(faults)

    async def send(self, text, **_look):
        if self._faults:
            raise self._faults.pop()
        if self._refuses:
            raise refusal()
        self.sent.append(text)


def bring(texts, *, met=None, late=False, takes_messages=True, faults=()):
    """Bring words to Ana; return what went which way, and what still waits."""
    clock = ManualClock(1000.0)
    room, direct = Way(faults=faults), Way(refuses=not takes_messages)
    direct.bot = False
    room.guild = SimpleNamespace(get_member=lambda _: direct)
    courier = Courier(1, Venue(room), clock, Wording(load()))
    if met is not None:
        person = SimpleNamespace(id=ANA)
        courier.met(SimpleNamespace(user=person, followup=met), "en")
    if late:
        clock.advance(OPEN_S + 1)

    async def main():
        for text in texts:
            await courier.bring(ANA, text)

    asyncio.run(main())
    return direct.sent, room.sent, courier.collect(ANA)


def test_an_open_interaction_is_answered_there():
    """Who pressed something lately reads it in the same place, privately."""
    followup = Way()

    assert bring(["hi"], met=followup) == ([], [], [])
    assert followup.sent == ["hi"]


def test_afterwards_it_is_a_direct_message():
    """Discord closes the way after 15 minutes."""
    assert bring(["hi"], met=Way(), late=True) == (["hi"], [], [])


def test_a_broken_way_is_not_the_last():
    """A follow-up that Discord refuses becomes a direct message."""
    assert bring(["hi"], met=Way(refuses=True)) == (["hi"], [], [])


def test_a_network_that_is_gone_is_a_broken_way_too():
    """What never got there goes the next way; nobody's other words suffer."""
    met = Way(faults=[ConnectionResetError(104, "gone")])

    assert bring(["hi"], met=met) == (["hi"], [], [])


def test_the_button_that_could_not_be_shown_is_shown_with_the_next_words():
    """Nothing is raised, and no word is lost for it."""
    faults = [aiohttp.ServerDisconnectedError()]

    _, room, waiting = bring(["one", "two"], takes_messages=False, faults=faults)

    assert len(room) == 1
    assert waiting == ["one", "two"]


def test_who_takes_no_messages_finds_the_words_behind_a_button():
    """The room sees one line, however many words wait, and none of the words."""
    direct, room, waiting = bring(["one", "two"], takes_messages=False)

    assert direct == []
    assert len(room) == 1
    assert "one" not in room[0]
    assert waiting == ["one", "two"]
