"""What the Space is about, and marks on the way."""

from moderation.effects import Announce, Effect, ShowTopic, UpdatePanel
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
from moderation.space.seating import answer, explain
from moderation.space.state import State, Takes


def topic_set(state: State, event: TopicSet, now: float) -> list[Effect]:
    """Give the Space a new topic."""
    topic = state.agenda.set_topic(event.text)
    return [
        ShowTopic(topic),
        explain(state, "topic.set", by=event.by, topic=topic),
        Announce("room.topic", params={"topic": topic}),
        UpdatePanel(),
    ]


def topic_recalled(state: State, event: TopicRecalled, now: float) -> list[Effect]:
    """Ask the room to come back to the topic."""
    return [
        Announce("room.back_to_topic", params={"topic": state.agenda.topic}),
    ]


def topic_parked(state: State, event: TopicParked, now: float) -> list[Effect]:
    """Put a subject aside for later."""
    kept = state.agenda.park(event.text)
    return [
        explain(state, "topic.parked", by=event.by, topic=kept),
        Announce("room.parked", params={"topic": kept}),
        UpdatePanel(),
    ]


def agenda_item_added(state: State, event: AgendaItemAdded, now: float) -> list[Effect]:
    """Add an item at the end."""
    number = state.agenda.add(event.text, event.minutes)
    return [answer(event.by, "agenda.added", n=number), UpdatePanel()]


def agenda_item_started(
    state: State, event: AgendaItemStarted, now: float
) -> list[Effect]:
    """Go on to an item."""
    item = state.agenda.start(event.number, now)
    return [
        explain(state, "agenda.started", by=event.by, n=event.number, topic=item.text),
        Announce("room.agenda_item", params={"n": event.number, "topic": item.text}),
        UpdatePanel(),
    ]


def agenda_item_skipped(
    state: State, event: AgendaItemSkipped, now: float
) -> list[Effect]:
    """Leave an item out."""
    item = state.agenda.skip(event.number)
    return [
        explain(state, "agenda.skipped", by=event.by, n=event.number, topic=item.text),
        UpdatePanel(),
    ]


def link_pinned(state: State, event: LinkPinned, now: float) -> list[Effect]:
    """Put a link on the shelf."""
    state.agenda.pin(event.url, event.label)
    return [UpdatePanel()]


def link_unpinned(state: State, event: LinkUnpinned, now: float) -> list[Effect]:
    """Take a link off the shelf."""
    state.agenda.unpin(event.url)
    return [UpdatePanel()]


def moment_marked(state: State, event: MomentMarked, now: float) -> list[Effect]:
    """Confirm a mark; the journal keeps it."""
    return [answer(event.user_id, "mark.made", at_at=now - max(0.0, event.back_s))]


TAKES: Takes = {
    TopicSet: topic_set,
    TopicRecalled: topic_recalled,
    TopicParked: topic_parked,
    AgendaItemAdded: agenda_item_added,
    AgendaItemStarted: agenda_item_started,
    AgendaItemSkipped: agenda_item_skipped,
    LinkPinned: link_pinned,
    LinkUnpinned: link_unpinned,
    MomentMarked: moment_marked,
}
