"""A Space on the loopback, in both kinds of room, with the real bot."""

import asyncio

import pytest

from bot.config import Config
from bot.settings import DiscordSettings, StoreSettings
from bot.talk import ears
from bot.voice.errors import Barrier, CannotJoin
from bot.voice.link import VoiceLink
from media.whisper.jobs import Missed, MissedReason
from moderation.events import EndReason
from moderation.settings import RoomKind
from moderation.store import consents, guilds, journal, mutes, spaces
from moderation.store.database import StoreError
from tests.bot.guild import (
    ANA,
    EVA,
    HOST,
    LUIS,
    Stage,
    bot_on,
    place,
    refused,
    run,
    starting,
    until,
)

pytestmark = pytest.mark.long

both_kinds = pytest.mark.parametrize("kind", list(RoomKind), ids=lambda k: k.value)


@both_kinds
def test_who_has_the_floor_is_heard_and_nobody_else(tmp_path, kind):
    """A hand is raised, called, accepted, heard; given back, silent again."""

    async def play(stage):
        await stage.enter(HOST, ANA, LUIS)
        room = await stage.opened()
        await until(lambda: not stage.heard(ANA) and stage.heard(HOST))
        said = [await stage.command(ANA, "floor ask", note="seeds")]
        await stage.command(HOST, "floor next")
        prompt = await stage.offering("answer")
        arg = f"{stage.member(ANA).id}.accepted"
        said.append(await stage.click(ANA, int(prompt["id"]), "answer", arg))
        if kind is RoomKind.STAGE:
            await until(lambda: stage.standin.world.voice[stage.member(ANA).id].invited)
            await stage.member(ANA).accept()
        await until(lambda: stage.heard(ANA))
        heard = (stage.heard(ANA), stage.heard(LUIS))
        await stage.command(ANA, "floor step-down")
        await until(lambda: not stage.heard(ANA))
        on_stage = [seat.user_id for seat in room.observe().space.stage]
        return said, heard, on_stage == [stage.member(HOST).id]

    said, heard, host_only = run(tmp_path, play, kind)

    assert said == [
        "Your hand is up: you are next.",
        "You have the floor.",
    ]
    assert heard == (True, False)
    assert host_only


@both_kinds
def test_when_the_space_ends_nothing_of_it_is_left(tmp_path, kind):
    """No mute, no stage instance, no live row; the panel says that it is over."""

    async def play(stage):
        await stage.enter(HOST, ANA, LUIS)
        room = await stage.opened()
        await until(lambda: not stage.heard(ANA) and not stage.heard(LUIS))
        await stage.command(HOST, "space end")
        await room.ended()
        store = stage.bot.store
        return (
            [stage.muted(name) for name in (HOST, ANA, LUIS)],
            await store.read(mutes.owed),
            await store.read(spaces.live),
            stage.panel()["components"],
            stage.bot.rooms.live(),
        )

    assert run(tmp_path, play, kind) == ([False] * 3, [], [], [], [])


def test_a_hand_by_chat_by_button_and_by_command_stand_in_one_queue(tmp_path):
    """Three ways in, one order, shown to everybody."""

    async def play(stage):
        await stage.enter(HOST, ANA, LUIS, EVA)
        room = await stage.opened()
        bot = f"<@{stage.standin.world.application_id}>"
        await stage.member(ANA).type(stage.channel_id, f"{bot} palabra: las semillas")
        await until(lambda: room.observe().space.queue)
        await until(lambda: any(one["embeds"] for one in stage.messages()))
        await stage.click(LUIS, int(stage.panel()["id"]), "ask")
        await stage.command(EVA, "floor ask", kind="question")
        queue = room.observe().space.queue
        people = {stage.member(name).id: name for name in (ANA, LUIS, EVA)}
        return [(people[hand.user_id], hand.note) for hand in queue]

    assert run(tmp_path, play) == [(ANA, "las semillas"), (LUIS, ""), (EVA, "")]


