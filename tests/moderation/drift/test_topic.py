"""Topic: what talk is measured against."""

from moderation.drift.topic import Topic


def test_item_and_topic_are_both_aims():
    """Talk about either is on topic; a blank one is no aim."""
    assert Topic("Tea", item="Green tea").aims == ("Tea", "Green tea")
    assert Topic("Tea", item=" ").aims == ("Tea",)


def test_accepted_lines_are_the_newest():
    """A host who accepts again and again does not make everything on topic."""
    topic = Topic("Tea")

    for n in range(20):
        topic = topic.accepting(f"line {n}", keep=3)

    assert topic.accepted == ("line 17", "line 18", "line 19")
