"""How plans are announced, and where a guild announces.

What a campaign's ``body`` means is known to ``scheduler`` alone.
"""

from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """One plan's campaign."""

    plan_id: int
    guild_id: int
    state: str
    body: str
    """Everything else, JSON."""


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """One channel that a guild announces in."""

    guild_id: int
    channel_id: int
    language: str
    role_id: int | None
    """Role to ping there."""


def keep(db: Database, campaign: CampaignRow) -> None:
    """Put the campaign in place of the one that its plan has, if any."""
    db.execute(
        "INSERT INTO campaigns (plan_id, guild_id, state, body) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (plan_id) DO UPDATE SET state = excluded.state,"
        " body = excluded.body",
        [campaign.plan_id, campaign.guild_id, campaign.state, campaign.body],
    )


def get(db: Database, plan_id: int) -> CampaignRow | None:
    """Return the plan's campaign, or None."""
    row = db.execute(
        "SELECT plan_id, guild_id, state, body FROM campaigns WHERE plan_id = ?",
        [plan_id],
    ).fetchone()
    return CampaignRow(*row) if row else None


def of_guild(db: Database, guild_id: int) -> list[CampaignRow]:
    """Return the campaigns of the guild's plans that are scheduled or open."""
    rows = db.execute(
        "SELECT c.plan_id, c.guild_id, c.state, c.body FROM campaigns AS c"
        " JOIN plans AS p ON p.id = c.plan_id"
        " WHERE c.guild_id = ? AND p.state IN ('scheduled', 'opened')"
        " ORDER BY p.starts_at, p.id",
        [guild_id],
    )
    return [CampaignRow(*row) for row in rows]


def set_channel(db: Database, channel: ChannelRow) -> None:
    """Announce in a channel from now on, or otherwise than before."""
    db.execute(
        "INSERT INTO promo_channels (guild_id, channel_id, language, role_id)"
        " VALUES (?, ?, ?, ?) ON CONFLICT (guild_id, channel_id) DO UPDATE SET"
        " language = excluded.language, role_id = excluded.role_id",
        [channel.guild_id, channel.channel_id, channel.language, channel.role_id],
    )


def drop_channel(db: Database, guild_id: int, channel_id: int) -> bool:
    """Announce in a channel no longer; False where nobody did."""
    cursor = db.execute(
        "DELETE FROM promo_channels WHERE guild_id = ? AND channel_id = ?",
        [guild_id, channel_id],
    )
    return cursor.rowcount > 0


def channels(db: Database, guild_id: int) -> list[ChannelRow]:
    """Return where the guild announces, in the order of the channels' age."""
    rows = db.execute(
        "SELECT guild_id, channel_id, language, role_id FROM promo_channels"
        " WHERE guild_id = ? ORDER BY channel_id",
        [guild_id],
    )
    return [ChannelRow(*row) for row in rows]
