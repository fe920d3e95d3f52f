"""``config.toml``: read once, checked whole, turned into frozen settings.

Rule 1: every problem is reported at once, a line each: key, value, what is allowed.
Rule 2: defaults live in the settings classes, what is allowed in ``allowed``.
Rule 3: the token is never part of a ``Config``; ``token`` reads it when asked.
Rule 4: a key whose default is nothing is left out to keep it so; TOML has no null.
"""

import dataclasses
import difflib
import json
import os
import tomllib
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pydantic
from pydantic import ConfigDict, Field

from bot.allowed import kind_of, together
from bot.errors import ConfigError
from bot.settings import (
    CheckSettings,
    DiscordSettings,
    LogSettings,
    PageSettings,
    RecordingSettings,
    StoreSettings,
    TranscriptSettings,
)
from media.ear import HearingSettings
from media.whisper.settings import SpeechSettings
from moderation.drift.settings import DriftSettings
from moderation.nudges.settings import NudgeSettings
from moderation.settings import SpaceSettings
from scheduler.campaigns.settings import CampaignSettings, WebhookSettings
from scheduler.guests.settings import GuestSettings
from scheduler.preflight.settings import PreflightSettings
from scheduler.settings import SchedulerSettings


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that ``config.toml`` can say."""

    discord: DiscordSettings = field(default_factory=DiscordSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    space: SpaceSettings = field(default_factory=SpaceSettings)
    nudges: NudgeSettings = field(default_factory=NudgeSettings)
    drift: DriftSettings = field(default_factory=DriftSettings)
    speech: SpeechSettings = field(default_factory=SpeechSettings)
    hearing: HearingSettings = field(default_factory=HearingSettings)
    scheduler: SchedulerSettings = field(default_factory=SchedulerSettings)
    campaigns: CampaignSettings = field(default_factory=CampaignSettings)
    webhooks: WebhookSettings = field(default_factory=WebhookSettings)
    guests: GuestSettings = field(default_factory=GuestSettings)
    preflight: PreflightSettings = field(default_factory=PreflightSettings)
    recording: RecordingSettings = field(default_factory=RecordingSettings)
    transcript: TranscriptSettings = field(default_factory=TranscriptSettings)
    check: CheckSettings = field(default_factory=CheckSettings)
    page: PageSettings = field(default_factory=PageSettings)
    log: LogSettings = field(default_factory=LogSettings)


ELSEWHERE: Mapping[type[Any], frozenset[str]] = {
    SpaceSettings: frozenset({"format", "sides", "seed"}),
}
"""Settings that are chosen for each Space and are no business of the file."""


def load(path: Path) -> Config:
    """Read and check a file; raise ``ConfigError`` with every problem in it."""
    try:
        text = path.read_text("utf-8-sig")  # Windows' editors put a mark in front
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file; copy config.example.toml to it and edit it"
        ) from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8 text; save it as UTF-8") from None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None
    return parse(document, where=str(path))


def parse(document: Mapping[str, Any], *, where: str = "config") -> Config:
    """Check a parsed document; raise ``ConfigError`` with every problem in it."""
    try:
        checked = _MODEL.model_validate_json(json.dumps(document, default=str))
    except pydantic.ValidationError as error:
        raise ConfigError(
            "\n".join(f"{where}: {_line(problem)}" for problem in error.errors())
        ) from None
    config: Config = _build(Config, checked)
    if wrong := [f"{where}: {line}" for line in together(config)]:
        raise ConfigError("\n".join(wrong))
    return config


def token(config: Config, environment: Mapping[str, str] | None = None) -> str:
    """Return the bot's token from the environment or its file.

    Raises ConfigError where there is none, or what is there is no token.
    """
    settings = config.discord
    found = (os.environ if environment is None else environment).get(settings.token_env)
    if found and found.strip():
        return _spelled(found, settings.token_env)
    if settings.token_file:
        where = f"discord.token_file = {settings.token_file!r}"
        try:
            text = Path(settings.token_file).read_text("utf-8-sig")
        except OSError as error:
            raise ConfigError(f"{where}: cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise ConfigError(f"{where}: is no text file") from None
        if not text.strip():
            raise ConfigError(f"{where}: is empty; write the token into it")
        return _spelled(text, where)
    raise ConfigError(
        f"no token: set the environment variable {settings.token_env}, or "
        "discord.token_file, to the token from Discord's developer portal"
    )


def _spelled(text: str, where: str) -> str:
    """Return a token as Discord writes it; the error never shows it."""
    token = text.strip().strip("'\"").removeprefix("Bot ")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigError(
            f"{where}: holds something that is no token; copy the token from Discord's"
            " developer portal (Bot → Reset Token), one line of letters, digits and"
            " “.-_”"
        )
    return token


def _build(settings: type[Any], checked: pydantic.BaseModel) -> Any:
    """Turn a checked table into the settings it stands for."""
    values = {
        name: _build(_kind(settings, name), value)
        if isinstance(value, pydantic.BaseModel)
        else value
        for name, value in ((name, getattr(checked, name)) for name in keys(settings))
    }
    return settings(**values)


def _model(settings: type[Any], prefix: str = "") -> type[pydantic.BaseModel]:
    """Return the pydantic model of a settings class, tables within tables."""
    table: dict[str, Any] = {}
    for key in dataclasses.fields(settings):
        if key.name not in keys(settings):
            continue
        dotted = f"{prefix}{key.name}"
        kind: Any = _kind(settings, key.name)
        if dataclasses.is_dataclass(kind):
            inner = _model(typing.cast("type[Any]", kind), f"{dotted}.")
            table[key.name] = (inner, Field(default_factory=inner))
            continue
        table[key.name] = (kind_of(dotted, kind), _default(key))
    return pydantic.create_model(settings.__name__, __config__=_STRICT, **table)


def _kind(settings: type[Any], key: str) -> Any:
    return typing.get_type_hints(settings)[key]


def keys(settings: type[Any]) -> list[str]:
    """Return the keys that the file may hold for a settings class."""
    left_out = ELSEWHERE.get(settings, frozenset())
    names = [key.name for key in dataclasses.fields(settings)]
    return [name for name in names if name not in left_out]


def _default(key: dataclasses.Field[Any]) -> Any:
    if key.default_factory is not dataclasses.MISSING:
        return key.default_factory()
    return key.default


_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
_MODEL = _model(Config)


WANTED: Mapping[str, str] = {
    "bool_type": "should be true or false, without quotes",
    "finite_number": "should be a finite number",
    "float_type": "should be a number, without quotes",
    "int_type": "should be a whole number, without quotes or a point",
    "string_too_short": "should not be empty",
    "string_type": "should be text, in quotes",
    "tuple_type": "should be a list, in brackets",
}
"""What a value should be, by pydantic's name of the mistake; else its own words."""


def _line(problem: Any) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        if problem["loc"][-1] == "token":
            return (
                f"{key}: is not kept here; set the environment variable TERTULIA_TOKEN,"
                " or name a file in discord.token_file"
            )
        return f"{key}: unknown key{_suggestion(problem['loc'])}"
    value = problem["input"]
    shown = "a table" if isinstance(value, dict) else repr(value)
    if isinstance(value, bool):
        shown = shown.lower()  # as TOML writes it
    if problem["type"].startswith("model_"):
        return f"{key} = {shown}: should be a table, which begins with [{key}]"
    words = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return f"{key} = {shown}: {WANTED.get(problem['type'], words)}"


def _suggestion(loc: tuple[str | int, ...]) -> str:
    known = list(_known(loc[:-1]))
    close = difflib.get_close_matches(str(loc[-1]), known, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known here: {', '.join(known)}" if known else ""


def _known(table: tuple[str | int, ...]) -> Iterator[str]:
    settings: Any = Config
    for name in table:
        settings = _kind(settings, str(name))
    yield from keys(settings)
