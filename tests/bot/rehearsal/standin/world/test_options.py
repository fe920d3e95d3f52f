"""What members type into commands, turned into what arrives at the application."""

import pytest

from bot.rehearsal.standin.world import commands, options
from bot.rehearsal.standin.world.options import OptionError


def option(kind, name="x", **more):
    return {"type": kind, "name": name, "description": "-", **more}


def fill(place, kind, value, **more):
    body = {"name": "c", "description": "-", "options": [option(kind, **more)]}
    command, _ = commands.create(place.world, None, body)
    return options.fill(place.world, command, [], {"x": value})


@pytest.mark.parametrize(
    ("kind", "more", "typed", "arrives"),
    [
        (3, {}, "tea", "tea"),
        (4, {}, "7", 7),
        (10, {}, "1.5", 1.5),
        (5, {}, "true", True),
        (3, {"choices": [{"name": "Rounds", "value": "rounds"}]}, "Rounds", "rounds"),
        (4, {"choices": [{"name": "One", "value": 1}]}, 1, 1),
    ],
)
def test_values_arrive_in_the_registered_type(place, kind, more, typed, arrives):
    """A choice may be given by its label, a number as text."""
    filled = fill(place, kind, typed, **more)

    assert filled.options == [{"type": kind, "name": "x", "value": arrives}]


@pytest.mark.parametrize(
    ("kind", "more", "typed"),
    [
        (3, {"max_length": 3}, "long"),
        (4, {"min_value": 1}, 0),
        (4, {}, "many"),
        (3, {"choices": [{"name": "a", "value": "a"}]}, "b"),
        (6, {}, "Nobody"),
        (7, {"channel_types": [13]}, "general"),
    ],
)
def test_what_the_client_would_not_send_is_an_error(place, kind, more, typed):
    """Discord's client checks ranges, choices and channel types itself."""
    with pytest.raises(OptionError):
        fill(place, kind, typed, **more)


def test_people_rooms_and_roles_are_found_by_name(place):
    """Their objects come along in ``resolved``."""
    by_user = fill(place, 6, "Ben")
    by_role = fill(place, 8, "Moderator")
    by_room = fill(place, 7, "stage", channel_types=[13])

    assert by_user.options[0]["value"] == str(place.ben)
    assert by_user.resolved["members"][str(place.ben)]["permissions"]
    assert by_role.resolved["roles"]
    assert by_room.resolved["channels"][str(place.stage)]["type"] == 13


def nested(place):
    inner = {"type": 1, "name": "start", "description": "-", "options": [option(3)]}
    group = {"type": 2, "name": "plan", "description": "-", "options": [inner]}
    body = {"name": "space", "description": "-", "options": [group]}
    return commands.create(place.world, None, body)[0]


def test_subcommands_wrap_their_options(place):
    """Group, subcommand, option: outermost first."""
    filled = options.fill(place.world, nested(place), ["plan", "start"], {"x": "tea"})

    (group,) = filled.options
    (subcommand,) = group["options"]
    assert (group["type"], group["name"]) == (2, "plan")
    assert subcommand["options"] == [{"type": 3, "name": "x", "value": "tea"}]


@pytest.mark.parametrize("path", [[], ["plan"], ["plan", "stop"]])
def test_a_group_alone_cannot_be_run(place, path):
    """The error names what there is."""
    with pytest.raises(OptionError, match=r"plan|start"):
        options.fill(place.world, nested(place), path, {})


def test_a_required_option_must_be_there(place):
    """Except while it is still being typed."""
    body = {"name": "c", "description": "-", "options": [option(3, required=True)]}
    command, _ = commands.create(place.world, None, body)

    with pytest.raises(OptionError, match="needs x"):
        options.fill(place.world, command, [], {})
    typing = options.fill(place.world, command, [], {"x": "tu"}, focused="x")
    assert typing.options[0]["focused"] is True
