"""What a Space leaves behind."""

import asyncio
import json
import shutil
import threading

import pytest

from bot.afterwards import exports
from bot.settings import RecordingSettings
from media import rttm, transcript, webvtt
from media.render import RenderError
from moderation.events import MemberJoined, SpaceOpened, VoiceStateSeen
from moderation.events.rows import to_row
from moderation.settings import RoomKind, SpaceSettings
from moderation.store import journal, tracks
from moderation.store.database import Store
from tests.bot.page.sample import ANA, BEN, GUILD, HOSTILE, fill

DAY_S = 86_400.0


def run(track, folder, *, settings=None, times=1, event="Opened", body='{"by": 1}'):
    """Export the sample Space into ``folder``; return its files and tracks."""

    async def main():
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, track))
            await store.write(
                lambda db: journal.append(db, space_id, 1000.0, event, body)
            )
            for _ in range(times):
                written = await exports.export(
                    store, space_id, folder, settings or RecordingSettings()
                )
            return written, await store.read(lambda db: tracks.read(db, space_id))

    return asyncio.run(main())


@pytest.fixture
def folder(tmp_path, track):
    """Give a Space's folder with Ana's track in it."""
    (tmp_path / "tracks").mkdir()
    shutil.copy(track, tmp_path / "tracks" / f"{ANA}.opus")
    return tmp_path


def test_everything_can_be_read_back(track, folder):
    """Each file is in the form that its readers know, with names in place of ids."""
    written, _ = run(track, folder)

    said = webvtt.read(written["transcript.vtt"].read_text("utf-8"))
    assert [(line.speaker, line.text) for line in said] == [
        ("Ana", "Welcome everyone to the space."),
        ("Ben <i>", HOSTILE),
    ]
    assert len(transcript.from_json(written["transcript.json"].read_text("utf-8"))) == 2
    talk = rttm.read(written["talktime.rttm"].read_text("utf-8"))
    assert talk["Ana"] == ((0.0, 3.0),)
    counted = json.loads(written["talktime.json"].read_text("utf-8"))
    ana = counted["speakers"][0]
    assert (ana["speaker"], ana["seconds"], ana["talk_at"]) == (
        "Ana",
        3.0,
        [[0.0, 3.0]],
    )
    assert counted["mutual_silence"]["at"] == [[3.0, 4.0], [5.0, 60.0]]
    (event,) = written["journal.jsonl"].read_text("utf-8").splitlines()
    assert json.loads(event)["body"] == {"by": 1}


def test_the_mix_is_a_file_of_the_space_with_its_time(track, folder):
    """Tracks and mix are on record once, and expire together."""
    _, files = run(track, folder, times=2)

    recorded = [one for one in files if one.path.startswith(str(folder))]
    assert [one.kind for one in recorded] == ["track", "mix"]
    assert {one.expires_at for one in recorded} == {1060.0 + 30 * DAY_S}
    assert (folder / "mix.ogg").stat().st_size > 1000


@pytest.mark.parametrize(
    ("event", "state"), [("Opened", "complete"), ("RecordingFailed", "stopped")]
)
def test_a_track_of_a_recording_that_failed_is_not_whole(track, folder, event, state):
    """The record says so, and with it the page."""
    _, files = run(track, folder, event=event)

    assert {one.state for one in files if one.path.endswith(f"{ANA}.opus")} == {state}


@pytest.mark.parametrize(("whose", "state"), [(ANA, "stopped"), (BEN, "complete")])
def test_a_track_that_failed_alone_is_not_whole(track, folder, whose, state):
    """Nor is the mix that it is missing from; the others' are."""
    body = f'{{"user_id":{whose},"trouble":"gone"}}'
    _, files = run(track, folder, event="TrackFailed", body=body)

    found = {one.kind: one.state for one in files if one.path.startswith(str(folder))}
    assert found == {"track": state, "mix": "stopped"}


def test_without_a_recording_there_is_no_mix(track, tmp_path):
    """The words are exported all the same."""
    written, _ = run(track, tmp_path)

    assert "mix.ogg" not in written
    assert "transcript.vtt" in written


def test_a_mix_that_fails_leaves_no_file(track, folder):
    """What is there is whole; the failure is said."""
    (folder / "tracks" / f"{ANA}.opus").write_bytes(b"this is no sound")

    with pytest.raises(RenderError):
        run(track, folder)

    assert not [path for path in folder.iterdir() if "mix" in path.name]


def test_talk_is_counted_by_role_and_without_what_was_muted(track, tmp_path):
    """Roles and microphones are in the journal, not beside the talk."""
    opened = SpaceOpened(1, GUILD, 5, RoomKind.VOICE, ANA, "tea", SpaceSettings())
    facts = (
        (0.0, opened),
        (0.5, MemberJoined(ANA)),
        (0.5, MemberJoined(BEN)),
        (1.0, VoiceStateSeen(ANA)),
        (2.0, VoiceStateSeen(ANA, server_muted=True)),
        (3.0, VoiceStateSeen(BEN)),
        (8.0, VoiceStateSeen(BEN, self_deafened=True)),
    )

    async def main():
        async with Store(":memory:") as store:
            space_id = await store.write(lambda db: fill(db, track))
            for at, event in facts:
                row = to_row(event)
                await store.write(
                    lambda db, at=at, row=row: journal.append(
                        db, space_id, 1000.0 + at, *row
                    )
                )
            return await store.read(
                lambda db: exports.talktime(exports.read(db, space_id))
            )

    counted = asyncio.run(main())
    ana, ben = counted["speakers"]

    assert (ana["seconds"], ana["by_role"]) == (2.0, {"host": 2.0})
    assert ben["by_role"] == {"listener": 1.0}
    assert counted["listening"] == [
        {"member": "Ana", "seconds": 59.0, "at": [[1.0, 60.0]]},
        {"member": "Ben <i>", "seconds": 5.0, "at": [[3.0, 8.0]]},
    ]


def test_texts_are_made_beside_the_event_loop(track, folder, monkeypatch):
    """Of three hours they take half a second, and other Spaces are live."""
    makers, make = set(), exports.texts

    def made(kept, space_id):
        makers.add(threading.current_thread())
        return make(kept, space_id)

    monkeypatch.setattr(exports, "texts", made)

    run(track, folder)

    assert makers
    assert threading.current_thread() not in makers
