"""``/privacy export`` from the command to the file, on the loopback."""

import asyncio
import io
import json
import zipfile

from bot.privacy import copies
from moderation.store import audit, spaces, tracks, transcripts
from tests.bot.guild import ANA, EVA, HOST, LUIS, bot_on, place, run, until
from tests.media.test_ogg import stream

SAID = "the beds get water at dawn"


def files(stage, name):
    """Return what was attached to messages that only one person reads."""
    world, user_id = stage.standin.world, stage.member(name).id
    return [
        world.files[int(each["id"])][1]
        for shelf in world.messages.values()
        for message_id, one in shelf.items()
        if world.private.get(message_id) == user_id
        for each in one["attachments"]
    ]


def opened(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        return {name: found.read(name) for name in found.namelist()}


def exported(db, guild_id):
    return [one for one in audit.read(db, guild_id) if one.action == copies.EXPORTED]


async def recorded(stage, space_id, user_id, sound):
    """Put a line and a track of somebody on record."""
    folder = stage.bot.house.folder / "spaces" / str(space_id) / "tracks"
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    path = folder / f"{user_id}.opus"
    await asyncio.to_thread(path.write_bytes, sound)

    def write(db):
        line = transcripts.NewUtterance(
            uid=f"u{user_id}", user_id=user_id, start=1.0, end=2.0, text=SAID
        )
        transcripts.record(db, space_id, line, 5.0)
        new = tracks.NewTrack(
            space_id=space_id, user_id=user_id, path=str(path), start=0.0
        )
        tracks.finish(db, tracks.begin(db, new), 2.0, len(sound))

    await stage.bot.store.write(write)


def test_a_member_gets_what_is_kept_of_them_and_nobody_else_does(tmp_path):
    """Lines, floor requests, questions and sound of theirs; in a file of their own."""
    sound = stream([b"ana"] * 5)

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, ANA, LUIS)
        room = await stage.opened()
        await stage.command(ANA, "privacy consent", level="audio")
        await stage.command(LUIS, "privacy consent", level="transcript")
        await stage.command(ANA, "floor ask", note="about the pump")
        await stage.command(LUIS, "floor ask", note="about the fence")
        ana, luis = stage.member(ANA).id, stage.member(LUIS).id
        await recorded(stage, room.space_id, ana, sound)
        await recorded(stage, room.space_id, luis, stream([b"luis"] * 5))
        text = await stage.command(ANA, "privacy export")
        # The answer is there before its file is deleted and the deed is noted.
        await until(lambda: not list(tmp_path.glob(f"{copies.PREFIX}*")))
        guild_id = stage.standin.guild_id
        async with asyncio.timeout(30):
            while not (  # noqa: ASYNC110 - the record has no event for it
                deeds := await stage.bot.store.read(lambda db: exported(db, guild_id))
            ):
                await asyncio.sleep(0.01)
        others = [files(stage, name) for name in (HOST, LUIS)]
        return text, files(stage, ANA), others, (ana, luis), deeds

    text, mine, others, (ana, luis), deeds = run(tmp_path, play)

    assert text.startswith("Everything that I keep of you")
    assert others == [[], []]
    (archive,) = mine
    found = opened(archive)
    data = json.loads(found["data.json"])
    assert found["tracks/space-1.opus"] == sound
    assert [one["text"] for one in data["said"]] == [SAID]
    assert [one["level"] for one in data["consents"]] == [2]
    assert [one["note"] for one in data["floor_requests"]] == ["about the pump"]
    (space,) = data["spaces"]
    assert (space["topic"], len(space["visits"])) == ("Huertos urbanos", 1)
    whole = b"".join(found.values())
    assert str(ana).encode() in whole
    assert str(luis).encode() not in whole
    assert b"fence" not in whole
    assert [one.actor_id for one in deeds] == [ana]


def test_a_long_recording_comes_in_several_messages(tmp_path, monkeypatch):
    """Nothing is larger than Discord takes here, and all of it is sent."""
    limit = 60_000
    path = "bot.rehearsal.standin.world.interactions.ATTACHMENT_LIMIT"
    monkeypatch.setattr(path, limit)
    sound = stream(*([bytes([n]) * 500] * 5 for n in range(60)))

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await recorded(stage, room.space_id, stage.member(ANA).id, sound)
        text = await stage.command(ANA, "privacy export")
        await until(lambda: len(files(stage, ANA)) >= 3)
        await until(lambda: stage.told(ANA)[-1].startswith("File"))
        return text, files(stage, ANA), stage.told(ANA)

    text, mine, told = run(tmp_path, play)

    assert f"in {len(mine)} files" in text
    assert f"File {len(mine)} of {len(mine)}." in told
    assert all(len(one) <= limit for one in mine)
    names = [name for one in mine for name in opened(one)]
    assert names[:2] == ["about.txt", "data.json"]
    assert names[2] == "tracks/space-1.part1.opus"


def test_nobody_waits_for_the_way_of_another_copy(tmp_path, monkeypatch):
    """An upload may take minutes; an answer lives for a quarter of an hour."""
    send, uploaded = copies.Copies._send, asyncio.Event()

    async def slow(self, interaction, packed):
        if interaction.locale.value == "en-US":
            await uploaded.wait()
        await send(self, interaction, packed)

    monkeypatch.setattr(copies.Copies, "_send", slow)

    async def play(stage):
        await stage.commands()
        first = await stage.said(ANA, "privacy export")
        await until(lambda: len(list(tmp_path.glob(f"{copies.PREFIX}*/*"))) == 1)
        second = await stage.command(EVA, "privacy export")
        waits = first.loading
        uploaded.set()
        return second, waits, await stage.answer(first)

    second, waits, first = run(tmp_path, play)

    assert second.startswith("Todo lo que guardo de ti")
    assert waits
    assert first.startswith("Everything that I keep of you")


def test_the_copy_is_explained_in_the_readers_language(tmp_path):
    """Without a live Space, and with nothing kept, there is a copy too."""

    async def play(stage):
        await stage.commands()
        text = await stage.command(EVA, "privacy export")
        return text, files(stage, EVA)

    text, (archive,) = run(tmp_path, play)

    found = opened(archive)
    assert text.startswith("Todo lo que guardo de ti")
    assert found["about.txt"].decode().lstrip().startswith("Todo lo que el bot")
    assert json.loads(found["data.json"])["said"] == []


def test_what_a_killed_process_was_packing_is_deleted_at_the_start(tmp_path):
    """Nobody's data lies about in a folder that nothing else looks into."""
    left = tmp_path / f"{copies.PREFIX}abc"
    left.mkdir()
    (left / "my-data.zip").write_bytes(b"private")

    async def main():
        async with place() as standin, bot_on(standin, tmp_path) as bot:
            return await bot.store.read(spaces.live)

    assert asyncio.run(main()) == []
    assert not left.exists()
