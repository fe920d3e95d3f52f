"""The director: steps at their moments, by their people, as far as they can."""

import asyncio

import pytest

from bot.errors import BotError
from bot.rehearsal import director as directing
from bot.rehearsal.director import Director
from bot.rehearsal.scenario import parse
from bot.rehearsal.voices.clip import Clip

STAGE, VOICE, BOT = 11, 12, 99


class Person:
    """Somebody who writes down what they were told to do."""

    def __init__(self, name, ident, log):
        self.id = ident
        self._name = name
        self._log = log
        self.refusals = 0

    def __getattr__(self, deed):
        """Return any deed of a person."""

        async def do(*arguments, **more):
            if self.refusals:
                self.refusals -= 1
                raise BotError("cannot yet")
            self._log.append((self._name, deed, *arguments, *more))

        return do


class Stage:
    """A stage of one's own."""

    bot_id = BOT

    def __init__(self):
        self.log = []
        self.people = {
            name: Person(name, ident, self.log)
            for name, ident in (("Anna", 1), ("Ben", 2))
        }

    def person(self, name):
        """Return a member."""
        return self.people[name]

    def channel_id(self, room):
        """Return a channel."""
        return {"stage": STAGE, "voice": VOICE}[room]


def scenario(*spaces):
    voice = {"name": "en-us"}
    return parse(
        {
            "title": "Play",
            "members": [
                {"name": name, "language": "en", "voice": voice}
                for name in ("Anna", "Ben")
            ],
            "spaces": [
                {"name": f"s{n}", "room": room, "lasts": 0.05, "do": do}
                for n, (room, do) in enumerate(spaces)
            ],
        }
    )


def play(stage, *spaces):
    async def run():
        clip = Clip((b"\x78",) * 2, ())
        return await Director(
            scenario(*spaces), stage, lambda step: [clip] * len(step.say)
        ).run()

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("deed", "done"),
    [
        ({"join": True}, ("join", STAGE)),
        ({"leave": True}, ("leave",)),
        (
            {
                "command": "floor invite",
                "options": {"member": "@Ben", "in": "{room}", "n": 3},
            },
            (
                "command",
                "floor invite",
                {"member": "2", "in": str(STAGE), "n": 3},
                STAGE,
            ),
        ),
        ({"press": "level:2"}, ("press", "level", "2")),
        ({"press": "ask"}, ("press", "ask", "")),
        ({"type": "{bot} q+"}, ("type", STAGE, f"<@{BOT}> q+")),
        ({"fill": {"note": "x"}}, ("fill", {"note": "x"})),
        ({"raise_hand": True}, ("raise_hand",)),
        ({"accept": True}, ("accept",)),
        ({"say": ["a line"]}, ("speak", (b"\x78",) * 2, "start")),
    ],
)
def test_each_deed(deed, done):
    """A step reaches its member with names turned into ids."""
    stage = Stage()

    failures = play(stage, ("stage", [{"at": 0.0, "who": "Anna"} | deed]))

    assert failures == []
    assert stage.log == [("Anna", *done)]


def test_steps_come_in_the_order_of_their_times():
    """Neither the order in the file nor a long step holds up another."""
    stage = Stage()
    first = [
        {"at": 0.03, "who": "Ben", "leave": True},
        {"at": 0.0, "who": "Ben", "join": True},
    ]

    play(stage, ("voice", first), ("stage", [{"at": 0.0, "who": "Anna", "join": True}]))

    assert stage.log == [
        ("Ben", "join", VOICE),
        ("Ben", "leave"),
        ("Anna", "join", STAGE),
    ]


def test_somebody_tries_until_it_works(monkeypatch):
    """What is not possible yet is tried again."""
    monkeypatch.setattr(directing, "TRY_EVERY_S", 0.001)
    stage = Stage()
    stage.people["Ben"].refusals = 3

    failures = play(stage, ("stage", [{"at": 0.0, "who": "Ben", "press": "ask"}]))

    assert failures == []
    assert stage.log == [("Ben", "press", "ask", "")]


def test_a_step_that_cannot_be_done(monkeypatch):
    """It is written down with its reason, and the rehearsal goes on."""
    monkeypatch.setattr(directing, "PATIENCE_S", 0.01)
    monkeypatch.setattr(directing, "TRY_EVERY_S", 0.002)
    stage = Stage()
    stage.people["Ben"].refusals = 1000

    failures = play(
        stage,
        ("stage", [{"at": 0.0, "who": "Ben", "press": "ask"}]),
        ("stage", [{"at": 0.0, "who": "Anna", "join": True}]),
    )

    assert [str(one) for one in failures] == ["s0, 0 s: Ben press: cannot yet"]
    assert stage.log == [("Anna", "join", STAGE)]
