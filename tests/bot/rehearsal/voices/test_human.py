"""Human voices instead of synthesised ones."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.errors import UsageError
from bot.rehearsal.scenario import Member, Voice, load
from bot.rehearsal.voices.human import HumanVoices, read_manifest
from bot.rehearsal.voices.script import recorded
from bot.rehearsal.voices.synthesis import Synthesis

DATA = Path(__file__).parents[5] / "shared" / "data"
real = pytest.mark.skipif(
    not (DATA / "manifest.csv").is_file(), reason=f"no recordings in {DATA}"
)
ANNA = Member("Anna", "en", Voice("en-us"))
HEADER = "path,language,duration_s,speaker,kind\n"


@real
@pytest.mark.data
def test_members_speak_as_long_as_their_lines():
    """The times of the scenario hold whoever speaks."""
    scenario = replace(load(), spaces=load().spaces[:1])
    scripted = recorded(scenario, Synthesis())

    with HumanVoices(DATA, scenario.members) as voices:
        human = recorded(scenario, voices)
        for space in scenario.spaces:
            for step in space.do:
                if step.say is not None:
                    lengths = [clip.seconds for clip in human(step)]
                    wanted = [clip.seconds for clip in scripted(step)]
                    assert lengths == pytest.approx(wanted, abs=0.03)
                    assert sum(clip.talk_s for clip in human(step)) > 0


@real
@pytest.mark.data
def test_people_of_each_language():
    """Each member gets a recording of its own language, people differ in English."""
    rows = read_manifest(DATA)
    members = [
        Member(name, language, Voice("x"))
        for name, language in (("A", "en"), ("B", "en"), ("C", "es"), ("D", "es"))
    ]

    with HumanVoices(DATA, members) as voices:
        parts = voices._parts

    assert {one.language for one in rows} == {"en", "es"}
    assert parts["A"][0].speaker != parts["B"][0].speaker
    assert all(one.language == "es" for name in "CD" for one in parts[name])


def test_a_manifest_lists_recordings_anywhere_below_its_folder(tmp_path):
    """One person's, not too short and not too long."""
    rows = (
        "mine/a.flac,en,4.0,Ann,speech\nb.wav,es,9.5,,speech\n"
        "noise.wav,en,4.0,,noise\nshort.wav,en,0.5,Ann,speech\n"
    )
    (tmp_path / "manifest.csv").write_text(HEADER + rows)

    assert [
        (one.path.relative_to(tmp_path).as_posix(), one.language, one.seconds)
        for one in read_manifest(tmp_path)
    ] == [("mine/a.flac", "en", 4.0), ("b.wav", "es", 9.5)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, r"manifest\.csv: cannot be read"),
        ("path,kind\na,speech\n", r"manifest\.csv: has no column duration_s"),
        (HEADER + "a,en,long,x,speech\n", r"csv: not a list of recordings"),
        (HEADER, "no human recordings in language 'en'"),
    ],
)
def test_a_folder_without_recordings(tmp_path, content, words):
    """The line names the file or what is missing in it."""
    if content is not None:
        (tmp_path / "manifest.csv").write_text(content)

    with pytest.raises(UsageError, match=words):
        HumanVoices(tmp_path, [ANNA])