def test_nobody_is_kept_without_saying_yes(tmp_path):
    """Consent is asked when recording starts, and the ledger has who chose what."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.command(HOST, "record start")
        asked = int((await stage.offering("consent"))["id"])
        sent = await stage.member(ANA).click(asked, stage.button(asked, "consent"))
        await stage.answer(sent)
        thanks = await stage.click(ANA, sent.original_id, "allow", "2")
        ana, guild_id = stage.member(ANA).id, room.guild_id
        kept = await stage.bot.store.read(
            lambda db: consents.history(db, guild_id, ana)
        )
        answers = {row.level: row.source for row in kept}
        return thanks, answers, {u: int(c) for u, c in room.ears.consents.items()}, ana

    thanks, answers, heard, ana = run(tmp_path, play)

    assert thanks.startswith("Thank you")
    assert answers == {2: "button"}
    assert heard == {ana: 2}


REFUSED = [
    (ANA, "floor next", {}, "call people to the floor"),
    (ANA, "space end", {}, "end the Space"),
    (ANA, "floor step-down", {}, "not have the floor"),
    (ANA, "floor accept", {}, "not invited"),
    (HOST, "space start", {"topic": "again"}, "already live"),
    (HOST, "floor next", {}, "Nobody is waiting"),
    (HOST, "floor timer", {"seconds": 3600}, "Done"),
    (LUIS, "floor ask", {}, "You are not in the room"),
    (EVA, "floor ask", {}, "No estás en la sala"),
]


def test_what_is_not_allowed_is_said_in_one_line(tmp_path):
    """A refusal is specific, in the reader's language, and leaves no trace."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        said = []
        for who, command, options, _ in REFUSED:
            rows = await count(stage, room)
            words = await stage.command(who, command, **options)
            said.append((words, rows == await count(stage, room)))
        return said

    async def count(stage, room):
        return await stage.bot.store.read(lambda db: journal.count(db, room.space_id))

    for (*_, words), (answer, unchanged) in zip(
        REFUSED, run(tmp_path, play), strict=True
    ):
        assert words in answer
        assert "\n" not in answer
        assert unchanged or words == "Done"


def test_a_button_of_a_space_that_is_over_says_so(tmp_path):
    """An old message may be pressed at any time."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await until(lambda: any(one["embeds"] for one in stage.messages()))
        panel = stage.panel()
        old = dict(panel)
        await stage.command(HOST, "space end")
        await room.ended()
        panel["components"] = old["components"]  # a client that still shows it
        return await stage.click(EVA, int(panel["id"]), "ask")

    said = run(tmp_path, play)

    assert said == "Ese Espacio ya terminó; este botón ya no hace nada."


def test_two_hosts_who_end_at_once_end_it_once(tmp_path):
    """The second is told that it is over."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.command(HOST, "host cohost-add", member=str(stage.member(ANA).id))
        host, channel_id = stage.member(HOST), stage.channel_id
        first = await host.command("space end", {}, channel_id=channel_id)
        second = await host.command("space end", {}, channel_id=channel_id)
        said = [await stage.answer(first), await stage.answer(second)]
        await room.ended()
        rows = await stage.bot.store.read(lambda db: journal.count(db, room.space_id))
        return said, rows["SpaceEnded"]

    said, ended = run(tmp_path, play)

    assert said[0].startswith("Done. ")
    assert said[1] in (
        "The Space is over.",
        "No Space is live here. Open one with `/space start`.",
    )
    assert ended == 1


