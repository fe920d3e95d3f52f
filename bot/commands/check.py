"""``/check``: is everything ready, before people come."""

from discord import app_commands

from bot.replies import AnyInteraction
from bot.voicecheck import VoiceChecks


class CheckCommands(app_commands.Group):
    """Looks that anybody may take."""

    def __init__(self, checks: VoiceChecks) -> None:
        super().__init__(name="check", description="-")
        self._checks = checks

    @app_commands.command(description="-")
    async def voice(self, interaction: AnyInteraction) -> None:
        """Hear and measure one's own voice."""
        await self._checks.ask(interaction)
