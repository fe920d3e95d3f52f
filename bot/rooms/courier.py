"""Private words to one member, by the most private way that is open.

In order: an ephemeral follow-up to what they last pressed or typed (Discord keeps that
way open for 15 minutes), a direct message, and, where they allow neither, one line in
the room that pings them with a button behind which the words wait.
"""

import logging
from collections import defaultdict

import discord

from bot.client import Press
from bot.clock import Clock
from bot.faults import FAULTS, named
from bot.panel.buttons import SpaceButton, row
from bot.replies import AnyInteraction
from bot.rooms.venue import Venue
from bot.texts.language import Language
from bot.texts.wording import Wording

log = logging.getLogger(__name__)

OPEN_S = 14 * 60.0
"""Seconds for which an interaction takes follow-ups; Discord says 15 minutes."""

WAITING = 5
"""Words that wait for one member at most; the oldest give way."""


class Courier:
    """Brings words to the members of one Space."""

    def __init__(
        self, space_id: int, venue: Venue, clock: Clock, wording: Wording
    ) -> None:
        self._space_id = space_id
        self._venue = venue
        self._clock = clock
        self._wording = wording
        self._open: dict[int, tuple[float, AnyInteraction]] = {}
        self._languages: dict[int, Language] = {}
        self._waiting: defaultdict[int, list[str]] = defaultdict(list)
        self._told: set[int] = set()
        """Who sees that words wait for them."""

    def met(self, interaction: AnyInteraction, reader: Language) -> None:
        """Remember the way that an interaction opens, and the language it is in."""
        self._open[interaction.user.id] = (self._clock.now(), interaction)
        self._languages[interaction.user.id] = reader

    def language(self, user_id: int, otherwise: Language) -> Language:
        """Return the language in which a member was last met."""
        return self._languages.get(user_id, otherwise)

    def collect(self, user_id: int) -> list[str]:
        """Hand over the words that wait for a member."""
        self._told.discard(user_id)
        return self._waiting.pop(user_id, [])

    async def bring(
        self, user_id: int, text: str, view: discord.ui.View | None = None
    ) -> None:
        """Give ``text`` to a member in private; what fails is logged."""
        if await self._follow_up(user_id, text, view):
            return
        member = self._venue.channel.guild.get_member(user_id)
        if member is not None and not member.bot:
            try:
                await _send(member, text, view)
            except FAULTS as error:
                log.info("member %s got no direct message: %s", user_id, named(error))
            else:
                return
        await self._leave_word(user_id, text)

    async def _follow_up(
        self, user_id: int, text: str, view: discord.ui.View | None
    ) -> bool:
        met_at, interaction = self._open.get(user_id, (0.0, None))
        if interaction is None or self._clock.now() - met_at > OPEN_S:
            return False
        try:
            if view is None:
                await interaction.followup.send(text, ephemeral=True)
            else:
                await interaction.followup.send(text, ephemeral=True, view=view)
        except FAULTS as error:
            log.info("follow-up to %s failed: %s", user_id, named(error))
            del self._open[user_id]
            return False
        return True

    async def _leave_word(self, user_id: int, text: str) -> None:
        waiting = self._waiting[user_id]
        waiting.append(text)
        del waiting[:-WAITING]
        if user_id in self._told:
            return
        language = self.language(user_id, "en")
        button = SpaceButton(
            Press("read", self._space_id, str(user_id)),
            self._wording.say(language, "button.read"),
        )
        only = discord.AllowedMentions(users=[discord.Object(user_id)])
        line = self._wording.say(language, "line.word_waits", {"user_id": user_id})
        try:
            channel = self._venue.channel
            await channel.send(line, view=row(button), allowed_mentions=only)
        except FAULTS as error:
            log.warning("words for %s wait unseen: %s", user_id, named(error))
        else:
            self._told.add(user_id)


async def _send(
    member: discord.Member, text: str, view: discord.ui.View | None
) -> None:
    if view is None:
        await member.send(text)
    else:
        await member.send(text, view=view)
