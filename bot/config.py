"""``config.toml``: read once, checked whole, turned into frozen settings.

Rule 1: every problem is reported at once, a line each: key, value, what is allowed.
Rule 2: defaults live in the settings classes; this file knows only what is allowed.
Rule 3: the token is never part of a ``Config``; ``token`` reads it when asked.
"""

import dataclasses
import difflib
import json
import os
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic
from pydantic import ConfigDict, Field

from bot.errors import ConfigError
from bot.settings import (
    DiscordSettings,
    LogSettings,
    PageSettings,
    RecordingSettings,
    StoreSettings,
)

Language = Literal["en", "es"]


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that ``config.toml`` can say."""

    discord: DiscordSettings = field(default_factory=DiscordSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    recording: RecordingSettings = field(default_factory=RecordingSettings)
    page: PageSettings = field(default_factory=PageSettings)
    log: LogSettings = field(default_factory=LogSettings)


ALLOWED: Mapping[str, Any] = {
    "discord.language": Language,
    "store.free_mb": Field(ge=0),
    "recording.keep_days": Field(ge=1, le=365),
    "page.port": Field(ge=0, le=65535),
    "log.level": Literal["DEBUG", "INFO", "WARNING", "ERROR"],
}
"""What a key may hold, where its type does not say it all."""


def load(path: Path) -> Config:
    """Read and check a file; raise ``ConfigError`` with every problem in it."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such file; copy config.example.toml to it and edit it"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
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
    config = Config(
        **{
            section.name: _settings(section)(
                **{
                    key.name: getattr(getattr(checked, section.name), key.name)
                    for key in dataclasses.fields(_settings(section))
                }
            )
            for section in dataclasses.fields(Config)
        }
    )
    _check_together(config, where)
    return config


def token(config: Config, environment: Mapping[str, str] | None = None) -> str:
    """Return the bot's token from the environment or its file."""
    settings = config.discord
    found = (os.environ if environment is None else environment).get(settings.token_env)
    if found and found.strip():
        return found.strip()
    if settings.token_file:
        try:
            return Path(settings.token_file).read_text("utf-8").strip()
        except OSError as error:
            raise ConfigError(
                f"discord.token_file = {settings.token_file!r}: cannot be read: "
                f"{error.strerror}"
            ) from None
    raise ConfigError(
        f"no token: set the environment variable {settings.token_env}, or "
        "discord.token_file, to the token from Discord's developer portal"
    )


def _check_together(config: Config, where: str) -> None:
    if config.discord.prefix and not config.discord.message_content:
        raise ConfigError(
            f"{where}: discord.prefix = {config.discord.prefix!r}: needs "
            "discord.message_content = true (a privileged intent)"
        )


def _settings(section: dataclasses.Field[Any]) -> type[Any]:
    return typing.cast("type[Any]", section.type)


def _section_model(section: dataclasses.Field[Any]) -> type[pydantic.BaseModel]:
    settings = _settings(section)
    hints = typing.get_type_hints(settings)
    keys: dict[str, Any] = {}
    for key in dataclasses.fields(settings):
        allowed = ALLOWED.get(f"{section.name}.{key.name}")
        kind: Any = hints[key.name]
        if isinstance(allowed, pydantic.fields.FieldInfo):
            kind = Annotated[kind, allowed]
        elif allowed is not None:
            kind = allowed
        default = (
            key.default
            if key.default_factory is dataclasses.MISSING
            else key.default_factory()
        )
        keys[key.name] = (kind, default)
    return pydantic.create_model(settings.__name__, __config__=_STRICT, **keys)


_STRICT = ConfigDict(extra="forbid", strict=True)
_SECTIONS = {
    section.name: _section_model(section) for section in dataclasses.fields(Config)
}
_MODEL: type[pydantic.BaseModel] = pydantic.create_model(
    "Config",
    __config__=_STRICT,
    **{
        name: (model, Field(default_factory=model)) for name, model in _SECTIONS.items()
    },  # type: ignore[call-overload]  # built from the dataclasses above
)


def _line(problem: Any) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown key{_suggestion(problem['loc'])}"
    value = problem["input"]
    shown = "a table" if isinstance(value, dict) else repr(value)
    message = problem["msg"][:1].lower() + problem["msg"][1:]
    return f"{key} = {shown}: {message}"


def _suggestion(loc: tuple[str | int, ...]) -> str:
    if len(loc) == 1:
        known = list(_SECTIONS)
    else:
        model = _SECTIONS.get(str(loc[0]))
        known = list(model.model_fields) if model else []
    close = difflib.get_close_matches(str(loc[-1]), known, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known here: {', '.join(known)}" if known else ""
