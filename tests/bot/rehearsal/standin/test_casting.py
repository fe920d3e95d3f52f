"""Casting: a scenario's people, roles and network become a stand-in's."""

from bot.clock import ManualClock
from bot.rehearsal.scenario import load, parse
from bot.rehearsal.standin.casting import repertoire_of, seed_of, settings_of
from bot.rehearsal.standin.seed import build

SCENARIO = {
    "title": "Tea",
    "members": [
        {"name": "Ana", "language": "es", "voice": {"name": "es"}, "roles": ["Host"]},
        {"name": "Ben", "language": "en", "voice": {"name": "en"}},
    ],
    "spaces": [],
    "network": {"loss": 0.1},
}


def test_members_have_their_language_and_roles():
    """The first one owns the guild."""
    world = build(seed_of(parse(SCENARIO)), ManualClock(1_800_000_000.0))

    ana, ben = (one for one in world.guild.members.values() if not one.user.bot)
    assert (ana.user.locale, ben.user.locale) == ("es-ES", "en-US")
    assert [world.guild.roles[one].name for one in ana.roles] == ["Host"]
    assert world.guild.owner_id == ana.id


def test_a_member_says_its_own_lines_of_a_shipped_scenario():
    """As many frames as asked for, from the beginning again when they are over."""
    scenario = load()
    name = scenario.members[0].name

    own = repertoire_of(scenario, name)

    assert len(own) > 100
    assert repertoire_of(parse(SCENARIO), "Ben") == ()


def test_the_network_is_the_scenarios():
    """Its faults hold on every channel."""
    assert settings_of(parse(SCENARIO)).voice.faults.loss == 0.1
