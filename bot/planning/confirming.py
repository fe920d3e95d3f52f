"""Asking before planning: a private card with what was understood, and its buttons.

Nothing is made or posted before Confirm.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import discord

from bot.client import Press
from bot.planning import question
from bot.planning.drafts import DROPPED, PLANNED, Draft, Drafts
from bot.planning.forms import PlanForm, Typed
from bot.planning.planner import Planner
from bot.planning.question import CHANGE, CONFIRM, DROP, MEANT
from bot.presses import Answers, OnError
from bot.replies import AnyInteraction, answer, language
from bot.texts.wording import Params, Wording
from scheduler.autostart import hosted_by
from scheduler.ending import end_day, last_day
from scheduler.extras import NOTHING, Extras
from scheduler.occurrences import repeating
from scheduler.plans import Plan, PlanRefused, clone
from scheduler.when.reading import Reading, read
from scheduler.when.zones import zone as zone_of

Show = Callable[[int], Awaitable[str | None]]
"""Lets a plan's card show it; returns the key of the text that says why it does not."""


class Confirming:
    """Takes the buttons of drafts."""

    def __init__(
        self,
        planner: Planner,
        show: Show,
        words: Wording,
        failed: OnError,
    ) -> None:
        self._planner = planner
        self.show = show
        self._words = words
        self._failed = failed
        self._drafts = Drafts()

    def read(self, when: str, time_zone: str, day_of: date | None = None) -> Reading:
        """Read a time as it is typed now. Raises NotATimeError.

        An hour without a day is that of ``day_of``, where something is changed. What
        is too far ahead to be planned is not meant where something else may be.
        """
        now = datetime.fromtimestamp(self._planner.now(), UTC)
        found = read(when, now, zone_of(time_zone), day_of)
        end = now + timedelta(days=self._planner.settings.days_ahead)
        near = [at for at in (found.at, *found.others) if at <= end]
        return Reading(near[0], tuple(near[1:])) if near else found

    def read_for(self, plan: Plan, when: str) -> Reading:
        """Read a new time of a plan; an hour alone is on its day."""
        at = datetime.fromtimestamp(plan.starts_at, zone_of(plan.zone))
        return self.read(when, plan.zone, at.date())

    async def ask(
        self,
        interaction: AnyInteraction,
        plan: Plan,
        when: str,
        repeat: str | None,
        *,
        until: str = "",
        extras: Extras = NOTHING,
        note: str = "",
    ) -> None:
        """Show what was understood. Raises PlanRefused or NotATimeError.

        The plan gets the ``extras``, and ``note`` says what that is.
        """
        typed = Draft(
            id=interaction.id,
            plan=plan,
            repeat=repeat,
            when=when,
            until=until,
            extras=extras,
            note=note,
        )
        draft = self._timed(typed)
        text, view = await self._card(interaction, draft)
        self._drafts.keep(draft)
        await answer(interaction, text, view)

    async def ask_again(
        self, interaction: AnyInteraction, plan: Plan, when: str
    ) -> None:
        """Ask the same for a plan like another one, hosted by who wants it."""
        again = replace(
            hosted_by(clone(plan, plan.starts_at), interaction.user.id),
            post_channel_id=interaction.channel_id,
        )
        await self.ask(interaction, again, when, None)

    def answers(self) -> Answers:
        """Return what the buttons of drafts do."""
        return {
            CONFIRM: self._confirm,
            CHANGE: self._change,
            DROP: self._drop,
            MEANT: self._meant,
        }

    async def _confirm(self, interaction: AnyInteraction, press: Press) -> None:
        draft = self._drafts.decide(press.space_id, PLANNED)
        try:
            await interaction.response.defer()
            _require_place(interaction, draft.plan)
            plans = await self._planner.schedule(
                draft.plan, draft.repeat, draft.extras, draft.last_day
            )
        except BaseException:
            self._drafts.give_back(draft)
            raise
        await self._planner.hangs_in(plans[0], interaction.user.display_name)
        trouble = await self.show(plans[0].id)
        await self._close(interaction, "plan.scheduled", plans[0], trouble)

    async def _drop(self, interaction: AnyInteraction, press: Press) -> None:
        draft = self._drafts.decide(press.space_id, DROPPED)
        await interaction.response.defer()
        await self._close(interaction, DROPPED, draft.plan)

    async def _close(
        self,
        interaction: AnyInteraction,
        key: str,
        plan: Plan,
        trouble: str | None = None,
    ) -> None:
        params: Params = {
            "topic": plan.topic,
            "starts_at": plan.starts_at,
            "post_channel": plan.post_channel_id,
        }
        keys = [key] if trouble is None else [f"{key}_unseen", trouble]
        reader = language(interaction)
        lines = [self._words.say(reader, one, params) for one in keys]
        await interaction.edit_original_response(content="\n".join(lines), view=None)

    async def _meant(self, interaction: AnyInteraction, press: Press) -> None:
        draft = self._drafts.get(press.space_id)
        number = int(press.arg)
        if number >= len(draft.others):
            raise PlanRefused("plan.ask.too_old")  # changed since that button was made
        others = list(draft.others)
        others[number] = draft.plan.starts_at
        plan = replace(draft.plan, starts_at=draft.others[number])
        meant = replace(draft, plan=plan, others=tuple(others))
        await self._show(interaction, self._ended(meant))

    async def _change(self, interaction: AnyInteraction, press: Press) -> None:
        draft = self._drafts.get(press.space_id)

        async def submit(sent: AnyInteraction, typed: Typed) -> None:
            now = self._drafts.get(draft.id)
            plan = replace(
                now.plan,
                topic=typed.topic,
                minutes=typed.minutes,
                zone=typed.zone,
            )
            changed = replace(now, plan=plan, when=typed.when)
            await self._show(sent, self._timed(changed))

        form = PlanForm(self._words, language(interaction), draft, submit, self._failed)
        await form.show(interaction)

    async def _show(self, interaction: AnyInteraction, draft: Draft) -> None:
        """Show a changed draft in place of the one that was there."""
        text, view = await self._card(interaction, draft)
        self._drafts.keep(draft)
        await interaction.response.edit_message(content=text, view=view)

    async def _card(
        self, interaction: AnyInteraction, draft: Draft
    ) -> tuple[str, discord.ui.View]:
        outlook = await self._planner.look_ahead(
            draft.plan, draft.repeat, draft.last_day
        )
        reader = language(interaction)
        return (
            question.text(
                self._words,
                reader,
                draft,
                outlook,
                unseen=not _may_write(interaction),
            ),
            question.buttons(self._words, reader, draft, outlook),
        )

    def _timed(self, draft: Draft) -> Draft:
        meant = self.read(draft.when, draft.plan.zone)
        timed = replace(
            draft,
            plan=replace(
                draft.plan,
                starts_at=meant.at.timestamp(),
                zone=zone_of(draft.plan.zone).key,
            ),
            others=tuple(other.timestamp() for other in meant.others),
        )
        return self._ended(timed)

    def _ended(self, draft: Draft) -> Draft:
        """Return the draft with the day that ends its series."""
        if not draft.until:
            return draft
        if draft.repeat is None:
            raise PlanRefused("series.until_alone")
        first = datetime.fromtimestamp(draft.plan.starts_at, UTC)
        rule = repeating(draft.repeat, first, draft.plan.zone)
        now = datetime.fromtimestamp(self._planner.now(), UTC)
        return replace(draft, last_day=last_day(draft.until, rule, now))

    def read_end(self, plan: Plan, until: str) -> date:
        """Read the last day of a plan's series, typed anew. Raises NotATimeError."""
        now = datetime.fromtimestamp(self._planner.now(), UTC)
        day = datetime.fromtimestamp(plan.starts_at, zone_of(plan.zone)).date()
        return end_day(until, plan.zone, now, day)


def _require_place(interaction: AnyInteraction, plan: Plan) -> None:
    """Refuse a plan whose channel was deleted since it was asked for."""
    guild = interaction.guild
    if guild is not None and guild.get_channel(plan.channel_id) is None:
        raise PlanRefused("plan.ask.no_place")


def _may_write(interaction: AnyInteraction) -> bool:
    """Say whether the bot may post in the channel where it was asked."""
    may = interaction.app_permissions
    if isinstance(interaction.channel, discord.Thread):
        return may.view_channel and may.send_messages_in_threads
    return may.view_channel and may.send_messages
