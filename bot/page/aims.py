"""What a Space's talk was held against, and since when: topics and agenda items."""

from collections.abc import Iterable
from dataclasses import dataclass

from moderation.agenda import Agenda
from moderation.events import (
    AgendaItemAdded,
    AgendaItemSkipped,
    AgendaItemStarted,
    Event,
    SpaceOpened,
    TopicSet,
    UnreadableEventError,
)
from moderation.events.rows import from_row
from moderation.refused import Refused
from moderation.store.journal import JournalRow
from moderation.store.spaces import SpaceRow

AIMING = frozenset(
    one.__name__
    for one in (
        SpaceOpened,
        TopicSet,
        AgendaItemAdded,
        AgendaItemStarted,
        AgendaItemSkipped,
    )
)
"""Events that topic and agenda are made of."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What the talk was held against from a moment on."""

    at: float
    """Seconds of the Space."""

    topic: str
    item: str
    """The agenda item that is the subject besides; empty for none."""

    is_item: bool
    """Whether it is the item that is new here, not the topic."""


def aims(space: SpaceRow, happened: Iterable[JournalRow]) -> list[Aim]:
    """Return when topic or agenda item became another; the first topic is none."""
    found: list[Aim] = []
    agenda: Agenda | None = None
    for row in happened:
        if row.name not in AIMING:
            continue
        try:
            event = from_row(row.name, row.body)
            if agenda is None:
                agenda = Agenda(event.topic) if isinstance(event, SpaceOpened) else None
                continue
            before = _subject(agenda)
            _follow(agenda, event, row.at)
        except (UnreadableEventError, Refused):
            continue  # of a later version: the page shows the rest
        topic, item = _subject(agenda)
        if (topic, item) != before:
            at = max(0.0, row.at - space.opened_at)
            found.append(Aim(at, topic, item, is_item=topic == before[0]))
    return found


def _follow(agenda: Agenda, event: Event, at: float) -> None:
    match event:
        case TopicSet():
            agenda.set_topic(event.text)
        case AgendaItemAdded():
            agenda.add(event.text, event.minutes)
        case AgendaItemStarted():
            agenda.start(event.number, at)
        case AgendaItemSkipped():
            agenda.skip(event.number)
        case _:
            pass


def _subject(agenda: Agenda) -> tuple[str, str]:
    number = agenda.current
    return agenda.topic, agenda.items[number - 1].text if number else ""
