"""``tertulia run``: the bot, until it is told to stop."""

import asyncio
import contextlib
import gc
import logging
import signal
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import click
import discord

from bot import config as configuration
from bot import logs
from bot.build import build
from bot.clock import WallClock
from bot.config import Config
from bot.errors import UsageError
from scheduler.retention import EARLIEST

log = logging.getLogger(__name__)


@click.command()
@click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("config.toml"),
    show_default=True,
    help="The configuration; config.example.toml has every key.",
)
def run(path: Path) -> None:
    """Run the bot until SIGTERM or Ctrl-C."""
    config = configuration.load(path)
    token = configuration.token(config)
    logs.begin(config.log.level)
    # 140,000 objects are the program itself. Looking through them for garbage over and
    # over would each time hold up sound and room for some 50 ms.
    gc.freeze()
    asyncio.run(serve(config, token))


async def serve(
    config: Config, token: str, connector: aiohttp.BaseConnector | None = None
) -> None:
    """Serve Discord with one bot until SIGTERM, then leave the rooms in order.

    Raises UsageError where Discord refuses the token or an intent, or where the clock
    was never set: every Space would end in 1970, and its sound be overdue.
    """
    now = WallClock().now()
    if now < EARLIEST:
        day = datetime.fromtimestamp(now, UTC).date()
        raise UsageError(
            f"the clock of this machine shows {day}: set it, then start again"
        )
    running = asyncio.current_task()
    if running is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        async with build(config, connector) as bot:
            try:
                await bot.start(token)
            except discord.LoginFailure:
                raise UsageError(
                    "Discord refuses the token: reset it in the developer portal and "
                    f"put the new one into {config.discord.token_env}"
                ) from None
            except aiohttp.ClientConnectorError as error:
                raise UsageError(
                    f"Discord is not reached at {error.host}: {error.os_error}; check "
                    "network and proxy, then start again"
                ) from None
            except discord.PrivilegedIntentsRequired:
                raise UsageError(
                    "discord.message_content = true: Discord refuses the intent; turn "
                    "it on in the developer portal (Bot), or set the key to false"
                ) from None
    log.info("= stopped")
