"""``/space review``: a private link to the review page."""

from typing import Any

from discord import app_commands

from bot.door import Door
from bot.page.service import PageService
from bot.page.tickets import Viewer
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, language
from bot.rooms.seeing import is_moderator


def review_command(
    door: Door, page: PageService
) -> app_commands.Command[Any, ..., Any]:
    """Return the command; moderators of the guild may use it."""

    @app_commands.command(description="-")
    async def review(interaction: AnyInteraction) -> None:
        """Answer with a link that works once."""
        if not page.is_on:
            raise Impossible("no_page")
        if interaction.guild_id is None or not is_moderator(interaction.user):
            raise Impossible("not_moderator")
        reader = language(interaction)
        viewer = Viewer(
            user_id=interaction.user.id,
            guild_id=interaction.guild_id,
            name=interaction.user.display_name,
            language=reader,
        )
        text = door.wording.say(reader, "review.link")
        await answer(interaction, f"{text}\n{page.link(viewer)}")

    return review
