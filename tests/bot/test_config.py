"""``config.toml``: what is accepted, and the one line for each thing that is not."""

import dataclasses
import re
import tomllib
import typing
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


def known(settings, prefix=""):
    """Yield every key that a settings class has, dotted."""
    for key in config.keys(settings):
        kind = typing.get_type_hints(settings)[key]
        if dataclasses.is_dataclass(kind):
            yield from known(kind, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


def written(document, prefix=""):
    """Yield every key of a document, dotted."""
    for key, value in document.items():
        if isinstance(value, dict):
            yield from written(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}"


def test_the_example_is_complete():
    """Every key stands in the example, those that have no value as a comment."""
    text = EXAMPLE.read_text("utf-8")
    unset = re.sub(r"^# (\w+) =$", r'\1 = "unset"', text, flags=re.MULTILINE)

    assert set(written(tomllib.loads(unset))) == set(known(Config))


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


def test_a_time_zone_is_an_iana_name():
    """What zoneinfo does not know is refused at once, not at the first plan."""
    with pytest.raises(ConfigError, match="Europe/Madrid"):
        config.parse({"discord": {"time_zone": "Mars/Olympus"}})


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
