"""A small world for the tests of its rules, with a clock that stands still."""

from contextlib import contextmanager

import pytest

from bot.clock import ManualClock
from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.permissions import SPACES_BOT, Permission
from bot.rehearsal.standin.refusals import Refusal
from bot.rehearsal.standin.seed import MemberSeed, RoleSeed, Seed, build
from bot.rehearsal.standin.wire import iso
from bot.rehearsal.standin.world import events, voice
from bot.rehearsal.standin.world.state import Dispatch

NOW = 1_800_000_000.0
MODERATOR = Permission.MUTE_MEMBERS | Permission.MOVE_MEMBERS
VERSATILE = (
    SPACES_BOT
    | Permission.MENTION_EVERYONE
    | Permission.MANAGE_MESSAGES
    | Permission.MANAGE_ROLES
    | Permission.MODERATE_MEMBERS
    | Permission.PIN_MESSAGES
)
"""What the bot may do here: enough for every rule that is tried."""
PEOPLE = (
    MemberSeed("Owner"),
    MemberSeed("Mod", roles=("Moderator",)),
    MemberSeed("Ann"),
    MemberSeed("Ben", "es-ES"),
)


class Place:
    """A world, and short names for what is in it."""

    def __init__(self, **changes):
        self.clock = ManualClock(NOW)
        changes = {"bot_permissions": VERSATILE} | changes
        seed = Seed(
            members=PEOPLE, roles=(RoleSeed("Moderator", MODERATOR),), **changes
        )
        self.world = build(seed, self.clock)
        self.guild = self.world.guild
        self.bot = self.world.bot.id
        users = {one.name: one.id for one in self.world.users.values()}
        self.owner, self.mod = users["Owner"], users["Mod"]
        self.ann, self.ben = users["Ann"], users["Ben"]
        rooms = {one.name: one.id for one in self.guild.channels.values()}
        self.text, self.stage = rooms["general"], rooms["stage"]
        self.voice, self.other = rooms["voice"], rooms["voice 2"]
        self.heard = []
        self.world.watch(self.heard.append)

    def join(self, user_id, channel_id):
        return voice.join(self.world, user_id, channel_id, session_id="s")

    def state(self, user_id):
        return self.world.voice[user_id]

    def told(self, name):
        """Return the data of the dispatches with this name."""
        sent = [one for one in self.heard if isinstance(one, Dispatch)]
        return [one.data for one in sent if one.name == name]


def form(**body):
    return Form(body)


@contextmanager
def refused(code):
    """Expect a refusal with this JSON error code."""
    with pytest.raises(Refusal) as refusal:
        yield refusal
    assert refusal.value.code == code


@pytest.fixture
def place():
    return Place()


def plan(place, **more):
    """Plan an event on the stage, a minute from ``NOW``."""
    body = {
        "name": "Tea",
        "privacy_level": 2,
        "entity_type": 1,
        "channel_id": str(place.stage),
        "scheduled_start_time": iso(NOW + 60),
        **more,
    }
    return events.create(place.world, place.bot, form(**body))
