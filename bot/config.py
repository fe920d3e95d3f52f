"""``config.toml``: read once, checked whole, turned into frozen settings.

Rule 1: every problem is reported at once, a line each: key, value, what is allowed.
Rule 2: defaults live in the settings classes; this file knows only what is allowed.
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
from typing import Annotated, Any, Literal

import pydantic
from pydantic import ConfigDict, Field

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
from moderation.settings import CAP_HIGHEST, CAP_LOWEST, SpaceSettings
from scheduler.campaigns.settings import CampaignSettings, WebhookSettings
from scheduler.guests.settings import GuestSettings
from scheduler.preflight.settings import PreflightSettings
from scheduler.settings import SchedulerSettings
from scheduler.when.zones import NotATimeError, zone

Language = Literal["en", "es"]


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


ALLOWED: Mapping[str, Any] = {
    "discord.language": Language,
    "discord.guilds_within_s": Field(gt=0, le=60),
    "space.cap": Field(ge=CAP_LOWEST, le=CAP_HIGHEST),
    "space.turn_s": Field(gt=0),
    "space.hard_end_s": Field(gt=0),
    "space.own_extensions": Field(ge=0),
    "space.points_of_order": Field(ge=0),
    "space.real_speech_s": Field(ge=0),
    "space.slow_queue_s": Field(ge=0),
    "nudges.host_gap_s": Field(ge=0),
    "nudges.dominance_share": Field(gt=0, le=1),
    "nudges.promotion_share": Field(gt=0, le=1),
    "nudges.check_s": Field(gt=0, le=60),
    "space.ladder.per_hour": Field(ge=0),
    "drift.memory_words": Field(gt=0),
    "drift.min_words": Field(ge=0),
    "drift.threshold": Field(ge=0, le=1),
    "drift.margin": Field(ge=0, le=1),
    "hearing.reorder_s": Field(ge=0.02, le=1),
    "hearing.voice_stop_s": Field(ge=0.1, le=5),
    "hearing.spurts.onset_s": Field(ge=0.02, le=1),
    "hearing.spurts.hangover_s": Field(ge=0.2, le=5),
    "scheduler.days_ahead": Field(ge=1, le=365),
    "scheduler.minutes": Field(ge=1, le=1440),
    "scheduler.look_s": Field(gt=0, le=300),
    "scheduler.wait_for_host_s": Field(ge=0, le=7200),
    "scheduler.absent": Literal["cancel", "hand_over", "cohost"],
    "campaigns.offsets_min": Field(max_length=10),
    "campaigns.channels": Field(ge=1, le=25),
    "campaigns.channel_cap": Field(ge=1, le=100),
    "campaigns.role_cap": Field(ge=0, le=100),
    "campaigns.cap_window_h": Field(gt=0, le=168),
    "campaigns.promotion_share": Field(ge=0, le=1),
    "campaigns.promotion_days": Field(gt=0, le=365),
    "webhooks.per_guild": Field(ge=0, le=25),
    "webhooks.timeout_s": Field(gt=0, le=60),
    "webhooks.attempts": Field(ge=1, le=20),
    "webhooks.first_retry_s": Field(gt=0),
    "webhooks.longest_retry_s": Field(gt=0),
    "guests.most": Field(ge=1, le=CAP_HIGHEST - 1),
    "guests.apart_h": Field(ge=0),
    "preflight.before_min": Field(ge=0, le=1440),
    "preflight.least_score": Field(ge=0, le=100),
    "preflight.check_days": Field(gt=0, le=365),
    "preflight.practice_end_min": Field(ge=0, le=60),
    "preflight.practice_empty_s": Field(gt=0, le=3600),
    "preflight.practice_look_s": Field(gt=0, le=60),
    "speech.device": Literal["cpu", "cuda"],
    "speech.compute_type": Literal["int8", "int8_float16", "float16", "float32"],
    "speech.workers": Field(ge=1, le=64),
    "speech.threads": Field(ge=1, le=256),
    "speech.batch_windows": Field(ge=1, le=64),
    "speech.live_beam": Field(ge=1, le=10),
    "speech.final_beam": Field(ge=1, le=10),
    "speech.window_s": Field(gt=0, le=30),
    "store.free_mb": Field(ge=0),
    "recording.keep_days": Field(ge=1, le=365),
    "recording.remind_days": Field(ge=0, le=365),
    "transcript.keep_days": Field(ge=0, le=3650),
    "check.record_s": Field(ge=1, le=30),
    "page.port": Field(ge=0, le=65535),
    "log.level": Literal["DEBUG", "INFO", "WARNING", "ERROR"],
}
"""What a key may hold, where its type does not say it all."""

ELSEWHERE: Mapping[type[Any], frozenset[str]] = {
    SpaceSettings: frozenset({"format", "sides", "seed"}),
}
"""Settings that are chosen for each Space and are no business of the file."""


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
    config: Config = _build(Config, checked)
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
    try:
        zone(config.discord.time_zone)
    except NotATimeError:
        raise ConfigError(
            f"{where}: discord.time_zone = {config.discord.time_zone!r}: no such time "
            "zone; use an IANA name such as Europe/Madrid"
        ) from None


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
        allowed = ALLOWED.get(dotted)
        if isinstance(allowed, pydantic.fields.FieldInfo):
            kind = Annotated[kind, allowed]
        elif allowed is not None:
            kind = allowed
        table[key.name] = (kind, _default(key))
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


_STRICT = ConfigDict(extra="forbid", strict=True)
_MODEL = _model(Config)


def _line(problem: Any) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"{key}: unknown key{_suggestion(problem['loc'])}"
    value = problem["input"]
    shown = "a table" if isinstance(value, dict) else repr(value)
    message = problem["msg"][:1].lower() + problem["msg"][1:]
    return f"{key} = {shown}: {message}"


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
