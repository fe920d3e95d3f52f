"""Campaigns: one method per thing that a person can ask for.

Every change is written down before anybody hears of it, and the dispatch is told
after; what is not allowed raises ``PlanRefused`` with its text key.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlite_utils import Database

from bot.promotion.gathered import Gathered, gather
from bot.promotion.outlook import Outlook, look
from moderation.store import campaigns as rows
from moderation.store import errands as ledger
from moderation.store import webhooks as hooks
from moderation.store.campaigns import ChannelRow
from moderation.store.database import Store
from moderation.store.webhooks import WebhookRow
from scheduler.campaigns.campaign import (
    Campaign,
    CampaignState,
    Target,
    request,
    turn,
    with_texts,
)
from scheduler.campaigns.gauge import Gauge
from scheduler.campaigns.settings import CampaignSettings, WebhookSettings
from scheduler.clockwork import errand_records, records
from scheduler.clockwork.dispatch import Dispatch
from scheduler.clockwork.errand_records import Choices
from scheduler.guests.guest import require_open
from scheduler.plans import Plan, PlanRefused

DAY_S = 86400.0


class Promoter:
    """The campaigns of every guild."""

    def __init__(
        self,
        store: Store,
        dispatch: Dispatch,
        now: Callable[[], float],
        choices: Choices,
        hook_settings: WebhookSettings,
    ) -> None:
        """``now`` is the wall clock in Unix seconds."""
        self._store = store
        self._dispatch = dispatch
        self._now = now
        self._choices = choices
        self.hook_settings = hook_settings

    @property
    def settings(self) -> CampaignSettings:
        """What the organiser chose."""
        return self._choices.campaigns

    async def plan(self, plan_id: int, guild_id: int) -> Plan:
        """Return a plan of the guild. Raises PlanRefused."""
        return await self._store.read(lambda db: _plan(db, plan_id, guild_id))

    async def campaign(self, plan_id: int) -> Campaign | None:
        """Return the plan's campaign, or None."""
        return await self._store.read(lambda db: errand_records.campaign(db, plan_id))

    async def begin(
        self,
        plan_id: int,
        guild_id: int,
        by: int,
        words: Mapping[str, str],
        teasers: Mapping[str, str],
    ) -> Campaign:
        """Begin a campaign in the guild's channels, or change its texts and channels.

        Raises PlanRefused where there is nowhere to announce.
        """
        now = self._now()

        def keep(db: Database) -> Campaign:
            plan = _plan(db, plan_id, guild_id)
            require_open(plan)
            targets = tuple(
                Target(row.channel_id, row.language, row.role_id)
                for row in rows.channels(db, guild_id)
            )
            if not targets and not hooks.of_guild(db, guild_id):
                raise PlanRefused("promo.nowhere")
            old = errand_records.campaign(db, plan_id)
            if old is None or old.state is CampaignState.CANCELLED:
                old = Campaign(plan_id=plan_id, guild_id=guild_id, made_at=now, by=by)
            made = with_texts(replace(old, targets=targets), words, teasers)
            return errand_records.keep(db, made)

        return await self._changed(plan_id, keep)

    async def turn(self, plan_id: int, guild_id: int, state: CampaignState) -> Campaign:
        """Pause, resume or cancel a campaign. Raises PlanRefused."""
        now = self._now()

        def keep(db: Database) -> Campaign:
            found = _campaign(db, plan_id, guild_id)
            return errand_records.keep(db, turn(found, state, now))

        return await self._changed(plan_id, keep)

    async def announce_now(self, plan_id: int, guild_id: int) -> Campaign:
        """Announce out of turn, within the caps. Raises PlanRefused."""
        now = self._now()

        def keep(db: Database) -> Campaign:
            require_open(_plan(db, plan_id, guild_id))
            found = _campaign(db, plan_id, guild_id)
            return errand_records.keep(db, request(found, now))

        return await self._changed(plan_id, keep)

    async def outlook(self, plan_id: int, guild_id: int) -> Outlook:
        """Return how the campaign will go. Raises PlanRefused where there is none."""
        now = self._now()
        return await self._store.read(
            lambda db: look(db, _campaign(db, plan_id, guild_id), self._choices, now)
        )

    async def ratio(self, guild_id: int) -> Gauge:
        """Return the gauge of everything announced in the guild lately."""
        since = self._now() - self.settings.promotion_days * DAY_S
        sent = await self._store.read(lambda db: ledger.announced(db, guild_id, since))
        return sum((Gauge(row.words, row.promotion) for row in sent), Gauge())

    async def channels(self, guild_id: int) -> list[ChannelRow]:
        """Return where the guild announces."""
        return await self._store.read(lambda db: rows.channels(db, guild_id))

    async def add_channel(self, channel: ChannelRow) -> None:
        """Announce in a channel from the next campaign on. Raises PlanRefused."""
        most = self.settings.channels

        def keep(db: Database) -> None:
            known = {row.channel_id for row in rows.channels(db, channel.guild_id)}
            if channel.channel_id not in known and len(known) >= most:
                raise PlanRefused("promo.too_many", n=most)
            rows.set_channel(db, channel)

        await self._store.write(keep)

    async def drop_channel(self, guild_id: int, channel_id: int) -> bool:
        """Announce in a channel no longer, campaigns under way included."""

        def drop(db: Database) -> tuple[bool, list[int]]:
            found = rows.drop_channel(db, guild_id, channel_id)
            touched = []
            for one in errand_records.campaigns_of(db, guild_id):
                left = tuple(t for t in one.targets if t.channel_id != channel_id)
                if left != one.targets:
                    errand_records.keep(db, replace(one, targets=left))
                    touched.append(one.plan_id)
            return found, touched

        found, touched = await self._store.write(drop)
        for plan_id in touched:
            await self._dispatch.changed(plan_id)
        return found

    async def add_hook(self, hook: WebhookRow) -> None:
        """Call an outside tool from now on. Raises PlanRefused."""
        most = self.hook_settings.per_guild

        def keep(db: Database) -> list[int]:
            names = {row.name for row in hooks.of_guild(db, hook.guild_id)}
            if hook.name not in names and len(names) >= most:
                raise PlanRefused("hook.too_many", n=most)
            hooks.add(db, hook)
            return [c.plan_id for c in errand_records.campaigns_of(db, hook.guild_id)]

        for plan_id in await self._store.write(keep):
            await self._dispatch.changed(plan_id)

    async def drop_hook(self, guild_id: int, name: str) -> bool:
        """Forget an outside tool with its secret; False where there is none."""
        found, touched = await self._store.write(
            lambda db: (
                hooks.drop(db, guild_id, name),
                [c.plan_id for c in errand_records.campaigns_of(db, guild_id)],
            )
        )
        for plan_id in touched:
            await self._dispatch.changed(plan_id)
        return found

    async def hooks(self, guild_id: int) -> list[WebhookRow]:
        """Return the outside tools of a guild."""
        return await self._store.read(lambda db: hooks.of_guild(db, guild_id))

    async def gathered(self, plan_id: int) -> Gathered | None:
        """Return a plan with everything that belongs to it."""
        return await self._store.read(lambda db: gather(db, plan_id))

    async def _changed(
        self, plan_id: int, keep: Callable[[Database], Campaign]
    ) -> Campaign:
        kept = await self._store.write(keep)
        await self._dispatch.changed(plan_id)
        return kept


def _plan(db: Database, plan_id: int, guild_id: int) -> Plan:
    plan = records.get(db, plan_id)
    if plan is None or plan.guild_id != guild_id:
        raise PlanRefused("plan.unknown")
    return plan


def _campaign(db: Database, plan_id: int, guild_id: int) -> Campaign:
    _plan(db, plan_id, guild_id)
    found = errand_records.campaign(db, plan_id)
    if found is None:
        raise PlanRefused("promo.no_campaign")
    return found
