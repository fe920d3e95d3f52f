"""From a scenario to a stand-in: its members, roles, voices, and its network."""

from bot.rehearsal.scenario import Scenario
from bot.rehearsal.standin.seed import MemberSeed, RoleSeed, Seed
from bot.rehearsal.standin.settings import StandInSettings
from bot.rehearsal.standin.voice_desk import VoiceSettings
from bot.rehearsal.voices.synthesis import Synthesis

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


def repertoire_of(scenario: Scenario, name: str) -> tuple[bytes, ...]:
    """Return all that a member says in a scenario, as Opus frames in its own voice.

    Raises:
        UsageError: a line is not shipped and cannot be synthesised here.

    """
    steps = (step for space in scenario.spaces for step in space.do)
    lines = [line for one in steps if one.who == name for line in one.say or ()]
    clips = Synthesis().clips(scenario.member(name), lines)
    return tuple(frame for clip in clips for frame in clip.frames)


def settings_of(
    scenario: Scenario, *, tls_port: int = 0, plain_port: int = 0
) -> StandInSettings:
    """Return how the stand-in of a scenario is served."""
    voice = VoiceSettings(faults=scenario.network)
    return StandInSettings(tls_port=tls_port, plain_port=plain_port, voice=voice)
