"""Effects become Discord calls: one method per effect, in the order they came.

Effects are safe to lose: one that Discord refuses is logged and the next one runs.
What must become true (who may speak) is the enforcer's, what is shown is the live
post's; both are only woken here.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from typing import Protocol

import discord
from sqlite_utils import Database

from bot.client import Press
from bot.courier import Courier
from bot.ears import Ears
from bot.enforcer import Enforcer
from bot.house import House
from bot.panel.buttons import SpaceButton, row
from bot.texts.escape import harmless
from bot.texts.language import Language
from bot.texts.wording import Params
from bot.venue import Venue
from moderation import effects as fx
from moderation.events import Answer, EndReason, Event, NudgeSent
from moderation.settings import RoomKind
from moderation.store import audit, cases, nudges, posts
from moderation.store.database import StoreError

log = logging.getLogger(__name__)

Style = discord.ButtonStyle

ANSWER_STYLES = {
    Answer.ACCEPTED: Style.success,
    Answer.LATER: Style.secondary,
    Answer.DECLINED: Style.secondary,
}


class Parts(Protocol):
    """What actions need of the room that they belong to."""

    house: House
    venue: Venue
    courier: Courier
    ears: Ears
    enforcer: Enforcer
    language: Language
    """Of what the whole room reads."""

    @property
    def space_id(self) -> int:
        """The Space's id."""

    @property
    def guild_id(self) -> int:
        """The guild's id."""

    def say(
        self, key: str, params: Params | None = None, reader: Language | None = None
    ) -> str:
        """Word a text for a reader, or for the room."""

    def staff(self) -> tuple[int, ...]:
        """Return the host and co-hosts."""

    def touch(self) -> None:
        """Say that the panel may have changed."""

    def notice(self, event: Event) -> None:
        """Put a fact into the inbox."""

    def nudged(self, nudge: fx.Nudge) -> None:
        """Remember a nudge for whoever watches."""

    def end(self, reason: EndReason) -> None:
        """Begin to close the room."""


class Actions:
    """Carries out the effects of one Space."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._queue: asyncio.Queue[fx.Effect] = asyncio.Queue()
        self._asked: set[int] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to carry out; call it on the event loop."""
        self._task = asyncio.create_task(self._run(), name="room-actions")

    async def stop(self) -> None:
        """Carry out what is queued, then stop."""
        if self._task is None:
            return
        await self._queue.join()
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
                case _:
                    self._queue.put_nowait(effect)

    async def _run(self) -> None:
        while True:
            effect = await self._queue.get()
            try:
                await self._do(effect)
            except discord.HTTPException as error:
                log.warning(
                    "space %s: %s failed: %s (code %s)",
                    self._parts.space_id,
                    type(effect).__name__,
                    error.status,
                    error.code,
                )
            except StoreError as error:
                log.error("space %s: %s", self._parts.space_id, error)
            finally:
                self._queue.task_done()

    async def _do(self, effect: fx.Effect) -> None:
        parts = self._parts
        match effect:
            case fx.Tell(key, params=params, user_id=user_id):
                text = parts.say(key, params, self._language(user_id))
                await parts.courier.bring(user_id, text)
            case fx.TellHosts(key, params=params):
                await self._tell_hosts(key, params)
            case fx.Announce(key, params=params, ping=ping):
                await self._announce(parts.say(key, params), ping)
            case fx.PromptInvitation():
                await self._prompt(effect)
            case fx.DropInvitation(user_id):
                await self._drop(user_id)
            case fx.Disconnect(user_id):
                await parts.venue.disconnect(user_id)
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
            case fx.ShowTopic(topic):
                await parts.venue.show_topic(topic)
            case fx.Nudge():
                await self._nudge(effect)
            case fx.EndRoom(reason):
                parts.end(reason)
            case _:
                await self._keep(effect)

    async def _keep(self, effect: fx.Effect) -> None:
        parts = self._parts
        store, now = parts.house.store, parts.house.clock.now()
        match effect:
            case fx.Explained(key, params=params, user_id=user_id, by=by):
                deed = audit.AuditRow(
                    guild_id=parts.guild_id,
                    space_id=parts.space_id,
                    actor_id=by,
                    action=key,
                    subject="" if user_id is None else f"member {user_id}",
                    at=now,
                    body=dict(params),
                )
                await store.write(lambda db: audit.record(db, deed))
            case fx.OpenCase(number, action, user_id, by, reason, until):
                case = cases.NewCase(
                    guild_id=parts.guild_id,
                    user_id=user_id,
                    action=action.value,
                    at=now,
                    space_id=parts.space_id,
                    moderator_id=by,
                    reason=reason,
                    expires_at=until,
                    body={"number": number},
                )
                await store.write(lambda db: cases.open_(db, case))
            case fx.ReverseCase(number, by):
                await store.write(
                    lambda db: _reverse(db, parts.space_id, number, by, now)
                )
            case fx.PlayTone():
                parts.ears.play(effect.tone)
            case _:
                log.error("no action for %s", type(effect).__name__)

    async def _tell_hosts(self, key: str, params: fx.Params) -> None:
        for user_id in self._parts.staff():
            text = self._parts.say(key, params, self._language(user_id))
            await self._parts.courier.bring(user_id, text)

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

    async def _prompt(self, effect: fx.PromptInvitation) -> None:
        parts = self._parts
        buttons = [
            SpaceButton(
                Press("answer", parts.space_id, f"{effect.user_id}.{answer.value}"),
                parts.say(f"button.{answer.value}"),
                style=ANSWER_STYLES[answer],
            )
            for answer in effect.answers
        ]
        text = parts.say(
            "line.invited_stage"
            if parts.venue.kind is RoomKind.STAGE
            else "line.invited",
            {"user_id": effect.user_id, "until_at": effect.until},
        )
        if effect.note:
            text += "\n" + parts.say("line.invited_note", {"note": effect.note})
        message = await self._announce(text, effect.user_id, row(*buttons))
        space_id, kind = parts.space_id, _invitation(effect.user_id)
        await parts.house.store.write(
            lambda db: posts.keep(db, space_id, kind, message.channel.id, message.id)
        )

    async def _drop(self, user_id: int) -> None:
        parts, kind = self._parts, _invitation(user_id)
        kept = await parts.house.store.read(
            lambda db: posts.of_space(db, parts.space_id)
        )
        if kind not in kept:
            return
        message = parts.venue.channel.get_partial_message(kept[kind].message_id)
        with contextlib.suppress(discord.NotFound):
            await message.delete()
        await parts.house.store.write(lambda db: posts.forget(db, parts.space_id, kind))

    async def _ask_consent(self, user_ids: Sequence[int]) -> None:
        parts = self._parts
        unasked = [user_id for user_id in user_ids if user_id not in self._asked]
        if not unasked:
            return
        self._asked.update(unasked)
        button = SpaceButton(
            Press("consent", parts.space_id),
            parts.say("button.consent"),
            style=Style.primary,
        )
        names = " ".join(f"<@{user_id}>" for user_id in unasked[:20])
        await parts.venue.channel.send(
            parts.say("line.consent_asked") + (f"\n{names}" if names else ""),
            view=row(button),
            allowed_mentions=discord.AllowedMentions.none(),
        )

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


def _invitation(user_id: int) -> str:
    """Return the kind of post that invites a member."""
    return f"invitation {user_id}"


def _reverse(db: Database, space_id: int, number: int, by: int, at: float) -> None:
    for case in cases.of_space(db, space_id):
        if case.body.get("number") == number:
            cases.reverse(db, case.id, by, at)
