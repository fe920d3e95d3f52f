"""Scripted members: what a person can do, and what their client would not let them."""

import asyncio

import pytest

from bot.rehearsal.standin.members import modals
from bot.rehearsal.standin.members.errors import MemberError
from bot.rehearsal.standin.members.member import ScriptedMember
from bot.rehearsal.standin.voice_desk import VoiceDesk, VoiceSettings
from bot.rehearsal.standin.world import commands, interactions, messages
from bot.rehearsal.standin.world.drafts import EPHEMERAL, Draft
from bot.rehearsal.standin.world.interaction import Kind

BUTTON = {"type": 2, "style": 1, "custom_id": "hand", "label": "Hand"}


class Deaf(VoiceDesk):
    """A desk that nobody listens at."""

    async def settled(self):
        return


@pytest.fixture
def ann(place):
    desk = Deaf(
        place.world, VoiceSettings(), issue=lambda *_: None, on_received=lambda *_: None
    )
    return ScriptedMember(place.world, desk, place.ann)


def panel(place, flags=0, viewer=None, **more):
    body = {"content": "Panel", "components": [_row(BUTTON | more)]}
    author, channel = place.world.bot.to_json(), place.world.channel(place.text)
    extra = {"flags": flags}
    message = messages.post(place.world, author, channel, Draft(body), extra)
    if viewer:
        place.world.private[int(message["id"])] = viewer
    return int(message["id"])


def _row(*inner):
    return {"type": 1, "components": list(inner)}


def test_a_click_arrives_with_its_message(place, ann):
    """Component data, the member and the message that was clicked."""
    message_id = panel(place)

    asyncio.run(ann.click(message_id, "hand"))

    (told,) = place.told("INTERACTION_CREATE")
    assert told["data"] == {"component_type": 2, "custom_id": "hand", "id": 2}
    assert told["message"]["id"] == str(message_id)


@pytest.mark.parametrize("more", [{"disabled": True}, {"custom_id": "other"}])
def test_what_cannot_be_clicked_is_not_clicked(place, ann, more):
    """Disabled and missing buttons send nothing."""
    message_id = panel(place, **more)

    with pytest.raises(MemberError):
        asyncio.run(ann.click(message_id, "hand"))

    assert place.told("INTERACTION_CREATE") == []


def test_an_ephemeral_message_is_there_for_one_member(place, ann):
    """Others can neither see nor use it."""
    hers, his = (panel(place, EPHEMERAL, viewer) for viewer in (place.ann, place.ben))

    assert asyncio.run(ann.click(hers, "hand"))
    with pytest.raises(MemberError):
        asyncio.run(ann.click(his, "hand"))


def test_a_command_for_moderators_is_not_offered_to_others(place, ann):
    """``default_member_permissions`` hides it."""
    body = {"name": "mute", "description": "-", "default_member_permissions": "4194304"}
    commands.create(place.world, None, body)
    mod = ScriptedMember(place.world, ann._desk, place.mod)

    with pytest.raises(MemberError, match="may not use"):
        asyncio.run(ann.command("mute"))
    assert asyncio.run(mod.command("mute"))


def test_an_unknown_command_is_named(place, ann):
    """The error says which."""
    with pytest.raises(MemberError, match="/nothing"):
        asyncio.run(ann.command("nothing"))


def modal(*inputs):
    return {"custom_id": "m", "title": "M", "components": list(inputs)}


def label(component):
    return {"type": 18, "label": "L", "component": component}


TEXT = {"type": 4, "custom_id": "name", "min_length": 2, "max_length": 5}
LIST = {"type": 3, "custom_id": "tongue", "required": False}


def test_a_modal_is_filled_by_the_names_of_its_inputs():
    """In action rows and in labels alike; what is optional may stay empty."""
    filled = modals.fill(modal(_row(TEXT), label(LIST)), {"name": "Zoe"})

    row, tongue = filled["components"]
    assert row["components"][0]["value"] == "Zoe"
    assert tongue["component"]["values"] == []


@pytest.mark.parametrize("values", [{}, {"name": "Z"}, {"name": "Zoraida"}, {"x": 1}])
def test_a_modal_is_not_sent_as_long_as_something_is_wrong(values):
    """Missing, too short, too long, or no such input."""
    with pytest.raises(MemberError):
        modals.fill(modal(label(TEXT)), values)


def test_people_chosen_in_a_modal_come_along(place, ann):
    """``resolved`` has the member and the user that an id stands for."""
    opened = interactions.send(
        place.world, Kind.COMMAND, place.ann, place.text, {"name": "x"}
    )
    opened.modal = modal(label({"type": 5, "custom_id": "who"}))

    asyncio.run(ann.fill(opened, {"who": [str(place.ben)]}))

    told = place.told("INTERACTION_CREATE")[-1]
    assert told["data"]["resolved"]["users"][str(place.ben)]["username"] == "ben"


def test_only_who_opened_a_modal_fills_it(place, ann):
    """It is on nobody else's screen."""
    opened = interactions.send(
        place.world, Kind.COMMAND, place.ben, place.text, {"name": "x"}
    )
    opened.modal = modal(label(TEXT))

    with pytest.raises(MemberError, match="no modal"):
        asyncio.run(ann.fill(opened, {"name": "Zoe"}))


@pytest.mark.parametrize(
    "deed",
    [
        lambda ann, place: ann.join(place.text),
        lambda ann, place: ann.type(place.text, ""),
        lambda ann, place: ann.accept(),
        lambda ann, place: ann.raise_hand(),
        lambda ann, place: ann.mute(place.ben),
        lambda ann, place: ann.rsvp(5),
    ],
)
def test_what_discord_refuses_is_a_member_error(place, ann, deed):
    """The same rules hold for people as for bots."""
    with pytest.raises(MemberError):
        asyncio.run(deed(ann, place))
