"""The meter: too little and too much, each with its figure."""

from scheduler.campaigns.caps import Past
from scheduler.campaigns.meter import warnings
from scheduler.campaigns.settings import CampaignSettings

DAY = 86400.0
START = 100 * DAY
SETTINGS = CampaignSettings()


def keys(coming, others=()):
    return [one.key for one in warnings(coming, others, START, SETTINGS)]


def test_a_good_campaign_has_no_warning():
    """Announced a week ahead and a few times: enough, and not too much."""
    days = (7, 3, 1, 0.04)

    assert (
        keys([Past(START - day * DAY, 5, 9 if day == 1 else None) for day in days])
        == []
    )


def test_nothing_to_come_is_too_little():
    """No channel, or no time left."""
    assert keys([]) == ["promo.warn.none"]


def test_too_late_and_too_few_are_too_little():
    """Both figures are told, with what would be enough."""
    found = warnings([Past(START - 3600, 5)], [], START, SETTINGS)

    assert [(one.key, dict(one.params)) for one in found] == [
        ("promo.warn.lead", {"lead_s": 3600.0, "least_s": 172800.0}),
        ("promo.warn.touches", {"n": 1, "least": 2}),
    ]


def test_a_channel_that_is_full_of_announcements_is_too_much():
    """Those of other plans count: members read one channel."""
    coming = [Past(START - day * DAY, 5) for day in (6, 4, 2, 1)]
    others = [Past(START - 5 * DAY + hour * 3600, 5) for hour in range(5)]
    elsewhere = [Past(START - 5 * DAY, 6)] * 9

    found = warnings(coming, [*others, *elsewhere], START, SETTINGS)

    assert [(one.key, one.params["n"]) for one in found] == [("promo.warn.week", 9)]


def test_a_week_is_seven_days_wherever_it_begins():
    """Eight in a fortnight are not eight in a week."""
    coming = [Past(START - day * DAY, 5) for day in (3, 2)]
    others = [Past(START - day * DAY, 5) for day in (12, 11.5, 11, 10.5, 10, 9.9, 9.8)]

    assert keys(coming, others) == []


def test_a_role_that_is_pinged_too_often_is_too_much():
    """Across channels and plans."""
    coming = [Past(START - day * DAY, 5, 9) for day in (3, 1)]
    others = [Past(START - 2 * DAY, 6, 9)] * 2

    found = warnings(coming, others, START, SETTINGS)

    assert [(one.key, dict(one.params)) for one in found] == [
        ("promo.warn.pings", {"role": 9, "n": 4, "most": 3})
    ]
