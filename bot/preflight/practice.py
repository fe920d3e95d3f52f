"""One practice room: the voice link, a look every few seconds, and the panel.

Rules:

- Nothing is recorded, transcribed, announced or counted.
- One task does everything from the first row to the last, so that it ends the same
  way whatever ends it. What a kill leaves is one row, which ``Practices`` ends.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import discord
from sqlite_utils import Database

from bot.clock import Clock
from bot.house import House
from bot.preflight import panel
from bot.preflight.panel import Seen, Standing, standing
from bot.preflight.post import TROUBLE, PanelPost
from bot.preflight.voices import Voices
from bot.rooms.venue import Venue
from bot.texts.language import language_of
from bot.voice.errors import VoiceError
from bot.voice.health import LinkChanged
from bot.voice.link import VoiceLink
from bot.voice.listener import LinkState
from moderation.settings import RoomKind
from moderation.store import spaces, voice_checks
from moderation.store.database import StoreError
from moderation.store.spaces import NewSpace
from scheduler.clockwork import errand_records, records
from scheduler.plans import Plan, PlanState
from scheduler.preflight import practice as rules
from scheduler.preflight.practice import End

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Now:
    """What the record says at one look."""

    plan: Plan | None
    people: Sequence[int] = ()


class Practice:
    """The practice room of one plan."""

    def __init__(
        self,
        house: House,
        wall: Clock,
        plan: Plan,
        venue: Venue,
        on_over: Callable[["Practice"], None],
    ) -> None:
        """``on_over`` is called once, when the voice connection is free again."""
        self.plan = plan
        self.venue = venue
        self._house = house
        self._wall = wall
        self._on_over = on_over
        self._settings = house.config.preflight
        self._reader = language_of(plan.language, "en")
        self._voices = Voices()
        self._post = PanelPost(house.store, venue.channel)
        self._people: Sequence[Seen] = ()
        self._lifted: set[int] = set()
        self._there_at = wall.now()
        self._row_id: int | None = None
        self._why: End | None = None
        self._wake = asyncio.Event()
        self._closed = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._started: asyncio.Future[None] = loop.create_future()
        self._link = VoiceLink(
            self._voices.recent,
            opened_at=house.clock.now(),
            clock=house.clock,
            on_heard=lambda _: None,
            on_link=self._link_changed,
        )
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Open it; return once it listens.

        Raises what stood in the way: VoiceError, StoreError or one of ``TROUBLE``.
        """
        self._task = asyncio.create_task(self._run(), name="practice")
        await self._started

    async def end(self, why: End) -> None:
        """End it and wait until the voice connection is free; the first why counts."""
        self._why = self._why or why
        self._wake.set()
        if not self._started.done():
            await self._hang_up()  # a join that is under way fails by that
        await self._closed.wait()

    def look(self) -> None:
        """Look now: something may have changed."""
        self._wake.set()

    async def people(self) -> Sequence[int]:
        """Return whom it is for."""
        return (await self._now()).people

    async def agree(self, user_id: int) -> bool:
        """Measure a member from now on, or no more; say whether.

        On a stage they are asked up; raises discord.HTTPException where that fails.
        """
        wanted = not self._voices.agreed(user_id)
        state = self.venue.states().get(user_id)
        on_stage = self.venue.kind is RoomKind.STAGE
        if wanted and on_stage and state is not None and state.suppress:
            await self.venue.suppress(user_id, False)
            self._lifted.add(user_id)
        consent = self._link.set_consent
        self._voices.allow(user_id, allowed=wanted, consent=consent)
        self._wake.set()
        return wanted

    async def _run(self) -> None:
        why = End.FAILED
        try:
            await self._open()
            self._started.set_result(None)
            why = await self._follow()
        except (VoiceError, StoreError, *TROUBLE) as error:
            log.warning("practice of plan %s: %s", self.plan.id, error)
            if not self._started.done():
                self._started.set_exception(error)
        finally:
            if not self._started.done():
                self._started.set_exception(VoiceError("a practice did not begin"))
            try:
                await self._close(self._why or why)
            finally:  # whoever waits for the voice connection must not wait for ever
                self._on_over(self)
                self._closed.set()

    async def _open(self) -> None:
        channel, plan = self.venue.channel, self.plan
        new = NewSpace(
            guild_id=plan.guild_id,
            channel_id=channel.id,
            host_id=plan.host_id,
            kind=self.venue.kind.value,
            topic=plan.topic,
            opened_at=self._wall.now(),
            language=self._reader,
            plan_id=plan.id,
            practice=True,
        )
        self._row_id = await self._house.store.write(lambda db: spaces.create(db, new))
        await self._show(await self._now())
        await self._link.join(channel)

    async def _follow(self) -> End:
        """Look again and again, until there is a reason to end."""
        while True:
            self._wake.clear()
            now = await self._now()
            why = self._why or self._over(now)
            if why is not None:
                return why
            await self._measure(now)
            try:
                await self._show(now)
            except TROUBLE as error:
                log.info("practice: not shown: %s", type(error).__name__)
            try:
                async with asyncio.timeout(self._settings.practice_look_s):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def _now(self) -> Now:
        plan_id = self.plan.id

        def read(db: Database) -> Now:
            plan = records.get(db, plan_id)
            if plan is None:
                return Now(None)
            return Now(plan, rules.people(plan, errand_records.guests(db, plan_id)))

        found = await self._house.store.read(read)
        self.plan = found.plan or self.plan
        return found

    def _over(self, now: Now) -> End | None:
        at = self._wall.now()
        if set(now.people) & self.venue.states().keys():
            self._there_at = at
        empty_s = at - self._there_at
        channel_id = self.venue.channel.id
        return rules.why_over(now.plan, channel_id, empty_s, self._settings, at)

    async def _measure(self, now: Now) -> None:
        self._voices.keep_only(now.people, self._link.set_consent)
        found = await self._voices.measure(self._wall.now())
        guild_id = self.plan.guild_id

        def keep(db: Database) -> None:
            for one in found:
                voice_checks.keep(db, guild_id, one)

        if found:
            await self._house.store.write(keep)

    async def _show(self, now: Now) -> None:
        self._people = [self._seen(user_id) for user_id in now.people]
        words, plan = self._house.wording, self.plan
        ends_at = rules.ends_at(plan, self._settings)
        text = panel.text(words, self._reader, plan, self._people, ends_at)
        view = panel.buttons(words, self._reader, plan.id)
        await self._post.put(self._row_id or 0, text, view)

    def _seen(self, user_id: int) -> Seen:
        state = self.venue.states().get(user_id)
        figures = self._voices.figures(user_id)
        # Who has not accepted the invitation is no speaker yet, suppressed or not.
        asked = state is not None and state.requested_to_speak_at is not None
        unheard = {one.user_id for one in self._link.snapshot().unheard}
        found = standing(
            here=state is not None,
            agreed=self._voices.agreed(user_id),
            heard=user_id not in unheard,
            measured=figures is not None,
            muted=state is not None and (state.mute or state.self_mute),
            suppressed=asked or (state is not None and state.suppress),
        )
        return Seen(user_id, found, figures if found is Standing.MEASURED else None)

    def _link_changed(self, change: LinkChanged) -> None:
        if change.state is LinkState.LOST:
            self._why = self._why or End.FAILED
            self._wake.set()

    async def _close(self, why: End) -> None:
        """Hang up, say that it is over, and end the row last: a kill does it again."""
        await self._hang_up()
        for user_id in self._lifted & self.venue.states().keys():
            try:
                await self.venue.suppress(user_id, True)
            except TROUBLE as error:
                log.info("practice: a speaker stays up: %s", type(error).__name__)
        row_id, at = self._row_id, self._wall.now()
        if row_id is None:
            return
        words, plan = self._house.wording, self.plan
        late = at >= rules.ends_at(plan, self._settings)
        possible = plan.state is PlanState.SCHEDULED and not late
        view: discord.ui.View | None = None
        if possible and why is not End.SPACE:
            view = panel.again(words, self._reader, plan.id)
        text = panel.over(
            words,
            self._reader,
            plan.topic,
            why,
            self._people,
            offered=view is not None,
        )
        await self._post.over(text, view)
        try:
            await self._house.store.write(lambda db: spaces.end(db, row_id, at))
        except StoreError as error:
            log.error("practice %s ends at the next start: %s", row_id, error)

    async def _hang_up(self) -> None:
        try:
            await self._link.leave()
        except VoiceError as error:
            log.warning("practice of plan %s: hanging up: %s", self.plan.id, error)
