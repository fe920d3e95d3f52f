"""``/space reminders``: where this server is reminded of planned Spaces."""

from typing import Any

from discord import app_commands

from bot.door import Door
from bot.planning.posting import IN_THREAD
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, defer, language
from bot.rooms.seeing import is_moderator
from moderation.store import guilds


def reminders_command(door: Door) -> app_commands.Command[Any, ..., Any]:
    """Return the command, for moderators."""

    @app_commands.command(description="-")
    async def reminders(interaction: AnyInteraction, thread: bool) -> None:
        """Choose between a thread on each card and the channel itself."""
        if interaction.guild_id is None or not is_moderator(interaction.user):
            raise Impossible("may_not_set")
        guild_id, store = interaction.guild_id, door.rooms.house.store
        await defer(interaction)
        await store.write(
            lambda db: guilds.set_settings(db, guild_id, {IN_THREAD: thread})
        )
        key = "plan.reminders.thread" if thread else "plan.reminders.channel"
        await answer(interaction, door.wording.say(language(interaction), key))

    return reminders
