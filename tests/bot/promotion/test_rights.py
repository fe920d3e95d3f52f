"""Who hears of a plan, who runs it, and what everybody else is told."""

from types import SimpleNamespace

import discord
import pytest

from bot.promotion.rights import require_host
from bot.refusals import Impossible
from scheduler.plans import Plan, PlanRefused

HOST, COHOST, OTHER, ROOM = 3, 4, 5, 2
PLAN = Plan(
    id=1,
    guild_id=1,
    channel_id=ROOM,
    host_id=HOST,
    cohost_ids=(COHOST,),
    topic="bees",
    starts_at=1.8e9,
    minutes=60,
)


class Member(discord.Member):
    """A member with the permissions that a test gives."""

    def __init__(self, user_id, guild, **may):
        self._user = SimpleNamespace(id=user_id)
        self.guild = guild
        self.may = discord.Permissions(**may)

    guild_permissions = property(lambda self: self.may)


def pressed(user_id, *, sees, **may):
    """Return an interaction in the plan's guild."""
    room = SimpleNamespace(
        permissions_for=lambda _: discord.Permissions(view_channel=sees)
    )
    guild = SimpleNamespace(get_channel=lambda found: room if found == ROOM else None)
    return SimpleNamespace(guild=guild, user=Member(user_id, guild, **may))


@pytest.mark.parametrize("sees", [True, False])
@pytest.mark.parametrize(
    ("user_id", "may"),
    [
        (HOST, {}),
        (OTHER, {"manage_events": True}),
        (OTHER, {"mute_members": True, "move_members": True}),
    ],
)
def test_who_runs_it_is_let_through(user_id, may, sees):
    """Whether or not they see the room."""
    require_host(pressed(user_id, sees=sees, **may), PLAN)


@pytest.mark.parametrize(
    ("user_id", "sees", "refusal"),
    [
        (OTHER, True, Impossible("not_plan_host")),
        (COHOST, False, Impossible("not_plan_host")),
        (OTHER, False, PlanRefused("plan.unknown")),
    ],
)
def test_others_are_refused_by_what_they_may_know(user_id, sees, refusal):
    """To who sees no room there is no plan: a number tells nothing."""
    with pytest.raises(type(refusal)) as refused:
        require_host(pressed(user_id, sees=sees), PLAN)

    assert refused.value.key == refusal.key


def test_a_button_in_private_shows_no_room():
    """It comes from no guild: only its own people hear of the plan."""
    here = SimpleNamespace(guild=None, user=SimpleNamespace(id=OTHER))

    with pytest.raises(PlanRefused):
        require_host(here, PLAN)
