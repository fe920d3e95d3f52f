"""Discord's scheduled events: read, made, changed, by raw routes.

discord.py's own objects come from a cache that is behind what was just done, so
everything is read from Discord. Sources: Discord, "Guild Scheduled Event".
"""

from datetime import UTC, datetime
from typing import Any, Final, Protocol

import aiohttp
import discord

from bot.client import Client
from bot.errors import BotError
from bot.planning.mirror import Seen, SeenException, Shape, Status
from bot.planning.recurrence import from_json

GUILD_ONLY: Final = 2
FULL: Final = 30038
KINDS: Final = {"stage": 1, "voice": 2}
NAMES: Final = {1: "stage", 2: "voice", 3: "external"}


class EventRefusedError(BotError):
    """Discord did not do it; ``key`` is the text that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class EventPort(Protocol):
    """Where native events are; every method raises EventRefusedError."""

    async def listed(self, guild_id: int) -> list[Seen]:
        """Return every event of the guild."""

    async def fetch(self, guild_id: int, event_id: int) -> Seen | None:
        """Return one event, None where there is no such one."""

    async def create(self, guild_id: int, shape: Shape, description: str) -> Seen:
        """Make an event."""

    async def change(
        self, guild_id: int, event_id: int, shape: Shape, description: str
    ) -> None:
        """Let an event say something else."""

    async def turn(self, guild_id: int, event_id: int, status: Status) -> None:
        """Start, end or cancel an event."""


class DiscordEvents:
    """The events of the guilds that one client is in."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def listed(self, guild_id: int) -> list[Seen]:
        """Return every event of the guild."""
        found = await self._ask(
            self._client.http.get_scheduled_events(guild_id, with_user_count=False)
        )
        return [self._seen(one) for one in found]

    async def fetch(self, guild_id: int, event_id: int) -> Seen | None:
        """Return one event, None where there is no such one."""
        try:
            found = await self._ask(
                self._client.http.get_scheduled_event(
                    guild_id, event_id, with_user_count=False
                )
            )
        except EventRefusedError as error:
            if isinstance(error.__cause__, discord.NotFound):
                return None
            raise
        return self._seen(found)

    async def create(self, guild_id: int, shape: Shape, description: str) -> Seen:
        """Make an event."""
        made = await self._ask(
            self._client.http.create_guild_scheduled_event(
                guild_id, privacy_level=GUILD_ONLY, **_payload(shape, description)
            )
        )
        return self._seen(made)

    async def change(
        self, guild_id: int, event_id: int, shape: Shape, description: str
    ) -> None:
        """Let an event say something else."""
        await self._edit(
            guild_id,
            event_id,
            entity_metadata=None,
            **_payload(shape, description),
        )

    async def turn(self, guild_id: int, event_id: int, status: Status) -> None:
        """Start, end or cancel an event."""
        await self._edit(guild_id, event_id, status=int(status))

    async def _edit(self, guild_id: int, event_id: int, **fields: Any) -> None:
        await self._ask(
            self._client.http.edit_scheduled_event(guild_id, event_id, **fields)
        )

    async def _ask(self, call: Any) -> Any:
        try:
            return await call
        except discord.Forbidden as error:
            raise EventRefusedError("plan.event.forbidden") from error
        except discord.HTTPException as error:
            key = "full" if error.code == FULL else "failed"
            raise EventRefusedError(f"plan.event.{key}") from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise EventRefusedError("plan.event.failed") from error

    def _seen(self, event: Any) -> Seen:
        own = self._client.user
        return Seen(
            int(event["id"]),
            Shape(
                event["name"],
                _seconds(event["scheduled_start_time"]),
                _seconds(event.get("scheduled_end_time")),
                int(event.get("channel_id") or 0),
                NAMES.get(event["entity_type"], "external"),
            ),
            Status(event["status"]),
            event.get("description") or "",
            own is not None and str(event.get("creator_id")) == str(own.id),
            from_json(event.get("recurrence_rule")),
            tuple(
                _exception(one)
                for one in event.get("guild_scheduled_event_exceptions") or ()
            ),
        )


def _exception(data: Any) -> SeenException:
    # The id is the snowflake of the time that the rule has the occurrence at.
    which = int(data["event_exception_id"])
    start, end = data["scheduled_start_time"], data["scheduled_end_time"]
    return SeenException(
        which,
        int(discord.utils.snowflake_time(which).timestamp()),
        _seconds(start) if start else None,
        _seconds(end) if end else None,
        bool(data["is_canceled"]),
    )


def _payload(shape: Shape, description: str) -> dict[str, Any]:
    return {
        "name": shape.name,
        "description": description,
        "scheduled_start_time": _iso(shape.starts_at),
        "scheduled_end_time": _iso(shape.ends_at),
        "entity_type": KINDS[shape.kind],
        "channel_id": str(shape.channel_id),
    }


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _seconds(text: str | None) -> int:
    return int(datetime.fromisoformat(text).timestamp()) if text else 0
