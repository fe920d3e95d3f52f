"""Topic, agenda, shelf and marks."""

import pytest

from moderation.effects import Announce, ShowTopic, Tell
from moderation.events import (
    AgendaItemAdded,
    AgendaItemSkipped,
    AgendaItemStarted,
    LinkPinned,
    LinkUnpinned,
    MomentMarked,
    TopicParked,
    TopicRecalled,
    TopicSet,
)
from tests.moderation.scene import ANN, HOST, Scene, only


@pytest.fixture
def scene():
    return Scene()


def test_a_new_topic_is_shown_everywhere(scene):
    """In Discord, on the panel and to the room."""
    effects = scene.do(TopicSet(HOST, " wasps  and\nhornets "))

    assert effects[0] == ShowTopic("wasps and hornets")
    assert scene.space.view(scene.now).topic == "wasps and hornets"
    assert scene.refuses(TopicSet(HOST, " ")) == "text.empty"
    assert scene.refuses(TopicSet(ANN, "moths")) == "right.missing"


def test_the_room_is_called_back_to_the_topic(scene):
    """The topic is repeated; nothing changes."""
    said = only(scene.do(TopicRecalled(HOST)), Announce)

    assert said[0].params == {"topic": "bees"}


def test_a_parked_subject_stays_visible(scene):
    """Nothing that was put aside is lost."""
    scene.do(TopicParked(HOST, "honey prices"))

    assert scene.space.view(scene.now).parked == ("honey prices",)


def test_the_agenda_is_walked_through(scene):
    """One item at a time."""
    scene.do(AgendaItemAdded(HOST, "hives", 10.0))
    scene.do(AgendaItemAdded(HOST, "queens"))
    scene.do(AgendaItemStarted(HOST, 1))
    scene.do(AgendaItemSkipped(HOST, 2))

    view = scene.space.view(scene.now)
    assert (view.agenda, view.agenda_number) == (("hives", "queens"), 1)


def test_links_come_and_go(scene):
    """The shelf holds what was pinned."""
    scene.do(LinkPinned(HOST, "https://bees.example", "bees"))
    assert scene.space.view(scene.now).links == {"https://bees.example": "bees"}

    scene.do(LinkUnpinned(HOST, "https://bees.example"))
    assert scene.space.view(scene.now).links == {}


def test_anybody_marks_a_moment(scene):
    """A little back, because one marks after hearing."""
    told = only(scene.do(MomentMarked(ANN, "good")), Tell)

    assert told[0].params == {"at_at": scene.now - 20.0}
