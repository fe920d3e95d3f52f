"""Erasures to their end: sound, texts, record, mixes; killed at any step, too."""

import asyncio
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.afterwards import exports
from bot.afterwards.deletion import Deletions
from bot.clock import ManualClock
from bot.config import Config
from bot.privacy import eraser as edge
from bot.privacy.asking import begin
from bot.privacy.eraser import Eraser
from bot.privacy.remains import UNCHANGED, Remains
from bot.privacy.spaces import Spaces
from moderation.events import MemberJoined, MemberLeft, to_row
from moderation.store import (
    consents,
    guilds,
    journal,
    reminders,
    spaces,
    spurts,
    tracks,
    transcripts,
)
from moderation.store.consents import ConsentRow
from moderation.store.database import Store, StoreError
from moderation.store.erasure import rows
from moderation.store.spurts import SpurtRow
from moderation.store.tracks import ERASED
from tests.moderation.store.record import cells

GUILD, ME, OTHER = 700, 111_222_333, 444_555_666
OPENED, ENDED, NOW = 1_800_000_000.0, 1_800_003_600.0, 1_800_010_000.0
SAID, THEIRS = "xylophone marmalade", "the harbour is closed"
STAYS = {"consents", "erasures"}


class Killed(BaseException):
    """The process died here."""


class MortalStore(Store):
    """A store that lets the process die before or after one of its writes."""

    dies_at = -1
    """Which write; even numbers before it, odd ones after."""

    steps = 0

    async def write(self, run, **how):
        """Write, or die."""
        await self._step()
        result = await super().write(run, **how)
        await self._step()
        return result

    async def purge(self):
        """Purge, or die."""
        await self._step()
        await super().purge()
        await self._step()

    async def _step(self):
        self.steps += 1
        if self.steps - 1 == self.dies_at:
            raise Killed


class Captions:
    """Threads of captions; ``answers`` are what comes of each attempt."""

    def __init__(self):
        self.gone, self.answers = [], []

    async def forget(self, gone):
        """Note what is to go."""
        self.gone.append(gone)
        answer = self.answers.pop(0) if self.answers else True
        if isinstance(answer, Exception):
            raise answer
        return answer


class Rooms:
    """Rooms that are open, by Space."""

    def __init__(self, **open_):
        self.open = open_

    def by_id(self, space_id):
        return self.open.get(str(space_id))

    def in_guild(self, guild_id):
        assert guild_id == GUILD
        return list(self.open.values())


def write_down(db, folder, *, over=True):
    """Put a Space on record in which both spoke; return its id."""
    space_id = spaces.create(
        db,
        spaces.NewSpace(
            guild_id=GUILD,
            channel_id=2,
            host_id=OTHER,
            kind="stage",
            topic="Harbours",
            opened_at=OPENED,
        ),
    )
    spaces.set_folder(db, space_id, str(folder))
    for user_id, name, text in ((ME, "Ana", SAID), (OTHER, "Luis", THEIRS)):
        guilds.saw_member(db, GUILD, user_id, name, OPENED)
        answer = ConsentRow(
            guild_id=GUILD,
            user_id=user_id,
            level=2,
            text_version="1",
            source="button",
            at=OPENED + 5,
            space_id=space_id,
        )
        consents.record(db, answer)
        journal.append(db, space_id, OPENED + 1, *to_row(MemberJoined(user_id)))
        line = transcripts.NewUtterance(
            uid=name, user_id=user_id, start=1.0, end=2.0, text=text, language="en"
        )
        transcripts.record(db, space_id, line, OPENED + 3)
        spurts.record(db, space_id, [SpurtRow(user_id, 1.0, 2.0)])
        journal.append(db, space_id, OPENED + 9, *to_row(MemberLeft(user_id)))
    if over:
        spaces.end(db, space_id, ENDED)
    return space_id


def put_files(folder):
    """Write what a Space leaves behind."""
    for name in (ME, OTHER):
        path = folder / "tracks" / f"{name}.opus"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"OggS" + str(name).encode())
    (folder / "mix.ogg").write_bytes(b"OggS both")
    for name in exports.TEXTS:
        (folder / name).write_text(f"{SAID} {ME}", "utf-8")


@pytest.fixture
def no_ffmpeg(monkeypatch):
    """Mix by writing down who is in it."""

    async def mix(voices, target):
        target.write_text(" ".join(path.stem for path in voices), "utf-8")

    monkeypatch.setattr("media.render.mix", mix)


