"""Rate limits: buckets, headers, and the limit on everything."""

from bot.rehearsal.standin.limits import UNLIMITED, Buckets, LimitSettings
from bot.rehearsal.standin.rest.call import Route

NOW = 1000.0


def spend(buckets, kind, times, *, now=NOW, resource="", free=False):
    return [buckets.spend(kind, resource, now, free=free) for _ in range(times)]


def test_the_eleventh_member_change_in_ten_seconds_waits():
    """Ten in ten seconds pass; the next is told when the window ends."""
    buckets = Buckets(LimitSettings())
    spend(buckets, "member", 9)

    tenth, eleventh = spend(buckets, "member", 2, now=NOW + 4)

    assert tenth.allowed
    assert tenth.headers["X-RateLimit-Remaining"] == "0"
    assert not eleventh.allowed
    assert eleventh.to_json()["retry_after"] == 6.0
    assert eleventh.headers["X-RateLimit-Scope"] == "user"


def test_a_window_that_is_over_starts_anew():
    """After its window a bucket is full again."""
    buckets = Buckets(LimitSettings())
    spend(buckets, "message", 5)

    late = spend(buckets, "message", 1, now=NOW + 5)[0]

    assert late.allowed
    assert late.headers["X-RateLimit-Remaining"] == "4"


def test_each_channel_has_its_own_bucket_of_the_same_name():
    """A full bucket of one channel leaves another's alone; the hash is shared."""
    buckets = Buckets(LimitSettings())
    first = spend(buckets, "message", 5, resource="1")[-1]

    other = spend(buckets, "message", 1, resource="2")[0]

    assert other.allowed
    assert first.headers["X-RateLimit-Bucket"] == other.headers["X-RateLimit-Bucket"]


def test_the_rename_limit_shows_in_no_header():
    """Two in ten minutes, and the client learns of it only by the 429."""
    buckets = Buckets(LimitSettings())

    first, _, third = spend(buckets, "rename", 3)

    assert first.headers == {}
    assert (third.allowed, third.retry_after_s) == (False, 600.0)


def test_fifty_a_second_is_the_limit_on_everything_but_interactions():
    """The global limit is said to be global; interaction answers are exempt."""
    buckets = Buckets(LimitSettings())
    for number in range(50):
        spend(buckets, "route", 1, resource=str(number))

    over = spend(buckets, "route", 1, resource="more")[0]
    exempt = spend(buckets, "followup", 1, resource="hook", free=True)[0]

    assert over.whole
    assert over.headers["X-RateLimit-Global"] == "true"
    assert exempt.allowed


def test_answers_to_interactions_have_no_bucket_and_no_headers():
    """Libraries know this route as the one without."""
    buckets = Buckets(LimitSettings())

    answers = spend(buckets, UNLIMITED, 60, free=True)

    assert all(one.allowed and not one.headers for one in answers)


def test_limits_can_be_switched_off():
    """For exercises that are about something else."""
    buckets = Buckets(LimitSettings(on=False))

    assert all(one.allowed for one in spend(buckets, "member", 100))


def test_each_interaction_has_its_own_bucket_of_follow_ups():
    """A webhook is a resource together with its token."""
    route = Route("POST", "/webhooks/{webhook}/{token}", print, "followup")

    one, other = (route.resource({"webhook": "1", "token": each}) for each in "ab")

    assert one != other
