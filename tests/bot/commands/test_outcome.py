"""``/space report``: who reads it, of which Space, and what it says."""

from media.heard import SpurtClosed, TalkSpurt
from tests.bot.guild import ANA, EVA, HOST, LUIS, run, until


def described(stage, sent):
    """Return the report that was sent as an answer, its title first."""
    (embed,) = stage.message(sent.original_id)["embeds"]
    return f"{embed['title']}\n{embed['description']}"


def test_a_host_reads_how_it_went(tmp_path):
    """So does who is co-host to its end; nobody else but moderators."""
    files = []

    async def play(stage):
        async def report(name):
            sent = await stage.said(name, "space report")
            words = await stage.answer(sent)
            if words:
                return words
            (file,) = stage.message(sent.original_id)["attachments"]
            files.append(file["filename"])
            return described(stage, sent)

        await stage.enter(HOST, ANA, EVA)
        said = [await report(HOST)]
        room = await stage.opened()
        await stage.command(ANA, "floor ask", note="Bees")
        host = stage.member(HOST).id
        now = room.talk.space_time()
        talk = ((0.0, now),)
        closed = next(iter(SpurtClosed))
        room.talk.heard(TalkSpurt(host, 0.0, now, talk, b"", now, 0, closed))
        said.append(await report(HOST))
        for name in (ANA, EVA):
            user_id = stage.member(name).id
            await stage.command(HOST, "host cohost-add", member=user_id)
        await stage.command(HOST, "host cohost-remove", member=user_id)
        said.append(await stage.command(HOST, "space end"))
        await until(lambda: not stage.bot.rooms.live())
        said += [await report(HOST), await report(LUIS)]
        cohosts = [await report(ANA), await report(EVA)]
        assert cohosts[0] == said[-2]
        assert cohosts[1].startswith("El informe de un Espacio es para sus anfitriones")
        return said, host

    (none, live, ended, over, denied), host = run(tmp_path, play)

    assert none == "No Space has been held here that I could report on."
    assert "so far" in live
    assert "`/space report` says how it went" in ended
    assert over.startswith("How it went: Huertos urbanos")
    assert "3 people · at most 2 listening at once" in over
    assert f"only <@{host}>" in over
    assert "Hands: 1" in over
    assert "It was not planned" in over
    assert files == ["attendance-1.csv"] * 3
    assert denied == "The report of a Space is for its hosts and for moderators."
