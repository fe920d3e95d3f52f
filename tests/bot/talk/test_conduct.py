"""Nudges that are said, and nudges that climb."""

from bot.config import Config
from bot.talk.conduct import Conduct
from moderation.effects import Audience, Nudge
from moderation.events import ConductNudged
from moderation.ladder import LadderSettings, Rung
from moderation.nudges.settings import NudgeSettings
from moderation.settings import RoomKind, SpaceSettings
from moderation.store import nudges
from tests.bot.guild import ANA as ANA_NAME
from tests.bot.guild import HOST, run, until

ANA = 7


def nudge(audience, user_id, **params):
    return Nudge("nudge.a", params=params, rule="a", audience=audience, user_id=user_id)


def test_what_one_person_does_climbs_and_the_rest_is_said():
    """The ladder is the Space's; what the hosts read needs none."""
    facts, said = [], []
    for_hosts = nudge(Audience.HOSTS, ANA)

    Conduct(facts.append, said.extend).give(
        [nudge(Audience.MEMBER, ANA, talk_s=190.0, share=0.8), for_hosts]
    )

    assert facts == [ConductNudged(ANA, "a", talk_s=190.0, share=0.8)]
    assert said == [for_hosts]


def test_a_figure_that_was_not_measured_is_none():
    """A monologue has no share."""
    facts = []

    Conduct(facts.append, None).give([nudge(Audience.MEMBER, ANA, talk_s=9.0)])

    assert facts == [ConductNudged(ANA, "a", talk_s=9.0)]


def test_who_talks_on_and_on_climbs_to_the_end_of_the_turn(tmp_path):
    """From what was heard to the seat: a private word, a line, the floor."""
    config = Config(
        nudges=NudgeSettings(
            monologue_s=5.0, check_s=0.1, cooldown_s=0.2, member_gap_s=0.2
        ),
        space=SpaceSettings(
            ladder=LadderSettings(
                rungs=(Rung.PRIVATE, Rung.PUBLIC, Rung.END_TURN), gap_s=0.2
            )
        ),
    )

    async def monologue(stage):
        await stage.enter(HOST, ANA_NAME)
        room = await stage.opened()
        ana = stage.member(ANA_NAME).id
        await stage.command(HOST, "floor invite", member=str(ana))
        await stage.command(ANA_NAME, "floor accept")
        await until(lambda: stage.heard(ANA_NAME))
        now = room.talk.space_time()
        room.talk.conversation.heard_talk(ana, [(now - 6.0, now)])
        await until(lambda: not stage.heard(ANA_NAME))
        kept = await stage.bot.store.read(lambda db: nudges.read(db, room.space_id))
        waiting = [hand.user_id == ana for hand in room.observe().space.queue]
        return [(row.rule, row.step, row.user_id == ana) for row in kept], waiting

    kept, waiting = run(tmp_path, monologue, RoomKind.VOICE, config)

    assert kept == [("monologue", "member", True), ("monologue", "room", True)]
    assert waiting == [True]
