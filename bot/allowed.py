"""What a key of ``config.toml`` may hold, where its type does not say it all.

Rule 1: a number that nothing is said of is finite, not negative, and no longer than
any use of its unit; the unit is in the key's name.
Rule 2: a check of one key is here, so that it is reported with all others at once;
what keys say to each other is in ``together``.
"""

import difflib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic.fields import FieldInfo

from moderation.nudges.rules import RULES
from moderation.settings import CAP_HIGHEST, CAP_LOWEST
from scheduler.when.zones import NotATimeError, zone

Language = Literal["en", "es"]

LONGEST: Mapping[str, float] = {
    "_min": 365 * 24 * 60,
    "_h": 365 * 24,
    "_days": 3650,
    "": 1e9,
}
"""Ending of a key → the largest number in it; seconds are 30 years."""


def _time_zone(name: str) -> str:
    try:
        zone(name)
    except NotATimeError:
        raise ValueError(
            "no such time zone; use an IANA name such as Europe/Madrid"
        ) from None
    return name


def _nudges(names: tuple[str, ...]) -> tuple[str, ...]:
    known = [rule.__name__ for rule in RULES]
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"there are {known}"
            raise ValueError(f"no nudge is named {name!r}; {hint}")
    return names


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:  # an IPv6 address that is none
        good = False
    if url and not good:
        raise ValueError("should be an address such as https://spaces.example.org")
    return url


ALLOWED: Mapping[str, Any] = {
    "discord.language": Language,
    "discord.time_zone": AfterValidator(_time_zone),
    "discord.guilds_within_s": Field(gt=0, le=60),
    "space.cap": Field(ge=CAP_LOWEST, le=CAP_HIGHEST),
    "space.turn_s": Field(gt=0, le=86_400),
    "space.hard_end_s": Field(gt=0, le=604_800),
    "space.invitation_s": Field(gt=0, le=86_400),
    "drift.answer_step": Field(ge=0, le=1),
    "nudges.off": AfterValidator(_nudges),
    "nudges.dominance_window_s": Field(gt=0, le=86_400),
    "nudges.dominance_share": Field(gt=0, le=1),
    "nudges.promotion_share": Field(gt=0, le=1),
    "nudges.check_s": Field(gt=0, le=60),
    "drift.memory_words": Field(gt=0),
    "drift.threshold": Field(ge=0, le=1),
    "drift.margin": Field(ge=0, le=1),
    "hearing.reorder_s": Field(ge=0.02, le=1),
    "hearing.voice_stop_s": Field(ge=0.1, le=5),
    "hearing.spurts.onset_s": Field(ge=0.02, le=1),
    "hearing.spurts.hangover_s": Field(ge=0.2, le=5),
    "hearing.spurts.split_after_s": Field(ge=1, le=30),
    "hearing.spurts.split_at_s": Field(ge=1, le=30),
    "hearing.spurts.partial_s": Field(ge=0.2, le=30),
    "scheduler.days_ahead": Field(ge=1, le=365),
    "scheduler.minutes": Field(ge=1, le=1440),
    # Members choose from all of these in one menu, which holds 25.
    "scheduler.offsets_min": Field(max_length=10),
    "scheduler.choices_min": Field(max_length=15),
    "scheduler.host_offsets_min": Field(max_length=10),
    "scheduler.look_s": Field(gt=0, le=300),
    "scheduler.wait_for_host_s": Field(ge=0, le=7200),
    "scheduler.absent": Literal["cancel", "hand_over", "cohost"],
    "campaigns.offsets_min": Field(max_length=10),
    "campaigns.replay_url": AfterValidator(_address),
    "campaigns.channels": Field(ge=1, le=25),
    "campaigns.channel_cap": Field(ge=1, le=100),
    "campaigns.role_cap": Field(ge=0, le=100),
    "campaigns.cap_window_h": Field(gt=0, le=168),
    "campaigns.promotion_share": Field(ge=0, le=1),
    "campaigns.promotion_days": Field(gt=0, le=365),
    "webhooks.per_guild": Field(ge=0, le=25),
    "webhooks.timeout_s": Field(gt=0, le=60),
    "webhooks.attempts": Field(ge=1, le=20),
    "webhooks.first_retry_s": Field(gt=0, le=86_400),
    "webhooks.longest_retry_s": Field(gt=0, le=86_400),
    "guests.most": Field(ge=1, le=CAP_HIGHEST - 1),
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
    "speech.window_s": Field(ge=1, le=30),
    "speech.hang_s": Field(gt=0),
    "speech.load_s": Field(gt=0),
    "speech.max_queued_s": Field(gt=0),
    "store.folder": Field(min_length=1),
    "recording.keep_days": Field(ge=1, le=365),
    "recording.remind_days": Field(ge=0, le=365),
    "transcript.keep_days": Field(ge=0, le=3650),
    "check.record_s": Field(ge=1, le=30),
    "page.host": Field(min_length=1),
    "page.port": Field(ge=0, le=65535),
    "page.public_url": AfterValidator(_address),
    "log.level": Literal["DEBUG", "INFO", "WARNING", "ERROR"],
}
"""What a key may hold, where its type does not say it all."""


def kind_of(key: str, kind: Any) -> Any:
    """Return the type of a key, dotted, narrowed to what is allowed in it."""
    allowed, number = ALLOWED.get(key), Field(ge=0, le=_longest(key))
    if kind == tuple[float, ...]:
        kind = tuple[Annotated[float, number], ...]
    if isinstance(allowed, FieldInfo | AfterValidator):
        return Annotated[kind, allowed]
    if allowed is not None:
        return allowed
    return Annotated[kind, number] if kind in {int, float} else kind


def together(config: Any) -> Iterator[str]:
    """Yield what is wrong with keys that are each right by themselves."""
    discord, speech, spurts = config.discord, config.speech, config.hearing.spurts
    if discord.prefix and not discord.message_content:
        yield (
            f"discord.prefix = {discord.prefix!r}: needs discord.message_content = true"
            " (a privileged intent)"
        )
    if speech.slow_lag_s > speech.hopeless_lag_s:
        yield (
            f"speech.slow_lag_s = {speech.slow_lag_s}: should be at most"
            f" speech.hopeless_lag_s = {speech.hopeless_lag_s}"
        )
    if spurts.split_after_s > spurts.split_at_s:
        yield (
            f"hearing.spurts.split_after_s = {spurts.split_after_s}: should be at most"
            f" hearing.spurts.split_at_s = {spurts.split_at_s}"
        )


def _longest(key: str) -> float:
    return next(most for unit, most in LONGEST.items() if key.endswith(unit))
