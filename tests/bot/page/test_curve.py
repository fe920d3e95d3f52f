"""How many listened when."""

from hypothesis import given
from hypothesis import strategies as st

from bot.page.curve import STEPS, curve
from moderation.events import MemberJoined, SpaceOpened, VoiceStateSeen
from moderation.settings import RoomKind, SpaceSettings
from tests.bot.page.sample import ANA, BEN
from tests.bot.page.test_app import browse, log_in


def test_each_step_holds_the_most_who_listened_in_it():
    """Whoever was there for a moment counts; who leaves makes room before others."""
    found = curve([((0.0, 4.0),), ((1.5, 1.6), (3.0, 4.0)), ((4.0, 5.0),)], 5.0)

    assert list(found.steps) == [1, 2, 1, 2, 1, 0]
    assert found.bars[:2] == [(0.0, 1.0, 1), (1.0, 1.0, 2)]
    assert (found.step_s, found.peak, found.peak_at) == (1.0, 2, 1.5)


def test_nobody_listened():
    """There is no curve, and nothing to divide by."""
    assert curve([], 10.0) is None
    assert curve([()], 10.0) is None
    assert curve([((0.0, 1.0),)], 0.0) is None


VISITS = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(1, 5000)).map(
        lambda one: ((float(one[0]), float(one[0] + one[1])),)
    ),
    min_size=1,
    max_size=20,
)


@given(VISITS)
def test_a_curve_is_what_counting_moment_by_moment_gives(visits):
    """Steps are few, whatever the length, and none is higher than the peak."""
    until = max(end for ((_, end),) in visits)
    found = curve(visits, until)

    moments = sorted({start for ((start, _),) in visits})
    counts = [sum(s <= at < e for ((s, e),) in visits) for at in moments]
    assert found.peak == max(counts)
    assert found.peak_at == moments[counts.index(found.peak)]
    assert max(found.steps) == found.peak
    assert len(found.steps) <= STEPS + 1
    for at, count in zip(moments, counts, strict=True):
        assert found.steps[min(int(at / found.step_s), len(found.steps) - 1)] >= count


def test_the_page_draws_it_with_the_nudges(track):
    """Nobody has to add up who was there."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        return await (await client.get(f"/spaces/{space_id}")).text()

    opened = SpaceOpened(1, 10, 5, RoomKind.VOICE, ANA, "Bees", SpaceSettings())
    facts = [(0.0, opened)] + [
        (at, event)
        for at, user in ((0.0, ANA), (2.0, BEN))
        for event in (MemberJoined(user), VoiceStateSeen(user))
    ]
    html = browse(track, visit, *facts)

    assert "At most 2 at once, from 0:02 on." in html
    assert '<rect class="nudge"' in html


def test_neighbours_of_one_height_are_one_bar():
    """Hundreds of seams would be seen."""
    found = curve([((0.0, 100.0),), ((50.0, 100.0),), ((200.0, 300.0),)], 300.0)

    assert found.bars == [(0.0, 50.0, 1), (50.0, 50.0, 2), (200.0, 100.0, 1)]
