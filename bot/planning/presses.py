"""The buttons of plans; every other button is handed on."""

from bot.client import OnPress, Press
from bot.planning.card import DIRECT, FORGET, REMIND
from bot.planning.planner import Planner
from bot.replies import AnyInteraction, answer, language
from bot.texts.wording import Params, Wording
from bot.tree import Tree
from scheduler.reminders import Place


class PlanPresses:
    """Takes the buttons whose verb is about a plan."""

    def __init__(
        self, planner: Planner, words: Wording, tree: Tree, others: OnPress
    ) -> None:
        self._planner = planner
        self._words = words
        self._tree = tree
        self._others = others

    async def press(self, interaction: AnyInteraction, press: Press) -> None:
        """Do what a button asks."""
        if press.verb not in (REMIND, DIRECT, FORGET):
            await self._others(interaction, press)
            return
        try:
            await self._press(interaction, press)
        except Exception as error:  # noqa: BLE001 (a button's side of tree.on_error: explained or logged there)
            await self._tree.failed(interaction, error)

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
