"""The plan that most tests are about: an hour of tea."""

from scheduler.plans import Plan


def tea(starts_at, **given):
    """Return it, starting at ``starts_at`` (Unix seconds); ``given`` is different."""
    usual = {
        "guild_id": 1,
        "channel_id": 2,
        "host_id": 3,
        "topic": "Tea",
        "minutes": 60,
    }
    return Plan(**{**usual, "starts_at": starts_at, **given})
