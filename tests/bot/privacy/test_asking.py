"""``/privacy erase`` from the question to the news, on the loopback."""

import asyncio
from types import SimpleNamespace

import discord
import pytest

from bot import replies
from bot.client import Press
from bot.clock import ManualClock
from bot.privacy import asking, eraser
from bot.privacy.remains import UNCHANGED
from bot.refusals import Impossible
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from media.consent import Consent
from moderation.settings import RoomKind
from moderation.store import cases, consents, journal, tracks, transcripts
from moderation.store.erasure import rows
from tests.bot.guild import ANA, EVA, HOST, LUIS, Stage, bot_on, busy, place, run, until
from tests.bot.privacy.test_copies import SAID, recorded
from tests.media.test_ogg import stream

DONE = "in that server is deleted"
SOUND = stream([b"ana"] * 5)


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    """Look every tenth of a second whether a Space is over."""
    monkeypatch.setattr(eraser, "LOOK_S", 0.1)


async def question(stage, name):
    """Ask to be erased; return the words and the message with the buttons."""
    sent = await stage.said(name, "privacy erase")
    return await stage.answer(sent), sent.original_id


async def press(stage, name, message_id, verb="erase"):
    """Press a button of the question."""
    await stage.member(name).click(message_id, stage.button(message_id, verb))


async def says(stage, message_id, words):
    """Wait until the question has become something else; return it."""
    await until(lambda: words in stage.message(message_id)["content"])
    return dict(stage.message(message_id))


async def erasure(stage, name):
    guild_id, user_id = stage.standin.guild_id, stage.member(name).id
    return await stage.bot.store.read(lambda db: rows.last(db, guild_id, user_id))


async def spoken(stage):
    """Let a Space end in which Ana and Luis were recorded; return its room."""
    await stage.commands()
    await stage.enter(HOST, ANA, LUIS)
    room = await stage.opened()
    await stage.command(ANA, "privacy consent", level="audio")
    await stage.command(ANA, "floor ask", note="about the pump")
    await recorded(stage, room.space_id, stage.member(ANA).id, SOUND)
    return room


def test_a_member_reads_what_goes_and_what_stays_and_decides(tmp_path):
    """Nothing is deleted before the button is pressed; then they are told."""

    async def play(stage):
        room = await spoken(stage)
        guild_id, ana = stage.standin.guild_id, stage.member(ANA).id
        space_id = room.space_id
        warned = cases.NewCase(guild_id=guild_id, user_id=ana, action="warn", at=1.0)
        await stage.bot.store.write(lambda db: cases.open_(db, warned))
        await stage.command(HOST, "space end")
        await room.ended()
        text, message_id = await question(stage, ANA)
        asked = await erasure(stage, ANA)
        await press(stage, ANA, message_id)
        done = await says(stage, message_id, DONE)
        texts = (room.house.folder / "spaces" / "1" / "journal.jsonl").read_text(
            "utf-8"
        )
        own = room.house.folder / "spaces" / "1" / "tracks" / f"{ana}.opus"
        lines = await stage.bot.store.read(lambda db: transcripts.read(db, space_id))
        left = await stage.bot.store.read(lambda db: cases.about(db, guild_id, ana))
        return text, asked, done, texts, own.exists(), lines, left, ana

    text, asked, done, texts, there, lines, left, ana = run(tmp_path, play)

    assert "• 1 recording of your voice, with every mix" in text
    assert "• 1 line of what you said" in text
    assert "• that you were in 1 Space" in text
    assert "• 1 decision of the moderators about you" in text
    assert "your lines are taken out of captions threads" in text
    assert "hosts and moderators have downloaded" in text
    assert asked is None
    assert done["components"] == []
    assert str(ana) not in texts
    assert not there
    assert lines == []
    assert [one.action for one in left] == ["warn"]


def test_in_an_open_space_they_are_heard_no_more_at_once(tmp_path):
    """Consent is nothing first; the rest goes when the Space is over."""

    async def play(stage):
        room = await spoken(stage)
        ana, level = stage.member(ANA).id, room.ears.consents[stage.member(ANA).id]
        background = room.talk.conversation.background
        background.learn(["dawn", "harbour"], words=50)
        text, message_id = await question(stage, ANA)
        await press(stage, ANA, message_id)
        begun = await says(stage, message_id, "under way")
        own = room.house.folder / "spaces" / "1" / "tracks" / f"{ana}.opus"
        await until(lambda: not own.exists())
        during = (room.ears.consents[ana], await erasure(stage, ANA))
        await until(lambda: background.terms() == {"harbour": 1})
        said = await stage.command(ANA, "privacy status")
        await stage.command(HOST, "space end")
        await room.ended()
        done = await says(stage, message_id, DONE)
        guild_id = stage.standin.guild_id
        kept = await stage.bot.store.read(
            lambda db: consents.history(db, guild_id, ana)
        )
        return text, level, begun, during, said, done, kept

    text, level, begun, during, said, done, kept = run(tmp_path, play)

    assert "In a Space that is still open" in text
    assert level is Consent.AUDIO
    assert "nothing of your voice is kept from now on" in begun["content"]
    assert during[0] is Consent.NOTHING
    assert during[1].done_at is None
    assert said.startswith("You chose that nothing")
    assert done["components"] == []
    assert [(one.level, one.source) for one in kept][-1] == (0, "erase")


