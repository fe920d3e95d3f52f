"""``config.toml``: what is accepted, and the one line for each thing that is not."""

import dataclasses
import tomllib
from pathlib import Path

import pytest

from bot import config
from bot.config import Config, ConfigError

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def test_an_empty_file_gives_the_defaults():
    """Every key has a default."""
    assert config.parse({}) == Config()


def test_the_example_loads_as_it_stands():
    """What a newcomer copies is the defaults, spelled out."""
    assert config.load(EXAMPLE) == Config()


def test_the_example_is_complete():
    """Every key that exists stands in the example, and nothing else does."""
    document = tomllib.loads(EXAMPLE.read_text("utf-8"))

    known = {
        section.name: {key.name for key in dataclasses.fields(section.type)}
        for section in dataclasses.fields(Config)
    }

    assert {name: set(keys) for name, keys in document.items()} == known


def test_every_problem_is_reported_at_once():
    """Each wrong value gets one line with key, value and what is allowed."""
    document = {
        "discord": {"language": "fr", "prefx": "!"},
        "page": {"port": "x"},
        "recording": {"keep_days": 0},
        "sotre": {},
    }

    with pytest.raises(ConfigError) as error:
        config.parse(document, where="config.toml")

    lines = sorted(str(error.value).splitlines())
    assert lines == [
        "config.toml: discord.language = 'fr': input should be 'en' or 'es'",
        "config.toml: discord.prefx: unknown key; did you mean prefix?",
        "config.toml: page.port = 'x': input should be a valid integer",
        "config.toml: recording.keep_days = 0: "
        "input should be greater than or equal to 1",
        "config.toml: sotre: unknown key; did you mean store?",
    ]


def test_a_prefix_needs_the_message_content_intent():
    """Chat commands without a mention cannot be read without it."""
    with pytest.raises(ConfigError, match="message_content = true"):
        config.parse({"discord": {"prefix": "!"}})


def test_a_missing_file_says_what_to_do(tmp_path):
    """The line names the file and the way out."""
    with pytest.raises(ConfigError, match=r"config\.example\.toml"):
        config.load(tmp_path / "config.toml")


def test_a_broken_file_says_where(tmp_path):
    """TOML's own position is kept."""
    path = tmp_path / "config.toml"
    path.write_text("[discord\n", "utf-8")

    with pytest.raises(ConfigError, match="line 1"):
        config.load(path)


def test_the_token_comes_from_the_environment_first(tmp_path):
    """A file is only asked where the variable is empty."""
    path = tmp_path / "token"
    path.write_text("from-file\n", "utf-8")
    settings = config.parse({"discord": {"token_file": str(path)}})

    assert config.token(settings, {"TERTULIA_TOKEN": " from-env "}) == "from-env"
    assert config.token(settings, {"TERTULIA_TOKEN": ""}) == "from-file"


def test_no_token_names_both_ways_out():
    """Neither the value nor a stack trace is shown."""
    with pytest.raises(ConfigError, match=r"TERTULIA_TOKEN.*token_file"):
        config.token(Config(), {})
