"""Discord's repeated events, by raw routes: discord.py drops their rules.

Sources: Discord, "Guild Scheduled Event Recurrence Rule"; for exceptions, which its
pages leave out, its OpenAPI description.
"""

from datetime import UTC, datetime
from typing import Any, Protocol

from discord.http import Route

from bot.planning.deviations import Deviation
from bot.planning.eventport import GUILD_ONLY, KINDS, DiscordEvents, EventPort
from bot.planning.mirror import Seen
from bot.planning.occasions import RepeatShape
from bot.planning.recurrence import to_json

ALL = "/guilds/{guild_id}/scheduled-events"
ONE = f"{ALL}/{{event_id}}"


class RepeatPort(EventPort, Protocol):
    """Where repeated events are; every method raises EventRefusedError."""

    async def create_repeated(
        self, guild_id: int, shape: RepeatShape, description: str
    ) -> Seen:
        """Make an event that repeats."""

    async def change_repeated(
        self, guild_id: int, seen: Seen, shape: RepeatShape, description: str
    ) -> None:
        """Let an event say something else; its rule only where that is another."""

    async def deviate(
        self,
        guild_id: int,
        event_id: int,
        original: int,
        to: Deviation,
        which: int | None,
    ) -> None:
        """Let the occurrence that the rule has at ``original`` be as ``to`` says.

        ``which`` is the exception that is there already.
        """


class DiscordRepeats(DiscordEvents):
    """The repeated events of the guilds that one client is in."""

    async def create_repeated(
        self, guild_id: int, shape: RepeatShape, description: str
    ) -> Seen:
        """Make an event that repeats."""
        body = _words(shape, description) | _times(shape)
        made = await self._send("POST", ALL, body, guild_id=guild_id)
        return self._seen(made)

    async def change_repeated(
        self, guild_id: int, seen: Seen, shape: RepeatShape, description: str
    ) -> None:
        """Let an event say something else; its rule only where that is another."""
        body = _words(shape, description)
        if seen.rule is None or not seen.rule.same_as(shape.rule):
            body |= _times(shape)
        else:
            # Another rule would take every exception with it.
            end = seen.shape.starts_at + 60 * shape.minutes
            body |= {"scheduled_end_time": _iso(end)}
        await self._send("PATCH", ONE, body, guild_id=guild_id, event_id=seen.event_id)

    async def deviate(
        self,
        guild_id: int,
        event_id: int,
        original: int,
        to: Deviation,
        which: int | None,
    ) -> None:
        """Let the occurrence that the rule has at ``original`` be as ``to`` says."""
        ids = {"guild_id": guild_id, "event_id": event_id}
        body: dict[str, Any] = {
            "is_canceled": to.off,
            "scheduled_start_time": _iso(to.starts_at),
            "scheduled_end_time": _iso(to.ends_at),
        }
        if which is None:
            body["original_scheduled_start_time"] = _iso(original)
            await self._send("POST", f"{ONE}/exceptions", body, **ids)
            return
        one = f"{ONE}/exceptions/{{which}}"
        if to == Deviation():
            await self._send("DELETE", one, None, which=which, **ids)
        else:
            await self._send("PATCH", one, body, which=which, **ids)

    async def _send(
        self, method: str, path: str, body: dict[str, Any] | None, **ids: int
    ) -> Any:
        values: dict[str, Any] = ids
        extra: dict[str, Any] = {} if body is None else {"json": body}
        route = Route(method, path, **values)
        return await self._ask(self._client.http.request(route, **extra))


def _words(shape: RepeatShape, description: str) -> dict[str, Any]:
    return {
        "name": shape.name,
        "description": description,
        "privacy_level": GUILD_ONLY,
        "entity_type": KINDS[shape.kind],
        "channel_id": str(shape.channel_id),
        "entity_metadata": None,
    }


def _times(shape: RepeatShape) -> dict[str, Any]:
    start = shape.rule.start
    return {
        "scheduled_start_time": _iso(start),
        "scheduled_end_time": _iso(start + 60 * shape.minutes),
        "recurrence_rule": to_json(shape.rule),
    }


def _iso(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()
