"""One live Space in the process: inbox, ears, enforcer, actions and panel together.

Facts come in from three sides (people through doors, Discord through ``watch``, the
ears), go through the inbox, and leave as effects. Ending is begun by the Space itself
(``EndRoom``) and done by ``ending``.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.captions.captions import Captions
from bot.house import House
from bot.panel.content import host_panel, panel
from bot.panel.pace import Pace
from bot.panel.post import LivePost
from bot.panel.private import PrivatePanels
from bot.rooms.actions import Actions
from bot.rooms.courier import Courier
from bot.rooms.debts import Debts
from bot.rooms.ending import Ending
from bot.rooms.enforcer import Enforcer
from bot.rooms.inbox import Inbox, Replay
from bot.rooms.looking import look
from bot.rooms.observation import NudgeSeen, RoomView
from bot.rooms.roster import Roster
from bot.rooms.rules import RulesDesk
from bot.rooms.venue import Channel, Venue
from bot.talk.conduct import Conduct
from bot.talk.ears import Ears
from bot.talk.recogniser import RecogniserWatch
from bot.talk.sinks import Sinks, Whose
from bot.talk.talk import Talk
from bot.talk.unheard import UnheardWatch
from bot.texts.language import Language
from bot.texts.wording import Params
from bot.voice.errors import Barrier, CannotJoin, VoiceError
from media.consent import Consent
from media.hearing import Hearing
from media.whisper.status import TranscriberStatus
from media.whisper.vocabulary import hotwords
from moderation import effects as fx
from moderation.conversation import Conversation
from moderation.events import ConsentWithdrawn, EndReason, Event
from moderation.refused import Refused
from moderation.space import Space
from moderation.store import posts
from moderation.store.spaces import SpaceRow
from moderation.view import SpaceView

log = logging.getLogger(__name__)

LAST_NUDGES = 50


@dataclass(frozen=True, slots=True)
class Fittings:
    """What a room is made with."""

    house: House
    debts: Debts
    row: SpaceRow
    venue: Venue
    space: Space
    conversation: Conversation
    replay: Replay
    new_hearing: Callable[[], Hearing]
    on_ended: Callable[["Room"], Awaitable[None]]


class Room:
    """One live Space."""

    def __init__(self, fittings: Fittings, panel_id: int | None = None) -> None:
        house, row, venue = fittings.house, fittings.row, fittings.venue
        self.house = house
        self.debts = fittings.debts
        self.venue = venue
        self.row = row
        self.language: Language = "es" if row.language == "es" else "en"
        self.note = ""
        self._nudges: deque[NudgeSeen] = deque(maxlen=LAST_NUDGES)
        self.courier = Courier(row.id, venue, house.clock, house.wording)
        give = Conduct(self.notice, self.perform).give
        self.talk = Talk(
            house,
            row,
            fittings.conversation,
            look=self._look,
            nudge=give,
            tell=lambda key: self.perform([fx.TellHosts(key)]),
        )
        self.roster = Roster(
            row.guild_id,
            house.clock,
            self.talk,
            self.notice,
            lambda user_ids: self.enforcer.wake(user_ids),
        )
        self.unheard = UnheardWatch(
            fittings.conversation,
            self.perform,
            house.clock.now,
            lambda s, tell: asyncio.get_running_loop().call_later(s, tell),
        )
        whose = Whose(row.id, row.opened_at)
        sinks = Sinks(
            self.notice,
            self.touch,
            self._voice_began,
            self.hotwords,
            self.unheard.heard_of,
            lambda said: self.captions.said(said),
            lambda user: self.space.state.languages.get(user, row.language),
        )
        self.ears = Ears(house, whose, self.talk, fittings.new_hearing, sinks)
        pace = Pace()
        self.captions = Captions(house, self, pace)
        self._watch = RecogniserWatch(self.perform)
        self.rules = RulesDesk(house, row.id, lambda: self.space, self.tell)
        self.actions = Actions(self)
        self.enforcer: Enforcer = Enforcer(self)
        self.inbox = Inbox(
            row,
            fittings.space,
            house.store,
            house.clock,
            perform=self.actions.perform,
            replay=fittings.replay,
        )
        self.post = LivePost(
            venue.channel,
            lambda: panel(house.wording, self.language, self.observe(), self.note),
            message_id=panel_id,
            on_posted=self._keep_post,
            pace=pace,
        )
        self._ending = Ending(self, lambda: fittings.on_ended(self))
        self.host_panels = PrivatePanels(
            house.clock,
            lambda reader: host_panel(house.wording, reader, self.observe()),
            self.staff,
        )

    @property
    def space(self) -> Space:
        """The rules' state of this Space."""
        return self.inbox.space

    @property
    def space_id(self) -> int:
        """The Space's id."""
        return self.row.id

    @property
    def guild_id(self) -> int:
        """The guild's id."""
        return self.row.guild_id

    @property
    def channel_id(self) -> int:
        """The id of the channel that the Space is held in."""
        return self.venue.channel.id

    @property
    def names(self) -> Mapping[int, str]:
        """What members are called."""
        return self.roster.names

    def recogniser(self) -> TranscriberStatus | None:
        """Return how recognition is doing; None where nothing is transcribed."""
        transcriber = self.house.transcriber
        return transcriber.status(self.space_id) if self.ears.transcribing else None

    def start(self) -> None:
        """Begin to work; call it on the event loop."""
        self.actions.start()
        self.enforcer.start()
        self.inbox.start()

    async def tell(self, event: Event, shown_to: int | None = None) -> list[fx.Effect]:
        """Hand in a fact; what it tells ``shown_to`` is the caller's to show.

        Raises Refused where the rules do not allow it.
        """
        return await self.inbox.tell(event, shown_to)

    def notice(self, event: Event, shown_to: int | None = None) -> None:
        """Hand in a fact that nobody waits for; ``shown_to`` is told nothing of it."""
        self.inbox.notice(event, shown_to)

    def perform(self, effects: Sequence[fx.Effect]) -> None:
        """Carry out effects that no fact of the journal has brought about."""
        self.actions.perform(effects)

    async def hear(self) -> None:
        """Join by voice; without a connection the Space goes on, says so and why.

        It is tried again until it works.
        """
        try:
            heard = await self.ears.join(self.venue.channel)
        except VoiceError as error:
            log.warning("space %s: no voice: %s", self.space_id, error)
            why = error.why if isinstance(error, CannotJoin) else Barrier.OTHER
            reason: Params = {"reason_key": f"voice.{why.value}"}
            self.perform([fx.TellHosts("voice.failed", params=reason)])
            self.unheard.never_in()
            self.ears.keep_trying(self.venue.channel)
        else:
            if not heard:
                self.perform([fx.Announce("voice.in_use")])

    def came_in(self) -> None:
        """Show what can be shown only from inside of the channel."""
        if self.venue.shown_from_inside:
            self.perform([fx.ShowTopic(self.space.state.agenda.topic)])

    def renew(self, channel: Channel) -> None:
        """Go on with the channel as Discord shows it now."""
        self.venue.channel = channel
        self.ears.renew(channel)

    async def suspend(self) -> None:
        """Let go of the room without ending the Space: the process stops."""
        await self._ending.suspend()

    def end(self, reason: EndReason) -> None:
        """Begin to close the room; the Space has ended by its rules."""
        self._ending.begin(reason)

    async def ended(self) -> None:
        """Wait until the room is closed."""
        await self._ending.done()

    def say(
        self, key: str, params: Params | None = None, reader: Language | None = None
    ) -> str:
        """Word a text for a reader, or for the room."""
        return self.house.wording.say(reader or self.language, key, params)

    def staff(self) -> tuple[int, ...]:
        """Return who hosts now and the co-hosts."""
        view = self.space.view(self.house.clock.now())
        return (view.host_id, *(u for u in view.cohost_ids if u != view.host_id))

    async def forget(self, user_id: int) -> None:
        """Keep nothing of a member's voice and words; who they are stays till the end.

        When this returns, nobody writes to their track any more.
        """
        if self.ears.consents.get(user_id, Consent.NOTHING) is not Consent.NOTHING:
            # Before any fact: nothing is kept from now on, whatever becomes of it.
            self.ears.set_consent(user_id, Consent.NOTHING)
        with contextlib.suppress(Refused):  # it has ended by now
            await self.tell(ConsentWithdrawn(user_id), shown_to=user_id)
        self.talk.forget(user_id)
        await self.captions.forget(user_id)
        self.touch()
        await self.ears.release(user_id)

    def unlearn(self, language: str, gone: Mapping[str, int]) -> None:
        """Let drift count stems less: at its end this room keeps what it knows."""
        background = self.talk.conversation.background
        if background.language == language:
            background.unlearn(gone)

    def touch(self) -> None:
        """Say that what is shown may have changed."""
        self.talk.changed()
        self.post.touch()
        self.host_panels.touch()

    def nudged(self, nudge: fx.Nudge) -> None:
        """Take that a nudge was given: for the pace of others, and whoever watches."""
        self.talk.conversation.given(nudge, self.house.clock.now())
        quoted = (self.say("said.line", {"words": line}) for line in nudge.evidence)
        text = " ".join([self.say(nudge.key, nudge.params), *quoted])
        self._nudges.append(NudgeSeen(nudge.rule, text, self.talk.space_time()))

    def hotwords(self) -> str:
        """Return words that recognition should know: topic, agenda, names."""
        view = self.space.view(self.house.clock.now())
        return hotwords(view.topic, view.agenda, self.names.values())

    def observe(self) -> RoomView:
        """Return one look at the room."""
        now = self.house.clock.now()
        return look(
            self.space.view(now),
            now,
            self.talk,
            self.ears,
            names=self.names,
            nudges=self._nudges,
            recogniser=self.recogniser(),
            captions_thread=self.captions.thread_id,
            trouble=self.enforcer.troubles.now,
        )

    def _look(self) -> SpaceView | None:
        now = self.house.clock.now()
        self.unheard.follow(self.ears, now)
        self._watch.follow(self.recogniser())
        self.captions.touch()
        self.host_panels.touch()
        space = self.inbox.space
        return space.view(now) if space.is_live else None

    def _voice_began(self, user_id: int) -> None:
        if not self.space.may_speak(user_id):
            self.enforcer.wake((user_id,))

    async def _keep_post(self, message_id: int) -> None:
        space_id, channel_id = self.space_id, self.channel_id
        await self.house.store.write(
            lambda db: posts.keep(db, space_id, "panel", channel_id, message_id)
        )
