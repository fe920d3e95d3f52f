"""Effects become Discord calls: one method per effect, in the order they came.

Effects are safe to lose: one that Discord refuses is logged and the next one runs.
What must become true (who may speak) is the enforcer's, what is shown is the live
post's; both are only woken here.
"""

import asyncio
import logging
from collections.abc import Sequence

import discord

from bot.client import Press
from bot.faults import named
from bot.panel.buttons import SpaceButton, offered, row
from bot.panel.prompts import Prompts
from bot.rooms import consent, rules
from bot.rooms.parts import Parts
from bot.talk.cues import Cues
from bot.texts.escape import harmless
from bot.texts.language import Language
from moderation import effects as fx
from moderation.events import HandRaised, NudgeSent
from moderation.store import nudges
from moderation.store.database import StoreError

log = logging.getLogger(__name__)


class Actions:
    """Carries out the effects of one Space."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._queue: asyncio.Queue[fx.Effect] = asyncio.Queue()
        self._prompts = Prompts(parts)
        self._cues = Cues(parts.ears.play, parts.venue, self.perform)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to carry out; call it on the event loop."""
        self._task = asyncio.create_task(self._run(), name="room-actions")

    async def stop(self) -> None:
        """Carry out what is queued, then stop."""
        if self._task is None:
            return
        await self._queue.join()
        await self._cues.stop()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None

    def perform(
        self, effects: Sequence[fx.Effect], shown_to: int | None = None
    ) -> None:
        """Take effects; ``shown_to`` has read the words that are for them already."""
        for effect in effects:
            match effect:
                case fx.UpdatePanel():
                    self._parts.touch()
                case fx.Reconcile(user_ids):
                    self._parts.enforcer.wake(user_ids)
                case fx.SetConsent(user_id, level):
                    self._parts.ears.set_consent(user_id, level)
                case fx.Tell(user_id=user_id) if user_id == shown_to:
                    pass
                case (
                    fx.Explained() | fx.OpenCase() | fx.ReverseCase() | fx.WishRefused()
                ):
                    pass  # kept with the fact itself
                case _:
                    self._queue.put_nowait(effect)

    async def _run(self) -> None:
        while True:
            effect = await self._queue.get()
            try:
                await self._do(effect)
            except StoreError as error:
                log.error("space %s: %s", self._parts.space_id, error)
            except Exception as error:  # noqa: BLE001 (whosesoever: the next have to run)
                self._failed(effect, error)
            finally:
                self._queue.task_done()

    def _failed(self, effect: fx.Effect, error: Exception) -> None:
        log.warning(
            "space %s: %s failed: %s",
            self._parts.space_id,
            type(effect).__name__,
            named(error),
        )

    async def _do(self, effect: fx.Effect) -> None:
        parts = self._parts
        match effect:
            case fx.Tell(key=rules.GATE, user_id=user_id):
                await self._ask_rules(effect, user_id)
            case fx.Tell(user_id=user_id):
                await self._tell(effect, user_id, effect.offers, user_id)
            case fx.TellHosts(offers=offers):
                for user_id in self._hosts(effect):
                    await self._tell(effect, user_id, offers, effect.target)
            case fx.Announce(key, params=params, ping=ping, offers=offers):
                words, reader = parts.house.wording, parts.language
                view = offered(parts.space_id, words, reader, offers, None)
                await self._announce(parts.say(key, params), ping, view)
            case fx.PromptInvitation():
                await self._prompts.invite(effect)
            case fx.DropInvitation(user_id):
                await self._prompts.drop(user_id)
            case fx.Disconnect(user_id):
                await self._put_out(user_id)
            case fx.AskConsent(user_ids):
                await self._ask_consent(user_ids)
            case fx.StartRecording():
                parts.ears.record(True)
            case fx.PauseRecording() | fx.StopRecording():
                parts.ears.record(False)
            case fx.StartTranscript():
                parts.ears.transcribe(True)
            case fx.StopTranscript():
                parts.ears.transcribe(False)
            case fx.StartCaptions(channel_id):
                await parts.captions.start(channel_id)
            case fx.StopCaptions():
                await parts.captions.stop()
            case fx.ShowTopic(topic):
                await parts.venue.show_topic(topic)
            case fx.Nudge():
                await self._nudge(effect)
            case fx.EndRoom(reason):
                parts.end(reason)
            case fx.PlayTone(tone):
                self._cues.play(tone)
            case _:
                log.error("no action for %s", type(effect).__name__)

    async def _tell(
        self,
        words: fx.Tell | fx.TellHosts,
        reader_id: int,
        offers: Sequence[str],
        target: int | None,
    ) -> None:
        parts, reader = self._parts, self._language(reader_id)
        wording = parts.house.wording
        text = wording.say_to(reader_id, reader, words.key, words.params)
        view = offered(parts.space_id, wording, reader, offers, target)
        await parts.courier.bring(reader_id, text, view)

    async def _ask_rules(self, words: fx.Tell, user_id: int) -> None:
        """Answer a request to speak that was made in Discord's own interface."""
        parts = self._parts
        known = await parts.rules.remembered(user_id)
        if known is not None:
            # Nobody waits for the inbox here: while a room closes it is emptied first.
            parts.notice(known)
            parts.notice(HandRaised(user_id))
            return
        question = await parts.rules.question(user_id, self._language(user_id))
        if question is None:
            await self._tell(words, user_id, words.offers, user_id)
        else:
            await parts.courier.bring(user_id, *question)

    async def _ask_consent(self, user_ids: Sequence[int]) -> None:
        """Ask those of whom the ledger knows no answer that holds here."""
        known = await consent.recall(self._parts, user_ids) if user_ids else ()
        await self._prompts.ask_consent([u for u in user_ids if u not in known])

    async def _put_out(self, user_id: int) -> None:
        try:
            await self._parts.venue.disconnect(user_id)
        except discord.Forbidden:
            lacks: fx.Params = {
                "user_id": user_id,
                "permission_key": "permission.move_members",
            }
            self.perform([fx.TellHosts("enforce.cannot_put_out", params=lacks)])

    def _hosts(self, words: fx.TellHosts) -> Sequence[int]:
        """Return who runs the Space; moderators where nobody else may read it."""
        hidden = words.hidden_from
        staff = [one for one in self._parts.staff() if one != hidden]
        if staff or hidden is None:
            return staff
        here = self._parts.space.state.people.present()
        return [m.user_id for m in here if m.moderator and m.user_id != hidden]

    async def _announce(
        self, text: str, ping: int | None, view: discord.ui.View | None = None
    ) -> discord.Message:
        mentions = discord.AllowedMentions.none()
        if ping is not None:
            mentions = discord.AllowedMentions(users=[discord.Object(ping)])
        channel = self._parts.venue.channel
        if view is None:
            return await channel.send(text, allowed_mentions=mentions)
        return await channel.send(text, view=view, allowed_mentions=mentions)

    async def _nudge(self, effect: fx.Nudge) -> None:
        parts = self._parts
        new = nudges.NewNudge(
            space_id=parts.space_id,
            rule=effect.rule,
            step=effect.audience.value,
            at=parts.house.clock.now(),
            user_id=effect.user_id,
            evidence={
                "key": effect.key,
                "params": dict(effect.params),
                "score": effect.score,
                "lines": list(effect.evidence),
            },
        )
        nudge_id = await parts.house.store.write(lambda db: nudges.record(db, new))
        parts.notice(NudgeSent(nudge_id, effect.rule, effect.user_id))
        parts.nudged(effect)
        await self._show_nudge(effect, nudge_id)

    async def _show_nudge(self, effect: fx.Nudge, nudge_id: int) -> None:
        parts = self._parts

        def worded(reader: Language | None) -> tuple[str, discord.ui.View | None]:
            lines = [parts.say(effect.key, effect.params, reader)]
            lines += [f"> {harmless(line)}" for line in effect.evidence[:2]]
            buttons = [
                SpaceButton(
                    Press("nudge", parts.space_id, f"{nudge_id}.{choice}"),
                    parts.say(f"choice.{choice}", {}, reader),
                )
                for choice in effect.choices
            ]
            return "\n".join(lines), row(*buttons) if buttons else None

        match effect.audience:
            case fx.Audience.ROOM:
                text, view = worded(None)
                await self._announce(text, None, view)
            case fx.Audience.MEMBER if effect.user_id is not None:
                text, view = worded(self._language(effect.user_id))
                await parts.courier.bring(effect.user_id, text, view)
            case _:
                for user_id in parts.staff():
                    text, view = worded(self._language(user_id))
                    await parts.courier.bring(user_id, text, view)

    def _language(self, user_id: int) -> Language:
        return self._parts.courier.language(user_id, self._parts.language)
