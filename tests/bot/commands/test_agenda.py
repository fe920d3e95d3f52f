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


def test_after_the_last_item_the_agenda_is_at_its_end(tmp_path):
    """Which is no mistake of whoever goes on; in both languages."""

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, EVA)
        room = await stage.opened()
        none = await stage.command(HOST, "topic agenda-next")
        await send(stage, HOST, "Welcome")
        await stage.command(HOST, "topic agenda-next")
        over = await stage.command(HOST, "topic agenda-next")
        await stage.command(HOST, "host cohost-add", member=str(stage.member(EVA).id))
        spanish = await stage.command(EVA, "topic agenda-next")
        return none, over, spanish, room.observe().space.agenda_number

    none, over, spanish, number = run(tmp_path, play)

    assert "There is no agenda" in none
    assert "at its end" in over
    assert "termina" in spanish
    assert number == 1
