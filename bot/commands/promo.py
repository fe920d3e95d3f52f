"""``/promo``: announce planned Spaces, and let outside tools know."""

from typing import Literal

import discord
from discord import app_commands

from bot.commands.plan import CHOICES, suggestions
from bot.planning.planner import Planner
from bot.promotion import preview
from bot.promotion.forms import HookForm, Texts, WordsForm
from bot.promotion.promoter import Promoter
from bot.promotion.rights import require_host, require_manager
from bot.promotion.webhooks import SECRET_LENGTH, refuse
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, language, patiently
from bot.texts.escape import plain
from bot.texts.wording import Params, Wording
from bot.tree import Tree
from moderation.store.campaigns import ChannelRow
from moderation.store.webhooks import WebhookRow
from scheduler.campaigns.campaign import CampaignState
from scheduler.plans import Plan


class PromoCommands(app_commands.Group):
    """Announcements of planned Spaces."""

    def __init__(
        self, promoter: Promoter, planner: Planner, words: Wording, tree: Tree
    ) -> None:
        super().__init__(name="promo", description="-")
        self._promoter = promoter
        self._planner = planner
        self._words = words
        self._tree = tree

    @app_commands.command(description="-")
    async def plan(self, interaction: AnyInteraction, plan: int) -> None:
        """Begin a campaign, or change its words: a form asks for them."""
        found = await self._mine(interaction, plan)
        known = await self._promoter.campaign(plan)

        async def submit(filled: AnyInteraction, words: Texts, teasers: Texts) -> None:
            by = filled.user.id
            begun = self._promoter.begin(plan, found.guild_id, by, words, teasers)
            await patiently(filled, begun)
            await self._show(filled, found)

        reader = language(interaction)
        form = WordsForm(self._words, reader, known, submit, self._tree.failed)
        await form.show(interaction)

    @app_commands.command(description="-")
    async def preview(self, interaction: AnyInteraction, plan: int) -> None:
        """Show what is going to be posted."""
        await self._show(interaction, await self._mine(interaction, plan))

    @app_commands.command(name="send-now", description="-")
    async def send_now(self, interaction: AnyInteraction, plan: int) -> None:
        """Announce out of turn."""
        found = await self._mine(interaction, plan)
        asked = self._promoter.announce_now(plan, found.guild_id)
        await patiently(interaction, asked)
        await self._say(interaction, "promo.asked")

    @app_commands.command(description="-")
    async def pause(self, interaction: AnyInteraction, plan: int) -> None:
        """Announce nothing for now."""
        await self._turn(interaction, plan, CampaignState.PAUSED)

    @app_commands.command(description="-")
    async def resume(self, interaction: AnyInteraction, plan: int) -> None:
        """Go on announcing."""
        await self._turn(interaction, plan, CampaignState.ACTIVE)

    @app_commands.command(description="-")
    async def cancel(self, interaction: AnyInteraction, plan: int) -> None:
        """Announce nothing any more."""
        await self._turn(interaction, plan, CampaignState.CANCELLED)

    @app_commands.command(description="-")
    async def ratio(self, interaction: AnyInteraction) -> None:
        """Show how much of the announcements is promotion."""
        settings = self._promoter.settings
        gauge = await self._promoter.ratio(interaction.guild_id or 0)
        reader = language(interaction)
        text = preview.ratio(self._words, reader, gauge, settings)
        days: Params = {"n": round(settings.promotion_days)}
        head = self._words.say(reader, "promo.ratio.head", days)
        none = self._words.say(reader, "promo.ratio.none")
        await answer(interaction, f"{head}\n{text or none}")

    @app_commands.command(name="channel-add", description="-")
    async def channel_add(
        self,
        interaction: AnyInteraction,
        channel: discord.TextChannel,
        language: Literal["en", "es"] = "en",
        role: discord.Role | None = None,
    ) -> None:
        """Announce in a channel, in a language, pinging a role or nobody."""
        guild_id = require_manager(interaction)
        if role is not None and role.is_default():
            raise Impossible("no_everyone")
        lacking = _lacking(channel)
        if lacking:
            raise Impossible("bot_lacks_there", channel=channel.id, permissions=lacking)
        role_id = None if role is None else role.id
        row = ChannelRow(guild_id, channel.id, language, role_id)
        await patiently(interaction, self._promoter.add_channel(row))
        silent = role is not None and not (
            role.mentionable
            or channel.permissions_for(channel.guild.me).mention_everyone
        )
        key = "promo.channel_added_silent" if silent else "promo.channel_added"
        await self._say(interaction, key, post_channel=channel.id, role=_role(role_id))

    @app_commands.command(name="channel-remove", description="-")
    async def channel_remove(self, interaction: AnyInteraction, place: str) -> None:
        """Announce in a channel no longer; it may be gone already."""
        guild_id = require_manager(interaction)
        rows = await self._promoter.channels(guild_id)
        # Anything may be typed, also numbers that no record could hold.
        known = {str(row.channel_id): row.channel_id for row in rows}
        found = place in known
        if found:
            dropped = self._promoter.drop_channel(guild_id, known[place])
            await patiently(interaction, dropped)
        key = "promo.channel_dropped" if found else "promo.channel_unknown"
        await self._say(interaction, key)

    @app_commands.command(description="-")
    async def channels(self, interaction: AnyInteraction) -> None:
        """Say where Spaces are announced, and how often at most."""
        rows = await self._promoter.channels(interaction.guild_id or 0)
        settings, reader = self._promoter.settings, language(interaction)
        caps: Params = {
            "n": settings.channel_cap,
            "pings": settings.role_cap,
            "window_s": settings.cap_window_h * 3600,
        }
        lines = [self._words.say(reader, "promo.caps", caps)]
        for row in rows:
            shown: Params = {
                "post_channel": row.channel_id,
                "language": row.language,
                "role": _role(row.role_id),
            }
            lines.append(self._words.say(reader, "promo.channel_line", shown))
        if not rows:
            lines.append(self._words.say(reader, "promo.nowhere"))
        await answer(interaction, "\n".join(lines))

    @app_commands.command(name="webhook-add", description="-")
    async def webhook_add(
        self, interaction: AnyInteraction, name: app_commands.Range[str, 1, 40]
    ) -> None:
        """Let an outside tool know: a form asks for address and secret."""
        guild_id, label = require_manager(interaction), plain(name, 40)

        async def submit(filled: AnyInteraction, url: str, secret: str) -> None:
            why = refuse(url, self._promoter.hook_settings)
            if why is not None:
                await self._say(filled, why)
                return
            row = WebhookRow(
                id=0,
                guild_id=guild_id,
                name=label,
                url=url,
                secret=secret,
                state="on",
                reason="",
                made_by=filled.user.id,
                made_at=self._planner.now(),
            )
            await patiently(filled, self._promoter.add_hook(row))
            await self._say(filled, "hook.added", name=label)

        form = HookForm(
            self._words, language(interaction), submit, self._tree.failed, SECRET_LENGTH
        )
        await form.show(interaction)

    @app_commands.command(name="webhook-remove", description="-")
    async def webhook_remove(self, interaction: AnyInteraction, name: str) -> None:
        """Forget an outside tool and its secret."""
        guild_id = require_manager(interaction)
        dropped = self._promoter.drop_hook(guild_id, name)
        found = await patiently(interaction, dropped)
        key = "hook.dropped" if found else "hook.unknown"
        await self._say(interaction, key, name=name)

    @app_commands.command(description="-")
    async def webhooks(self, interaction: AnyInteraction) -> None:
        """List the outside tools, without address and secret."""
        guild_id, reader = require_manager(interaction), language(interaction)
        lines = [
            self._words.say(
                reader, f"hook.{row.state}", {"name": row.name, "reason": row.reason}
            )
            for row in await self._promoter.hooks(guild_id)
        ]
        none = self._words.say(reader, "hook.none")
        await answer(interaction, "\n".join(lines) or none)

    @plan.autocomplete("plan")
    @preview.autocomplete("plan")
    @send_now.autocomplete("plan")
    @pause.autocomplete("plan")
    @resume.autocomplete("plan")
    @cancel.autocomplete("plan")
    async def _plans(
        self, interaction: AnyInteraction, typed: str
    ) -> list[app_commands.Choice[int]]:
        return await suggest(self._planner, interaction, typed)

    @channel_remove.autocomplete("place")
    async def _places(
        self, interaction: AnyInteraction, typed: str
    ) -> list[app_commands.Choice[str]]:
        guild = interaction.guild
        found = []
        for row in await self._promoter.channels(interaction.guild_id or 0):
            channel = guild.get_channel(row.channel_id) if guild else None
            name = f"#{channel.name}" if channel else f"({row.channel_id})"
            if typed.casefold() in name.casefold():
                choice = app_commands.Choice(name=name[:100], value=str(row.channel_id))
                found.append(choice)
        return found[:CHOICES]

    async def _mine(self, interaction: AnyInteraction, plan_id: int) -> Plan:
        plan = await self._promoter.plan(plan_id, interaction.guild_id or 0)
        require_host(interaction, plan)
        return plan

    async def _turn(
        self, interaction: AnyInteraction, plan_id: int, state: CampaignState
    ) -> None:
        plan = await self._mine(interaction, plan_id)
        turned = self._promoter.turn(plan_id, plan.guild_id, state)
        await patiently(interaction, turned)
        await self._show(interaction, plan)

    async def _show(self, interaction: AnyInteraction, plan: Plan) -> None:
        reader = language(interaction)
        outlook = await self._promoter.outlook(plan.id, plan.guild_id)
        settings = self._promoter.settings
        text = preview.preview(self._words, reader, outlook, settings)
        await answer(interaction, text, preview.buttons(self._words, reader, outlook))

    async def _say(
        self, interaction: AnyInteraction, key: str, **params: str | int
    ) -> None:
        text = self._words.say(language(interaction), key, params)
        await answer(interaction, text)


async def suggest(
    planner: Planner, interaction: AnyInteraction, typed: str
) -> list[app_commands.Choice[int]]:
    """Offer the guild's plans that match what is typed."""
    return await suggestions(planner)(interaction, typed)


def _lacking(channel: discord.TextChannel) -> str:
    may = channel.permissions_for(channel.guild.me)
    needed = {
        "view_channel": may.view_channel,
        "send_messages": may.send_messages,
        "read_message_history": may.read_message_history,
    }
    return ", ".join(name for name, granted in needed.items() if not granted)


def _role(role_id: int | None) -> str | int:
    return "–" if role_id is None else role_id
