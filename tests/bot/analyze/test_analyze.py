"""``tertulia analyze`` as a person runs it: files in, files out, one line if not."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.analyze import analyze
from bot.errors import BotError
from media import rttm, webvtt
from media.errors import MediaError
from media.transcript import Line, to_json
from tests.media.sounds import tone

ROOT = Path(__file__).parents[3]
MODELS = (
    ROOT / "bot/rehearsal/models/whisper-rehearsal",
    ROOT.parent / "shared/models/whisper-rehearsal",
)
SPEECH = ROOT.parent / "shared/data/A_speech"
ON = "We keep to the budget for the new server, and the budget is what we review."
OFF = [
    "My sister drove along the coast to a village with wonderful grilled sardines.",
    "That goalkeeper jumped like a cat, nobody in the stadium could believe it.",
    "We danced until four in the morning, my shoes are completely ruined now.",
    "The dog ran after a squirrel and then fell asleep under the kitchen table.",
    "Snow again tomorrow, so the mountain road will probably be closed all week.",
    "Her grandmother bakes bread with rosemary and sells it at the Saturday market.",
    "I finished that detective novel on the train, the gardener was innocent.",
]
FILES = {
    "talktime.rttm",
    "talktime.json",
    "transcript.vtt",
    "transcript.json",
    "drift.json",
}
TEXT_FILES = {"transcript.vtt", "transcript.json", "drift.json"}


def run(*arguments, out):
    """Run the command and return (exit code, what it said)."""
    result = CliRunner().invoke(analyze, [*map(str, arguments), "--out", str(out)])
    if isinstance(result.exception, BotError | MediaError):
        return 2, str(result.exception)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stderr


def read(path):
    return json.loads(path.read_text("utf-8"))


@pytest.fixture
def voices(tmp_path):
    """Copy two human voices under the names of two speakers."""
    if not SPEECH.is_dir():
        pytest.skip("the real recordings are not beside this checkout")
    ana, ben = tmp_path / "1-ana.flac", tmp_path / "2-ben.flac"
    shutil.copy(SPEECH / "en/ljspeech/LJ001-0001.flac", ana)
    shutil.copy(SPEECH / "en/vctk/p225_003.flac", ben)
    return ana, ben


def test_recordings_become_five_files(voices, tmp_path):
    """Without a speech model the talk is counted all the same, and that is said."""
    code, said = run(*voices, "--topic", "printing", "--model", "", out=tmp_path / "o")

    assert code == 0
    assert "no transcript" in said
    assert {path.name for path in (tmp_path / "o").iterdir()} == FILES
    table = read(tmp_path / "o/talktime.json")
    assert [row["speaker"] for row in table["speakers"]] == ["ana", "ben"]
    assert sum(row["share"] for row in table["speakers"]) == pytest.approx(1, abs=0.01)
    talk = rttm.read((tmp_path / "o/talktime.rttm").read_text())
    for row in table["speakers"]:
        assert set(row) == {"speaker", "seconds", "share", "turns", "longest_turn"}
        seconds = sum(end - start for start, end in talk[row["speaker"]])
        assert row["seconds"] == pytest.approx(seconds, abs=0.05)
    assert read(tmp_path / "o/drift.json") == []


def test_a_craig_archive_gives_the_same(voices, tmp_path):
    """A zip of tracks is the tracks."""
    with zipfile.ZipFile(tmp_path / "craig.zip", "w") as archive:
        for voice in voices:
            archive.write(voice, voice.name)
        archive.writestr("info.txt", "Recording")

    run(*voices, "--topic", "printing", "--model", "", out=tmp_path / "files")
    run(tmp_path / "craig.zip", "--topic", "x", "--model", "", out=tmp_path / "zip")

    tables = [read(tmp_path / name / "talktime.json") for name in ("zip", "files")]
    assert tables[0] == tables[1]


def test_with_a_model_there_are_words(voices, tmp_path):
    """The worker runs and its lines are in both transcripts."""
    model = next((path for path in MODELS if path.is_dir()), None)
    if model is None:
        pytest.skip("the small speech model is not in this checkout")

    code, said = run(
        *voices, "--topic", "printing", "--model", model, out=tmp_path / "o"
    )

    assert code == 0
    assert "no transcript" not in said
    cues = webvtt.read((tmp_path / "o/transcript.vtt").read_text("utf-8"))
    rows = read(tmp_path / "o/transcript.json")["utterances"]
    assert [(cue.speaker, cue.text) for cue in cues] == [
        (row["speaker"], row["text"]) for row in rows
    ]


def test_who_says_nothing_is_in_the_table(tmp_path):
    """Who is in the recording and says nothing has a row with nothing."""
    track = tone(tmp_path / "solo.wav", seconds=5.0, volume=0.0)

    run(track, "--topic", "x", "--model", "", out=tmp_path / "o")

    (row,) = read(tmp_path / "o/talktime.json")["speakers"]
    assert (row["speaker"], row["seconds"], row["share"]) == ("solo", 0.0, 0.0)


@pytest.mark.parametrize("suffix", [".vtt", ".json"])
def test_a_transcript_alone_gives_its_drift(tmp_path, suffix):
    """The text part needs no sound, and says in time order where the talk was."""
    said = [
        Line("Ana", 20.0 * n, 20.0 * n + 18.0, ON if n < 10 else OFF[n % len(OFF)])
        for n in range(200)
    ]
    text = webvtt.write(said) if suffix == ".vtt" else to_json(said)
    (tmp_path / f"t{suffix}").write_text(text, "utf-8")

    code, _ = run(
        "--transcript",
        tmp_path / f"t{suffix}",
        "--topic",
        "budget for the server",
        out=tmp_path / "o",
    )
    rows = read(tmp_path / "o/drift.json")

    assert code == 0
    assert {path.name for path in (tmp_path / "o").iterdir()} == TEXT_FILES
    assert all(0.0 <= row["score"] <= 1.0 for row in rows)
    assert [row["start"] for row in rows] == sorted(row["start"] for row in rows)
    assert (rows[5]["state"], rows[-1]["state"]) == ("on_topic", "drifting")


BAD = [
    ("a.wav", None, "No such file"),
    ("a.wav", b"", "the file is empty"),
    ("a.ogg", b"not sound" * 100, "not sound that ffmpeg can read"),
    ("a.zip", b"not a zip", "not a zip"),
]


@pytest.mark.parametrize(("name", "content", "says"), BAD)
def test_a_bad_track_is_one_line_and_no_result(tmp_path, name, content, says):
    """Half the speakers would look like a whole Space: nothing is written."""
    good = tone(tmp_path / "good.wav")
    if content is not None:
        (tmp_path / name).write_bytes(content)

    code, said = run(
        good, tmp_path / name, "--topic", "x", "--model", "", out=tmp_path / "o"
    )

    assert (code, says in said, "\n" in said) == (2, True, False)
    assert name in said
    assert not (tmp_path / "o").exists()


BAD_TEXT = [
    ("t.vtt", b"1\n00:01 --> x", "begins with WEBVTT"),
    ("t.json", b"{", "not JSON"),
    ("t.json", b"", "the file is empty"),
    ("t.vtt", b"\xff\xfe\x00", "not UTF-8"),
    ("none.vtt", None, "No such file"),
]


@pytest.mark.parametrize(("name", "content", "says"), BAD_TEXT)
def test_a_bad_transcript_is_one_line_and_no_result(tmp_path, name, content, says):
    """The line names the file and the place."""
    if content is not None:
        (tmp_path / name).write_bytes(content)

    code, said = run(
        "--transcript", tmp_path / name, "--topic", "x", out=tmp_path / "o"
    )

    assert (code, says in said, "\n" in said) == (2, True, False)
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--topic", "x"],
        ["--topic", "x", "a.wav", "--transcript", "t.vtt"],
        ["--topic", "  ", "a.wav"],
        ["--topic", "x", "a.wav", "--language", "english"],
    ],
)
def test_what_makes_no_sense_is_refused(tmp_path, arguments):
    """Tracks or a transcript, a topic, and a language that there is."""
    assert run(*arguments, out=tmp_path / "o")[0] == 2


def test_a_folder_that_cannot_be_written_keeps_what_it_was(tmp_path):
    """The results go beside nothing that is a file."""
    (tmp_path / "o").write_text("mine")
    track = tone(tmp_path / "solo.wav")

    code, said = run(track, "--topic", "x", "--model", "", out=tmp_path / "o")

    assert (code, "\n" in said) == (2, False)
    assert (tmp_path / "o").read_text() == "mine"
