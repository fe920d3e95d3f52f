"""How a room comes to be: opened now, or taken up again after a restart."""

import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from sqlite_utils import Database

from bot.afterwards import sound
from bot.house import House
from bot.panel import prompts, trace
from bot.refusals import Impossible
from bot.rooms import consent
from bot.rooms.debts import Debts
from bot.rooms.room import Fittings, Room
from bot.rooms.rules import in_force, version_of
from bot.rooms.seeing import gone, seen
from bot.rooms.standing import standing
from bot.rooms.venue import Venue
from bot.talk import learning
from bot.talk.hearing import new_hearing
from bot.texts.language import Language
from moderation import effects as fx
from moderation.conversation import Conversation, ConversationSettings
from moderation.drift.topic import Topic
from moderation.events import BotReturned, EndReason, SpaceOpened, UnreadableEventError
from moderation.settings import SpaceSettings
from moderation.space import Space
from moderation.store import cases, journal, posts, spaces
from moderation.store.spaces import NewSpace, SpaceRow
from moderation.view import Keeping
from scheduler.clockwork import becoming

log = logging.getLogger(__name__)

OnEnded = Callable[[Room], Awaitable[None]]
Add = Callable[[Room], None]
"""Makes a room findable, from its first fact on."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody who opens a Space says about it."""

    venue: Venue
    host_id: int
    topic: str
    language: Language
    settings: SpaceSettings
    plan_id: int | None = None
    """The plan that the Space was; it is open from the Space's first row on."""

    keep_days: float | None = None
    """For how many days its sound is kept; None where nothing was said."""


class Builder:
    """Makes rooms, new ones and those of an earlier process."""

    def __init__(self, house: House, debts: Debts, on_ended: OnEnded) -> None:
        self._house = house
        self._debts = debts
        self._on_ended = on_ended

    async def open(
        self, opening: Opening, add: Add, closing: Collection[int] = ()
    ) -> Room:
        """Write the new Space down, put it to work, and see who is there.

        ``closing`` are the Spaces that are over and still being put away. Raises
        Impossible where another is live in the channel, PlanRefused where the plan
        is no longer to come.
        """
        now = self._house.clock.now()
        house = self._house
        opening = await self._with_rules(opening)
        opening = replace(opening, keep_days=house.config.recording.keep_days)
        row = await house.store.write(
            lambda db: write_down(db, opening, now, house.folder, closing)
        )
        room = Room(await self._fittings(row, opening.venue, Space()))
        room.start()
        add(room)
        await room.tell(_opened(opening, row), shown_to=opening.host_id)
        _see_everybody(room)
        room.post.start()
        await consent.recall(room, set(room.venue.states()))
        await self._recall(room)
        await room.hear()
        return room

    async def _with_rules(self, opening: Opening) -> Opening:
        """Return the opening with the rules that are in force in its guild now."""
        settings, guild_id = opening.settings, opening.venue.channel.guild.id
        kept = await in_force(self._house.store, guild_id, settings.format.value)
        version = version_of(kept)
        if version is None:
            return opening
        gate = replace(settings.gate, rules_version=version)
        return replace(opening, settings=replace(settings, gate=gate))

    async def _recall(self, room: Room) -> None:
        store, now = self._house.store, self._house.clock.now()
        known = await store.read(lambda db: cases.of_guild(db, room.guild_id))
        recalled = standing(known, now)
        if recalled is not None:
            room.notice(recalled)

    async def take_up(self, row: SpaceRow, venue: Venue, add: Add) -> Room | None:
        """Go on with a live Space; None where its journal cannot be read.

        What changed while nobody listened becomes facts now; effects of then are not
        run again.
        """
        try:
            space = await self._replay(row.id)
        except UnreadableEventError as error:
            log.error("space %s cannot be rebuilt: %s", row.id, error)
            return None
        last_at, posted = await self._house.store.read(lambda db: _left_at(db, row.id))
        if last_at is None:
            return None  # killed before its first fact was kept: it never opened
        if "panel" in posted:
            panel_id: int | None = posted["panel"].message_id
        else:
            panel_id = await trace.find(venue.channel, row.id, row.opened_at)
        fittings = await self._fittings(row, venue, space)
        room = Room(fittings, panel_id=panel_id)
        if space.is_live:
            await room.talk.recall(space.view(self._house.clock.now()))
        add(room)
        if not space.is_live:
            # Killed while it was being closed: do the rest of that.
            room.start()
            room.post.start()
            room.end(EndReason.BY_STAFF)
            return room
        await self._go_on(room, last_at, posted)
        return room

    async def _go_on(self, room: Room, last_at: float, posted: Collection[str]) -> None:
        space = room.space
        room.start()
        before, here = catch_up(room)
        away_s = max(0.0, self._house.clock.now() - last_at)
        room.note = room.say(
            "panel.back",
            {"away_s": away_s, "came": len(here - before), "went": len(before - here)},
        )
        await room.tell(BotReturned(away_s))
        await self._recall(room)
        consents = space.state.consents
        room.ears.record(consents.recording is Keeping.ON)
        room.ears.transcribe(consents.transcript)
        for user_id, level in consents.answers.items():
            room.ears.set_consent(user_id, level)
        # Killed between the two, an answer is on the ledger and no fact of the Space.
        await consent.recall(room, set(consents.answers))
        room.perform([fx.StartCaptions()] if consents.captions else [])
        room.perform(prompts.after_restart(space.state.floor.invitations, posted))
        room.perform(
            [
                fx.ShowTopic(space.state.agenda.topic),
                fx.AskConsent(consents.unanswered(here)),
                fx.Reconcile(),
            ]
        )
        room.post.start()
        await room.hear()

    async def _fittings(self, row: SpaceRow, venue: Venue, space: Space) -> Fittings:
        house = self._house
        drift = house.config.drift
        learned = await house.store.read(
            lambda db: learning.recall(db, row, house.meaning, drift)
        )
        topic = Topic(row.topic, row.language)
        return Fittings(
            house=house,
            debts=self._debts,
            row=row,
            venue=venue,
            space=space,
            conversation=Conversation(
                ConversationSettings(drift, house.config.nudges),
                topic,
                opened_at=row.opened_at,
                learned=learned,
            ),
            replay=lambda: self._replay(row.id),
            new_hearing=lambda: new_hearing(house, row),
            on_ended=self._on_ended,
        )

    async def _replay(self, space_id: int) -> Space:
        rows = await self._house.store.read(lambda db: journal.read(db, space_id))
        return Space.replay((row.at, row.name, row.body) for row in rows)