def test_a_mute_is_undone_at_the_next_join_after_a_restart(tmp_path):
    """Muted by us, gone before the end, back when another process runs: unmuted."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await until(lambda: stage.muted(ANA))
        await stage.member(ANA).leave()
        await stage.command(HOST, "space end")
        await room.ended()
        return stage.muted(ANA), len(await stage.bot.store.read(mutes.owed))

    async def main():
        async with place() as standin:
            async with bot_on(standin, tmp_path) as bot:
                left_muted, owed = await play(Stage(standin, bot, RoomKind.VOICE))
            async with bot_on(standin, tmp_path) as bot:
                again = Stage(standin, bot, RoomKind.VOICE)
                await again.member(ANA).join(standin.voice_channel_id)
                await until(lambda: not again.muted(ANA) and not bot.rooms.debts.all)
                return left_muted, owed, await bot.store.read(mutes.owed)

    assert asyncio.run(main()) == (True, 1, [])


def test_a_space_that_is_being_taken_up_is_not_called_over(tmp_path):
    """Between the connection and the list of guilds a button says to try again."""
    slow = Config(
        store=StoreSettings(folder=str(tmp_path)),
        discord=DiscordSettings(guilds_within_s=2.0),
    )

    async def main():
        async with place() as standin:
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot)
                await stage.enter(HOST, LUIS)
                await stage.opened()
                await until(stage.panels)
            known = set(standin.gateway.sessions)
            async with starting(standin, slow) as (bot, _):
                await until(lambda: set(standin.gateway.sessions) - known)
                stage = Stage(standin, bot)
                panel = int(stage.panels()[0]["id"])
                early = await stage.click(LUIS, panel, "queue")
                busy = await stage.command(LUIS, "floor ask")
                await until(bot.rooms.live)
                return early, busy, await stage.click(LUIS, panel, "queue")

    early, busy, later = asyncio.run(main())

    assert early == busy
    assert early.startswith("I have just been started")
    assert later == "No hands are up."


def test_a_debt_is_paid_while_the_space_goes_on(tmp_path):
    """Muted, gone mid-Space, unmuted in another room after a restart, muted again.

    Hugo owns the guild and only listens: he is muted like anybody.
    """

    async def main():
        async with place() as standin:
            [elsewhere] = [
                one.id
                for one in standin.world.guild.channels.values()
                if one.name == "voice 2"
            ]
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot, RoomKind.VOICE)
                await stage.enter(LUIS, HOST, ANA)
                await stage.command(LUIS, "space start", topic="Bees")
                await until(lambda: stage.muted(HOST) and stage.muted(ANA))
                await stage.member(ANA).leave()
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot, RoomKind.VOICE)
                await until(lambda: bot.rooms.live())
                await stage.member(ANA).join(elsewhere)
                await until(lambda: not stage.muted(ANA))
                free = stage.muted(HOST)
                await stage.enter(ANA)
                await until(lambda: stage.muted(ANA))
                return free

    assert asyncio.run(main())


def test_everybody_who_comes_has_a_name_in_the_record(tmp_path):
    """The page and the exports show people, not numbers."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.enter(LUIS)
        people = [stage.member(name).id for name in (HOST, ANA, LUIS)]
        await until(lambda: room.observe().space.present == 3)
        await room.talk.stop()
        kept = await stage.bot.store.read(
            lambda db: guilds.members(db, room.guild_id, people)
        )
        return [kept[user_id].name for user_id in people]

    assert run(tmp_path, play) == [HOST, ANA, LUIS]


def test_the_host_panel_is_private_and_follows_the_room(tmp_path):
    """Who runs the Space has it in buttons; others are told why not."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        await stage.opened()
        refused = await stage.command(ANA, "host panel")
        sent = await stage.said(HOST, "host panel")
        await until(lambda: sent.original_id is not None)
        await stage.click(HOST, sent.original_id, "hush")
        message = stage.message(sent.original_id)
        await until(lambda: "Lift the hush" in str(message["components"]))
        return refused, bool(message["flags"] & 64)

    refused, private = run(tmp_path, play)

    assert "run the queue" in refused
    assert private


def test_a_person_can_be_invited_from_their_menu(tmp_path):
    """What a slash command does, a context menu does for the chosen person."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        ana = stage.member(ANA).id
        sent = await stage.member(HOST).use_menu(
            "Invite to speak", user_id=ana, channel_id=stage.channel_id
        )
        await stage.answer(sent)
        return [one.user_id for one in room.observe().space.invited] == [ana]

    assert run(tmp_path, play)


def test_questions_are_asked_voted_and_put_before_the_room(tmp_path):
    """Most wanted first; who asked anonymously is not named."""

    async def play(stage):
        await stage.enter(HOST, ANA, LUIS)
        await stage.opened()
        await stage.command(ANA, "ask new", text="What does water cost?")
        await stage.command(LUIS, "ask new", text="@everyone why?", anonymous=True)
        await stage.command(ANA, "ask vote", number=2)
        listed = await stage.command(ANA, "ask list")
        refused = await stage.command(ANA, "qa show", number=2)
        await stage.command(HOST, "qa show", number=2)
        return listed, refused, await stage.posted("❓")

    listed, refused, shown = run(tmp_path, play)

    first, second = listed.split("\n")
    assert first.startswith("2. @")
    assert "<@" not in first
    assert second.startswith("1. What does water cost?")
    assert "run the questions" in refused
    assert "why?" in shown["content"]
    assert not shown["mention_everyone"]


