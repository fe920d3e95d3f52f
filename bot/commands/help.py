"""``/help``: what one can do here."""

from typing import Literal

from discord import app_commands

from bot.door import Door
from bot.replies import AnyInteraction, answer, language

About = Literal["members", "hosts", "before", "chat", "privacy"]


def help_command(door: Door) -> app_commands.Command[None, ..., None]:  # type: ignore[type-var]  # discord.py types a free command's binding as None
    """Return the command; its pages are texts of the catalogue."""

    @app_commands.command(name="help", description="-")
    async def show(interaction: AnyInteraction, about: About = "members") -> None:
        """Explain one subject."""
        reader = language(interaction)
        await answer(interaction, door.wording.say(reader, f"help.{about}"))

    return show
