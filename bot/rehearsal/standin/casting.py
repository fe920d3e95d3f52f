"""From a scenario to a stand-in: its members and roles, and its network."""

from bot.rehearsal.scenario import Scenario
from bot.rehearsal.standin.seed import MemberSeed, RoleSeed, Seed
from bot.rehearsal.standin.settings import StandInSettings
from bot.rehearsal.standin.voice_desk import VoiceSettings

LOCALES = {"en": "en-US", "es": "es-ES"}
"""Language → the locale of a member's client."""


def seed_of(scenario: Scenario) -> Seed:
    """Return the guild of a scenario; its first member owns it."""
    members = tuple(
        MemberSeed(one.name, LOCALES[one.language], one.roles)
        for one in scenario.members
    )
    names = dict.fromkeys(role for one in scenario.members for role in one.roles)
    return Seed(members=members, roles=tuple(RoleSeed(name) for name in names))


def settings_of(
    scenario: Scenario, *, tls_port: int = 0, plain_port: int = 0
) -> StandInSettings:
    """Return how the stand-in of a scenario is served."""
    voice = VoiceSettings(faults=scenario.network)
    return StandInSettings(tls_port=tls_port, plain_port=plain_port, voice=voice)
