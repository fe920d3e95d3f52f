"""What the panel's buttons, menus and forms do, on the loopback."""

import asyncio

from bot.rehearsal.standin.permissions import Permission
from bot.rehearsal.standin.seed import MemberSeed, RoleSeed, Seed
from moderation.requests import QueueMode, RequestKind
from moderation.settings import RoomKind
from tests.bot.guild import (
    ANA,
    EVA,
    HOST,
    LUIS,
    PEOPLE,
    Stage,
    bot_on,
    place,
    refused,
    run,
    until,
)

MOD = "Mia"
MODERATOR = RoleSeed("moderator", Permission.MUTE_MEMBERS | Permission.MOVE_MEMBERS)


async def panel_of(stage):
    """Return the id of the live panel once it is there."""
    await until(stage.panels)
    return int(stage.panel()["id"])


def test_a_hand_by_button_gets_its_kind_and_note_afterwards(tmp_path):
    """One press is a hand; what it is about follows, and another press keeps it."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        ask = await stage.pressed(ANA, await panel_of(stage), "ask")
        said = [await stage.choose(ANA, ask.original_id, "kind", "question")]
        form = await stage.pressed(ANA, ask.original_id, "note")
        [line] = [one["component"] for one in form.modal["components"]]
        sent = await stage.member(ANA).fill(form, {line["custom_id"]: " water? "})
        said.append(await stage.answer(sent))
        said.append(await stage.click(ANA, await panel_of(stage), "ask"))
        hand = room.space.hand_of(stage.member(ANA).id)
        return said, hand.kind, hand.note

    said, kind, note = run(tmp_path, play)

    assert said == ["Your hand is up: you are next."] * 3
    assert (kind, note) == (RequestKind.QUESTION, "water?")


def test_the_host_runs_the_queue_from_the_private_panel(tmp_path):
    """Menus and buttons for all of it; a case can be undone, an end is asked twice."""

    async def play(stage):
        await stage.enter(HOST, ANA, LUIS)
        room = await stage.opened()
        for name in (ANA, LUIS):
            await stage.command(name, "floor ask")
        sent = await stage.said(HOST, "host panel")
        await until(lambda: sent.original_id is not None)
        own, luis = sent.original_id, stage.member(LUIS).id
        said = [await stage.choose(HOST, own, "room", "mode.fair")]
        sent = await stage.member(HOST).select(
            own, stage.button(own, "person"), [str(luis)]
        )
        said.append(await stage.answer(sent))
        said.append(await stage.click(HOST, sent.original_id, "first"))
        said.append(await stage.choose(HOST, own, "call", luis))
        muted = await stage.pressed(HOST, sent.original_id, "mute")
        said.append(stage.message(muted.original_id)["content"])
        said.append(await stage.click(HOST, muted.original_id, "undo"))
        said.append(await stage.choose(HOST, own, "room", "turn.60"))
        refreshed = await stage.pressed(HOST, own, "more")
        view = room.observe().space
        sure = await stage.pressed(HOST, own, "end")
        said.append(stage.message(sure.original_id)["content"])
        await stage.click(HOST, sure.original_id, "end_now")
        await room.ended()
        return said, view, refreshed.original_id == own, luis, stage.member(ANA).id

    said, view, in_place, luis, ana = run(tmp_path, play)

    assert view.queue_mode is QueueMode.FAIR
    assert [hand.user_id for hand in view.queue] == [ana]
    assert said[1].startswith(f"**<@{luis}>** · listener")
    assert said[2].endswith(f"moved <@{luis}> to place 1.")
    assert said[3] == f"<@{luis}> is invited."
    assert said[4] == "Done. It is case 1."
    assert "undid case 1" in said[5]
    assert said[6].endswith("set turns to 1 min.")
    assert said[7].startswith("End the Space “Huertos urbanos” for everybody?")
    assert view.muted_ids == ()
    assert in_place


def test_a_report_reaches_everybody_but_whom_it_is_about(tmp_path):
    """Where that is the only host, the moderators in the room read it."""
    people = (*PEOPLE, MemberSeed(MOD, roles=(MODERATOR.name,)))

    async def main():
        seed = Seed(members=people, roles=(MODERATOR,))
        async with place(seed) as standin, bot_on(standin, tmp_path) as bot:
            stage = Stage(standin, bot, RoomKind.VOICE)
            await stage.enter(HOST, ANA, MOD)
            await stage.opened()
            form = await stage.pressed(ANA, await panel_of(stage), "report")
            whom, why = (one["component"] for one in form.modal["components"])
            host = str(stage.member(HOST).id)
            filled = {whom["custom_id"]: [host], why["custom_id"]: "shouts"}
            thanks = await stage.answer(await stage.member(ANA).fill(form, filled))
            await until(lambda: any("shouts" in one for one in stage.told(MOD)))
            theirs = await stage.command(HOST, "mod history", member=host)
            known = await stage.command(MOD, "mod history", member=host)
            return thanks, stage.told(HOST), theirs, known

    thanks, told, theirs, known = asyncio.run(main())

    assert thanks == "Thank you. Those who keep order here have been told."
    assert not any("shouts" in words for words in told)
    assert theirs == "Nothing is known about them."
    assert "shouts" in known


def test_questions_are_asked_and_voted_on_the_panel(tmp_path):
    """A form to ask, a menu to vote, buttons to decide."""

    async def play(stage):
        await stage.enter(HOST, ANA, EVA)
        room = await stage.opened()
        form = await stage.pressed(ANA, await panel_of(stage), "question")
        [line] = [one["component"] for one in form.modal["components"]]
        sent = await stage.member(ANA).fill(form, {line["custom_id"]: "Why rain?"})
        said = [await stage.answer(sent)]
        await until(lambda: "tes:1:vote" in str(stage.panel()["components"]))
        said.append(await stage.choose(EVA, await panel_of(stage), "vote", 1))
        said.append(await stage.choose(EVA, await panel_of(stage), "vote", 1))
        await stage.command(HOST, "qa show", number=1)
        await stage.command(HOST, "qa answered", number=1)
        said.append(await stage.command(HOST, "qa queue"))
        refused = await stage.command(EVA, "qa queue")
        return said, refused, room.observe().space.questions

    said, refused, left = run(tmp_path, play)

    assert said[0] == "Your question is number 1."
    assert said[1:3] == [
        "La pregunta 1 tiene 2 votos.",
        "La pregunta 1 tiene un voto.",
    ]
    assert "Why rain?" in said[3]
    assert "answered <t:" in said[3]
    assert refused.startswith("Para eso hace falta poder llevar las preguntas")
    assert left == ()


def test_a_side_is_taken_by_button_and_shown_in_the_readers_language(tmp_path):
    """The sides of the format are words of ours; the panel has a button for each."""

    async def play(stage):
        await stage.enter(HOST, EVA)
        await stage.command(HOST, "space start", topic="Bees", format="debate")
        taken = await stage.click(EVA, await panel_of(stage), "side", "1")
        sent = await stage.member(EVA).autocomplete(
            "floor side", "side", {"side": "fav"}, channel_id=stage.channel_id
        )
        await until(lambda: sent.answered)
        return taken, [(one["name"], one["value"]) for one in sent.choices]

    taken, offered = run(tmp_path, play, RoomKind.VOICE)

    assert taken == "Hablas por: en contra"
    assert offered == [("a favor", "for")]


def test_who_may_takes_over_by_button_when_the_host_is_gone(tmp_path):
    """The panel offers it for as long as nobody hosts here."""

    async def play(stage):
        await stage.enter(HOST, ANA, LUIS)
        room = await stage.opened()
        await stage.command(HOST, "host cohost-add", member=str(stage.member(ANA).id))
        await stage.member(HOST).leave()
        await until(lambda: ":claim:" in str(stage.panel()["components"]))
        said = [await stage.click(LUIS, await panel_of(stage), "claim")]
        said.append(await stage.click(ANA, await panel_of(stage), "claim"))
        await until(lambda: ":claim:" not in str(stage.panel()["components"]))
        return said, room.space.state.hosting.chair_id == stage.member(ANA).id

    said, took_over = run(tmp_path, play, RoomKind.VOICE)

    assert said[0] == "Only a co-host, a speaker or a moderator may take over."
    assert took_over


def test_a_button_works_in_a_direct_message(tmp_path):
    """Where nobody is a member: rights are kept, and refusals are on record."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.command(ANA, "floor ask")
        world, host = stage.standin.world, stage.member(HOST).id
        await until(lambda: any("asks for" in words for words in stage.told(HOST)))
        [direct] = [c for c in world.direct if world.messages[c]]
        [message_id] = world.messages[direct]
        said = [await stage.click(HOST, message_id, "next") for _ in range(2)]
        moderates = room.space.is_moderator(host)
        (row,) = await refused(stage, 1)
        kept = [(row.space_id == room.space_id, row.subject)]
        return said, moderates, kept, stage.member(ANA).id

    said, moderates, kept, ana = run(tmp_path, play, RoomKind.VOICE)

    assert said == [f"<@{ana}> is invited.", f"<@{ana}> is invited already."]
    assert moderates
    assert kept == [(True, "floor.already_invited")]


