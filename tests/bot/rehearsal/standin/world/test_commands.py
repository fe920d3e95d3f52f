"""Application commands: limits, ids that stay, names that must be right."""

import pytest

from bot.rehearsal.standin.world import commands
from tests.bot.rehearsal.standin.worlds import refused


def command(name="space", **more):
    return {"name": name, "description": "About Spaces", "type": 1, **more}


def option(name="topic", **more):
    return {"type": 3, "name": name, "description": "What about", **more}


def test_a_command_that_keeps_its_name_keeps_its_id(place):
    """Syncing again does not make new commands; the version changes."""
    (first,) = commands.overwrite(place.world, None, [command()])

    (second,) = commands.overwrite(place.world, None, [command(description="New")])

    assert second["id"] == first["id"]
    assert second["version"] != first["version"]
    assert len(place.world.commands) == 1


def test_the_guilds_own_command_comes_before_the_global_one(place):
    """A member gets the guild's."""
    commands.overwrite(place.world, None, [command(description="global")])
    commands.overwrite(place.world, place.guild.id, [command(description="here")])

    assert commands.named(place.world, "space")["description"] == "here"


@pytest.mark.parametrize(
    "fault",
    [
        {"name": "Space"},
        {"name": "two words"},
        {"name": "x" * 33},
        {"description": ""},
        {"description": "x" * 101},
        {"options": [option(name="Topic")]},
        {"options": [option(str(number)) for number in range(26)]},
        {"options": [option("a"), option("b", required=True)]},
        {"options": [option(choices=[{"name": "a", "value": "a"}] * 26)]},
        {
            "options": [
                option(
                    choices=[{"name": "n" * 100, "value": "v" * 100}] * 25,
                    name=str(number),
                )
                for number in range(2)
            ]
        },
        {"description_localizations": {"es-ES": "x" * 101}},
        {"description_localizations": {"es": "Sobre los Spaces"}},
        {"name_localizations": {"es-ES": "Espacio"}},
        {"options": [option(type=12)]},
        {"options": [option(), option()]},
        {"options": [option(name_localizations={"es-ES": "dos palabras"})]},
        {"options": [option(description_localizations={"es-ES": ""})]},
        {"options": [option(choices=[{"name": "n" * 101, "value": "v"}])]},
        {"options": [option(choices=[{"name": "n", "value": "v" * 101}])]},
        {"options": [option(type=4, choices=[{"name": "n", "value": "v"}])]},
        {"options": [option(choices=[{"name": "n", "value": "v"}] * 2)]},
        {
            "options": [
                option(
                    choices=[
                        {
                            "name": "n",
                            "value": "v",
                            "name_localizations": {"es-ES": "x" * 101},
                        }
                    ]
                )
            ]
        },
        {"options": [option(choices=[{"name": "n", "value": "v"}], autocomplete=True)]},
        {"options": [option(min_value=1)]},
        {"options": [option(type=4, max_length=5)]},
        {"options": [option(max_length=6001)]},
        {"options": [option(channel_types=[2])]},
        {"options": [option(), option("part", type=1)]},
        {"options": [option("part", type=1, options=[option("deep", type=1)])]},
        {"type": 2, "name": "Mute"},
    ],
)
def test_each_limit_is_kept(place, fault):
    """50035, and nothing is registered."""
    with refused(50035):
        commands.overwrite(place.world, None, [command() | fault])

    assert place.world.commands == {}


@pytest.mark.parametrize(("kind", "most"), [(1, 100), (2, 15), (3, 15)])
def test_there_is_room_for_so_many(place, kind, most):
    """30032 beyond."""
    description = "About Spaces" if kind == 1 else ""
    bodies = [
        command(f"c{number}", type=kind, description=description)
        for number in range(most + 1)
    ]

    with refused(30032):
        commands.overwrite(place.world, None, bodies)
    assert commands.overwrite(place.world, None, bodies[:-1])


def test_a_command_with_all_that_is_allowed_is_taken(place):
    """Groups, subcommands, choices, limits, in two languages."""
    spanish = {"es-ES": "tema"}
    deep = [
        option(min_length=1, max_length=100, name_localizations=spanish, required=True),
        option("count", type=4, min_value=1, max_value=9),
        option("where", type=7, channel_types=[2, 13]),
        option("kind", choices=[{"name": "Any", "value": "any"}]),
        option("what", autocomplete=True),
    ]
    group = option("plan", type=2, options=[option("new", type=1, options=deep)])
    body = command(options=[group, option("end", type=1)])

    (made,) = commands.overwrite(place.world, None, [body])

    assert [one["name"] for one in made["options"]] == ["plan", "end"]


def test_names_are_unique_per_type(place):
    """A slash command and a menu may share a name; two slash commands may not."""
    both = [command(), command(type=3, description="")]

    assert commands.overwrite(place.world, None, both)
    with refused(50035):
        commands.overwrite(place.world, None, [command(), command()])


def test_creating_again_replaces(place):
    """POST is an upsert."""
    _, fresh = commands.create(place.world, None, command())

    made, again = commands.create(place.world, None, command(description="New"))

    assert (fresh, again) == (True, False)
    assert made["description"] == "New"


def test_a_command_that_is_gone_is_unknown(place):
    """10063."""
    with refused(10063):
        commands.find(place.world, None, 5)
