"""The stand-in as a stage: people, rooms, and the bot's buttons as members see them."""

import asyncio

import pytest

from bot.client import Press
from bot.panel.buttons import custom_id
from bot.rehearsal.scenario import load
from bot.rehearsal.standin.casting import seed_of, settings_of
from bot.rehearsal.standin.members.errors import MemberError
from bot.rehearsal.standin.server import StandIn
from bot.rehearsal.standin.world import messages
from bot.rehearsal.standin.world.drafts import Draft
from bot.rehearsal.theatre import Theatre

SCENARIO = load()
SPACE = 7


class House:
    """A stand-in of the default scenario, and what the bot posts in it."""

    def __init__(self):
        self.stand_in = StandIn(seed_of(SCENARIO), settings_of(SCENARIO))
        self.theatre = Theatre(self.stand_in)
        self.anna = self.theatre.person("Anna")

    def post(self, *presses, only_for=None, disabled=False):
        """Post a message of the bot with a button for each press."""
        world = self.stand_in.world
        buttons = [
            {
                "type": 2,
                "style": 1,
                "label": "x",
                "custom_id": custom_id(press),
                "disabled": disabled,
            }
            for press in presses
        ]
        draft = Draft({"components": [{"type": 1, "components": buttons}]})
        channel = world.channel(self.stand_in.stage_channel_id)
        message = messages.post(world, world.bot.to_json(), channel, draft)
        if only_for is not None:
            message["flags"] |= 64
            world.private[int(message["id"])] = only_for
        return message["id"]

    def pressed(self):
        """Return the message and the button of every press, in order."""
        return [
            (str(one.source_id), one.data["custom_id"])
            for one in self.stand_in.world.interactions.values()
        ]


def press(house, verb, argument="", name="Anna"):
    asyncio.run(house.theatre.person(name).press(verb, argument))


def test_the_rooms_and_the_bot():
    """A Space's room is a channel of the stand-in."""
    house = House()

    assert house.theatre.channel_id("stage") == house.stand_in.stage_channel_id
    assert house.theatre.channel_id("voice") == house.stand_in.voice_channel_id
    assert house.theatre.bot_id == house.stand_in.world.bot.id


def test_the_newest_button_is_pressed():
    """Of two panels the later one counts."""
    house = House()
    house.post(Press("ask", 1))
    newest = house.post(Press("queue", SPACE), Press("ask", SPACE))

    press(house, "ask")

    assert house.pressed() == [(newest, f"ter:1:ask:{SPACE}:")]


@pytest.mark.parametrize("argument", ["accepted", ""])
def test_a_button_that_is_meant_for_one_member(argument):
    """Arguments that begin with a member's id are that member's."""
    house = House()
    mine = house.post(Press("answer", SPACE, f"{house.anna.id}.accepted"))

    press(house, "answer", argument)

    assert [message for message, _ in house.pressed()] == [mine]


def test_somebody_elses_button_is_left_alone():
    """An answer that begins with another's id is not what was asked for."""
    house = House()
    house.post(Press("answer", SPACE, f"{house.anna.id}.accepted"))

    with pytest.raises(MemberError, match="sees no button answer accepted"):
        press(house, "answer", "accepted", name="Ben")


@pytest.mark.parametrize(
    "post",
    [
        {"only_for": 1},
        {"disabled": True},
    ],
)
def test_a_button_that_the_member_cannot_press(post):
    """What only others see, and what is disabled, is not there."""
    house = House()
    house.post(Press("level", SPACE, "2"), **post)

    with pytest.raises(MemberError, match="sees no button level 2"):
        press(house, "level", "2")


def test_a_private_answer_of_the_bot():
    """Members press buttons in messages that only they see."""
    house = House()
    house.post(
        Press("level", SPACE, "2"), Press("level", SPACE, "0"), only_for=house.anna.id
    )

    press(house, "level", "0")

    assert [pressed for _, pressed in house.pressed()] == [f"ter:1:level:{SPACE}:0"]


def test_a_modal_that_nobody_opened():
    """Only what a member's own command or button opened can be filled in."""
    with pytest.raises(MemberError, match="opened no modal"):
        asyncio.run(House().anna.fill({"note": "x"}))
