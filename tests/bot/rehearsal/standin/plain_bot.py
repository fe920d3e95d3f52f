"""A bot that knows nothing of any stand-in: a token, and Discord's own addresses.

It registers ``/hello``, answers it, joins the caller's voice channel and stays a
while. Started as a process by the tests.
"""

import os

import discord
from discord import app_commands

SILENCE = b"\xf8\xff\xfe"


class Hum(discord.AudioSource):
    """Half a second of silent Opus frames."""

    def __init__(self):
        self._left = 25

    def is_opus(self):
        return True

    def read(self):
        self._left -= 1
        return SILENCE if self._left >= 0 else b""


class PlainBot(discord.Client):
    """Answers one command."""

    def __init__(self):
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0.1)
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="hello", description="Say hello in voice")(self.hello)

    async def setup_hook(self):
        await self.tree.sync()

    async def hello(self, interaction: discord.Interaction, name: str):
        await interaction.response.send_message(f"Hello, {name}!")
        voice = await interaction.user.voice.channel.connect(self_deaf=True)
        voice.play(Hum())


PlainBot().run(os.environ["DISCORD_TOKEN"], log_handler=None)
