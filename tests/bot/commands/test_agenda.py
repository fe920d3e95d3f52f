"""A whole agenda by form, against the stand-in."""

from tests.bot.guild import ANA, EVA, HOST, run, until


async def send(stage, name, text):
    """Fill the form in and return what was answered."""
    sent = await stage.said(name, "topic agenda-import")
    await until(lambda: sent.answered)
    field = sent.modal["components"][0]["component"]["custom_id"]
    return await stage.answer(await stage.member(name).fill(sent, {field: text}))


def test_a_form_adds_every_line_or_none(tmp_path):
    """Mistakes are named by line; only who leads the Space may add."""

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, ANA, EVA)
        room = await stage.opened()
        wrong = await send(stage, HOST, "10 min Welcome\n0 min Nothing")
        empty = list(room.space.state.agenda.items)
        refused = await send(stage, EVA, "10 min Bienvenida")
        right = await send(stage, HOST, "10 min Welcome\n\n- Questions (20 min)")
        items = [(i.text, i.minutes) for i in room.space.state.agenda.items]
        return wrong, empty, refused, right, items

    wrong, empty, refused, right, items = run(tmp_path, play)

    assert "Line 2: an item takes from 1 to 240 minutes." in wrong
    assert empty == []
    assert "puntos más" not in refused
    assert "2 items" in right
    assert items == [("Welcome", 10.0), ("Questions", 20.0)]
