"""The button that opens a Space whose host is waited for."""

from bot.autostart.opener import Opener
from bot.client import Press
from bot.planning.card import OPEN_NOW
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from bot.presses import Answers
from bot.replies import AnyInteraction, answer, defer, language
from bot.rooms.seeing import is_moderator
from bot.texts.wording import Wording
from scheduler.plans import PlanRefused, PlanState, stuck


class AutoPresses:
    """Takes that one button."""

    def __init__(self, planner: Planner, opener: Opener, words: Wording) -> None:
        self._planner = planner
        self._opener = opener
        self._words = words

    def answers(self) -> Answers:
        """Return what it does."""
        return {OPEN_NOW: self._open}

    async def _open(self, interaction: AnyInteraction, press: Press) -> None:
        await defer(interaction)
        user = interaction.user
        asker = Asker(user.id, interaction.guild_id or 0, is_moderator(user))
        plan = await self._planner.find(press.space_id, asker)
        if not asker.moderates and user.id not in (plan.host_id, *plan.cohost_ids):
            raise PlanRefused("auto.not_yours", topic=plan.topic, host_id=plan.host_id)
        if plan.state is not PlanState.SCHEDULED:
            raise stuck(plan)
        if user.id not in self._opener.present(plan):
            raise PlanRefused("auto.come_in", space_channel=plan.channel_id)
        await self._opener.open(plan, user.id)
        params = {"space_channel": plan.channel_id}
        reader = language(interaction)
        await answer(
            interaction, self._words.say(reader, "space.opened_answer", params)
        )
