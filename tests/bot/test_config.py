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
        "config.toml: discord.language = 'fr': should be 'en' or 'es'",
        "config.toml: discord.prefx: unknown key; did you mean prefix?",
        "config.toml: page.port = 'x': should be a whole number, without quotes"
        " or a point",
        "config.toml: recording.keep_days = 0: should be greater than or equal to 1",
        "config.toml: sotre: unknown key; did you mean store?",
    ]


NAN, ENDLESS = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"space": {"invitation_s": NAN}}, "should be a finite number"),
        ({"space": {"seat_grace_s": ENDLESS}}, "should be a finite number"),
        ({"space": {"host_grace_s": -1.0}}, "should be greater than or equal to 0"),
        ({"space": {"invitation_s": 0.0}}, "should be greater than 0"),
        ({"space": {"slow_queue_s": 1e300}}, "should be less than or equal to 1000000"),
        ({"space": {"cap": True}}, "space.cap = true: should be a whole number"),
        ({"space": 3}, r"should be a table, which begins with \[space\]"),
        ({"nudges": {"off": ["comercial"]}}, "did you mean commercial?"),
        ({"nudges": {"dominance_window_s": 0.0}}, "should be greater than 0"),
        ({"scheduler": {"offsets_min": [60.0, -5.0]}}, "scheduler.offsets_min.1 = -5"),
        ({"scheduler": {"choices_min": [1e9]}}, "should be less than or equal to 5256"),
        # Discord refuses a menu of more than 25, and members read of a failure.
        ({"scheduler": {"choices_min": [1.0] * 26}}, "scheduler.choices_min"),
        ({"guests": {"before_h": [-1.0]}}, "guests.before_h.0 = -1.0"),
        ({"store": {"folder": ""}}, "should not be empty"),
        ({"page": {"public_url": "spaces.example.org"}}, "https://spaces.example.org"),
        ({"page": {"public_url": "https://[x"}}, "https://spaces.example.org"),
        ({"campaigns": {"replay_url": "/replay"}}, "https://spaces.example.org"),
        ({"token": "abc"}, "token: is not kept here; .* TERTULIA_TOKEN"),
        ({"discord": {"token": "abc"}}, "discord.token: is not kept here"),
        (
            {"speech": {"slow_lag_s": 40.0}},
            "should be at most speech.hopeless_lag_s = 30.0",
        ),
        (
            {"hearing": {"spurts": {"split_after_s": 29.0}}},
            "should be at most hearing.spurts.split_at_s = 28.0",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(document, told):
    """A number that no clock can use would stop the bot in the middle of a Space."""
    with pytest.raises(ConfigError, match=told) as error:
        config.parse(document)

    assert "abc" not in str(error.value)


def test_a_wrong_zone_is_reported_with_everything_else():
    """Nobody has to start three times to read of three mistakes."""
    document = {
        "discord": {"language": "fr", "time_zone": "Mars"},
        "page": {"public_url": "x"},
    }

    with pytest.raises(ConfigError) as error:
        config.parse(document)

    assert len(str(error.value).splitlines()) == 3


def test_a_file_of_a_windows_editor_is_read(tmp_path):
    """Some write a byte order mark in front."""
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf[space]\r\ncap = 5\r\n")

    assert config.load(path).space.cap == 5


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_is_no_text_is_one_line(tmp_path, content):
    """A folder, too."""
    path = tmp_path / "config.toml"
    path.mkdir() if content is None else path.write_bytes(content)

    with pytest.raises(ConfigError, match=r"config\.toml: (not UTF-8|cannot be read)"):
        config.load(path)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe\x00", "is no text file"),
        (b" \n", "is empty; write the token into it"),
        (b"two words", "holds something that is no token"),
        ("tök.én".encode(), "holds something that is no token"),
    ],
)
def test_a_token_file_without_a_token_is_one_line(tmp_path, content, told):
    """What is in it is not shown: half of it may be a secret."""
    path = tmp_path / "token"
    path.write_bytes(content)
    settings = config.parse({"discord": {"token_file": str(path)}})

    with pytest.raises(ConfigError, match=told) as error:
        config.token(settings, {})

    assert "tök" not in str(error.value)
    assert "two words" not in str(error.value)


def test_a_token_may_be_quoted_or_named():
    """As people copy it out of examples."""
    assert config.token(Config(), {"TERTULIA_TOKEN": '"Bot a.b-c"'}) == "a.b-c"


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