def test_who_was_banned_cannot_enter_the_next_space(tmp_path):
    """A ban is the guild's: it holds in Spaces to come, and history shows it."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        ana = str(stage.member(ANA).id)
        await stage.command(HOST, "mod ban", member=ana, reason="noise")
        await until(lambda: stage.member(ANA).voice is None)
        history = await stage.command(HOST, "mod history", member=ana)
        await stage.command(HOST, "space end")
        await room.ended()
        await stage.opened("Another one")
        await stage.enter(ANA)
        await until(lambda: stage.member(ANA).voice is None)
        return history

    assert "noise" in run(tmp_path, play)


def test_a_disk_that_is_full_at_the_end_keeps_no_room_open(tmp_path, monkeypatch):
    """The room closes and lets go of everybody; the journal has the end."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.command(HOST, "captions on")
        store = stage.bot.store

        async def refused(_run):
            raise StoreError("the disk is full")

        with monkeypatch.context() as full:
            full.setattr(store, "write", refused)
            room.talk.missed(Missed(room.space_id, 1, 0.0, 1.0, MissedReason.NO_MODEL))
            await until(lambda: any("disk may be" in t for t in stage.told(HOST)))
            room.end(EndReason.BY_STAFF)
            await asyncio.wait_for(room.ended(), 20.0)
        return stage.bot.rooms.live()

    assert run(tmp_path, play, RoomKind.VOICE) == []


def test_a_hostile_note_is_short_and_pings_nobody(tmp_path):
    """4,000 characters, a mention of all, turned and stacked signs: one clean line."""
    note = "@everyone \N{RIGHT-TO-LEFT OVERRIDE}z" + "\N{COMBINING TILDE}" * 40
    note += "**" + "x" * 4000

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.command(ANA, "floor ask", note=note)
        await until(stage.panels)
        await until(lambda: "@" in str(stage.panel()["embeds"]))
        [hand] = room.observe().space.queue
        return len(hand.note), str(stage.panel()["embeds"])

    length, shown = run(tmp_path, play)

    assert length <= 140
    assert "@everyone" not in shown
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in shown
    assert "\N{COMBINING TILDE}" * 3 not in shown


def test_a_double_click_does_it_once(tmp_path):
    """The second press changes nothing, and both are answered."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await until(lambda: bool(stage.panels()))
        panel = int(stage.panel()["id"])
        custom_id = stage.button(panel, "ask")
        presses = [await stage.member(ANA).click(panel, custom_id) for _ in range(2)]
        said = [await stage.answer(press) for press in presses]
        return said, len(room.observe().space.queue)

    said, hands = run(tmp_path, play)

    assert all(words.startswith("Your hand is up") for words in said)
    assert hands == 1


def test_a_space_whose_channel_is_deleted_is_over(tmp_path):
    """Nothing is left waiting for a room that is gone."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.bot.client.get_channel(stage.channel_id).delete()
        await room.ended()
        return await stage.bot.store.read(spaces.live)

    assert run(tmp_path, play) == []


def test_what_was_refused_is_in_the_audit(tmp_path):
    """Who wished what, and why it was not done, without the words they used."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        await stage.opened()
        await stage.command(ANA, "space end")
        return [
            (row.actor_id == stage.member(ANA).id, row.subject)
            for row in await refused(stage, 1)
        ]

    assert run(tmp_path, play, RoomKind.VOICE) == [(True, "right.missing")]


def test_a_room_whose_sound_is_not_to_be_had_at_first(tmp_path, monkeypatch):
    """The host reads why, it is tried again, and the host reads that it works."""
    join, refused = VoiceLink.join, []

    async def refuse_twice(link, channel, **options):
        if len(refused) < 2:
            refused.append(channel)
            raise CannotJoin("no answer", Barrier.UDP)
        await join(link, channel, **options)

    monkeypatch.setattr(VoiceLink, "join", refuse_twice)
    monkeypatch.setattr(ears, "REJOIN_S", (0.1,))

    async def play(stage):
        await stage.enter(HOST)
        room = await stage.opened()
        await until(lambda: room.ears.snapshot())
        await until(lambda: "I hear the room again." in stage.told(HOST))
        return [words for words in stage.told(HOST) if "the sound of the room" in words]

    (said,) = run(tmp_path, play)

    assert len(refused) == 2
    assert "does not answer by UDP. A firewall may be in the way. I keep" in said
