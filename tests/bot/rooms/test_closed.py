"""A stage that is closed by hand in Discord, on the loopback."""

from bot.rehearsal.standin.world import stages
from tests.bot.guild import ANA, HOST, run, until


def test_the_hosts_hear_of_a_stage_that_was_closed_by_hand(tmp_path):
    """The Space goes on; they end it by a button, or open the stage again."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        world = stage.standin.world
        await until(lambda: stage.channel_id in world.stages)
        stages.close(world, stage.member(HOST).id, stage.channel_id)
        await until(lambda: any("was closed" in one for one in stage.told(HOST)))
        live = room.space.is_live
        await stage.command(HOST, "topic set", text="Bees")
        await until(lambda: stage.channel_id in world.stages)
        topic = world.stages[stage.channel_id]["topic"]
        await stage.command(HOST, "space end")
        await room.ended()
        told = [one for one in stage.told(HOST) if "was closed" in one]
        return live, topic, len(told)

    assert run(tmp_path, play) == (True, "Bees", 1)