def play(tmp_path, script, *, store=Store, over=True):
    """Run ``script(world)`` over a record with one Space in it."""
    folder = tmp_path / "spaces" / "1"
    put_files(folder)

    async def main():
        async with store(tmp_path / "tertulia.db") as kept:
            await kept.write(lambda db: write_down(db, folder, over=over))
            return await script(World(kept, folder))

    return asyncio.run(main())


class World:
    """A record, and what an eraser needs beside it."""

    def __init__(self, store, folder, **rooms):
        self.store, self.folder = store, folder
        self.clock = ManualClock(NOW)
        self.rooms = Rooms(**rooms)
        self.told, self.changed = [], []
        self.captions = Captions()

    def eraser(self):
        """Return the eraser of a process that has just started."""
        house = SimpleNamespace(
            store=self.store,
            clock=self.clock,
            config=Config(),
            folder=self.folder.parent.parent,
        )
        deletions = Deletions(self.store, self.clock.now)

        async def changed(plan_id):
            self.changed.append(plan_id)

        async def told(done):
            self.told.append(done)

        remains = Remains(house, deletions, self.captions)
        self.spaces = Spaces(house, self.rooms, remains)
        made = Eraser(house, self.spaces, changed)
        made.on_done(told)
        return made

    async def ask(self):
        return await self.store.write(lambda db: begin(db, GUILD, ME, NOW, "en"))

    async def named(self):
        return {one for one, _ in await self.store.read(lambda db: cells(db, ME))}

    async def check(self):
        """Hold everything that there is against what has to be."""
        assert await self.named() == STAYS
        texts = [(self.folder / name).read_text("utf-8") for name in exports.TEXTS]
        assert all(SAID not in one and str(ME) not in one for one in texts)
        assert THEIRS in texts[0]
        assert not (self.folder / "tracks" / f"{ME}.opus").exists()
        assert (self.folder / "tracks" / f"{OTHER}.opus").exists()
        lines = await self.store.read(lambda db: transcripts.read(db, 1))
        assert [one.text for one in lines] == [THEIRS]
        talked = await self.store.read(lambda db: spurts.read(db, 1))
        assert sorted(one.user_id < 0 for one in talked) == [False, True]
        files = await self.store.read(lambda db: tracks.read(db, 1))
        gone = [one for one in files if one.deleted_at is not None]
        assert {one.kind for one in gone} == {"track", "mix"}
        assert all(one.why == ERASED and one.sha256 for one in gone)
        levels = await self.store.read(lambda db: consents.history(db, GUILD, ME))
        assert [one.level for one in levels] == [2, 0]
        (done,) = await self.store.read(lambda db: [rows.last(db, GUILD, ME)])
        assert done.done_at == NOW
        assert (done.counts["said"], done.counts["talk"]) == (1, 1)
        assert [one.id for one in self.told] == [done.id]


def test_everything_of_a_member_goes_and_everything_else_stays(tmp_path, no_ffmpeg):
    """Sound with proof, lines, names in texts; the mix is made anew without them."""

    async def script(world):
        await world.ask()
        waits = await world.eraser().advance()
        await world.check()
        return waits, (world.folder / "mix.ogg").read_text("utf-8")

    waits, mix = play(tmp_path, script)

    assert not waits
    assert mix == str(OTHER)


def test_no_byte_of_their_words_is_left(tmp_path, no_ffmpeg):
    """Neither in the record's file nor in the log beside it, while the bot runs."""

    async def script(world):
        before = there()
        await world.ask()
        await world.eraser().advance()
        return before, there()

    def there():
        files = [one for one in tmp_path.rglob("*") if one.is_file()]
        words = [word.encode() for word in SAID.split()]
        return sorted(
            one.name for one in files if any(word in one.read_bytes() for word in words)
        )

    before, after = play(tmp_path, script)

    assert "transcript.vtt" in before
    assert any(name.startswith("tertulia.db") for name in before)
    assert after == []


def count_steps(tmp_path):
    async def script(world):
        await world.ask()
        world.store.steps = 0
        await world.eraser().advance()
        return world.store.steps

    return play(tmp_path, script, store=MortalStore)


def test_killed_at_any_step_it_is_finished_by_the_next_process(tmp_path, no_ffmpeg):
    """Before and after each write of the record, and at each emptying of the log."""
    steps = count_steps(tmp_path / "whole")

    async def script(world):
        await world.ask()
        world.store.steps, world.store.dies_at = 0, at
        with pytest.raises(Killed):
            await world.eraser().advance()
        world.store.dies_at = -1
        told = len(world.told)
        await world.eraser().advance()
        world.told = world.told[-1:] if told else world.told
        await world.check()

    assert steps > 20
    for at in range(steps):
        folder = tmp_path / str(at)
        folder.mkdir()
        try:
            play(folder, script, store=MortalStore)
        except AssertionError as error:
            raise AssertionError(f"killed at step {at} of {steps}") from error