def test_whoever_is_being_recorded_is_recorded_no_more(tmp_path):
    """Their track ends, is deleted with proof, and no track is said to have failed."""

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        member = stage.member(HOST)
        own = room.house.folder / "spaces" / "1" / "tracks" / f"{member.id}.opus"
        await stage.command(HOST, "privacy consent", level="audio")
        await stage.command(HOST, "record start")
        await member.speak(member.words(1.5))
        await until(lambda: own.exists() and own.stat().st_size > 1000)
        _, message_id = await question(stage, HOST)
        speaking = asyncio.create_task(member.speak(member.words(1.5)))
        await press(stage, HOST, message_id)
        await until(lambda: not own.exists())
        await speaking
        await member.speak(member.words(0.5))
        again = own.exists()
        await stage.command(HOST, "space end")
        await room.ended()
        await says(stage, message_id, DONE)
        files = await stage.bot.store.read(lambda db: tracks.read(db, 1))
        facts = await stage.bot.store.read(lambda db: journal.count(db, 1))
        return again, own.exists(), files, facts

    again, there, files, facts = run(tmp_path, play, RoomKind.VOICE)

    assert not again
    assert not there
    (gone,) = files
    assert gone.deleted_at is not None
    assert len(gone.sha256) == 64
    assert gone.size_bytes > 1000
    assert gone.user_id < 0
    assert "TrackFailed" not in facts


def test_whatever_waits_before_them_they_are_heard_no_more_at_once(
    tmp_path, monkeypatch
):
    """Another erasure takes its time, and so does the record."""
    monkeypatch.setattr(replies, "PATIENCE_S", 0.05)

    async def forever(self):
        await asyncio.Event().wait()

    monkeypatch.setattr(eraser.Eraser, "advance", forever)

    async def play(stage):
        room = await spoken(stage)
        ana = stage.member(ANA).id
        before = room.ears.consents[ana]
        _, message_id = await question(stage, ANA)
        async with busy(stage.bot.store):
            sent = await stage.member(ANA).click(
                message_id, stage.button(message_id, "erase")
            )
            await until(lambda: sent.answered)
            during = room.ears.consents[ana]
        begun = await says(stage, message_id, "under way")
        return before, during, begun, await erasure(stage, ANA)

    before, during, begun, asked = run(tmp_path, play)

    assert before is Consent.AUDIO
    assert during is Consent.NOTHING
    assert begun["components"] == []
    assert asked.done_at is None


class Wire:
    """An answer and a person, neither of which need be reachable."""

    def __init__(self, edits=None, writes=None):
        self.edits, self.writes = edits, writes
        self.edited, self.sent = [], []

    async def edit_original_response(self, *, content, view):
        """Change the answer."""
        if self.edits is not None:
            raise self.edits
        self.edited.append(content)

    async def fetch_user(self, user_id):
        """Return the person."""
        return self

    async def send(self, text):
        """Write to the person."""
        if self.writes is not None:
            raise self.writes
        self.sent.append(text)


def told(wire):
    """Bring the news to who asked a minute ago."""
    house = SimpleNamespace(
        wording=Wording(load()), clock=ManualClock(100.0), client=wire
    )
    desk = asking.Asking(house, None, SimpleNamespace(on_done=lambda tell: None))
    desk._answers[3] = (40.0, wire)
    done = rows.ErasureRow(3, 1, 7, 40.0, "en", {}, 90.0, None, 0)
    asyncio.run(desk.told(done))


def discord_says(status, code=0):
    """Return what discord.py raises for an answer."""
    kind = {403: discord.Forbidden, 404: discord.NotFound}
    answer = SimpleNamespace(status=status, reason="no")
    return kind.get(status, discord.DiscordServerError)(answer, {"code": code})


def test_an_answer_that_cannot_be_edited_is_followed_by_a_private_message():
    """Discord forgot it, or never took it."""
    wire = Wire(edits=discord_says(404, 10015))

    told(wire)

    assert DONE in wire.sent[0]


def test_an_answer_that_can_be_edited_is_the_news():
    """Nobody is told twice."""
    wire = Wire()

    told(wire)

    assert DONE in wire.edited[0]
    assert wire.sent == []


def test_while_discord_is_down_the_news_waits():
    """Whoever asks to be told of it comes again; who takes no messages is given up."""
    gone = Wire(edits=TimeoutError(), writes=discord_says(503))
    closed = Wire(edits=TimeoutError(), writes=discord_says(403, 50007))

    with pytest.raises(discord.DiscordServerError):
        told(gone)
    told(closed)


def test_what_was_written_for_all_is_said_to_stay(tmp_path):
    """A topic and an agenda are the Space's: nobody is told that these go."""

    async def play(stage):
        await spoken(stage)
        await stage.command(HOST, "topic set", text="Pumps")
        return [(await question(stage, name))[0] for name in (HOST, ANA)]

    host, ana = run(tmp_path, play)

    assert "• 2 topics, agenda items, links" in host
    assert "agenda items" not in ana


