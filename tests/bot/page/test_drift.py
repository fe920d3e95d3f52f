"""How near the talk was to its topic, as the page shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.page import review
from bot.page.aims import Aim
from bot.page.drift import HOLD_S, STEPS, Standing, drift
from moderation.events import SpaceOpened, TopicSet
from moderation.settings import RoomKind, SpaceSettings
from moderation.store import word_deletions
from moderation.store.drift_scores import ScoreRow
from tests.bot.page.sample import ANA, GUILD, fill
from tests.bot.page.test_app import browse, log_in

BEFORE, ON, OFF = Standing.BEFORE, Standing.ON, Standing.OFF


def scores(*said, start=0.0, bar=0.3):
    """Return rows of ten seconds each; a score, or a score that is called drift."""
    rows = []
    for place, one in enumerate(said):
        score, drifting = one if isinstance(one, tuple) else (one, False)
        at = start + place * 10
        rows.append(ScoreRow(place + 1, at, at + 10, score, bar, drifting))
    return rows


def stretches(found):
    return [(one.standing, one.start, one.end) for one in found.stretches]


def test_nothing_was_judged():
    """Drift is switched off, or nobody said anything."""
    assert drift([], [], 60.0) is None
    assert drift(scores(0.5, start=70.0), [], 60.0) is None


def test_off_topic_begins_where_the_talk_left_not_where_it_was_called():
    """That takes patience, and the talk was gone meanwhile."""
    found = drift(scores(0.8, 0.2, 0.4, 0.2, 0.1, (0.1, True), 0.9), [], 70.0)

    assert stretches(found) == [(ON, 0, 30), (OFF, 30, 60), (ON, 60, 70)]
    assert (found.judged_s, found.off_s) == (70, 30)
    assert [one.line for one in found.stretches] == [1, 4, 7]
    assert found.stretches[1].score == pytest.approx(0.4 / 3)


def test_talk_that_has_not_come_to_its_topic_is_neither_on_nor_off():
    """Small talk at the start is no drift, and was not about the topic either."""
    found = drift(scores(0.1, 0.2, 0.5, 0.2), [], 40.0)

    assert stretches(found) == [(BEFORE, 0, 20), (ON, 20, 40)]
    assert found.off_s == 0


def test_small_talk_that_is_called_drift_at_last_was_off_from_the_start():
    """It is the same talk."""
    found = drift(scores(0.1, 0.2, (0.1, True)), [], 30.0)

    assert stretches(found) == [(OFF, 0, 30)]


def test_a_new_topic_begins_anew():
    """What was off the topic before it leads to nothing; it has to be come to."""
    aims = [Aim(20.0, "Wasps", "", is_item=False)]
    found = drift(scores(0.8, 0.2, 0.2, 0.7, 0.1, (0.1, True)), aims, 60.0)

    assert stretches(found) == [
        (ON, 0, 20),
        (BEFORE, 20, 30),
        (ON, 30, 40),
        (OFF, 40, 60),
    ]
    assert found.story == [found.stretches[0], aims[0], *found.stretches[1:]]


def test_words_over_a_change_of_topic_are_of_the_new_one():
    """They were judged when they were over; before it is not said to be theirs."""
    aims = [Aim(14.0, "Wasps", "", is_item=False)]
    found = drift(scores(0.8, 0.6, 0.8), aims, 30.0)

    assert stretches(found) == [(ON, 0, 10), (ON, 14, 30)]


def test_a_score_does_not_hold_for_ever():
    """After a minute without words nobody knows; the end ends it as well."""
    rows = scores(0.8) + scores(0.8, start=300.0)
    found = drift(rows, [], 330.0)

    assert found.judged_s == 10 + HOLD_S + 30
    assert [(bar.start, round(bar.end)) for bar in found.bars] == [
        (0, pytest.approx(70, abs=2)),
        (pytest.approx(300, abs=2), 330),
    ]


def test_people_who_talk_at_once_are_counted_once():
    """Time is time, however many passages lie in it."""
    rows = sorted(
        scores(0.8, 0.8) + scores(0.6, 0.6, start=5.0), key=lambda row: row.start
    )

    assert drift(rows, [], 25.0).judged_s == 25


def test_a_step_shows_the_average_of_what_held_in_it():
    """Neighbours that look alike are one."""
    found = drift(scores(1.0, 0.5, *[0.5] * 58), [], 600.0)

    assert [(one.start, one.length, one.score) for one in found.bars] == [
        (0, 10, 1.0),
        (10, 590, 0.5),
    ]


def test_the_page_tells_it_in_words_too(track):
    """Each stretch leads to its line; topics are text, never markup."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        return await (await client.get(f"/spaces/{space_id}")).text()

    opened = SpaceOpened(1, 10, 5, RoomKind.VOICE, ANA, "Bees", SpaceSettings())
    html = browse(track, visit, (0.0, opened), (2.0, TopicSet(ANA, "<b>Wasps")))

    assert "Off topic for 0:56 of the 0:58 that could be judged." in html
    assert '<a href="#line-2">off topic until 1:00</a>' in html
    assert "nearness 10 of 100" in html
    assert "&lt;b&gt;Wasps" in html
    assert "<b>Wasps" not in html


def test_a_space_without_scores_says_nothing_of_its_topic(db, tmp_path):
    """Drift was off, or the words are gone."""
    (tmp_path / "ana.ogg").write_bytes(b"OggS")
    fill(db, tmp_path / "ana.ogg")
    word_deletions.forget(db, 1, 5.0, "0" * 64)

    assert review.find(db, GUILD, 1).drift is None


ROWS = st.lists(
    st.tuples(st.floats(0, 9000), st.floats(0, 60), st.floats(0, 1), st.booleans()).map(
        lambda one: ScoreRow(1, one[0], one[0] + one[1], one[2], 0.3, one[3])
    ),
    max_size=40,
).map(lambda rows: sorted(rows, key=lambda row: row.start))
AIMS = st.lists(st.floats(0, 9000), max_size=4).map(
    lambda found: [Aim(at, f"{at}", "", is_item=False) for at in sorted(found)]
)


@given(ROWS, AIMS, st.floats(1, 9000))
def test_whatever_was_said_it_fits_into_the_space(rows, aims, until):
    """No stretch or bar is negative, outside of the Space, or over another."""
    found = drift(rows, aims, until)

    if found is None:
        assert all(row.start >= until for row in rows)
        return
    assert all(one.seconds >= 0 for one in found.stretches)
    assert found.judged_s <= until + 1e-6
    for one, after in zip(found.bars, found.bars[1:], strict=False):
        assert one.end <= after.start + 1e-6
    assert all(0 <= one.score <= 1 for one in (*found.bars, *found.stretches))
    assert len(found.bars) <= STEPS + 1
