"""What a rehearsal's record says happened, in the words of its expectations.

Everything is read from what the bot wrote down: the journal, the talk intervals, the
transcript, the nudges, the tracks. Nothing the scripted members know goes in.
"""

from collections.abc import Iterator, Mapping

from bot.afterwards.exports import Kept
from bot.rehearsal.expectation import Happened, Heard, SpaceOutcome
from moderation.events import (
    Event,
    HandRaised,
    Invited,
    NextCalled,
    SpaceEnded,
    from_row,
)
from moderation.space import Space
from moderation.store.nudges import NudgeRow
from moderation.store.passes import PassRow
from moderation.store.tracks import TrackRow

NO_SOUND_BYTES = 1000
"""A track file that is smaller than this has headers only."""


def of_space(
    kept: Kept, nudges: list[NudgeRow], passed: PassRow | None
) -> SpaceOutcome:
    """Return what was seen of one ended Space."""
    return SpaceOutcome(
        ended=any(isinstance(event, SpaceEnded) for _, event in _events(kept)),
        talk_s={kept.name(one.user_id): one.seconds for one in kept.talk.speakers},
        floor=list(_floor(kept)),
        hands=[
            Happened(kept.name(event.user_id), at, event.via.value)
            for at, event in _events(kept)
            if isinstance(event, HandRaised)
        ],
        invitations=list(_invitations(kept)),
        nudges=[_nudge(kept, row) for row in nudges],
        lines=[
            Heard(kept.name(row.user_id), row.start, row.text) for row in kept.lines
        ],
        tracks=frozenset(
            kept.name(one.user_id)
            for one in kept.tracks
            if one.user_id is not None and _has_sound(one)
        ),
        afterwards=_pass(passed),
    )


def _events(kept: Kept) -> Iterator[tuple[float, Event]]:
    """Yield each event with its second of the Space."""
    for row in kept.journal:
        yield row.at - kept.space.opened_at, from_row(row.name, row.body)


def _stages(kept: Kept) -> Iterator[tuple[float, Event, Mapping[int, bool]]]:
    """Replay the Space and yield who had the floor and was invited after each event."""
    space = Space()
    for row in kept.journal:
        event = from_row(row.name, row.body)
        space.handle(event, row.at)
        view = space.view(row.at)
        people = {seat.user_id: True for seat in view.stage}
        people |= {one.user_id: False for one in view.invited}
        yield row.at - kept.space.opened_at, event, people


def _floor(kept: Kept) -> Iterator[Happened]:
    before: set[int] = set()
    for at, _, people in _stages(kept):
        now = {user for user, seated in people.items() if seated}
        for user in sorted(now - before):
            yield Happened(kept.name(user), at)
        before = now


def _invitations(kept: Kept) -> Iterator[Happened]:
    before: set[int] = set()
    for at, event, people in _stages(kept):
        now = {user for user, seated in people.items() if not seated}
        by_staff = isinstance(event, Invited | NextCalled)
        for user in sorted(now - before):
            yield Happened(kept.name(user), at, "host" if by_staff else "queue")
        before = now


def _nudge(kept: Kept, row: NudgeRow) -> Happened:
    who = None if row.user_id is None else kept.name(row.user_id)
    quotes = len(row.evidence.get("lines") or ())
    return Happened(who, row.at - kept.space.opened_at, row.rule, quotes)


def _pass(row: PassRow | None) -> str:
    if row is None:
        return "none was wanted"
    return f"{row.state}: {row.reason}" if row.reason else row.state


def _has_sound(track: TrackRow) -> bool:
    return (track.size_bytes or 0) > NO_SOUND_BYTES