def test_somebody_who_runs_nothing_cannot_use_the_hosts_buttons(tmp_path):
    """A button that somebody got hold of is checked like a command."""

    async def play(stage):
        await stage.enter(HOST, ANA, LUIS)
        await stage.opened()
        ana = stage.member(ANA).id
        sent = await stage.member(LUIS).use_menu(
            "See and act", user_id=ana, channel_id=stage.channel_id
        )
        return await stage.answer(sent)

    assert "run the queue" in run(tmp_path, play)


def test_two_hosts_who_press_the_same_button_undo_nothing(tmp_path):
    """A button says what it wants, on or off, and whom it saw to be next."""

    async def play(stage):
        await stage.enter(HOST, ANA, LUIS, EVA)
        room = await stage.opened()
        await stage.command(HOST, "host cohost-add", member=str(stage.member(ANA).id))
        for name in (LUIS, EVA):
            await stage.command(name, "floor ask")
        own = {}
        for name in (HOST, ANA):
            sent = await stage.said(name, "host panel")
            await until(lambda sent=sent: sent.original_id is not None)
            own[name] = sent.original_id
        pressed = {
            (name, verb): (panel, stage.button(panel, verb))
            for name, panel in own.items()
            for verb in ("hush", "next")
        }
        said = []
        for (name, _), (panel, custom_id) in pressed.items():
            shown = stage.message(panel)
            if custom_id not in str(shown["components"]):  # as it was when they looked
                button = {"type": 2, "custom_id": custom_id}
                shown["components"] = [{"type": 1, "components": [button]}]
            sent = await stage.member(name).click(panel, custom_id)
            said.append(await stage.answer(sent))
        return said, room.observe().space, stage.member(LUIS).id

    said, space, luis = run(tmp_path, play, RoomKind.VOICE)

    assert space.hushed
    assert [one.user_id for one in space.invited] == [luis]
    assert said[1] == f"<@{luis}> is invited."
    assert said[2:4] == [
        "The room is hushed already.",
        f"<@{luis}> is invited already.",
    ]