def test_a_killed_process_leaves_texts_that_are_made_anew(tmp_path, no_ffmpeg):
    """Texts go before the record changes; none with their words outlives the kill."""

    async def script(world):
        await world.ask()

        async def die(*_):
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(exports, "rewrite", die)
            with pytest.raises(Killed):
                await world.eraser().advance()
        left = [name for name in exports.TEXTS if (world.folder / name).exists()]
        await world.eraser().advance()
        await world.check()
        return left

    assert play(tmp_path, script) == []


class Room:
    """A live Space that notes what it is asked to forget."""

    guild_id = GUILD

    def __init__(self):
        self.forgotten, self.unlearned = [], []

    def unlearn(self, language, gone):
        self.unlearned.append((language, set(gone)))

    async def forget(self, user_id):
        self.forgotten.append(user_id)


def test_in_an_open_space_voice_and_words_go_at_once_and_the_rest_at_its_end(
    tmp_path, no_ffmpeg
):
    """They are heard no more first; who was there is needed until it is over."""

    async def script(world):
        room = Room()
        world.rooms.open["1"] = room
        (world.folder / "mix.ogg").unlink()
        await world.ask()
        eraser = world.eraser()
        waits = [await eraser.advance(), await eraser.advance()]
        lines = await world.store.read(lambda db: transcripts.read(db, 1))
        own = world.folder / "tracks" / f"{ME}.opus"
        between = (await world.named(), [one.text for one in lines], own.exists())
        await world.store.write(lambda db: spaces.end(db, 1, ENDED))
        world.rooms.open.clear()
        waits.append(await eraser.advance())
        return waits, between, room.forgotten, await world.named(), world.told

    waits, between, forgotten, named, told = play(tmp_path, script, over=False)

    assert waits == [True, True, False]
    assert between[1:] == ([THEIRS], False)
    assert {"journal", "spurts"} < between[0]
    assert forgotten == [ME]
    assert named == STAYS
    assert len(told) == 1


def test_who_agrees_anew_in_a_later_space_is_heard(tmp_path, no_ffmpeg):
    """After a restart a room is silenced for who asked, and not for who came back."""

    async def script(world):
        await world.ask()
        first, second = Room(), Room()
        await world.eraser().taken_up(first)
        answer = ConsentRow(
            guild_id=GUILD,
            user_id=ME,
            level=2,
            text_version="1",
            source="button",
            at=NOW + 1,
        )
        await world.store.write(lambda db: consents.record(db, answer))
        await world.eraser().taken_up(second)
        return first.forgotten, second.forgotten

    assert play(tmp_path, script) == ([ME], [])


def test_a_file_that_cannot_be_deleted_keeps_it_open(tmp_path, monkeypatch, no_ffmpeg):
    """Nobody is told that all is gone while something is there."""

    async def script(world):
        await world.ask()
        eraser = world.eraser()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("bot.afterwards.deletion.remove", refuse)
            waits = [await eraser.advance()]
        told = list(world.told)
        waits.append(await eraser.advance())
        await world.check()
        return waits, told

    def refuse(path):
        raise PermissionError(13, "Permission denied")

    assert play(tmp_path, script) == ([True, False], [])


def test_what_is_being_made_is_waited_for(tmp_path, no_ffmpeg):
    """A mix that is under way would hold their voice after all."""

    async def script(world):
        await world.ask()
        eraser = world.eraser()
        world.spaces.is_making = lambda space_id: space_id == 1
        waits = [await eraser.advance()]
        world.spaces.is_making = lambda space_id: False
        waits.append(await eraser.advance())
        await world.check()
        return waits

    assert play(tmp_path, script) == [True, False]


def test_whoever_asked_for_nothing_keeps_everything(tmp_path, no_ffmpeg):
    """Without an erasure nothing is done at all."""

    async def script(world):
        before = await world.store.read(lambda db: list(db.conn.iterdump()))
        await world.eraser().advance()
        return before == await world.store.read(lambda db: list(db.conn.iterdump()))

    assert play(tmp_path, script)


def test_it_runs_when_somebody_asks_and_goes_on_after_trouble(tmp_path, no_ffmpeg):
    """A network that is gone is waited out; words stay until captions are gone."""

    async def script(world):
        world.captions.answers = [TimeoutError(), True]
        eraser = world.eraser()
        running = asyncio.create_task(eraser.run())
        await asyncio.sleep(0)
        await world.ask()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(edge, "LOOK_S", 0.01)
            eraser.wake()
            async with asyncio.timeout(20):
                while not world.told:  # noqa: ASYNC110 - nobody tells of it otherwise
                    await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await world.check()
        return len(world.captions.gone)

    assert play(tmp_path, script) == 2


