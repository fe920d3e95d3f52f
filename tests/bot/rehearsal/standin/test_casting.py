"""Casting: a scenario's people, roles and network become a stand-in's."""

from bot.clock import ManualClock
from bot.rehearsal.scenario import parse
from bot.rehearsal.standin.casting import seed_of, settings_of
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


def test_the_network_is_the_scenarios():
    """Its faults hold on every channel."""
    assert settings_of(parse(SCENARIO)).voice.faults.loss == 0.1
