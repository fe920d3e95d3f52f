"""Looks at Discord as the bot sees it: token, intents, permissions, clock.

It logs in with the real token and closes the connection again; it changes nothing.
"""

import asyncio
import datetime
import email.utils
from collections.abc import Iterator

import aiohttp
import discord

from bot.config import Config
from bot.doctor.check import Check, failure, ok, warning
from bot.rooms import permissions

GATEWAY_URL = "https://discord.com/api/v10/gateway"
"""Needs no token; its answer carries Discord's date."""

READY_S = 20.0
"""How long Discord may take until every guild is known."""

CLOCK_S = 2.0
"""Difference to Discord's clock that is worth a word."""


async def look(
    config: Config, token: str, connector: aiohttp.BaseConnector | None = None
) -> list[Check]:
    """Log in, look, log out. Errors of Discord come back as checks."""
    intents = discord.Intents(guilds=True, voice_states=True)
    client = discord.Client(intents=intents, connector=connector)
    async with client:
        try:
            await client.login(token)
        except discord.LoginFailure:
            return [
                failure(
                    "token",
                    "Discord refuses it",
                    "reset the token in the developer portal and set it again",
                )
            ]
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            return [
                failure("Discord", f"not reached: {error}", "check network and proxy")
            ]
        checks = [ok("token", f"logged in as {client.user}"), *_intents(config, client)]
        checks.append(await _clock(connector))
        gateway = asyncio.create_task(client.connect(reconnect=False))
        ready = asyncio.create_task(client.wait_until_ready())
        await asyncio.wait(
            {gateway, ready}, timeout=READY_S, return_when=asyncio.FIRST_COMPLETED
        )
        if not ready.done():
            checks.append(
                failure("gateway", "no answer", "try again; see discordstatus.com")
            )
        checks.extend(check for guild in client.guilds for check in _guild(guild))
        if ready.done() and not client.guilds:
            checks.append(
                failure("guilds", "the bot is in none", "invite it to your server")
            )
        await client.close()
        for task in (gateway, ready):
            task.cancel()
        await asyncio.gather(gateway, ready, return_exceptions=True)
    return checks


def _intents(config: Config, client: discord.Client) -> Iterator[Check]:
    if not config.discord.message_content:
        yield ok("intents", "none privileged needed")
        return
    flags = client.application_flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        yield ok("intents", "message content is on")
    else:
        yield failure(
            "intents",
            "message content is off",
            "turn it on in the developer portal (Bot → Privileged Gateway Intents), "
            "or set discord.message_content = false",
        )


async def _clock(connector: aiohttp.BaseConnector | None) -> Check:
    before = datetime.datetime.now(datetime.UTC)
    async with (
        aiohttp.ClientSession(
            connector=connector, connector_owner=connector is None
        ) as session,
        session.get(GATEWAY_URL) as response,
    ):
        stamp = response.headers.get("Date")
    if stamp is None:
        return warning("clock", "Discord sent no date", "compare with an NTP server")
    theirs = email.utils.parsedate_to_datetime(stamp)
    off = abs((before - theirs).total_seconds())
    if off <= CLOCK_S:
        return ok("clock", f"within {CLOCK_S:.0f} s of Discord's")
    return warning(
        "clock", f"{off:.0f} s off", "turn on time synchronisation (timedatectl)"
    )


def _guild(guild: discord.Guild) -> Iterator[Check]:
    name = f"guild {guild.name}"
    has = guild.me.guild_permissions
    if has.administrator:
        yield warning(
            name,
            "the bot is Administrator",
            "take it away: Tertulia never needs it",
        )
    for permission in permissions.PLAN:
        if not getattr(has, permission):
            yield warning(
                name,
                f"{permissions.words(permission)} is missing",
                "grant it to the bot's role to plan Spaces as Discord events",
            )
    if "COMMUNITY" not in guild.features:
        yield warning(
            name,
            "not a Community server",
            "turn Community on to use stage channels; voice channels work without",
        )
    for channel in [*guild.stage_channels, *guild.voice_channels]:
        yield _channel(channel)


def _channel(channel: discord.abc.GuildChannel) -> Check:
    name = f"#{channel.name} in {channel.guild.name}"
    lacking = permissions.missing(channel)
    if not lacking:
        return ok(name, "every permission is there")
    return warning(
        name,
        "missing: " + ", ".join(permissions.words(one) for one in lacking),
        "grant them to the bot's role in this channel to hold Spaces in it",
    )