def test_reminders_are_withdrawn_from_the_clockwork(tmp_path, no_ffmpeg):
    """A timer in memory must not write to who wants to be forgotten."""

    def plan(db):
        db.execute(
            "INSERT INTO plans (guild_id, channel_id, host_id, state, starts_at, body)"
            " VALUES (?, 2, ?, 'scheduled', ?, '{}')",
            [GUILD, OTHER, NOW + 900],
        )
        wish = reminders.ReminderRow(1, ME, 600.0, "dm", OPENED)
        reminders.ask(db, wish)
        reminders.ask(db, replace(wish, user_id=OTHER))

    async def script(world):
        await world.store.write(plan)
        await world.ask()
        await world.eraser().advance()
        left = await world.store.read(lambda db: reminders.of_plans(db, [1]))
        return world.changed, [one.user_id for one in left]

    assert play(tmp_path, script) == ([1], [OTHER])


def test_counts_are_in_the_proof_and_words_are_not(tmp_path, no_ffmpeg):
    """What was there to erase, by what it is."""

    async def script(world):
        asked = await world.ask()
        return asked.counts, await world.ask()

    counts, again = play(tmp_path, script)

    assert counts["said"] == counts["talk"] == counts["spaces"] == 1
    assert SAID not in json.dumps(counts)
    assert again is None


def test_captions_lose_the_lines_while_the_record_has_them(tmp_path, no_ffmpeg):
    """Every wording that a line ever had, under the name of then."""

    async def script(world):
        await world.ask()
        await world.eraser().advance()
        return world.captions.gone

    (gone,) = play(tmp_path, script)

    assert (gone.space_id, gone.name, gone.wordings) == (1, "Ana", (SAID,))


def test_a_thread_that_cannot_be_changed_is_in_the_proof(tmp_path, no_ffmpeg):
    """Everything else goes all the same."""

    async def script(world):
        world.captions.answers = [False]
        await world.ask()
        await world.eraser().advance()
        await world.check()
        return world.told[0].counts

    assert play(tmp_path, script)[f"{UNCHANGED}1"] == 1


def test_a_space_whose_thread_discord_keeps_holds_up_no_other(tmp_path, no_ffmpeg):
    """Sound of every Space is gone at once, whatever Discord says of one's captions."""
    second = tmp_path / "spaces" / "2"
    put_files(second)

    async def script(world):
        await world.store.write(lambda db: write_down(db, second))
        world.captions.answers = [TimeoutError()]
        await world.ask()
        eraser = world.eraser()
        waits = [await eraser.advance()]
        there = [
            (folder / "tracks" / f"{ME}.opus").exists()
            for folder in (world.folder, second)
        ]
        lines = await world.store.read(lambda db: transcripts.read(db, 2))
        waits.append(await eraser.advance())
        return waits, there, [one.text for one in lines], await world.named()

    waits, there, left, named = play(tmp_path, script)

    assert waits == [True, False]
    assert named == STAYS
    assert there == [False, False]
    assert left == [THEIRS]


def test_one_that_cannot_go_on_holds_up_nobody_else(tmp_path, caplog, no_ffmpeg):
    """Who asked later is erased; the log says once what is in the way."""

    async def script(world):
        world.captions.answers = [TimeoutError(), True, TimeoutError(), True]
        await world.ask()
        await world.store.write(lambda db: begin(db, GUILD, OTHER, NOW, "en"))
        eraser = world.eraser()
        waits = [await eraser.advance()]
        told = [one.user_id for one in world.told]
        waits += [await eraser.advance(), await eraser.advance()]
        return waits, told, [one.user_id for one in world.told]

    waits, first, told = play(tmp_path, script)

    assert waits == [True, True, False]
    assert first == [OTHER]
    assert told == [OTHER, ME]
    assert [one.message for one in caplog.records if one.levelname == "ERROR"] == [
        "erasure 1 waits: TimeoutError"
    ]


def test_news_that_do_not_get_through_are_brought_again(tmp_path, no_ffmpeg):
    """Everything is erased before; the next look brings the news."""

    async def script(world):
        await world.ask()
        eraser = world.eraser()

        async def unreachable(done):
            raise TimeoutError

        tell, eraser._tell = eraser._tell, unreachable
        waits = [await eraser.advance()]
        named, eraser._tell = await world.named(), tell
        waits.append(await eraser.advance())
        await world.check()
        return waits, named

    waits, named = play(tmp_path, script)

    assert waits == [True, False]
    assert named == STAYS


