"""Marked moments: where they belong, and on the page."""

from bot.page.marks import Mark, marks
from moderation.events import MomentMarked, SpacePaused
from moderation.events.rows import to_row
from moderation.store.journal import JournalRow
from moderation.store.spaces import SpaceRow
from tests.bot.page.sample import ANA, BEN
from tests.bot.page.test_app import browse, log_in

SPACE = SpaceRow(1, 2, 3, ANA, "stage", "Bees", "en", None, None, 1000.0, None)


def rows(*facts):
    return [
        JournalRow(1, seq, 1000.0 + at, *to_row(event))
        for seq, (at, event) in enumerate(facts, start=1)
    ]


def test_a_mark_is_at_the_moment_that_was_meant():
    """Some seconds before it was made, and never before the opening; in order."""
    found = marks(
        SPACE,
        rows(
            (5.0, MomentMarked(ANA, "early")),
            (60.0, SpacePaused(ANA)),
            (100.0, MomentMarked(BEN, "late", back_s=0.0)),
            (110.0, MomentMarked(ANA)),
        ),
    )

    assert found == [
        Mark(0.0, ANA, "early"),
        Mark(90.0, ANA, ""),
        Mark(100.0, BEN, "late"),
    ]


def test_what_a_later_version_wrote_is_passed_over():
    """The page shows the rest."""
    broken = JournalRow(1, 1, 1010.0, "MomentMarked", '{"user_id": 1, "mood": 3}')

    assert marks(SPACE, [broken, *rows((50.0, MomentMarked(BEN)))]) == [
        Mark(30.0, BEN, "")
    ]


def test_marks_are_shown_with_whose_they_are(track):
    """The note is text, never markup; the time plays that moment."""

    async def visit(client, tickets, space_id):
        await log_in(client, tickets)
        return await (await client.get(f"/spaces/{space_id}")).text()

    html = browse(track, visit, (40.0, MomentMarked(BEN, "<b>honey</b>")))

    assert 'id="marks"' in html
    assert "&lt;b&gt;honey&lt;/b&gt;" in html
    assert 'data-start="20.0"' in html
    assert 'id="marks"' not in browse(track, visit)
