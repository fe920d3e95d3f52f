"""The buttons of the go/no-go card."""

from collections.abc import Awaitable, Callable

from bot.client import Press
from bot.preflight import card
from bot.preflight.gonogo import GoNoGo
from bot.presses import Answers
from bot.promotion.rights import require_host
from bot.replies import AnyInteraction, answer, defer, language
from bot.texts.wording import Wording
from scheduler.plans import Plan

FindPlan = Callable[[int, int | None], Awaitable[Plan]]
"""Returns a plan, of a guild where one is given. Raises PlanRefused."""


class GoNoGoPresses:
    """Takes the buttons whose verb is about the card."""

    def __init__(self, gonogo: GoNoGo, find: FindPlan, words: Wording) -> None:
        self._gonogo = gonogo
        self._find = find
        self._words = words

    def answers(self) -> Answers:
        """Return what they do: look again in place, or show the card to its host."""
        return {card.AGAIN: self._press, card.SHOW: self._press}

    async def _press(self, interaction: AnyInteraction, press: Press) -> None:
        # A button in private comes from no guild: only the host's own has one.
        plan = await self._find(press.space_id, interaction.guild_id)
        require_host(interaction, plan)
        if press.verb == card.SHOW:
            await self.show(interaction, plan)
        else:
            await self._again(interaction, plan, press.arg)

    async def show(self, interaction: AnyInteraction, plan: Plan) -> None:
        """Answer with the card, in private."""
        await defer(interaction)
        reader = language(interaction)
        text = await self._gonogo.text(plan, reader)
        await answer(interaction, text, card.button(self._words, reader, plan))

    async def _again(self, interaction: AnyInteraction, plan: Plan, nonce: str) -> None:
        # Looking takes requests of Discord, and 3 s are all that there is.
        await interaction.response.defer()
        reader = language(interaction)
        text = await self._gonogo.text(plan, reader)
        over = card.over(self._words, reader, plan) is not None
        view = None if over else card.button(self._words, reader, plan, nonce)
        await interaction.edit_original_response(content=text, view=view)
