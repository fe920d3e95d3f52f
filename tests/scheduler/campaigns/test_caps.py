"""Caps: what goes out, what is left out, and what pings nobody."""

from dataclasses import replace

from scheduler.campaigns.caps import Past, forecast, judge
from scheduler.campaigns.posts import LIVE
from scheduler.campaigns.settings import CampaignSettings
from scheduler.errands import Errand, ErrandKind

HOUR = 3600.0
SETTINGS = CampaignSettings(channel_cap=2, role_cap=1)


def post(at, step="t-60", channel=5, role=9):
    return Errand(
        key=f"{step}/{channel}/{at}",
        plan_id=1,
        kind=ErrandKind.ANNOUNCE,
        step=step,
        target=channel,
        due_at=at,
        starts_at=1e9,
        role_id=role,
    )


def test_a_full_channel_leaves_the_announcement_out():
    """Two in a day are enough there; another channel does not count."""
    past = [Past(HOUR, 5), Past(2 * HOUR, 5), Past(2 * HOUR, 6)]

    assert not judge(post(3 * HOUR), 3 * HOUR, past, SETTINGS).goes
    assert judge(post(3 * HOUR, channel=6), 3 * HOUR, past, SETTINGS).goes


def test_live_now_goes_out_all_the_same():
    """It is what people came for, and it counts for what follows."""
    past = [Past(HOUR, 5), Past(2 * HOUR, 5)]

    verdict = judge(post(3 * HOUR, LIVE), 3 * HOUR, past, SETTINGS)

    assert (verdict.goes, verdict.before) == (True, 2)


def test_yesterday_does_not_count():
    """The window slides."""
    past = [Past(HOUR, 5), Past(2 * HOUR, 5)]

    assert judge(post(25.5 * HOUR), 25.5 * HOUR, past, SETTINGS).goes
    assert not judge(
        post(24.5 * HOUR), 24.5 * HOUR, [*past, Past(3e4, 5)], SETTINGS
    ).goes


def test_a_role_is_pinged_as_often_as_allowed():
    """What is over that goes out and pings nobody, in whatever channel it was."""
    past = [Past(HOUR, 6, 9)]

    verdict = judge(post(2 * HOUR), 2 * HOUR, past, SETTINGS)

    assert (verdict.goes, verdict.role_id) == (True, None)
    assert judge(post(2 * HOUR), 2 * HOUR, [Past(HOUR, 6, 8)], SETTINGS).role_id == 9


def test_what_pings_nobody_never_pings():
    """A role that is not asked for is not found by the caps."""
    silent = replace(post(HOUR), role_id=None)

    assert judge(silent, HOUR, [], SETTINGS).role_id is None


def test_the_forecast_is_what_will_happen():
    """Each announcement to come is judged with those before it."""
    coming = [post(3 * HOUR), post(HOUR), post(2 * HOUR), post(4 * HOUR, LIVE)]

    found = forecast(coming, [], SETTINGS)

    ordered = sorted(coming, key=lambda one: one.due_at)
    verdicts = [found[one.key] for one in ordered]
    assert [one.goes for one in verdicts] == [True, True, False, True]
    assert [one.role_id for one in verdicts] == [9, None, None, None]