def test_killed_before_the_mix_it_is_made_by_the_next_process(tmp_path, no_ffmpeg):
    """And not while somebody else makes files of that Space."""

    async def script(world):
        await world.ask()

        async def die(*_):
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(exports, "mix_again", die)
            with pytest.raises(Killed):
                await world.eraser().advance()
        mix, eraser = world.folder / "mix.ogg", world.eraser()
        world.spaces.is_making = lambda space_id: True
        waits = [await eraser.advance()]
        there = [mix.exists()]
        world.spaces.is_making = lambda space_id: False
        waits.append(await eraser.advance())
        await world.check()
        return waits, [*there, mix.exists()]

    assert play(tmp_path, script) == ([True, False], [False, True])


def test_what_stands_in_the_way_is_tried_at_growing_intervals(tmp_path, monkeypatch):
    """A disk that stays full is not written to every five seconds."""
    pauses, enough = [], asyncio.Event()

    class Timeout(asyncio.Timeout):
        def __init__(self, delay):
            pauses.append(delay)
            super().__init__(0 if len(pauses) < 10 else None)
            if len(pauses) == 10:
                enough.set()

    async def refuse(*_):
        raise StoreError("full")

    async def script(world):
        await world.ask()
        monkeypatch.setattr(world.store, "purge", refuse)
        monkeypatch.setattr(edge.asyncio, "timeout", Timeout)
        running = asyncio.create_task(world.eraser().run())
        await enough.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    play(tmp_path, script)

    assert pauses[:4] == [5.0, 10.0, 20.0, 40.0]
    assert pauses[-1] == 600.0


def test_a_data_folder_that_was_moved_is_found(tmp_path, no_ffmpeg):
    """Rows name the folder of before; what lies in this bot's own goes."""

    async def script(world):
        await world.store.write(lambda db: spaces.set_folder(db, 1, "/gone/spaces/1"))
        await world.ask()
        await world.eraser().advance()
        await world.check()

    play(tmp_path, script)


def test_who_asks_again_and_again_keeps_the_record_busy_for_nobody(tmp_path, no_ffmpeg):
    """Between two purges it is for others, twenty times as long."""

    async def script(world):
        eraser, purge = world.eraser(), world.store.purge

        async def slow():
            world.clock.advance(10.0)
            await purge()

        world.store.purge = slow
        waits = []
        for later_s in (0.0, 199.0, 1.0):
            world.clock.advance(later_s)
            await world.ask()
            waits.append(await eraser.advance())
        return waits, len(world.told)

    assert play(tmp_path, script) == ([False, True, False], 2)


def test_a_timer_in_memory_goes_even_where_the_disk_is_full(tmp_path, no_ffmpeg):
    """What was reminded of is forgotten by the time that it is tried again."""

    def plan(db):
        db.execute(
            "INSERT INTO plans (guild_id, channel_id, host_id, state, starts_at, body)"
            " VALUES (?, 2, ?, 'scheduled', ?, '{}')",
            [GUILD, OTHER, NOW + 900],
        )
        reminders.ask(db, reminders.ReminderRow(1, ME, 600.0, "dm", OPENED))

    async def script(world):
        await world.store.write(plan)
        await world.ask()
        purge = world.store.purge

        async def full():
            world.store.purge = purge
            raise StoreError("full")

        world.store.purge, eraser = full, world.eraser()
        return [await eraser.advance(), await eraser.advance()], world.changed

    assert play(tmp_path, script) == ([True, False], [1])


def test_a_clock_that_was_set_back_hides_no_space(tmp_path, no_ffmpeg):
    """One that opened while it was ahead is erased from as any other."""

    def ahead(db):
        later = NOW + 40 * 86_400
        db.execute("UPDATE spaces SET opened_at = ?, ended_at = ?", [later, later + 60])

    async def script(world):
        await world.store.write(ahead)
        await world.ask()
        await world.eraser().advance()
        await world.check()

    play(tmp_path, script)


def test_rooms_of_the_guild_unlearn_their_words(tmp_path, no_ffmpeg):
    """A room that is open writes at its end what it knew from before."""

    async def script(world):
        world.rooms.open["7"] = room = Room()
        await world.ask()
        await world.eraser().advance()
        return room

    room = play(tmp_path, script)

    assert room.unlearned == [("en", {"xylophon", "marmalad"})]
    assert room.forgotten == []
