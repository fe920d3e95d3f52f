"""What the edge itself refuses, and how any refusal or failure is worded.

The rules raise ``moderation`` refusals; the edge adds those that only it can see: the
wrong kind of channel, a missing permission, a stale button. Both carry a text key
and parameters, never a sentence.
"""

import logging

import discord
from discord import app_commands

from bot.errors import BotError
from bot.texts.language import Language
from bot.texts.wording import Param, Params, Wording
from moderation.refused import Refused
from moderation.store.database import StoreError
from scheduler.plans import PlanRefused
from scheduler.when.zones import NotATimeError

log = logging.getLogger(__name__)


class Impossible(BotError):  # noqa: N818 (an answer that people see, not a fault)
    """The edge cannot do what a person asked; ``key`` and ``params`` word it."""

    def __init__(self, key: str, **params: Param) -> None:
        super().__init__(key)
        self.key = key
        self.params: Params = params


def explain(
    wording: Wording, language: Language, error: Exception, reader_id: int
) -> str | None:
    """Word an error that has an explanation for a person; None: it is a bug."""
    if isinstance(error, app_commands.CommandInvokeError):
        return explain(wording, language, error.original, reader_id)
    match error:
        case Refused():
            return wording.say_to(reader_id, language, error.key, error.params)
        case PlanRefused() | NotATimeError():
            return wording.say(language, error.key, error.params)
        case Impossible():
            return wording.say(language, f"refused.{error.key}", error.params)
        case app_commands.TransformerError(type=discord.AppCommandOptionType.user):
            name = str(getattr(error.value, "display_name", error.value))
            return wording.say(language, "refused.not_a_member", {"name": name})
        case app_commands.TransformerError():
            return wording.say(
                language, "refused.bad_value", {"value": str(error.value)}
            )
        case app_commands.CommandNotFound() | app_commands.CommandSignatureMismatch():
            return wording.say(language, "refused.old_command")
        case app_commands.NoPrivateMessage():
            return wording.say(language, "refused.only_in_guild")
        case app_commands.MissingPermissions():
            keys = " ".join(f"permission.{one}" for one in error.missing_permissions)
            return wording.say(language, "refused.you_lack", {"permission_keys": keys})
        case discord.Forbidden():
            return wording.say(language, "refused.discord_forbids")
        case discord.HTTPException():
            log.warning("Discord answered %s (code %s)", error.status, error.code)
            return wording.say(
                language, "refused.discord_failed", {"status": error.status}
            )
        case StoreError():
            log.error("the record cannot be written: %s", error)
            return wording.say(language, "refused.store_failed")
        case _:
            return None


def name_of(error: Exception) -> str:
    """Return the key of a refusal, for the audit; other errors go by their class."""
    if isinstance(error, app_commands.CommandInvokeError):
        return name_of(error.original)
    if isinstance(error, Refused | PlanRefused | NotATimeError | Impossible):
        return error.key
    if isinstance(error, app_commands.TransformerError):
        return "bad_value"
    return type(error).__name__
