"""Scenario files: read whole, or told in one line per problem."""

import tomllib

import pytest

from bot.rehearsal.scenario import DEFAULT, FOLDER, ScenarioError, load, parse

SMALL = """
title = "Small"

[[members]]
name = "Anna"
language = "en"
voice = { name = "en-us" }

[[spaces]]
name = "talk"
room = "stage"
lasts = 10.0
do = [ { at = 0.0, who = "Anna", join = true } ]
"""


def document(**changes):
    return tomllib.loads(SMALL) | changes


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda p: p.stem)
def test_every_shipped_scenario(path):
    """What is shipped can be read."""
    assert load(path).spaces


def test_the_default_scenario():
    """Two Spaces of 60 to 120 s, stage then voice, both languages, four voices each."""
    scenario = load()

    assert [space.room for space in scenario.spaces] == ["stage", "voice"]
    assert all(60 <= space.lasts <= 120 for space in scenario.spaces)
    assert {space.language for space in scenario.spaces} == {"en", "es"}
    for space in scenario.spaces:
        people = {step.who for step in space.do}
        assert len(people) >= 4
        assert len({scenario.member(name).voice for name in people}) == len(people)
    assert scenario.expect


def test_a_scenario_by_its_name():
    """Shipped scenarios are found without their folder and ending."""
    assert load(DEFAULT.with_name("default").relative_to(FOLDER)) == load(DEFAULT)


def test_spaces_begin_one_after_another():
    """A Space begins when the time of the one before is over."""
    scenario = load()
    first, second = scenario.starts()

    assert (first[0], second[0]) == (0.0, scenario.spaces[0].lasts)


JOIN = {"at": 0.0, "who": "Anna", "join": True}
SPACE = {"name": "talk", "room": "stage", "lasts": 10.0, "do": [JOIN]}
VOICE = {"name": "en-us"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"titel": "x"}, ["titel: unknown key", "title, members, spaces"]),
        ({"members": [{"name": "Anna", "language": "en"}]}, ["voice: is missing"]),
        (
            {"members": [{"name": "A", "language": "fr", "voice": VOICE}]},
            ["members[0].language = 'fr'", "'en' or 'es'"],
        ),
        ({"spaces": [SPACE | {"room": "hall"}]}, ["spaces[0].room", "'stage'"]),
        ({"spaces": [SPACE | {"lasts": -1}]}, ["spaces[0].lasts = -1"]),
        (
            {"spaces": [SPACE | {"do": [JOIN | {"jump": True}]}]},
            ["spaces[0].do[0].jump: unknown key", "leave"],
        ),
        (
            {"spaces": [SPACE | {"do": [JOIN | {"who": "Ben"}]}]},
            ["spaces[0].do[0].who = 'Ben'", "members are Anna"],
        ),
        (
            {"spaces": [SPACE | {"do": [JOIN | {"leave": True}]}]},
            ["spaces[0].do[0]", "exactly one of"],
        ),
        ({"spaces": [SPACE | {"do": [{"at": 1.0, "who": "Anna"}]}]}, ["exactly one"]),
        ({"spaces": [SPACE | {"do": [JOIN | {"at": 11.0}]}]}, ["at = 11.0", "10 s"]),
        ({"network": {"los": 0.1}}, ["network.los: unknown key", "loss"]),
        ({"expect": [{"what": "fun", "space": "talk"}]}, ["expect[0].what = 'fun'"]),
        ({"expect": [{"what": "ended", "space": "x"}]}, ["expect[0].space = 'x'"]),
        ({"expect": [{"what": "nudge", "space": "talk"}]}, ["needs the key kind"]),
        ({"expect": [{"what": "track", "space": "talk"}]}, ["needs the key who"]),
        (
            {"expect": [{"what": "ended", "space": "talk", "when": 1}]},
            ["expect[0].when: unknown key", "between"],
        ),
    ],
)
def test_a_mistake_in_a_scenario(changes, words):
    """The line names file, key, and what is allowed."""
    with pytest.raises(ScenarioError) as caught:
        parse(document(**changes), where="my.toml")

    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith("my.toml: ")
    for word in words:
        assert word in line


def test_several_mistakes_at_once():
    """All problems of a file are told together."""
    with pytest.raises(ScenarioError) as caught:
        parse(document(titel="x", network={"los": 1}), where="my.toml")

    assert len(str(caught.value).splitlines()) == 2


def test_a_file_that_is_not_there(tmp_path):
    """The line names the file and the scenarios that there are."""
    with pytest.raises(ScenarioError, match=r"none\.toml: no such scenario.*default"):
        load(tmp_path / "none.toml")


@pytest.mark.parametrize("content", [b"title = ", b"\xff\xfe"])
def test_a_file_that_is_no_toml(tmp_path, content):
    """The line names the file and the reason."""
    path = tmp_path / "broken.toml"
    path.write_bytes(content)

    with pytest.raises(ScenarioError, match=r"broken\.toml: "):
        load(path)