def write_down(
    db: Database,
    opening: Opening,
    now: float,
    folder: Path,
    closing: Collection[int] = (),
) -> SpaceRow:
    """Keep a new Space, and its plan as open; run it in ``Store.write``.

    All of it or nothing: a crash leaves no Space whose plan waits on, and a channel
    has one Space that is live. Raises Impossible or PlanRefused.
    """
    channel_id = opening.venue.channel.id
    if any(one not in closing for one in spaces.live_in(db, channel_id)):
        raise Impossible("channel_taken", channel=channel_id)
    if opening.plan_id is not None:
        becoming.opened(db, opening.plan_id)
    space_id = spaces.create(
        db,
        NewSpace(
            guild_id=opening.venue.channel.guild.id,
            channel_id=channel_id,
            host_id=opening.host_id,
            kind=opening.venue.kind.value,
            topic=opening.topic,
            opened_at=now,
            language=opening.language,
            plan_id=opening.plan_id,
            keep_days=opening.keep_days,
        ),
    )
    spaces.set_folder(db, space_id, str(sound.home(folder, space_id)))
    row = spaces.get(db, space_id)
    if row is None:
        raise LookupError(f"space {space_id} was not kept")
    return row


def _opened(opening: Opening, row: SpaceRow) -> SpaceOpened:
    return SpaceOpened(
        row.id,
        row.guild_id,
        row.channel_id,
        opening.venue.kind,
        row.host_id,
        row.topic,
        replace(opening.settings, seed=row.id),
    )


def _left_at(
    db: Database, space_id: int
) -> tuple[float | None, dict[str, posts.PostRow]]:
    rows = journal.read(db, space_id)
    if not rows:
        return None, {}
    # In a room where nothing happens the journal stands still; the pulse does not.
    last_at = max(rows[-1].at, spaces.last_beat(db, space_id) or 0.0)
    return last_at, posts.of_space(db, space_id)


def catch_up(room: Room) -> tuple[set[int], set[int]]:
    """Tell the Space who came and went unseen; return who was there and who is."""
    before = {member.user_id for member in room.space.state.people.present()}
    _see_everybody(room)
    here = set(room.venue.states())
    for user_id in before - here:
        gone(room, user_id)
    return before, here


def _see_everybody(room: Room) -> None:
    guild = room.venue.channel.guild
    for user_id, state in room.venue.states().items():
        member = guild.get_member(user_id)
        if member is not None:
            seen(room, member, state)
