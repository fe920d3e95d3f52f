"""Settings of the edge itself; those of the rules stand beside the rules.

Each is a section of ``config.toml``. Defaults are here and nowhere else; what is
allowed stands in ``bot.config``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """How the bot reaches Discord."""

    token_env: str = "TERTULIA_TOKEN"  # noqa: S105 (the variable's name, no secret)
    """Environment variable that holds the bot's token."""

    token_file: str = ""
    """File that holds the token instead; empty for none. The variable wins."""

    message_content: bool = False
    """Ask for the privileged message-content intent."""

    prefix: str = ""
    """Prefix of chat commands without a mention; needs ``message_content``."""

    language: str = "en"
    """Language of texts where neither member nor guild has one: en or es."""

    time_zone: str = "UTC"
    """Time zone of those who plan a Space and have not said theirs: an IANA name."""

    guilds_within_s: float = 2.0
    """Seconds without news of another guild after which all of them are known."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where the record lives."""

    folder: str = "data"
    """Folder of the SQLite file, tracks and renders."""

    free_mb: int = 500
    """Free megabytes below which recording is refused."""


@dataclass(frozen=True, slots=True)
class RecordingSettings:
    """Recordings and how long they are kept."""

    keep_days: int = 30
    """Days after its end until the sound of a Space is deleted, 1 to 365. To keep none
    at all, transcribe without recording. A smaller number holds at once for all that
    is there; a larger one for Spaces that open from then on, as members were told."""

    remind_days: int = 3
    """Days before it is deleted on which the host is told, once; 0 for never. With
    less time than that they are told when the Space is over."""

    mix: bool = True
    """Render one mixed file after each recorded Space."""


@dataclass(frozen=True, slots=True)
class TranscriptSettings:
    """How long what was said is kept in words."""

    keep_days: int = 0
    """Days after its end until the words of a Space are deleted, up to 3650; 0: they
    are kept until somebody has them erased. It holds at once for all that is there."""


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """The voice check that any member may ask for."""

    record_s: float = 10.0
    """Seconds of a member that are recorded, played back and deleted."""


@dataclass(frozen=True, slots=True)
class PageSettings:
    """The review page for moderators."""

    enabled: bool = False
    """Serve the page while the bot runs."""

    host: str = "127.0.0.1"
    """Address to listen on."""

    port: int = 8420
    """Port to listen on; 0 takes any free one."""

    public_url: str = ""
    """What browsers call the page, e.g. behind a proxy; empty for host:port, and then
    there are no calendar feeds, which need an address that others can reach."""


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is written to the log: never what was said."""

    level: str = "INFO"
    """DEBUG, INFO, WARNING or ERROR."""
