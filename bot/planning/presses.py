"""The buttons of plans."""

from bot.client import Press
from bot.planning.card import DIRECT, FORGET, REMIND
from bot.planning.planner import Planner
from bot.presses import Answers
from bot.replies import AnyInteraction, answer, language
from bot.texts.wording import Params, Wording
from scheduler.reminders import Place


class PlanPresses:
    """Takes the buttons whose verb is about a plan."""

    def __init__(self, planner: Planner, words: Wording) -> None:
        self._planner = planner
        self._words = words

    def answers(self) -> Answers:
        """Return what they do."""
        return dict.fromkeys((REMIND, DIRECT, FORGET), self._press)

    async def _press(self, interaction: AnyInteraction, press: Press) -> None:
        plan_id, user_id = press.space_id, interaction.user.id
        reader = language(interaction)
        if press.verb in (REMIND, DIRECT):
            place = Place.DM if press.verb == DIRECT else Place.THREAD
            plan = await self._planner.remind(plan_id, user_id, place)
            params: Params = {"topic": plan.topic, "starts_at": plan.starts_at}
            text = self._words.say(reader, "plan.will_remind", params)
        else:
            there = await self._planner.forget(plan_id, user_id)
            key = "plan.will_not_remind" if there else "plan.nothing_to_forget"
            text = self._words.say(reader, key)
        await answer(interaction, text)
