"""``/talk times``, while a Space is live and afterwards."""

import time

from media.heard import SpurtClosed, TalkSpurt
from tests.bot.guild import ANA, HOST, LUIS, run, until


def test_talk_is_counted_live_and_afterwards(tmp_path):
    """By who was heard; in a channel without a past Space there is nothing to say."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        said = [await stage.command(HOST, "talk times")]
        room = await stage.opened()
        host = stage.member(HOST).id
        closed = next(iter(SpurtClosed))
        now = room.talk.space_time()
        talk = ((0.0, now),)
        room.talk.heard(TalkSpurt(host, 0.0, now, talk, b"", now, 0, closed))
        said.append(await stage.command(ANA, "talk times"))
        await stage.command(HOST, "space end")
        await until(lambda: not stage.bot.rooms.live())
        said.append(await stage.command(LUIS, "talk times"))
        return said, host

    before = time.time()
    (nothing, live, past), host = run(tmp_path, play)

    assert nothing.startswith("No Space is live")
    assert f"<@{host}>: " in live
    assert "Here and not deafened now" in live
    assert past.startswith("The last Space here, over <t:")
    assert "Huertos urbanos" in past
    assert f"<@{host}>: " in past
    assert "(100 %)" in past
    assert "deafened" not in past
    assert int(past.split("<t:")[1].split(":")[0]) >= int(before)
