"""A Space without a schedule: one command with a topic and nothing else."""

from moderation.settings import Format, RoomKind
from moderation.store import spaces
from tests.bot.guild import ANA, HOST, run, until


def test_a_topic_alone_opens_a_space_where_the_host_is(tmp_path):
    """Everything else has a default, and the floor is the host's."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        await stage.command(HOST, "space start", topic="Huertos urbanos")
        await until(lambda: stage.heard(HOST) and not stage.heard(ANA))
        room = stage.bot.rooms.live()[0]
        live = await stage.bot.store.read(spaces.live)
        here = [(row.channel_id, row.topic) for row in live]
        return (
            here == [(stage.channel_id, "Huertos urbanos")],
            room.row.host_id == stage.member(HOST).id,
            room.space.state.settings.format,
        )

    assert run(tmp_path, play, RoomKind.VOICE) == (True, True, Format.OPEN_TALK)