def test_no_keeps_everything(tmp_path):
    """And takes the buttons away."""

    async def play(stage):
        room = await spoken(stage)
        _, message_id = await question(stage, ANA)
        await press(stage, ANA, message_id, "erase_not")
        kept = await says(stage, message_id, "Nothing was deleted")
        lines = await stage.bot.store.read(
            lambda db: transcripts.read(db, room.space_id)
        )
        return kept, lines, await erasure(stage, ANA)

    kept, lines, asked = run(tmp_path, play)

    assert kept["components"] == []
    assert [one.text for one in lines] == [SAID]
    assert asked is None


def test_an_old_question_deletes_nothing(tmp_path, monkeypatch):
    """Its counts are of another time; the person is told to ask again."""
    monkeypatch.setattr(asking, "SHOWN_S", -1.0)

    async def play(stage):
        await spoken(stage)
        _, message_id = await question(stage, ANA)
        await press(stage, ANA, message_id)
        await says(stage, message_id, "too old")
        return await erasure(stage, ANA)

    assert run(tmp_path, play) is None


def test_pressed_twice_it_is_one_erasure(tmp_path):
    """From two questions, while it is under way and after it is done."""

    async def play(stage):
        room = await spoken(stage)
        (_, first), (_, second) = [await question(stage, ANA) for _ in range(2)]
        _, third = await question(stage, ANA)
        await press(stage, ANA, first)
        await says(stage, first, "under way")
        await press(stage, ANA, second)
        again = await says(stage, second, "You asked for that")
        asked, _ = await question(stage, ANA)
        await stage.command(HOST, "space end")
        await room.ended()
        await says(stage, first, DONE)
        await press(stage, ANA, third)
        after = await says(stage, third, DONE)
        return again, asked, after, await erasure(stage, ANA)

    again, asked, after, last = run(tmp_path, play)

    assert again["components"] == after["components"] == []
    assert asked.startswith("You asked for that")
    assert last.id == 1


def test_after_a_restart_the_button_works_and_the_news_comes_in_private(tmp_path):
    """What was asked of one process is done, and told, by the next."""

    async def main():
        async with place() as standin:
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot)
                await spoken(stage)
                _, message_id = await question(stage, ANA)
                await press(stage, ANA, message_id)
                await says(stage, message_id, "under way")
                _, other = await question(stage, LUIS)
            async with bot_on(standin, tmp_path) as bot:
                stage = Stage(standin, bot)
                room = bot.rooms.live()[0]
                level = room.ears.consents.get(stage.member(ANA).id)
                await press(stage, LUIS, other)
                await says(stage, other, "under way")
                await stage.command(HOST, "space end")
                await room.ended()
                await says(stage, other, DONE)
                await until(lambda: DONE in "".join(stage.told(ANA)[-1:]))
                while (last := await erasure(stage, ANA)).told_at is None:  # noqa: ASYNC110 - the record has no event for it
                    await asyncio.sleep(0.01)
                return level, last

    level, last = asyncio.run(main())

    assert level is Consent.NOTHING
    assert last.told_at is not None


def test_it_is_asked_and_told_in_the_readers_language(tmp_path):
    """Who left nothing reads so, and may have it on record all the same."""

    async def play(stage):
        await stage.commands()
        text, message_id = await question(stage, EVA)
        await press(stage, EVA, message_id)
        done = await says(stage, message_id, "está borrado")
        return text, done

    text, done = run(tmp_path, play)

    assert text.startswith("**No hay nada tuyo que borrar")
    assert done["components"] == []


@pytest.mark.parametrize("verb", [asking.ERASE, asking.KEEP])
def test_nobody_answers_for_somebody_else(verb):
    """Discord shows the question to one person; the button says whose it is, too."""

    class Silent:
        def on_done(self, tell):
            """Tell nobody."""

    answer = asking.Asking(None, None, Silent()).answers()[verb]
    interaction = SimpleNamespace(user=SimpleNamespace(id=7), guild_id=1)

    with pytest.raises(Impossible) as refused:
        asyncio.run(answer(interaction, Press(verb, 8, "1")))

    assert refused.value.key == "not_your_button"


def test_threads_that_could_not_be_changed_are_told(tmp_path):
    """With what to do about them."""

    async def play(stage):
        await stage.commands()
        guild_id, luis = stage.standin.guild_id, stage.member(LUIS).id

        def done(db):
            asked = rows.begin(db, guild_id, luis, 1.0, "es", {})
            rows.count(db, asked.id, f"{UNCHANGED}7", 1)
            rows.finish(db, asked.id, 2.0)

        await stage.bot.store.write(done)
        stage.bot.eraser.wake()
        await until(lambda: "En 1 hilo de subtítulos" in "".join(stage.told(LUIS)))
        return stage.told(LUIS)

    (text,) = run(tmp_path, play)

    assert "pide a quien modera que lo borre" in text
