"""The agenda."""

import pytest

from moderation.agenda import TEXT_LIMIT, Agenda, Progress
from moderation.refused import Refused


@pytest.fixture
def agenda():
    agenda = Agenda("bees")
    agenda.add("hives", 10.0)
    agenda.add("queens", None)
    return agenda


def test_starting_an_item_finishes_the_one_before(agenda):
    """There is one current item at most."""
    assert agenda.current == 0
    agenda.start(1, 5.0)
    agenda.start(2, 9.0)

    assert agenda.current == 2
    assert [item.progress for item in agenda.items] == [
        Progress.DONE,
        Progress.CURRENT,
    ]
    assert agenda.items[1].started_at == 9.0


def test_a_skipped_item_is_left_out(agenda):
    """It may still be taken up later."""
    agenda.skip(1)
    assert agenda.items[0].progress is Progress.SKIPPED

    agenda.start(1, 0.0)
    assert agenda.current == 1


def test_texts_are_kept_short_and_on_one_line(agenda):
    """A topic fits where Discord shows it."""
    assert agenda.set_topic("a\n b" + "x" * 999) == ("a b" + "x" * 999)[:TEXT_LIMIT]
    assert agenda.park(" honey ") == "honey"


@pytest.mark.parametrize(
    ("act", "key"),
    [
        (lambda a: a.set_topic(" \n"), "text.empty"),
        (lambda a: a.park(""), "text.empty"),
        (lambda a: a.add("x", 0.0), "agenda.bad_minutes"),
        (lambda a: a.start(4, 0.0), "agenda.unknown"),
        (lambda a: a.start(3, 0.0), "agenda.at_end"),
        (lambda a: a.skip(0), "agenda.unknown"),
        (lambda a: a.pin("javascript:x", ""), "agenda.no_link"),
        (lambda a: a.unpin("https://x.example"), "agenda.not_pinned"),
    ],
)
def test_nonsense_is_refused_by_name(agenda, act, key):
    """And changes nothing."""
    with pytest.raises(Refused) as refused:
        act(agenda)

    assert refused.value.key == key
    assert (agenda.topic, len(agenda.items), agenda.parked) == ("bees", 2, [])


def test_what_is_done_is_not_done_again(agenda):
    """Twice is refused."""
    agenda.start(1, 0.0)
    with pytest.raises(Refused):
        agenda.start(1, 0.0)
    agenda.skip(2)
    with pytest.raises(Refused):
        agenda.skip(2)


def test_without_items_there_is_no_end():
    """There is no agenda to go on in."""
    with pytest.raises(Refused) as refused:
        Agenda("bees").start(1, 0.0)

    assert refused.value.key == "topic.no_agenda"
