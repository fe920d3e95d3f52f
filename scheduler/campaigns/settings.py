"""What an organiser may want different about announcements and webhooks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CampaignSettings:
    """When planned Spaces are announced, and how often is enough."""

    offsets_min: tuple[float, ...] = (10080.0, 4320.0, 1440.0, 60.0, 10.0)
    """Minutes before the start at which a Space is announced."""

    ping_min: tuple[float, ...] = (1440.0, 0.0)
    """Of those, the ones that ping the role of the channel, where it has one; 0 is
    the post that says that the Space is live."""

    channels: int = 10
    """Channels of one guild that campaigns post in at most."""

    channel_cap: int = 4
    """Announcements in one channel within ``cap_window_h``, over all campaigns; what
    is over it is left out, except that a Space is live now."""

    role_cap: int = 2
    """Pings of one role within ``cap_window_h``; what is over it goes out unpinged."""

    cap_window_h: float = 24.0
    """Hours over which the two caps count."""

    lead_h: float = 48.0
    """Hours between the first announcement and the start below which it is too
    little promotion."""

    touches_least: int = 2
    """Announcements before the start below which it is too little promotion."""

    week_most: int = 8
    """Announcements in one channel within 7 days, over all campaigns, above which it
    is too much promotion."""

    pings_most: int = 3
    """Pings of one role within 7 days, over all campaigns, above which it is too much
    promotion."""

    promotion_share: float = 0.2
    """Share of the words of announcements that may be promotion (80 % value, 20 %
    promotion)."""

    promotion_days: float = 30.0
    """Days over which that share is measured for a guild."""

    replay_url: str = ""
    """Where members find recordings, with {space} for the Space's number; empty where
    recordings are for moderators only."""


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Calls of outside tools."""

    per_guild: int = 5
    """Webhooks that one guild may have."""

    allow_private: bool = False
    """Call http and private addresses as well, for a tool on the same machine."""

    timeout_s: float = 10.0
    """Seconds after which a call that is not answered has failed."""

    attempts: int = 8
    """Attempts for one event before it is given up."""

    first_retry_s: float = 30.0
    """Seconds before the second attempt; each further one waits twice as long."""

    longest_retry_s: float = 3600.0
    """Seconds between two attempts at most."""
